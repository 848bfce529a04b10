"""The engine's client: how it is reached, what it can do, and its errors in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import (
    AuthorizationException,
    NotFoundError,
    OpenSearchException,
    RequestError,
    TransportError,
)

from chalicelib.domain.search.query import InvalidQuery
from chalicelib.domain.store import Unavailable

TIMEOUT = 5.0
"""Seconds: a reader waits no longer; what is written comes again."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What differs between engines; the only thing that knows which one is behind."""

    version: str
    synonyms: bool
    percolator: bool


def connect(url: str, *, timeout: float = TIMEOUT, signer: Any = None) -> OpenSearch:
    """A client that never repeats a request by itself: versioned writes are repeated by whoever has the newest version.

    ``signer``: an opensearch-py authenticator (AWS signatures), where the engine wants one.
    """
    return OpenSearch(
        hosts=[url], timeout=timeout, max_retries=0, retry_on_timeout=False, http_auth=signer, http_compress=False
    )


@contextmanager
def reaching() -> Iterator[None]:
    """Translate errors: Unavailable for what may be better later, InvalidQuery for what never will be."""
    try:
        yield
    except RequestError as error:
        raise InvalidQuery(reason(error)) from error
    except NotFoundError as error:
        raise Unavailable(f"the index is not there: {reason(error)}") from error
    except TransportError as error:
        raise Unavailable(f"the search engine cannot answer now: {reason(error)}") from error
    except OpenSearchException as error:
        raise Unavailable(f"the search engine answers what nobody can read: {error}") from error


def reason(error: TransportError) -> str:
    """What the engine says of an error, its root cause first, in one line."""
    info = error.info
    if isinstance(info, dict) and isinstance(info.get("error"), dict):
        causes = info["error"].get("root_cause") or [info["error"]]
        return str(causes[0].get("reason") or error.error)[:300]
    return f"{error.status_code} {error.error}"[:300]


def capabilities(client: OpenSearch) -> Capabilities:
    """What the engine says it is made of; one that does not tell has nothing beyond the ordinary. Raises Unavailable.

    Trying would be deceived: a stand-in may take a synonym filter, show its tokens, and then search without it.
    """
    with reaching():
        version = str(client.info()["version"]["number"])
        modules = _modules(client)
    return Capabilities(version, synonyms="analysis-common" in modules, percolator="percolator" in modules)


def _modules(client: OpenSearch) -> set[str]:
    try:
        nodes = client.nodes.info(metric="plugins")["nodes"].values()
    except (AuthorizationException, NotFoundError, RequestError):
        return set()
    return set.intersection(*({module["name"] for module in node.get("modules") or ()} for node in nodes))
