"""Minting: what the registry gives a thing at first sight, once, in the transaction that first writes the thing."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.domain.keys import Ref, parse_run_key
from chalicelib.domain.minting import MINTED, NUMBERED, SLUGGED, payload_of, says, slug_candidates, uuid_of
from chalicelib.domain.record import Record, digest_of
from chalicelib.domain.sighting import Sighting, effect
from chalicelib.domain.store import Claim
from chalicelib.services.plan import Draft, Plan
from chalicelib.services.ports import Records

NAME = "registry#minted"


def mint(tenant: str, plan: Plan, sightings: Sequence[Sighting], *, records: Records) -> None:
    """Give every new thing of a plan its minted record and claims; takes the first slug that nobody holds."""
    spelled = {s.ref: s.key for s in sightings}
    for draft in list(plan.drafts.values()):
        if draft.ref.kind in MINTED and draft.head.exists and NAME not in draft.head.marks:
            _mint(tenant, draft, _spelling(draft, spelled), _related(plan, draft), records=records)


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


def _mint(tenant: str, draft: Draft, spelling: str, related: list[tuple[str, Record]], *, records: Records) -> None:
    kind = draft.ref.kind
    payload = payload_of(
        draft.ref,
        spelling,
        uuid=_said(kind, related, "uuid") or uuid_of(tenant, draft.ref),
        number=records.number(tenant, kind) if kind in NUMBERED else None,
        slug=_free_slug(tenant, draft, spelling, related, records) if kind in SLUGGED else None,
    )
    sighting = Sighting(kind, spelling, "registry", "minted", 1, payload, ticket=1, read_at=_read_at(draft))
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


def _free_slug(
    tenant: str, draft: Draft, spelling: str, related: list[tuple[str, Record]], records: Records
) -> str | None:
    kind = draft.ref.kind
    title = _said(kind, related, "title", "name", "full_name") or _any_title(related)
    candidates = slug_candidates(draft.ref, spelling, _said(kind, related, "slug", "marketing_slug"), title)
    holders = records.holders(tenant, kind, "slug", candidates[:4])
    holders = dict(holders) | (dict(records.holders(tenant, kind, "slug", candidates)) if len(holders) > 3 else {})
    return next((c for c in candidates if holders.get(c, draft.ref) == draft.ref), None)


def _any_title(related: list[tuple[str, Record]]) -> str | None:
    return next((str(t) for of, record in related if (t := says(of, [record], "title", "course.title"))), None)


def _claims(ref: Ref, payload: dict[str, object]) -> list[Claim]:
    return [Claim(ref, name, str(payload[name])) for name in ("uuid", "id", "slug") if payload.get(name)]
