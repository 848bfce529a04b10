"""One tenant's campus as it is at an instant: generated facts, edits applied, looked up by key, uuid or place."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from functools import lru_cache
from itertools import accumulate
from typing import TypeVar
from uuid import NAMESPACE_URL, uuid5

from campus import dice, patch
from campus.facts import Course, Organization, Person, Program, Run, Sponsor, Subject
from campus.generate import courses, identity, organizations, people, programs, seats
from campus.generate.nodes import SLOTS
from campus.generate.sketch import Sketch, sketch
from campus.ledger import Address, Ledger
from campus.listing import Listing
from campus.spec import Spec

NOW = float("inf")
_KEY = re.compile(r"^(?:course-v1:)?([^+/]+)[+/]([^+/]+)(?:[+/]([^+/]+))?$")

Pair = tuple[Course, Run]
F = TypeVar("F")


class World:
    """Everything the sources of one tenant may be asked."""

    def __init__(self, spec: Spec, ledger: Ledger | None = None) -> None:
        self.spec = spec
        self.ledger = ledger or Ledger()
        self.course_uuids: dict[str, str] = {}
        self._build = lru_cache(maxsize=20_000)(self._build_course)
        self._ends = lru_cache(maxsize=24)(self._count)
        self._matches: dict[Hashable, list[Pair]] = {}
        self._shorts = self._short_names()

    # Courses and runs

    def course(self, i: int, as_of: float = NOW) -> Course:
        return self._build(i, len(self.ledger.of_course(i, as_of)))

    def course_by_key(self, key: str, as_of: float = NOW) -> Course | None:
        found = _KEY.match(key)
        i = identity.index_of(self.spec, found[1], found[2]) if found else None
        return None if i is None else self.course(i, as_of)

    def run(self, key: str, as_of: float = NOW) -> Pair | None:
        course = self.course_by_key(key, as_of)
        runs = course.runs if course else ()
        return next(((course, run) for run in runs if course and run.key.lower() == key.lower()), None)

    def node_by_uuid(self, uuid: str, as_of: float = NOW) -> Pair | None:
        slot = dice.slot_of(self.spec.space("node"), uuid)
        if slot is None or slot // SLOTS >= self.spec.size:
            return None
        course = self.course(slot // SLOTS, as_of)
        run = next((run for run in course.runs if run.ordinal == slot % SLOTS), None)
        return (course, run) if run and run.node else None

    def course_uuid(self, key: str) -> str:
        """What the catalog minted for a course; told by an admin call, or guessed by a fixed rule."""
        minted = self.course_uuids.get(key.lower())
        return minted or str(uuid5(NAMESPACE_URL, f"{self.spec.tenant}/{key}".lower()))

    def changed_at(self, as_of: float = NOW) -> float:
        """When anything changed last."""
        entries = self.ledger.entries
        latest = next((entry.at for entry in reversed(entries) if entry.at <= as_of), None)
        return self.spec.now.timestamp() if latest is None else latest

    def edited_at(self, as_of: float, *addresses: Address) -> datetime | None:
        """When any of these was edited last; None for what is as it was generated."""
        stamps = [entry.at for address in addresses for entry in self.ledger.of(*address, as_of)]
        return datetime.fromtimestamp(max(stamps), UTC) if stamps else None

    def sold_at(self, run: Run, as_of: float = NOW) -> datetime | None:
        """When anything that Otto sells for a run was edited last."""
        seats = [("seat", f"{run.key}|{seat.type}") for seat in run.seats]
        return self.edited_at(as_of, *seats)

    # Listings

    def visible_runs(self, as_of: float = NOW) -> Listing[Pair]:
        return self._list("visible", as_of)

    def all_runs(self, as_of: float = NOW) -> Listing[Pair]:
        return self._list("all", as_of)

    def pages(self, as_of: float = NOW) -> Listing[Pair]:
        return self._list("pages", as_of)

    def entitlements(self, as_of: float = NOW) -> Listing[Pair]:
        return self._list("entitlements", as_of)

    def bulk_codes(self, as_of: float = NOW) -> Listing[Pair]:
        return self._list("bulk", as_of)

    def matching(self, name: Hashable, keep: Callable[[Pair], bool], as_of: float = NOW) -> list[Pair]:
        """The visible runs a filter keeps; walks the whole campus once, then remembers it by the filter's name."""
        key = (name, self.ledger.length(as_of))
        if key not in self._matches:
            listing = self.visible_runs(as_of)
            self._matches = dict(list(self._matches.items())[-7:])
            self._matches[key] = [pair for pair in listing.slice(0, len(listing)) if keep(pair)]
        return self._matches[key]

    # What belongs to no course

    def organization(self, short: str, as_of: float = NOW) -> Organization | None:
        n = self._shorts.get(short.lower())
        return None if n is None else self.organization_at(n, as_of)

    def organization_at(self, n: int, as_of: float = NOW) -> Organization:
        own = self.spec.organizations
        base = organizations.build(self.spec, n, None if n < own else self._borrowed[n - own])
        return self._patched("organization", base.short_name, base, as_of)

    @property
    def organization_count(self) -> int:
        return self.spec.organizations + len(self._borrowed)

    def organization_by_uuid(self, uuid: str, as_of: float = NOW) -> Organization | None:
        n = dice.slot_of(self.spec.space("school"), uuid)
        return self.organization_at(n, as_of) if n is not None and n < self.organization_count else None

    def person(self, n: int, as_of: float = NOW) -> Person:
        base = people.person(self.spec, n)
        return self._patched("person", base.uuid, base, as_of)

    def subject(self, n: int, as_of: float = NOW) -> Subject:
        base = people.subject(self.spec, n)
        return self._patched("subject", base.uuid, base, as_of)

    def sponsor(self, n: int, as_of: float = NOW) -> Sponsor:
        base = people.sponsor(self.spec, n)
        return self._patched("sponsor", base.uuid, base, as_of)

    def program(self, n: int, as_of: float = NOW) -> Program:
        base = programs.build(self.spec, n)
        return self._patched("program", base.uuid, base, as_of)

    def programs_of(self, i: int, as_of: float = NOW) -> list[Program]:
        return [self.program(n, as_of) for n in programs.of_course(self.spec, i)]

    def slot(self, kind: str, uuid: str, count: int) -> int | None:
        """The number of a person, subject, sponsor, program or xseries page by its uuid."""
        n = dice.slot_of(self.spec.space(kind), uuid)
        return n if n is not None and n < count else None

    # Inside

    def _patched(self, entity: str, key: str, base: F, as_of: float) -> F:
        return patch.apply(base, self.ledger.fields(entity, key, as_of))

    def _build_course(self, i: int, edits: int) -> Course:
        base = courses.build(self.spec, i)
        return patch.course(self.spec, base, self.ledger.of_course(i, NOW)[:edits]) if edits else base

    def _list(self, what: str, as_of: float) -> Listing[Pair]:
        keep = _LISTINGS[what][1]

        def items(i: int) -> list[Pair]:
            course = self.course(i, as_of)
            return [(course, run) for run in course.runs if keep(course, run)]

        return Listing(self._ends(what, sum(entry.at <= as_of for entry in self.ledger.structural)), items)

    def _count(self, what: str, edits: int) -> array[int]:
        """Counts from the outlines; only courses whose runs were added, hidden or retired are looked at."""
        outline, keep = _LISTINGS[what]
        counts = [outline(sketch(self.spec, i), self.spec, i) for i in range(self.spec.size)]
        as_of = self.ledger.structural[edits - 1].at if edits else 0.0
        for i in {entry.course for entry in self.ledger.structural[:edits] if entry.course is not None}:
            course = self.course(i, as_of)
            counts[i] = sum(keep(course, run) for run in course.runs)
        return array("q", accumulate(counts))

    def _short_names(self) -> dict[str, int]:
        own = [organizations.short_name(self.spec, n).lower() for n in range(self.spec.organizations)]
        shared = {identity.identity(self.spec, i)[0] for i in range(self.spec.shared)}
        self._borrowed = sorted(short for short in shared if short.lower() not in own)
        return {short.lower(): n for n, short in enumerate([*own, *self._borrowed])}


# What a source lists: how many items the outline of a course promises, and which of its runs they are.
_LISTINGS: dict[str, tuple[Callable[[Sketch, Spec, int], int], Callable[[Course, Run], bool]]] = {
    "visible": (lambda outline, spec, i: outline.visible, lambda course, run: run.visible and not run.retired),
    "all": (lambda outline, spec, i: outline.runs, lambda course, run: not run.retired),
    "pages": (lambda outline, spec, i: outline.pages, lambda course, run: run.node is not None),
    "entitlements": (
        lambda outline, spec, i: int(outline.paid and seats.mode(spec, i) != "no-id-professional"),
        lambda course, run: course.entitlement is not None and run.ordinal == 0,
    ),
    "bulk": (
        lambda outline, spec, i: int(outline.paid and outline.bulk),
        lambda course, run: not run.retired and any(seat.bulk_sku for seat in run.seats),
    ),
}
