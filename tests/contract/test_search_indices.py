"""What only an engine does: creating and rebuilding indices, refusing documents, being down."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.adapters.opensearch import Indices, SearchEngine, connect
from chalicelib.domain.keys import Ref
from chalicelib.domain.reads.instants import instant
from chalicelib.domain.search.document import documents
from chalicelib.domain.search.mappings import KINDS
from chalicelib.domain.search.query import InvalidQuery
from chalicelib.domain.store import Hits, IndexWrite, ListQuery, Unavailable
from tests.bodies import NOW, organization
from tests.contract.engines import ENGINES, V, engine_at, fresh_tenant, item, tombstone


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> SearchEngine:
    return engine_at(request.param)


@pytest.fixture
def tenant() -> str:
    return fresh_tenant()


def test_creating_indices_again_changes_nothing(engine: SearchEngine) -> None:
    before = {kind: engine.indices.all(kind) for kind in KINDS}
    assert engine.indices.ensure() == ()
    assert {kind: engine.indices.all(kind) for kind in KINDS} == before
    assert engine.indices.ready()


def test_two_creations_at_once_leave_one_index(engine: SearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second asks whether the alias is there before the first has made it."""
    client = engine.indices._client
    real, asked = client.indices.exists_alias, []

    def blind_once(**names: Any) -> bool:
        asked.append(names)
        return bool(real(**names)) if len(asked) > 1 else False

    monkeypatch.setattr(client.indices, "exists_alias", blind_once)
    engine.indices.ensure(("topic",))
    assert len(asked) == 2
    assert engine.indices.all("topic") == engine.indices.behind(engine.indices.alias("topic"))
    assert len(engine.indices.all("topic")) == 1


def test_a_field_that_changed_its_type_asks_for_a_rebuild(
    engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.domain.search.mappings.COMMON", {"long": "title", "keyword": "quite_new"})
    assert engine.indices.ensure(("topic",)) == ("topic",)


def test_an_index_that_vanished_is_made_again_by_the_next_write_and_reads_say_it_is_away(
    engine: SearchEngine, tenant: str
) -> None:
    engine.indices.drop(("subject",))
    assert not engine.indices.ready()
    with pytest.raises(Unavailable, match="not there"):
        engine.page(tenant, "subject", ListQuery())
    with pytest.raises(Unavailable, match="not there"):
        engine.revision_of(tenant, "subject", "x")
    engine.write([item(tenant, "subject", "x")])
    engine.indices.refresh(("subject",))
    assert engine.page(tenant, "subject", ListQuery()) == Hits(("x",), 1)


def test_a_document_the_engine_refuses_is_told_and_does_not_keep_the_others_out(
    engine: SearchEngine, tenant: str, caplog: pytest.LogCaptureFixture
) -> None:
    bad = item(tenant, "course", "bad", skills="not an object")
    engine.write([bad, item(tenant, "course", "good")])
    assert engine.revision_of(tenant, "course", "good") == V
    assert engine.revision_of(tenant, "course", "bad") is None
    assert "refuses a document of" in caplog.text


def test_dirty_values_do_not_keep_a_document_out(engine: SearchEngine, tenant: str) -> None:
    dirty = {"data_modified_timestamp": "soon", "weeks_to_complete_min": "many", "hidden": "perhaps"}
    engine.write([item(tenant, "program", "dirty", **dirty)])
    assert engine.revision_of(tenant, "program", "dirty") == V


def test_a_rebuild_beside_takes_over_with_what_was_written_meanwhile(engine: SearchEngine, tenant: str) -> None:
    kind, rebuild = "person", engine.rebuild("person")
    engine.write([item(tenant, kind, "stale"), item(tenant, kind, "kept")])
    engine.indices._clock = lambda: NOW.replace(year=2027)
    new = rebuild.begin()
    engine.write([item(tenant, kind, "meanwhile", V + 5), tombstone(tenant, kind, "gone", V + 5)])
    rebuild.fill([item(tenant, kind, key) for key in ("kept", "meanwhile", "gone")])
    assert rebuild.counts() == (3, 2)
    assert engine.page(tenant, kind, ListQuery()).keys == ("kept", "meanwhile", "stale")
    rebuild.swap(keep=0)
    assert engine.page(tenant, kind, ListQuery()).keys == ("kept", "meanwhile")
    assert engine.indices.all(kind) == engine.indices.behind(engine.indices.alias(kind)) == (new,)
    assert engine.indices.building() == frozenset()
    engine.write([item(tenant, kind, "after"), item(tenant, kind, "gone", V + 4)])
    engine.indices.refresh((kind,))
    assert engine.page(tenant, kind, ListQuery()).keys == ("after", "kept", "meanwhile")


def test_a_rebuild_that_is_given_up_leaves_no_trace(engine: SearchEngine) -> None:
    engine.indices._clock = lambda: NOW.replace(year=2028)
    rebuild = engine.rebuild("organization")
    rebuild.begin()
    rebuild.abandon()
    assert len(engine.indices.all("organization")) == 1


def test_a_kind_whose_name_begins_alike_is_left_alone(engine: SearchEngine) -> None:
    other = f"{engine.indices.alias('pathway')}_draft_20260101_000000"
    engine.indices._client.indices.create(index=other)
    try:
        assert other not in engine.indices.all("pathway")
    finally:
        engine.indices._client.indices.delete(index=other)


def test_a_search_body_is_put_inside_the_tenant_and_what_is_wrong_with_it_is_told(
    engine: SearchEngine, tenant: str
) -> None:
    ref = Ref("organization", "edx")
    (document,) = documents(ref, {ref: organization(description="Learning for <b>everybody</b>")}, instant(NOW))
    engine.write([IndexWrite(each, document, V, b"x") for each in (tenant, fresh_tenant())])
    engine.indices.refresh(("organization",))

    def found(query: str) -> Any:
        body = {"query": {"query_string": {"query": query, "analyze_wildcard": True}}}
        return engine.search(tenant, ["organization", "person"], body)["hits"]["hits"]

    (hit,) = found("learns AND everybody")
    assert hit["_id"] == f"{tenant}#edx" and "_source" not in hit
    with pytest.raises(InvalidQuery, match="Failed to parse query"):
        found("a AND (")


def test_what_an_engine_can_do_is_asked_once(engine: SearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    able = engine.indices.capabilities
    assert able.version[0].isdigit()
    monkeypatch.setattr(engine.indices, "_client", None)
    assert engine.indices.capabilities is able


def test_synonyms_are_found_exactly_where_the_engine_is_said_to_have_them(engine: SearchEngine, tenant: str) -> None:
    """An engine without them is given none, so that nothing depends on what it makes of the filter."""
    client = engine.indices._client
    indices = Indices(client, f"{engine.indices.alias('synonyms')}", synonyms=["ml, machinelearning"])
    try:
        indices.ensure(("topic",))
        SearchEngine(client, indices).write([item(tenant, "topic", "ml", text="All of machinelearning")])
        indices.refresh(("topic",))
        body = {"query": {"match_phrase": {"text": "ml"}}}
        found = SearchEngine(client, indices).search(tenant, ["topic"], body)["hits"]["total"]["value"]
        assert found == int(indices.capabilities.synonyms)
    finally:
        indices.drop(("topic",))


def test_an_engine_that_is_down_is_unavailable_whatever_is_asked() -> None:
    client = connect("http://127.0.0.1:9", timeout=0.2)
    away = SearchEngine(client, Indices(client, "test-away"))
    for ask in (
        lambda: away.page("edx", "course", ListQuery()),
        lambda: away.write([item("edx", "course", "x+a")]),
        lambda: away.count("edx", "course"),
        lambda: away.revision_of("edx", "course", "x"),
        lambda: away.indices.capabilities,
        away.indices.ensure,
        away.indices.ready,
        away.rebuild("course").begin,
    ):
        with pytest.raises(Unavailable, match="cannot answer now"):
            ask()
