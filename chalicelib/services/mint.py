"""Minting: what the registry gives a thing at first sight, once, in the transaction that first writes the thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.keys import InvalidKey, Ref, normal, parse_run_key, shorten
from chalicelib.domain.minting import MINTED, NUMBERED, SLUG, SLUGGED, payload_of, says, slug_candidates, uuid_of
from chalicelib.domain.record import Record, digest_of
from chalicelib.domain.sighting import Sighting, effect
from chalicelib.domain.store import Claim
from chalicelib.services.plan import Draft, Plan
from chalicelib.services.ports import Records

NAME, EDITED = "registry#minted", "registry#edited"
FIRST_LOOK = 4
"""Slugs of a thing that are asked for at once; few things need more."""


class SlugTaken(ValueError):
    """An editor's slug that cannot be: not a slug, or another thing's now or once."""


@dataclass
class Wish:
    """A new thing and what it would like to be called; ``slugs`` in the order it would take them."""

    draft: Draft
    spelling: str
    uuids: list[str]
    slugs: list[str]

    @property
    def kind(self) -> str:
        return self.draft.ref.kind


def mint(tenant: str, plan: Plan, *, records: Records) -> None:
    """Give every new thing of a plan its minted record and claims; takes the first slug that nobody holds."""
    wishes: dict[str, list[Wish]] = {}
    for draft in list(plan.drafts.values()):
        if draft.ref.kind in MINTED and draft.head.exists and NAME not in draft.head.marks:
            wishes.setdefault(draft.ref.kind, []).append(_wish(tenant, plan, draft))
        elif draft.ref.kind in SLUGGED and EDITED in draft.written and NAME in draft.records:
            _reslug(tenant, draft, records=records)
    for kind, wished in wishes.items():
        uuids = _granted(tenant, wished, "uuid", records=records)
        slugs = _granted(tenant, wished, "slug", records=records) if kind in SLUGGED else {}
        last = records.number(tenant, kind, len(wished)) if kind in NUMBERED else 0
        for place, wish in enumerate(wished):
            number = last - place if kind in NUMBERED else None
            _mint(wish, uuids[wish.draft.ref] or uuid_of(tenant, wish.draft.ref), number, slugs.get(wish.draft.ref))


def _wish(tenant: str, plan: Plan, draft: Draft) -> Wish:
    kind, related = draft.ref.kind, _related(plan, draft)
    spelling = _spelling(plan, draft)
    said = _said(kind, related, "uuid")
    own = uuid_of(tenant, draft.ref)
    title = _said(kind, related, "title", "name", "full_name") or _any_title(related)
    slugs = slug_candidates(draft.ref, spelling, _said(kind, related, "slug", "marketing_slug"), title)
    return Wish(draft, spelling, [said, own] if said and said != own else [own], slugs if kind in SLUGGED else [])


def _spelling(plan: Plan, draft: Draft) -> str:
    """A key as it was first spelled; a course is spelled as its first run's records or key spell it."""
    spelled = (sighting.key for sighting in draft.sightings)
    if draft.ref.kind == "course":
        spelled = (key for run in _runs(plan, draft) for key in _course_keys(run))
    return next((key for key in spelled if _is(draft.ref, key)), draft.ref.key)


def _course_keys(run: Draft) -> Iterator[str]:
    said = (says("run", [record], "course") for record in run.records.values())
    yield from (str(course) for course in said if course)
    yield from (parse_run_key(sighting.key).course_key for sighting in run.sightings)


def _is(ref: Ref, key: str) -> bool:
    try:
        return normal(ref.kind, key) == ref.key
    except InvalidKey:
        return False


def _runs(plan: Plan, course: Draft) -> list[Draft]:
    """Those of a course's runs that are in this plan."""
    refs = (Ref("run", key) for key in sorted(course.head.runs))
    return [plan.drafts[ref] for ref in refs if ref in plan.drafts]


def _related(plan: Plan, draft: Draft) -> list[tuple[str, Record]]:
    """The records that may tell a thing's title and slug: its own, and for a course those of its runs in this plan."""
    return [(d.ref.kind, record) for d in (draft, *_runs(plan, draft)) for record in d.records.values()]


def _said(kind: str, related: Sequence[tuple[str, Record]], *names: str) -> str | None:
    """What the records say under these names; what a run's record says of its course has ``course.`` before it."""
    for of, record in related:
        wanted = [name if of == kind else f"{kind}.{name}" for name in names]
        if value := says(of, [record], *wanted):
            return str(value)
    return None


def _any_title(related: Sequence[tuple[str, Record]]) -> str | None:
    return next((str(t) for of, record in related if (t := says(of, [record], "title", "course.title"))), None)


def _granted(tenant: str, wished: Sequence[Wish], name: str, *, records: Records) -> dict[Ref, str | None]:
    """For each the first of its wishes that neither another thing nor another of these has; None where all are taken.

    A single uuid that follows from the key needs no asking: nobody else can have it.
    """
    wishes = {w.draft.ref: w.uuids if name == "uuid" else w.slugs for w in wished}
    kind = wished[0].kind
    asked = [value for values in wishes.values() if len(values) > 1 or name == "slug" for value in values[:FIRST_LOOK]]
    held = dict(records.holders(tenant, kind, name, asked)) if asked else {}
    granted: dict[Ref, str | None] = {}
    taken: set[str] = set()
    for ref, values in wishes.items():
        if len(values) > FIRST_LOOK and _first(ref, values[:FIRST_LOOK], held, taken) is None:
            held |= records.holders(tenant, kind, name, values[FIRST_LOOK:])
        granted[ref] = _first(ref, values, held, taken)
        taken |= {value for value in [granted[ref]] if value}
    return granted


def _first(ref: Ref, values: Iterable[str], held: dict[str, Ref], taken: set[str]) -> str | None:
    return next((v for v in values if held.get(v, ref) == ref and v not in taken), None)


def _mint(wish: Wish, uuid: str, number: int | None, slug: str | None) -> None:
    _write(wish.draft, payload_of(wish.draft.ref, wish.spelling, uuid=uuid, number=number, slug=slug), ticket=1)


def _reslug(tenant: str, draft: Draft, *, records: Records) -> None:
    """An edited slug becomes the active one; the old ones stay as history and stay claimed (course-discovery 5.9)."""
    payload, slug = dict(draft.records[NAME].payload), draft.written[EDITED].payload.get("slug")
    if not slug or slug == payload["slug"]:
        return
    held = records.holders(tenant, draft.ref.kind, "slug", [str(slug)])
    if not SLUG.fullmatch(str(slug)) or held.get(str(slug), draft.ref) != draft.ref:
        raise SlugTaken(f"the slug {shorten(str(slug))} is not one, or is already in use")
    payload |= {"slug": slug, "slugs": [*(old for old in payload["slugs"] if old != slug), slug]}
    _write(draft, payload, ticket=draft.head.marks[NAME].ticket + 1)


def _write(draft: Draft, payload: dict[str, Any], *, ticket: int) -> None:
    read_at = max((mark.read_at for mark in draft.head.marks.values()), default=0)
    sighting = Sighting(draft.ref.kind, str(payload["key"]), "registry", "minted", 1, payload, ticket, read_at)
    result = effect(draft.head, sighting)
    assert result is not None
    draft.head = result.head
    draft.put(sighting.as_record(digest_of(payload)), "registry", "edit")
    draft.changed = True
    draft.claims += [Claim(draft.ref, name, str(payload[name])) for name in ("uuid", "id", "slug") if payload.get(name)]
