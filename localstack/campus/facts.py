"""What the campus knows, before any source has put it into its own words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Seat:
    """One way to enroll in a run, as Otto sells it."""

    type: str
    price: Decimal
    sku: str
    currency: str | None = "USD"
    upgrade_deadline: datetime | None = None
    bulk_sku: str | None = None
    credit_provider: str | None = None
    credit_hours: int | None = None
    mobile: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """A run's page on the marketing site."""

    uuid: str
    nid: int
    title: str
    slug: str
    short_description: str
    description: str | None
    body: str | None
    self_paced: bool
    level: str | None
    language: int
    transcript: int | None
    weeks: int | None
    mobile: bool | None
    hidden: bool | None
    published: bool
    school: str
    subjects: tuple[int, ...]
    staff: tuple[int, ...]
    sponsor: int | None
    start: datetime | None
    end: datetime | None
    video: str | None


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a course, as Studio and the LMS hold it, with its seats and its page."""

    key: str
    ordinal: int
    name: str
    start: datetime | None
    end: datetime | None
    enrollment_start: datetime | None
    enrollment_end: datetime | None
    pacing: str
    hidden: bool
    invitation_only: bool
    mobile: bool | None
    visible: bool
    retired: bool
    short_description: str
    overview: str
    effort: str | None
    video: str | None
    has_image: bool
    seats: tuple[Seat, ...]
    node: Node | None


@dataclass(frozen=True, slots=True)
class Entitlement:
    """The right to any run of a course, sold by Otto."""

    mode: str
    price: Decimal
    sku: str
    currency: str | None = "USD"


@dataclass(frozen=True, slots=True)
class Course:
    """A course: what its runs have in common."""

    index: int
    org: str
    number: str
    title: str
    topic: str
    entitlement: Entitlement | None
    runs: tuple[Run, ...]

    @property
    def key(self) -> str:
        return f"{self.org}+{self.number}"


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization: a row in the LMS and a school on the marketing site."""

    index: int
    short_name: str
    name: str
    description: str
    active: bool
    uuid: str
    school_name: str
    school_description: str
    has_logo: bool
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who teaches."""

    index: int
    uuid: str
    given_name: str
    family_name: str
    resume: str
    title: str | None
    org: str | None
    has_image: bool


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject page of the marketing site."""

    index: int
    uuid: str
    title: str
    slug: str
    subtitle: str
    body: str


@dataclass(frozen=True, slots=True)
class Sponsor:
    """A sponsor page of the marketing site."""

    index: int
    uuid: str
    title: str
    slug: str
    body: str | None


@dataclass(frozen=True, slots=True)
class Program:
    """An XSeries: a row in Programs and a page on the marketing site."""

    index: int
    uuid: str
    node_uuid: str
    name: str
    subtitle: str
    status: str
    slug: str | None
    org: str
    courses: tuple[int, ...]
    has_banner: bool
    overview: str
    created: datetime
    modified: datetime

    @property
    def page_slug(self) -> str:
        """The end of its page's URL; a page that is not ready for readers has a working title."""
        return self.slug or f"draft-{self.index}"
