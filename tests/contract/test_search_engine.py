"""The index port, on every engine that can be reached and on the fake: the same tests, the same answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.keys import Ref
from chalicelib.domain.reads.instants import instant
from chalicelib.domain.search import query as index_query
from chalicelib.domain.search.document import documents
from chalicelib.domain.search.query import InvalidQuery
from chalicelib.domain.store import Hits, IndexWrite, ListQuery
from tests.bodies import NOW, at, course, organization, run
from tests.contract.engines import ENGINES, V, engine_at, fresh_tenant, item, tombstone
from tests.fakes.index import MemoryIndex


class Port:
    """An index under test, seen by one tenant that nobody else is: what is written is made visible at once."""

    def __init__(self, index: Any, refresh: Callable[[], None]) -> None:
        self.index = index
        self.refresh = refresh
        self.tenant = fresh_tenant()

    def item(self, key: str, version: int = V, **fields: Any) -> IndexWrite:
        return item(self.tenant, "course", key, version, **fields)

    def write(self, *items: IndexWrite) -> None:
        self.index.write(items)
        self.refresh()

    def keys(self, kind: str = "course", **query: Any) -> list[str]:
        return list(self.page(kind, **query).keys)

    def page(self, kind: str = "course", **query: Any) -> Hits:
        found: Hits = self.index.page(self.tenant, kind, ListQuery(**query))
        return found

    def letters(self, **query: Any) -> str:
        return "".join(key[-1] for key in self.keys(**query))


@pytest.fixture(params=["fake", *ENGINES])
def port(request: pytest.FixtureRequest) -> Port:
    if request.param == "fake":
        fake = MemoryIndex(at_once=False)
        return Port(fake, fake.refresh)
    engine = engine_at(request.param)
    return Port(engine, lambda: engine.indices.refresh(("course", "run")))


def test_a_page_has_keys_in_order_and_the_exact_count(port: Port) -> None:
    port.write(*(port.item(f"edx+c{n:02}") for n in (3, 1, 2, 0)))
    assert port.page(limit=2) == Hits(("edx+c00", "edx+c01"), 4)
    assert port.page(limit=2, offset=3) == Hits(("edx+c03",), 4)
    assert port.page(limit=0) == Hits((), 4)


def test_beyond_the_window_a_page_is_empty_and_the_count_is_still_exact(port: Port) -> None:
    port.write(port.item("edx+a"))
    assert port.page(offset=10**9, limit=10**9) == Hits((), 1)


def test_a_tenant_sees_only_what_is_its_own(port: Port) -> None:
    other = Port(port.index, port.refresh)
    port.write(port.item("edx+a"), other.item("edx+a"), other.item("edx+b"))
    assert (port.keys(), other.keys()) == (["edx+a"], ["edx+a", "edx+b"])
    assert port.index.count(other.tenant, "course") == 2
    assert port.keys(terms={"tenant": [other.tenant]}) == []
    assert other.keys(terms={"partner": [other.tenant]}) == ["edx+a", "edx+b"]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ((), "abc"),
        (("-key",), "cba"),
        (("title",), "cba"),
        (("start",), "bca"),
        (("-start",), "cba"),
        (("nothing", "text", "-title"), "abc"),
    ],
)
def test_order_is_by_any_ordered_field_then_by_key_and_what_lacks_a_value_is_last(
    port: Port, order: tuple[str, ...], expected: str
) -> None:
    port.write(
        port.item("x+a", title="zebra"),
        port.item("x+b", title="Yak", start=["2026-01-01T00:00:00Z", "2026-05-01T00:00:00Z"]),
        port.item("x+c", title="ape", start=["2026-06-01T00:00:00.5Z", "2026-03-01T00:00:00Z"]),
    )
    assert port.letters(order=order) == expected


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({"status": ["published"]}, "a"),
        ({"status": ["reviewed", "unpublished"]}, "bc"),
        ({"status": []}, ""),
        ({"type_retired": [True]}, "b"),
        ({"type_retired": [False]}, "ac"),
        ({"org.lower": ["edx"]}, "ab"),
        ({"org": ["edx"]}, "b"),
        ({"org.lower": ["EDX"]}, "ab"),
        ({"first_enrollable_paid_seat_price": [49]}, "a"),
        ({"key_lower": ["x+a", "x+c", "x+z"], "type_retired": [False]}, "ac"),
    ],
)
def test_terms_are_exact_and_any_of_them_will_do(port: Port, terms: dict[str, Any], expected: str) -> None:
    port.write(
        port.item("x+a", status=["published"], org="edX", first_enrollable_paid_seat_price=49, type_retired=False),
        port.item("x+b", status=["reviewed"], org="edx", type_retired=True),
        port.item("x+c", status=["unpublished", "reviewed"], org="MITx", type_retired=False),
    )
    assert port.letters(terms=terms) == expected


def test_ranges_bound_dates_and_what_has_none_is_in_no_range(port: Port) -> None:
    port.write(
        port.item("x+a", modified="2026-01-01T00:00:00Z"),
        port.item("x+b", modified="2026-02-01T00:00:00.250000Z"),
        port.item("x+c"),
    )
    assert port.letters(ranges={"modified": {"gte": "2026-02-01T00:00:00.250Z"}}) == "b"
    assert port.letters(ranges={"modified": {"gt": "2026-01-01T00:00:00Z", "lt": "2026-02-01T00:00:00Z"}}) == ""


def test_a_field_that_a_kind_does_not_have_is_an_invalid_query(port: Port) -> None:
    for query in ({"terms": {"nothing": [1]}}, {"ranges": {"nothing": {"gt": 1}}}):
        with pytest.raises(InvalidQuery, match="course has no field 'nothing'"):
            port.page(**query)


def test_an_older_version_changes_nothing_and_the_same_one_may_come_again(port: Port) -> None:
    port.write(port.item("x+a", V + 1, status=["published"]))
    port.write(port.item("x+a", V, status=["reviewed"]))
    assert port.letters(terms={"status": ["published"]}) == "a"
    port.write(port.item("x+a", V + 1, status=["unpublished"]))
    assert port.letters(terms={"status": ["unpublished"]}) == "a"
    assert port.index.revision_of(port.tenant, "course", "x+a") == V + 1


def test_a_tombstone_hides_a_thing_and_keeps_older_versions_out(port: Port) -> None:
    port.write(port.item("x+a", V), port.item("x+b", V))
    port.write(tombstone(port.tenant, "course", "x+a", V + 2))
    assert port.letters() == "b"
    assert port.index.count(port.tenant, "course") == 1
    port.write(port.item("x+a", V + 1))
    assert port.letters() == "b"
    port.write(port.item("x+a", V + 3))
    assert port.letters() == "ab"


def test_the_version_held_is_known_before_a_search_sees_it(port: Port) -> None:
    assert port.index.revision_of(port.tenant, "course", "x+a") is None
    port.index.write([port.item("x+a", V + 7)])
    assert port.index.revision_of(port.tenant, "course", "x+a") == V + 7


def test_real_documents_of_a_course_are_taken_whole_and_found(port: Port) -> None:
    ref, owner = Ref("course", "edx+demox"), organization("edX", name="Uni\x1fversity")
    runs = [run("course-v1:edX+DemoX+A"), run("course-v1:edX+DemoX+B", end=at(-1))]
    bodies = {ref: course(title="A\x00 title", runs=runs, owners=[owner])}
    bodies |= {Ref("run", each["key"].lower()): each for each in runs}
    port.write(*(IndexWrite(port.tenant, d, V, b"x") for d in documents(ref, bodies, instant(NOW))))
    assert port.letters(kind="run", terms={"is_active": [True]}) == "a"
    free = {"course_lower": ["edx+demox"], "restriction": ["none"]}
    assert port.letters(kind="run", terms=free, order=("-end",)) == "ab"
    sold = {"sellable": ["none"], "organization_keys": ["edx"], "key.lower": ["edx+demox"]}
    assert port.keys(terms=sold) == [ref.key]


def test_nothing_written_is_nothing_done(port: Port) -> None:
    port.write()
    assert port.keys() == []


@pytest.mark.parametrize("kind", ["course", "run", "program", "organization"])
def test_every_filter_and_order_that_lists_use_is_known(port: Port, kind: str) -> None:
    """The names are those of the REST lists; a field nobody indexes would be a filter that never matches."""
    terms: dict[str, Any] = {name: ["x"] for name in TERMS[kind]} | {name: [True] for name in SWITCHES.get(kind, ())}
    ranges = {name: {"gte": "2026-01-01T00:00:00Z"} for name in RANGES.get(kind, ())}
    assert port.page(kind, terms=terms, ranges=ranges, order=tuple(ORDERS[kind])) == Hits((), 0)
    assert len(index_query.order(kind, ORDERS[kind])) == len(ORDERS[kind])


TERMS = {
    "course": ["key_lower", "uuid", "course_run_statuses", "editors", "course_type"],
    "run": ["key_lower", "restriction", "license"],
    "program": ["key_lower", "status", "type.lower", "type_slug", "marketing_slug"],
    "organization": ["key_lower", "uuid", "tags"],
}
SWITCHES = {
    "course": ["type_retired", "open_course"],
    "run": ["hidden", "type_retired", "marketable", "open_ended"],
    "program": ["hidden", "marketable"],
}
RANGES = {kind: ["data_modified_timestamp"] for kind in ("course", "program", "organization")}
ORDERS = {
    "course": ["key", "uuid", "title", "modified", "data_modified_timestamp"],
    "run": ["start", "key"],
    "program": ["id", "uuid", "title", "status", "marketing_slug", "data_modified_timestamp", "key"],
    "organization": ["key"],
}
