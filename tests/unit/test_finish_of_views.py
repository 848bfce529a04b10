"""What the overlay keeps and what finish sends fit together: every field of the contract, and none besides."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.keys import ref
from chalicelib.domain.reads import fields
from chalicelib.domain.reads.finish import finish_course, finish_minimal_program, finish_program, finish_run
from chalicelib.domain.reads.flags import Flags
from chalicelib.domain.reads.reader import Reader
from chalicelib.domain.record import Aggregate
from chalicelib.domain.search import mappings as index_mappings
from chalicelib.domain.view import View
from tests.bodies import NOW
from tests.builders import (
    COURSE,
    RUN,
    RUN_2,
    aggregate,
    campus,
    minted,
    otto_course,
    program_payload,
    record,
    run,
    studio_course,
    uuid_for,
    view_of,
)


def studio_and_otto(key: str, **said: Any) -> Aggregate:
    return run(key, record("studio#course", studio_course(key, **said)), record("otto#course", otto_course(key)))


def views() -> tuple[View, View]:
    """A course of two runs, and a program of it."""
    uuid = uuid_for("program")
    payload = program_payload(uuid, [RUN])
    program = aggregate(ref("program", uuid), record("programs#program", payload, "program"), minted(uuid, "program"))
    given = campus(studio_and_otto(RUN), studio_and_otto(RUN_2, hidden=True), programs=[uuid], also=[program])
    of_course = view_of(ref("course", COURSE), given)
    return of_course, view_of(program.ref, given, bodies=dict(of_course.bodies))


def test_a_course_and_its_runs_come_out_whole() -> None:
    view, _ = views()
    everything = Flags(include_hidden_course_runs=True)
    sent = finish_course(view.bodies[ref("course", COURSE)], NOW, Reader("jane"), everything)
    assert sent is not None
    assert tuple(sent) == fields.COURSE_WITH_PROGRAMS
    assert [tuple(each) for each in sent["course_runs"]] == [fields.RUN, fields.RUN]
    alone = finish_run(view.bodies[ref("run", RUN)], NOW, Reader("jane"))
    assert alone is not None and tuple(alone) == fields.RUN_WITH_PROGRAMS
    assert "'_" not in str([sent, alone])


def test_a_program_comes_out_whole_alone_and_in_lists() -> None:
    courses, view = views()
    body = view.bodies[view.ref]
    assert tuple(finish_program(body, NOW, Reader())) == fields.PROGRAM
    assert tuple(finish_minimal_program(body, NOW, Reader())) == fields.MINIMAL_PROGRAM
    full = {where.key: each for where, each in courses.bodies.items() if where.kind == "course"}
    sent = finish_program(body, NOW, Reader(), Flags(use_full_course_serializer=True), full)
    assert tuple(sent["courses"][0]) == fields.COURSE
    assert "'_" not in str(sent)


def test_every_field_of_a_views_documents_is_mapped() -> None:
    for view in views():
        for document in view.documents:
            assert set(document.fields) <= set(index_mappings.fields_of(document.kind))
