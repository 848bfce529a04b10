"""What the registry mints at first sight: uuid, integer id, slug, the spelling of a key, a run's course."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from chalicelib.domain.keys import Ref, parse_run_key
from chalicelib.domain.record import Record
from chalicelib.domain.sources import SOURCES

NUMBERED = frozenset({"program", "organization", "pathway", "topic", "subject", "person"})
SLUGGED = frozenset({"course", "run", "organization", "person", "program"})
MINTED = NUMBERED | {"course", "run"}
MAX_SLUG = 200
SLUG = re.compile(r"[a-z0-9_-]+(?:/[a-z0-9_-]+)*")
"""What may be a slug, sub-directories included."""
CANDIDATES = 20


def uuid_of(tenant: str, ref: Ref) -> str:
    """The uuid of a thing whose sources give none: the same on every machine, whoever sees it first."""
    name = f"{tenant}/{ref.key}" if ref.kind == "course" else f"{tenant}/{ref.kind}/{ref.key}"
    return str(uuid5(NAMESPACE_URL, name))


def slugify(text: str) -> str:
    """ASCII letters, digits, hyphens and underscores, lower-case; what Django's slugify makes of a title."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.sub(r"[^\w\s-]", "", ascii_text.lower())
    return re.sub(r"[-\s]+", "-", words).strip("-_")[:MAX_SLUG]


def says(kind: str, records: Sequence[Record], *names: str) -> Any:
    """The first value that any record says under any of these names, in the order of the names."""
    said = [_says(kind, record) for record in records]
    return next((s[name] for name in names for s in said if s.get(name)), None)


def _says(kind: str, record: Record) -> Any:
    noun = SOURCES[record.source].noun(kind, record.thing)
    return noun.says(noun.migrate(record.version, record.payload))


def slug_candidates(ref: Ref, spelling: str, given: str | None, title: str | None) -> list[str]:
    """Slugs to try in order: the one a source gave, else the slugified title, then numbered (course-discovery 5.9)."""
    base = slugify(given or "") or slugify(title or "") or slugify(spelling.replace("+", "-").replace(":", "-"))
    if ref.kind == "run":
        return [f"{base}-{slugify(spelling.replace('+', '-').replace('/', '-').replace(':', '-'))}"[:MAX_SLUG]]
    return [base, *(f"{base}-{n}" for n in range(2, CANDIDATES)), f"{base}-{uuid_of('', ref)}"]


def payload_of(
    ref: Ref, spelling: str, *, uuid: str, number: int | None, slug: str | None, course: str = ""
) -> dict[str, Any]:
    """The registry's ``minted`` payload."""
    payload: dict[str, Any] = {"uuid": uuid, "id": number, "key": spelling, "slug": slug}
    payload["slugs"] = [slug] if slug else []
    if ref.kind == "run":
        payload["course"] = course or parse_run_key(spelling).course_key
    return payload
