"""The exchange's filters: nothing that is published is lost, nothing is delivered twice to a consumer."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto.sns.utils import FilterPolicyMatcher

from chalicelib.domain.change import CAUSES, EDIT, OWN
from chalicelib.domain.update import type_of
from infra.exchange import QUEUES, RECEIVES, VISIBILITY_TIMEOUTS, consumers, queues
from infra.functions import functions
from infra.sources import kinds_by_source

KINDS = kinds_by_source()
EVERY_KIND = sorted({kind for kinds in KINDS.values() for kind in kinds})
WORDS = st.text("abcdeiotu-_.", min_size=1, max_size=8)
SOURCES = st.one_of(st.none(), st.sampled_from(sorted(KINDS)), WORDS)
TYPES = st.one_of(st.none(), st.sampled_from([type_of(k) for k in EVERY_KIND]), WORDS)


def reached(topic: str, **attributes: str | None) -> list[str]:
    """The queues that a message with these attributes reaches, as moto reads SNS's filter rules."""
    given_ = {n: {"Type": "String", "Value": v} for n, v in attributes.items() if v is not None}
    names = []
    for queue in QUEUES:
        policy = json.loads(json.dumps(dict(queue.policy)))
        if queue.topic == topic and FilterPolicyMatcher(policy, "MessageAttributes").matches(given_, ""):
            names.append(queue.name)
    return names


@given(SOURCES, TYPES)
def test_any_update_with_attributes_reaches_exactly_one_queue(source, type_):
    if source is None and type_ is None:
        return
    assert len(reached("updates", source=source, type=type_)) == 1


@pytest.mark.parametrize("source", KINDS)
def test_an_update_of_a_source_reaches_its_own_queue(source):
    for kind in KINDS[source]:
        assert reached("updates", source=source, type=type_of(kind)) == [f"updates-{source}"]


@pytest.mark.parametrize(
    ("source", "type_"),
    [("nobody", type_of("run")), (None, type_of("run")), ("studio", type_of("nonsense")), ("studio", None)],
)
def test_an_update_that_no_source_takes_waits_visibly(source, type_):
    assert reached("updates", source=source, type=type_) == ["updates-unknown"]


@given(st.one_of(st.sampled_from(CAUSES), WORDS))
def test_any_change_is_viewed_once_and_only_edits_overtake(cause):
    views = [name for name in reached("changes", cause=cause) if name.startswith("views-")]
    assert views == ["views-live" if cause == EDIT else "views-bulk"]


@pytest.mark.parametrize("cause", CAUSES)
def test_only_changes_by_own_records_are_touched_on(cause):
    touches = [name for name in reached("changes", cause=cause) if name.startswith("touches-")]
    assert len(touches) == (1 if cause in OWN else 0)


def test_a_filter_keeps_to_what_sns_takes():
    for queue in QUEUES:
        combinations = 1
        for values in queue.policy.values():
            combinations *= len(values)
        assert combinations <= 150
        assert len(queue.policy) <= 5


def test_a_source_more_is_a_queue_and_a_function_more():
    more = queues({**KINDS, "publisher": ("course_draft",)})
    (new,) = {q.name for q in more} - {q.name for q in QUEUES}
    assert new == "updates-publisher"
    assert next(f for f in functions(more) if f.name == new).handler == "on_updates"
    unknown = next(q for q in more if q.name == "updates-unknown")
    assert "publisher" in json.dumps(dict(unknown.policy))


def test_no_message_comes_back_while_it_is_worked_on():
    for queue in QUEUES:
        if queue.consumer:
            assert queue.visibility >= VISIBILITY_TIMEOUTS * queue.consumer.timeout + queue.consumer.window


def test_names_of_queues_are_unique_and_fit_sqs():
    names = [name for queue in QUEUES for name in (queue.name, queue.dead)]
    assert len(set(names)) == len(names)
    assert all(len(f"catalog-{'s' * 20}-{name}") <= 80 for name in names)
    assert RECEIVES == 10
    assert {c.name for c in consumers(KINDS)} == {"updates", "views", "touches"}
