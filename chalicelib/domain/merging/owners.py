"""Who owns what: per kind and field the ranked owners, without Publisher and with it.

The first owner in the row that says the field wins. A row's second tuple is for tenants whose texts are edited in
Publisher (course-discovery 6.2): there what the LMS says of texts and media does not count. A field that no row names
(a new source's, say) goes to what operators set, then to the sources by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

STUDIO, OTTO, DRUPAL, PROGRAMS = "studio", "otto", "drupal", "programs"
CODES = "otto#enrollment_code"
MINTED, EDITED = "registry#minted", "registry#edited"
PUBLISHER, ANALYTICS = "publisher", "analytics"


@dataclass(frozen=True, slots=True)
class Owners:
    """Ranked owners of one field; ``source`` or ``source#thing``."""

    without: tuple[str, ...]
    publisher: tuple[str, ...]

    def ranked(self, publisher: bool) -> tuple[str, ...]:
        return self.publisher if publisher else self.without


Table = Mapping[str, Owners]


def row(*owners: str, publisher: tuple[str, ...] | None = None) -> Owners:
    """One row; tenants with Publisher have the same owners unless it says otherwise."""
    return Owners(owners, owners if publisher is None else publisher)


_DATE = row(STUDIO, EDITED, DRUPAL)
_FLAG = row(STUDIO, EDITED, DRUPAL)
_TEXT = row(EDITED, DRUPAL, STUDIO, publisher=(PUBLISHER, EDITED, DRUPAL))
_WORDS = row(EDITED, DRUPAL, publisher=(PUBLISHER, EDITED, DRUPAL))
_OURS = row(EDITED, publisher=(PUBLISHER, EDITED))
_ONCE = row(MINTED)
# Where the marketing page is: a page that exists is where its site says, whoever was heard first.
_ADDRESS = row(EDITED, DRUPAL, MINTED, publisher=(PUBLISHER, EDITED, MINTED, DRUPAL))

RUN: Table = {
    "key": row(MINTED, STUDIO, DRUPAL, OTTO),
    "uuid": _ONCE,
    "id": _ONCE,
    "slug": _ADDRESS,
    "course": row(EDITED, MINTED),
    # Studio and the LMS: when it runs, how, and who may see it.
    "start": _DATE,
    "end": _DATE,
    "enrollment_start": _DATE,
    "enrollment_end": _DATE,
    "pacing_type": row(STUDIO, EDITED, DRUPAL),
    "hidden": _FLAG,
    "invitation_only": _FLAG,
    "license": row(STUDIO, EDITED),
    "mobile_available": row(STUDIO, EDITED, DRUPAL, publisher=(PUBLISHER, EDITED, DRUPAL)),
    # Otto: what is sold.
    "seats": row(OTTO, EDITED),
    "bulk_skus": row(CODES),
    # Drupal: texts, people, languages.
    "title": row(EDITED, DRUPAL, STUDIO, publisher=(PUBLISHER, EDITED, DRUPAL, STUDIO)),
    "short_description": _TEXT,
    "full_description": _TEXT,
    "outcome": _WORDS,
    "video": _TEXT,
    "staff": _WORDS,
    "content_language": _WORDS,
    "transcript_languages": _WORDS,
    "weeks_to_complete": _WORDS,
    "min_effort": _WORDS,
    "max_effort": _WORDS,
    # Whether it is shown: the marketing page decides where there is one; Publisher decides alone where it is used.
    "status": row(EDITED, DRUPAL, STUDIO, publisher=(PUBLISHER, EDITED, DRUPAL)),
    "announcement": _OURS,
    # What only operators know.
    "run_type": _OURS,
    "restriction_type": _OURS,
    "external_key": _OURS,
    "enrollment_count": row(ANALYTICS, EDITED),
    "recent_enrollment_count": row(ANALYTICS, EDITED),
}

COURSE: Table = {
    "key": row(MINTED),
    "uuid": _ONCE,
    "id": _ONCE,
    "slug": _ADDRESS,
    "slugs": _ONCE,
    # Said by runs: of several runs the canonical one speaks first.
    "title": row(EDITED, DRUPAL, STUDIO, publisher=(PUBLISHER, EDITED, DRUPAL, STUDIO)),
    "short_description": _WORDS,
    "full_description": _WORDS,
    "outcome": _WORDS,
    "syllabus_raw": _WORDS,
    "prerequisites_raw": _WORDS,
    "level_type": _WORDS,
    "subjects": _WORDS,
    "owners": _WORDS,
    "sponsors": _WORDS,
    "video": _WORDS,
    "card_image_url": row(EDITED, DRUPAL, STUDIO, publisher=(PUBLISHER, EDITED, DRUPAL)),
    "entitlement": row(OTTO, EDITED),
    # What only operators know.
    "type": _OURS,
    "topics": _OURS,
    "canonical_course_run_key": _OURS,
    "product_source": _OURS,
    "enterprise_subscription_inclusion": _OURS,
    "enrollment_count": row(ANALYTICS, EDITED),
    "recent_enrollment_count": row(ANALYTICS, EDITED),
}

PROGRAM: Table = {
    "key": row(MINTED, PROGRAMS),
    "uuid": row(MINTED, PROGRAMS),
    "id": _ONCE,
    "title": row(PROGRAMS, EDITED, publisher=(PROGRAMS, PUBLISHER, EDITED)),
    "subtitle": row(PROGRAMS, EDITED, DRUPAL),
    "type": row(PROGRAMS, EDITED),
    "status": row(PROGRAMS, EDITED),
    "marketing_slug": row(PROGRAMS, EDITED),
    "courses": row(PROGRAMS, EDITED),
    "listed_runs": row(PROGRAMS),
    "authoring_organizations": row(PROGRAMS, EDITED),
    "banner_image": row(PROGRAMS, EDITED),
    "overview": row(EDITED, DRUPAL),
    "card_image_url": row(EDITED, DRUPAL, PROGRAMS),
    "video": row(EDITED, DRUPAL),
}

ORGANIZATION: Table = {
    "key": row(MINTED, STUDIO, DRUPAL),
    "uuid": _ONCE,
    "id": _ONCE,
    "slug": row(EDITED, DRUPAL, MINTED),
    "name": row(EDITED, DRUPAL, STUDIO),
    "description": row(EDITED, DRUPAL, STUDIO),
    "logo_image_url": row(EDITED, DRUPAL, STUDIO),
    "certificate_logo_image_url": row(STUDIO, EDITED),
    "banner_image_url": row(EDITED, DRUPAL),
    "homepage_url": row(EDITED, DRUPAL),
    "tags": row(EDITED, DRUPAL),
}

PERSON: Table = {
    "uuid": row(DRUPAL, MINTED, EDITED),
    "id": _ONCE,
    "slug": row(EDITED, DRUPAL, MINTED),
}

TABLES: Mapping[str, Table] = {
    "run": RUN,
    "course": COURSE,
    "program": PROGRAM,
    "organization": ORGANIZATION,
    "person": PERSON,
    "subject": {"uuid": row(DRUPAL, MINTED, EDITED), "id": _ONCE, "slug": row(EDITED, DRUPAL, MINTED)},
    "topic": {"uuid": row(MINTED, EDITED), "id": _ONCE, "slug": row(EDITED, MINTED)},
    "pathway": {"uuid": row(MINTED, EDITED), "id": _ONCE},
}

EXISTENCE: Mapping[str, tuple[str, ...]] = {
    "run": ("studio#course", "drupal#course", "otto#course"),
    "organization": ("studio#organization", "drupal#school", "drupal#sponsorer"),
    "person": ("drupal#person",),
    "subject": ("drupal#subject",),
    "program": ("programs#program",),
}
"""Whose 404 retires a thing: the first of these that ever had it. What another source lacks it no longer says."""


def ranked(kind: str, field: str, publisher: bool) -> tuple[str, ...] | None:
    """The owners of a field, best first; None where no row names it."""
    owners = TABLES.get(kind, {}).get(field)
    return owners.ranked(publisher) if owners else None
