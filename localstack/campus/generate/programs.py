"""XSeries: a program at the head of each block of courses, of one organization."""

from __future__ import annotations

from datetime import timedelta

from campus import dice
from campus.facts import Program
from campus.generate import identity
from campus.generate.people import slugify
from campus.spec import Spec

STATUSES = ("active", "active", "active", "active", "active", "active", "active", "unpublished", "retired", "deleted")


def members(spec: Spec, n: int) -> tuple[int, ...]:
    """The courses of program n; every third program also takes the first course of the next block."""
    first = n * spec.block
    own = tuple(range(first, first + identity.program_length(spec, n)))
    guest = first + spec.block
    return (*own, guest) if n % 3 == 2 and guest < spec.size else own


def of_course(spec: Spec, i: int) -> list[int]:
    """The programs that course i is in."""
    block = i // spec.block
    return [n for n in (block, block - 1) if 0 <= n < spec.programs and i in members(spec, n)]


def build(spec: Spec, n: int) -> Program:
    """Program n as it was before any edit."""
    first = n * spec.block
    topic, (org, _) = identity.topic(spec, first)[1], identity.identity(spec, first)
    chance = dice.units(spec.space("program", n))
    created = spec.now.replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=200 + int(chance[0] * 900))
    return Program(
        index=n,
        uuid=dice.slot_uuid(spec.space("program"), n),
        node_uuid=dice.slot_uuid(spec.space("xseries"), n),
        name=f"{topic} XSeries",
        subtitle=f"{len(members(spec, n))} courses on {topic.lower()} and what surrounds it",
        status="active" if n == 0 else dice.pick(STATUSES, spec.space("program-status", n)),
        slug=None if n and chance[1] < 0.06 else slugify(f"{topic} {org} {n}"),
        org=org,
        courses=members(spec, n),
        has_banner=chance[2] > 0.15,
        overview=f"<h3>XSeries Program Overview</h3>\n<p>A path through {topic.lower()}.</p>",
        created=created,
        modified=created + timedelta(days=30),
    )
