"""Minting: what the registry gives a thing at first sight, once, in the transaction that first writes the thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.keys import Ref, parse_run_key, shorten
from chalicelib.domain.minting import MINTED, NUMBERED, SLUG, SLUGGED, payload_of, says, slug_candidates, uuid_of
from chalicelib.domain.record import Record, digest_of
from chalicelib.domain.sighting import Sighting, effect
from chalicelib.domain.store import Claim
from chalicelib.services.plan import Draft, Plan
from chalicelib.services.ports import Records

NAME, EDITED = "registry#minted", "registry#edited"


class SlugTaken(ValueError):
    """An editor's slug that cannot be: not a slug, or another thing's now or once."""


def mint(tenant: str, plan: Plan, sightings: Sequence[Sighting], *, records: Records) -> None:
    """Give every new thing of a plan its minted record and claims; takes the first slug that nobody holds."""
    spelled = {s.ref: s.key for s in sightings}
    held = Held(tenant, records)
    for draft in list(plan.drafts.values()):
        if draft.ref.kind in MINTED and draft.head.exists and NAME not in draft.head.marks:
            _mint(tenant, draft, _spelling(draft, spelled), _related(plan, draft), held, records=records)
        elif draft.ref.kind in SLUGGED and EDITED in draft.written and NAME in draft.records:
            _reslug(draft, held)


@dataclass
class Held:
    """Which look-ups somebody holds: what is stored, and what this plan has given away already."""

    tenant: str
    records: Records
    given: dict[tuple[str, str, str], Ref] = field(default_factory=dict)

    def first_free(self, ref: Ref, name: str, candidates: Sequence[str]) -> str | None:
        """The first candidate that nobody else holds; it is this thing's from now on."""
        for start in range(0, len(candidates), 4):
            part = candidates[start : start + 4]
            holders = self.records.holders(self.tenant, ref.kind, name, part)
            for value in part:
                other = self.given.get((ref.kind, name, value)) or holders.get(value)
                if other in {None, ref}:
                    self.given[ref.kind, name, value] = ref
                    return value
        return None


def _spelling(draft: Draft, spelled: dict[Ref, str]) -> str:
    """A key as it was first spelled; a course is spelled as in its first run's key."""
    if draft.ref in spelled:
        return spelled[draft.ref]
    runs = (key for ref, key in spelled.items() if ref.kind == "run" and ref.key in draft.head.runs)
    first = next(runs, None)
    return parse_run_key(first).course_key if first else draft.ref.key


def _related(plan: Plan, draft: Draft) -> list[tuple[str, Record]]:
    """The records that may tell a thing's title and slug: its own, and for a course those of its runs in this plan."""
    drafts = [
        draft,
        *(plan.drafts[r] for r in (Ref("run", key) for key in sorted(draft.head.runs)) if r in plan.drafts),
    ]
    return [(d.ref.kind, record) for d in drafts for record in d.records.values()]


def _mint(
    tenant: str, draft: Draft, spelling: str, related: list[tuple[str, Record]], held: Held, *, records: Records
) -> None:
    kind = draft.ref.kind
    own = uuid_of(tenant, draft.ref)
    payload = payload_of(
        draft.ref,
        spelling,
        uuid=held.first_free(draft.ref, "uuid", [u for u in (_said(kind, related, "uuid"), own) if u]) or own,
        number=records.number(tenant, kind) if kind in NUMBERED else None,
        slug=_free_slug(draft, spelling, related, held) if kind in SLUGGED else None,
    )
    _write(draft, payload, ticket=1)


def _reslug(draft: Draft, held: Held) -> None:
    """An edited slug becomes the active one; the old ones stay as history and stay claimed (course-discovery 5.9)."""
    payload, slug = dict(draft.records[NAME].payload), draft.written[EDITED].payload.get("slug")
    if not slug or slug == payload["slug"]:
        return
    if not SLUG.fullmatch(str(slug)) or held.first_free(draft.ref, "slug", [slug]) is None:
        raise SlugTaken(f"the slug {shorten(str(slug))} is not one, or is already in use")
    payload |= {"slug": slug, "slugs": [*(old for old in payload["slugs"] if old != slug), slug]}
    _write(draft, payload, ticket=draft.head.marks[NAME].ticket + 1)


def _write(draft: Draft, payload: dict[str, Any], *, ticket: int) -> None:
    kind, key = draft.ref.kind, str(payload["key"])
    sighting = Sighting(kind, key, "registry", "minted", 1, payload, ticket, _read_at(draft))
    result = effect(draft.head, sighting)
    assert result is not None
    draft.head = result.head
    draft.put(sighting.as_record(digest_of(payload)), "registry", "edit")
    draft.changed = True
    draft.claims += _claims(draft.ref, payload)


def _said(kind: str, related: list[tuple[str, Record]], *names: str) -> str | None:
    """What the records say under these names; what a run's record says of its course has ``course.`` before it."""
    for of, record in related:
        wanted = [name if of == kind else f"{kind}.{name}" for name in names]
        if value := says(of, [record], *wanted):
            return str(value)
    return None


def _read_at(draft: Draft) -> int:
    return max((mark.read_at for mark in draft.head.marks.values()), default=0)


def _free_slug(draft: Draft, spelling: str, related: list[tuple[str, Record]], held: Held) -> str | None:
    kind = draft.ref.kind
    title = _said(kind, related, "title", "name", "full_name") or _any_title(related)
    candidates = slug_candidates(draft.ref, spelling, _said(kind, related, "slug", "marketing_slug"), title)
    return held.first_free(draft.ref, "slug", candidates)


def _any_title(related: list[tuple[str, Record]]) -> str | None:
    return next((str(t) for of, record in related if (t := says(of, [record], "title", "course.title"))), None)


def _claims(ref: Ref, payload: dict[str, object]) -> list[Claim]:
    return [Claim(ref, name, str(payload[name])) for name in ("uuid", "id", "slug") if payload.get(name)]
