"""Search documents: the fields of a view that are searched, filtered and ordered by, one document per thing found."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chalicelib.domain.keys import Ref
from chalicelib.domain.reads.schedule import Run, next_change
from chalicelib.domain.search.common import document, full_name, text
from chalicelib.domain.search.courses import course_document, run_document
from chalicelib.domain.search.programs import offered_runs, program_document
from chalicelib.domain.view import Body, Document

Bodies = Mapping[Ref, Body]


def documents(ref: Ref, bodies: Bodies, now: int) -> tuple[Document, ...]:
    """The documents of one view: of a course its own and one per run; none for kinds that nobody searches.

    ``bodies`` are those of the view. Values that time decides are those at ``now`` (ms) and hold until ``valid_until``.
    """
    body = bodies.get(ref)
    if body is None:
        return ()
    if ref.kind == "course":
        runs = sorted(each for each in bodies if each.kind == "run")
        return (course_document(ref, body, now), *(run_document(run, bodies[run], body, now) for run in runs))
    make = _MAKERS.get(ref.kind)
    return (make(ref, body, now),) if make else ()


def valid_until(ref: Ref, bodies: Bodies, now: int) -> int | None:
    """The next instant (ms) at which a value in these documents changes by time alone; None: never."""
    body = bodies.get(ref, {})
    runs: list[Run] = []
    if ref.kind == "course":
        runs = body.get("course_runs") or []
    elif ref.kind == "program":
        runs = offered_runs(body)
    return next_change(runs, now)


def _organization(ref: Ref, body: Body, now: int) -> Document:
    names = ("key", "name", "slug", "tags", "data_modified_timestamp", "enterprise_subscription_inclusion")
    fields = {name: body.get(name) for name in names}
    said = text(body.get("key"), body.get("name"), body.get("description"), body.get("homepage_url"))
    return document(ref, body, {**fields, "title": body.get("name"), "searchable": True, "text": said})


def _person(ref: Ref, body: Body, now: int) -> Document:
    position = body.get("position") or {}
    place = [position.get("title"), position.get("organization_name"), position.get("organization_override")]
    fields = {
        **{name: body.get(name) for name in ("salutation", "given_name", "family_name", "bio", "slug", "published")},
        "full_name": full_name(body),
        "title": full_name(body),
        "bio_language": body.get("_bio_language"),
        "position": [part for part in place if part],
        "searchable": True,
        "text": text(full_name(body), body.get("bio"), place, body.get("areas_of_expertise")),
    }
    return document(ref, body, fields)


def _named(ref: Ref, body: Body, now: int) -> Document:
    """Subjects, topics and pathways: found by name, slug and state."""
    names = ("name", "slug", "status", "pathway_type", "org_name")
    fields = {name: body.get(name) for name in names}
    programs = [each.get("uuid") for each in body.get("programs") or ()]
    said = text(body.get("name"), body.get("subtitle"), body.get("description"), body.get("org_name"))
    return document(
        ref, body, {**fields, "title": body.get("name"), "program_uuids": programs, "searchable": True, "text": said}
    )


_MAKERS: dict[str, Callable[[Ref, Body, int], Document]] = {
    "program": program_document,
    "organization": _organization,
    "person": _person,
    "subject": _named,
    "topic": _named,
    "pathway": _named,
}
INDEXED = ("course", "run", *_MAKERS)
"""The kinds that have an index."""
