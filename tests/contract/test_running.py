"""The contract of tickets, budgets, pauses, counters, notes, parked messages and tenants, wherever they are kept."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.adapters.dynamo.operations import OperationsStore
from chalicelib.adapters.dynamo.tenants import TenantStore
from chalicelib.domain.store import Conflict, Parked
from chalicelib.domain.tenant import Tenant

MINUTE = 60_000


def test_tickets_count_up_per_tenant_and_source(rig, tenant):
    assert [rig.operations.ticket(tenant, "otto") for _ in range(3)] == [1, 2, 3]
    assert rig.operations.ticket(tenant, "studio") == 1


def test_counters_begin_at_nothing_and_add_up(rig, tenant):
    assert rig.operations.counted(f"{tenant}#n") == 0
    assert [rig.operations.count(f"{tenant}#n", 2), rig.operations.count(f"{tenant}#n", 3, 60)] == [2, 5]
    assert rig.operations.counted(f"{tenant}#n") == 5


def test_a_note_keeps_its_value(rig, tenant):
    assert rig.operations.noted(tenant) is None
    for value in ({"a": [1, "é", None, 2**60]}, False, []):
        rig.operations.note(tenant, value)
        assert rig.operations.noted(tenant) == value


def test_a_source_is_paused_until_it_is_let_go(rig, tenant):
    assert rig.operations.paused(tenant, "otto") is False
    rig.operations.set_paused(tenant, "otto", True)
    assert rig.operations.paused(tenant, "otto") is True
    assert rig.operations.paused(tenant, "studio") is False
    rig.operations.set_paused(tenant, "otto", False)
    assert rig.operations.paused(tenant, "otto") is False


# Budgets


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    limit=st.integers(1, 60), gaps=st.lists(st.sampled_from([0, 1, 7, 400, 3_000, 61_000]), min_size=20, max_size=60)
)
def test_no_window_of_a_minute_ever_sees_more_than_the_limit(rig, limit, gaps):
    host, now, granted = f"host-{id(gaps)}-{limit}", 1_000_000, []
    for gap in gaps:
        now += gap
        if rig.operations.grant(host, limit, now) == 0:
            granted.append(now)
    assert granted
    assert all(sum(at <= other < at + MINUTE for other in granted) <= limit for at in granted)


@pytest.mark.parametrize("limit", [1, 2, 20, 40])
def test_who_asks_when_told_to_gets_nearly_the_whole_budget(rig, limit, tenant):
    now, granted = 1_000_000, 0
    end = now + 3 * MINUTE
    while now < end:
        again = rig.operations.grant(tenant, limit, now)
        granted += again == 0
        assert again == 0 or again > now
        now = again or now
    assert 0.9 * 3 * limit <= granted <= 4 * limit


def test_a_host_without_a_budget_is_always_granted(rig, tenant):
    assert [rig.operations.grant(tenant, None, 5) for _ in range(5)] == [0] * 5


def test_a_blocked_host_is_left_alone_until_then_and_a_shorter_block_does_not_shorten_it(rig, tenant):
    rig.operations.block(tenant, 500)
    rig.operations.block(tenant, 300)
    assert rig.operations.grant(tenant, None, 499) == 500
    assert rig.operations.grant(tenant, 30, 100) == 500
    assert rig.operations.grant(tenant, None, 500) == 0
    assert rig.operations.grant(tenant, 30, 500) == 0


# What only the table does


def test_parked_messages_wait_by_queue_and_one_parked_twice_is_one(rig, tenant):
    if not isinstance(rig.operations, OperationsStore):
        pytest.skip("only the table lists what is parked")
    items = [Parked(tenant, f"id{n}", "{}", "malformed", "no", n) for n in range(30)]
    rig.operations.park([*items, items[3]])
    assert sorted(rig.operations.parked(tenant), key=lambda p: p.at) == items
    rig.operations.unpark(items[1:])
    assert list(rig.operations.parked(tenant)) == items[:1]


def test_of_two_editors_of_a_tenant_one_wins(rig, place, tenant):
    if place is None:
        pytest.skip("tenants are a table")
    store = TenantStore(rig.records.dynamo, table=f"{place[2]}-tenants", now=rig.clock)
    assert store.put(Tenant(code=tenant), 0) == 1
    assert store.put(Tenant(code=tenant, name="Two", hosts=(f"{tenant}.org",)), 1) == 2
    for seen in (0, 1):
        with pytest.raises(Conflict):
            store.put(Tenant(code=tenant, name="Three"), seen)
    assert store.kept_one(tenant).tenant.name == "Two"
    assert store.at_host(f"{tenant}.org:8000").code == tenant


def test_tenants_are_kept_in_memory_for_seconds(rig, place, tenant):
    if place is None:
        pytest.skip("tenants are a table")
    table = f"{place[2]}-tenants"
    reader, writer = (TenantStore(rig.records.dynamo, table=table, now=rig.clock) for _ in "ab")
    assert reader.get(tenant) is None
    writer.put(Tenant(code=tenant), 0)
    assert reader.get(tenant) is None
    rig.clock.now += 2_000
    assert reader.get(tenant) == Tenant(code=tenant)
