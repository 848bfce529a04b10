"""What a new installation starts with: course types and their parts, levels, program types, product sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from uuid import UUID, uuid5

from chalicelib.domain.keys import Ref

NAMESPACE = UUID("6f0c3a52-5c35-5a0b-9a2e-1f1b8a4f4d11")
"""Seeded things have the same uuid in every installation and after every rebuild."""

EMPTY = "empty"
NAMES = {
    "audit": "Audit Only",
    "professional": "Professional Only",
    "verified-audit": "Verified and Audit",
    "credit-verified-audit": "Credit",
    "honor": "Honor Only",
    "verified-honor": "Verified and Honor",
    "credit-verified-honor": "Credit with Honor",
    "verified": "Verified Only",
    "empty": "Empty",
    "executive-education-2u": "Executive Education(2U)",
    "bootcamp-2u": "Boot Camp(2U)",
}

COURSE_TYPES: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("audit", (), ("audit",)),
    ("professional", ("professional",), ("professional",)),
    ("verified-audit", ("verified",), ("audit", "verified-audit")),
    ("credit-verified-audit", ("verified",), ("audit", "verified-audit", "credit-verified-audit")),
    ("honor", (), ("honor",)),
    ("verified-honor", ("verified",), ("honor", "verified-honor")),
    ("credit-verified-honor", ("verified",), ("honor", "verified-honor", "credit-verified-honor")),
    ("verified", ("verified",), ("verified",)),
    ("empty", (), ("empty",)),
    ("executive-education-2u", ("paid-executive-education",), ("executive-education-2u",)),
    ("bootcamp-2u", ("paid-bootcamp",), ("bootcamp-2u",)),
)
"""slug, entitlement modes, allowed run types; the order is that of their creation (course-discovery 5.3, 6.3)."""

RUN_TYPES: tuple[tuple[str, bool, tuple[str, ...]], ...] = (
    ("audit", True, ("audit",)),
    ("professional", True, ("professional",)),
    ("verified-audit", True, ("verified", "audit")),
    ("credit-verified-audit", True, ("credit", "verified", "audit")),
    ("honor", True, ("honor",)),
    ("verified-honor", True, ("verified", "honor")),
    ("credit-verified-honor", True, ("credit", "verified", "honor")),
    ("verified", True, ("verified",)),
    ("empty", False, ()),
    ("executive-education-2u", True, ("paid-executive-education",)),
    ("bootcamp-2u", True, ("paid-bootcamp",)),
)
"""slug, marketable, modes of the tracks (5.3: the words of the slug)."""

SEAT_TYPES = (
    "audit",
    "honor",
    "verified",
    "professional",
    "no-id-professional",
    "credit",
    "masters",
    "executive-education",
    "paid-executive-education",
    "unpaid-executive-education",
    "paid-bootcamp",
    "unpaid-bootcamp",
)
WITHOUT_SEAT = frozenset({"masters"})
"""Tracks that have a mode and no seat type."""
ID_VERIFIED = frozenset({"verified", "professional", "credit"})
CERTIFICATES = {"audit": "", "no-id-professional": "professional"}

LEVEL_TYPES = (("Introductory", 1), ("Intermediate", 2), ("Advanced", 3))
PAID = ("verified", "professional", "no-id-professional")
PROGRAM_TYPES: tuple[tuple[str, str, tuple[str, ...], bool], ...] = (
    ("xseries", "XSeries", ("verified", "professional"), False),
    ("micromasters", "MicroMasters", ("verified", "professional"), True),
    ("professional-certificate", "Professional Certificate", PAID, True),
    ("professional-program-wl", "Professional Program", PAID, False),
    ("masters", "Masters", ("masters",), False),
    ("bachelors", "Bachelors", ("verified",), False),
    ("doctorate", "Doctorate", ("verified",), False),
    ("license", "License", ("verified",), False),
    ("certificate", "Certificate", ("verified",), False),
    ("microbachelors", "MicroBachelors", ("verified",), True),
)
"""slug, name, applicable seat types, coaching."""


@cache
def seeds() -> Mapping[Ref, Mapping[str, Any]]:
    """What the registry's ``edited`` records of the four vocabularies are on the first start."""
    made = {
        "course_types": course_types(),
        "level_types": {"items": [{"name": name, "sort_value": order} for name, order in LEVEL_TYPES]},
        "program_types": {"items": [_program_type(*row) for row in PROGRAM_TYPES]},
        "product_sources": {"items": [{"name": "edX", "slug": "edx", "description": "edX"}]},
    }
    return {Ref("vocabulary", key): payload for key, payload in made.items()}


def course_types() -> dict[str, Any]:
    """Course types as ``items``, with the run types, tracks, modes and seat types they are made of."""
    return {
        "items": [_course_type(*row) for row in COURSE_TYPES],
        "run_types": [_run_type(*row) for row in RUN_TYPES],
        "tracks": [_track(mode) for mode in SEAT_TYPES],
        "modes": [_mode(mode) for mode in SEAT_TYPES],
        "seat_types": [_seat_type(slug) for slug in SEAT_TYPES if slug not in WITHOUT_SEAT],
    }


def stable(what: str, slug: str) -> str:
    """The uuid of a seeded thing."""
    return str(uuid5(NAMESPACE, f"{what}:{slug}"))


def _course_type(slug: str, modes: Iterable[str], run_types: Iterable[str]) -> dict[str, Any]:
    return {
        "uuid": stable("course_type", slug),
        "name": NAMES[slug],
        "slug": slug,
        "entitlement_types": list(modes),
        "course_run_types": list(run_types),
        "retired": False,
    }


def _run_type(slug: str, marketable: bool, tracks: Iterable[str]) -> dict[str, Any]:
    return {
        "uuid": stable("run_type", slug),
        "name": NAMES[slug],
        "slug": slug,
        "is_marketable": marketable,
        "tracks": list(tracks),
        "retired": False,
    }


def _track(mode: str) -> dict[str, Any]:
    return {"mode": mode, "seat_type": None if mode in WITHOUT_SEAT else mode}


def _mode(slug: str) -> dict[str, Any]:
    return {
        "name": _title(slug),
        "slug": slug,
        "is_id_verified": slug in ID_VERIFIED,
        "is_credit_eligible": slug == "credit",
        "certificate_type": CERTIFICATES.get(slug, slug),
        "payee": "platform",
    }


def _seat_type(slug: str) -> dict[str, str]:
    return {"name": _title(slug), "slug": slug}


def _title(slug: str) -> str:
    return slug.replace("-", " ").title()


def _program_type(slug: str, name: str, seats: Iterable[str], coaching: bool) -> dict[str, Any]:
    return {
        "uuid": stable("program_type", slug),
        "name": name,
        "logo_image": None,
        "applicable_seat_types": list(seats),
        "slug": slug,
        "coaching_supported": coaching,
    }
