"""Sources in memory: what each has now, answered in its own envelope, with faults on demand. Fits the Fetch port."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

from chalicelib.domain.sources.base import Noun, Request, Source
from chalicelib.domain.store import NotThere
from chalicelib.domain.tenant import SourceSite, Tenant
from tests.fakes.steps import Steps


class FakeSources:
    """``has[source, thing]`` maps keys to elements; ``faults`` are raised (or called) one per fetch, in order."""

    def __init__(self, steps: Steps, page_size: int = 3) -> None:
        self.steps, self.page_size = steps, page_size
        self.has: dict[tuple[str, str], dict[str, Any]] = {}
        self.faults: list[Exception | Callable[[Any], Any] | None] = []
        self.asked: list[tuple[str, Request]] = []

    def put(self, source: str, thing: str, key: str, payload: Any) -> None:
        """From now on the source says this of the key; None: it says 404."""
        elements = self.has.setdefault((source, thing), {})
        if payload is None:
            elements.pop(key, None)
        else:
            elements[key] = payload

    def __call__(self, tenant: Tenant, source: Source, noun: Noun, site: SourceSite, request: Request) -> Any:
        self.steps("fetch")
        self.asked.append((source.name, request))
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, Exception):
            raise fault
        answer = self._answer(source, noun, request)
        return fault(answer) if fault else answer

    def _answer(self, source: Source, noun: Noun, request: Request) -> Any:
        elements = self.has.get((source.name, noun.thing), {})
        asked = [value for name, value in request.params if name in {"course_keys", "field_course_id", "title", "uuid"}]
        if asked:
            return self._page(source, [p for k, p in elements.items() if k.lower() in {a.lower() for a in asked}], None)
        if "page" in dict(request.params):
            return self._page(source, list(elements.values()), int(dict(request.params)["page"]) - noun.first)
        return self._one(elements, unquote(request.path.rstrip("/").rsplit("/", 1)[1]))

    def _one(self, elements: dict[str, Any], key: str) -> Any:
        found = next((p for k, p in elements.items() if k.lower() == key.lower()), None)
        if found is None:
            raise NotThere(key)
        return found

    def _page(self, source: Source, items: list[Any], page: int | None) -> Any:
        count, start = len(items), (page or 0) * self.page_size
        if page is not None:
            if start and start >= count:
                raise NotThere(f"page {page}")
            items = items[start : start + self.page_size]
        following = "more" if page is not None and start + self.page_size < count else None
        if source.name == "studio":
            return {"results": items, "pagination": {"next": following, "count": count}}
        if source.name == "drupal":
            return {"list": items, **({"next": following} if following else {})}
        return {"results": items, "next": following, "count": count}


def pages(sources: FakeSources) -> Iterator[int]:
    """The page numbers asked for so far."""
    return (int(dict(r.params)["page"]) for _, r in sources.asked if "page" in dict(r.params))
