"""Releases: payloads of an older shape, two releases side by side on one queue, views and index made anew."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from chalicelib.adapters.dynamo.wire import pack
from chalicelib.domain.change import TOUCH
from chalicelib.domain.keys import Ref
from chalicelib.domain.record import digest_of
from chalicelib.domain.view import OVERLAY_VERSION
from chalicelib.services.tell import tell
from chalicelib.services.touch import raise_heads
from chalicelib.wiring import house
from tests.e2e.indexed import index_differences
from tests.e2e.processes import ROOT, command, environment, functions_off, workers
from tests.e2e.settling import dead, settle
from tests.e2e.system import System, eventually
from tests.e2e.truth import differences, walk

LISTS = ("/api/v1/courses/", "/api/v1/course_runs/", "/api/v1/programs/", "/api/v1/organizations/")


def make_anew(tenant: str, refs: list[Ref]) -> None:
    """Raise these things, so that their views are made again from what is stored."""
    rooms = house()
    changes = raise_heads(tenant, refs, TOUCH, records=rooms.records, clock=rooms.clock)
    tell(tenant, changes, records=rooms.records, announce=rooms.announce)


def everything(tenant: str) -> list[Ref]:
    return [ref for code, ref, _ in house().records.everything() if code == tenant]


# ---- an older payload


def test_a_record_of_an_older_payload_version_reads_as_ever_until_its_source_is_read_again(system: System) -> None:
    """Otto once called ``price`` ``price_excl_tax``; a record from then stays as it is, and is lifted when read."""
    key = next(r["key"] for r in walk(system, LISTS[1], "pyrite") if any(float(s["price"]) for s in r["seats"]))
    before, ref = system.run(key, "pyrite"), Ref("run", key.lower())
    aggregate = house().records.aggregates("pyrite", [ref])[ref]
    record = aggregate.record("otto#course")
    assert record and record.version == 2
    old = json.loads(json.dumps(record.payload).replace('"price":', '"price_excl_tax":'))
    assert old != record.payload
    put_as_version_1(ref, old)
    make_anew("pyrite", [Ref("course", aggregate.head.course)])
    settle()
    assert timeless(system.run(key, "pyrite")) == timeless(before)

    command("refresh", "--partner", "pyrite", "--kind", "run", "--key", key)
    new = house().records.aggregates("pyrite", [ref])[ref].record("otto#course")
    assert new and (new.version, new.payload) == (2, record.payload)
    replaced = next(e for e in house().records.history("pyrite", ref, 20) if e.replaced.record.name == "otto#course")
    assert replaced.replaced.record.payload == old, "what a record replaces is kept as it was"
    assert timeless(system.run(key, "pyrite")) == timeless(before)


def put_as_version_1(ref: Ref, payload: Any) -> None:
    """The record and its mark, as a release that knew shape 1 left them."""
    rooms = house()
    table = rooms.settings.table("records")
    place = {"pk": {"S": f"pyrite#{ref}"}, "sk": {"S": "record#otto#course"}}
    item = rooms.dynamo.call("get_item", TableName=table, Key=place, ConsistentRead=True)["Item"]
    digest = digest_of(payload)
    changed = {"z": {"B": pack(payload)}, "version": {"N": "1"}, "digest": {"S": digest}}
    rooms.dynamo.call("put_item", TableName=table, Item={**item, **changed})
    head = {**place, "sk": {"S": "head"}}
    body = json.loads(rooms.dynamo.call("get_item", TableName=table, Key=head, ConsistentRead=True)["Item"]["h"]["S"])
    body["marks"]["otto#course"][2:4] = [digest, 1]
    rooms.dynamo.call(
        "update_item",
        TableName=table,
        Key=head,
        UpdateExpression="SET h = :h",
        ExpressionAttributeValues={":h": {"S": json.dumps(body)}},
    )


def timeless(body: Any) -> Any:
    """Without what says when it was made."""
    if isinstance(body, dict):
        return {k: timeless(v) for k, v in body.items() if k not in {"modified", "data_modified_timestamp"}}
    return [timeless(each) for each in body] if isinstance(body, list) else body


# ---- two releases


@pytest.fixture
def next_release(tmp_path: Path) -> Iterator[Path]:
    """A checkout whose overlay is a version further; what it made is made again by ours in the end."""
    shutil.copytree(ROOT / "chalicelib", tmp_path / "chalicelib", ignore=shutil.ignore_patterns("__pycache__"))
    view = tmp_path / "chalicelib" / "domain" / "view.py"
    text, changed = re.subn(r"(?m)^OVERLAY_VERSION = \d+", f"OVERLAY_VERSION = {OVERLAY_VERSION + 1}", view.read_text())
    assert changed == 1
    view.write_text(text)
    yield tmp_path
    make_anew("edx", everything("edx"))


def test_two_releases_side_by_side_on_the_same_queues_lose_nothing(system: System, next_release: Path) -> None:
    with functions_off(), workers(1), workers(1, code=next_release):
        wish = {"count": 200, "seed": 8, "duplicates": 0.2, "shuffle": True}
        assert system.campus("/admin/edx/edits/bulk", wish)["published"] > 200
        settle()
    courses = [ref for ref in everything("edx") if ref.kind == "course"]
    made_by = {view.overlay_version for view in house().views.get("edx", courses).values()}
    assert made_by == {OVERLAY_VERSION, OVERLAY_VERSION + 1}, "both took part, or this says nothing"
    assert differences(system) == []
    assert index_differences(system) == []
    assert dead() == {}


# ---- rebuild


def test_views_and_index_are_dropped_and_made_again_the_same_while_readers_read(system: System) -> None:
    settle()
    before = {(t, path): list(walk(system, path, t)) for t in ("edx", "pyrite") for path in LISTS}
    key = before["edx", LISTS[0]][0]["key"]
    with functions_off():
        drop_everything()
        try:
            assert house().views.get("edx", everything("edx")) == {}
            listed = system.get(LISTS[0])
            assert (listed.status_code, list(listed.json())) == (503, ["detail"])
        finally:
            reads = rebuild_while(lambda: system.course(key)["key"] == key)
        assert all(reads), "a read answers as if it overlaid on the spot"
    assert index_differences(system) == [] == index_differences(system, "pyrite")

    def same() -> bool:
        for (tenant, path), bodies in before.items():
            assert list(walk(system, path, tenant)) == bodies, f"{tenant} {path}"
        return True

    eventually(same, seconds=20)


def drop_everything() -> None:
    """All views of both tenants, and every index."""
    rooms = house()
    for tenant in ("edx", "pyrite"):
        refs = everything(tenant)
        runs = [Ref("run", key) for head in rooms.records.heads(tenant, refs).values() for key in head.runs]
        rooms.views.remove(tenant, [*refs, *runs])
    rooms.indices.drop()


def rebuild_while(read: Callable[[], bool]) -> list[bool]:
    """Make everything anew by command, reading meanwhile; what the reads said."""
    argv = [sys.executable, "-m", "chalicelib.runtime", "rebuild", "--here"]
    rebuild = subprocess.Popen(argv, cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL)
    reads = []
    while rebuild.poll() is None:
        reads.append(read())
        with suppress(subprocess.TimeoutExpired):
            rebuild.wait(0.5)
    assert rebuild.returncode == 0
    return reads
