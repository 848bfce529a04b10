"""The campus itself: its tenants' worlds, their token offices, the books and the exchange."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import orjson

from campus.calls import CallBook, Throttle
from campus.config import BASE_PORT, Addresses
from campus.exchange import Exchange
from campus.faults import FaultBook
from campus.keys import SigningKey, signing_key
from campus.ledger import Ledger
from campus.spec import Spec
from campus.tokens import Issuer
from campus.world import World

DEFAULT_SEED = 7


@dataclass(frozen=True, slots=True)
class Options:
    """How large a campus, where, and what it remembers."""

    seed: int = DEFAULT_SEED
    courses: int = 60
    pyrite_courses: int = 15
    base_port: int = BASE_PORT
    host: str = "127.0.0.1"
    # Where it listens, if that is not where others find it (a container).
    bind: str | None = None
    state_dir: Path | None = None
    now: datetime | None = None

    def identity(self) -> dict[str, object]:
        """What must be the same for kept edits to still make sense."""
        return {"seed": self.seed, "courses": self.courses, "pyrite_courses": self.pyrite_courses}


@dataclass(slots=True)
class Campus:
    """Everything the servers share."""

    options: Options
    worlds: dict[str, World]
    issuers: dict[str, Issuer]
    addresses: dict[str, Addresses]
    exchange: Exchange = field(default_factory=Exchange)
    faults: FaultBook = field(default_factory=FaultBook)
    calls: CallBook = field(default_factory=CallBook)
    throttle: Throttle = field(default_factory=Throttle)
    clock: Callable[[], float] = time.time

    def learn_course_uuids(self, tenant: str, uuids: dict[str, str]) -> None:
        """What the catalog minted; Otto's entitlements name these from now on."""
        world = self.worlds[tenant]
        world.course_uuids |= {key.lower(): uuid for key, uuid in uuids.items()}
        if self.options.state_dir:
            path = self.options.state_dir / f"{tenant}-course-uuids.json"
            path.write_bytes(orjson.dumps(world.course_uuids))


def found(
    options: Options,
    clock: Callable[[], float] = time.time,
    keys: Callable[[str, Path | None], SigningKey] = signing_key,
) -> Campus:
    """A campus as its options and its state directory describe it."""
    specs = _specs(options, _day(options, clock))
    addresses = {code: Addresses(code, options.base_port, options.host) for code in specs}
    issuers = {code: Issuer(at.issuer, keys(code, options.state_dir)) for code, at in addresses.items()}
    worlds = {code: _world(spec, options.state_dir) for code, spec in specs.items()}
    return Campus(options, worlds, issuers, addresses, clock=clock)


def _specs(options: Options, now: datetime) -> dict[str, Spec]:
    edx = Spec("edx", options.seed, options.courses, now)
    shared = min(options.pyrite_courses, options.courses) // 3
    return {"edx": edx, "pyrite": Spec("pyrite", options.seed, options.pyrite_courses, now, edx, shared)}


def _world(spec: Spec, folder: Path | None) -> World:
    ledger = Ledger(folder / f"{spec.tenant}-edits.jsonl" if folder else None)
    ledger.load()
    world = World(spec, ledger)
    uuids = folder / f"{spec.tenant}-course-uuids.json" if folder else None
    if uuids and uuids.exists():
        world.course_uuids |= orjson.loads(uuids.read_bytes())
    return world


def _day(options: Options, clock: Callable[[], float]) -> datetime:
    """The day the campus was founded: kept, so that a restart tomorrow does not move every date."""
    fresh = options.now or datetime.fromtimestamp(clock(), UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if options.state_dir is None:
        return fresh
    options.state_dir.mkdir(parents=True, exist_ok=True)
    path = options.state_dir / "campus.json"
    kept = orjson.loads(path.read_bytes()) if path.exists() else {}
    if kept.get("identity") == options.identity() and (options.now is None or kept["now"] == fresh.isoformat()):
        return datetime.fromisoformat(kept["now"])
    _put_aside_edits(options.state_dir)
    path.write_bytes(orjson.dumps({"identity": options.identity(), "now": fresh.isoformat()}))
    return fresh


def _put_aside_edits(folder: Path) -> None:
    """Edits of another campus mean nothing in this one; they are renamed, not deleted."""
    for path in folder.glob("*-edits.jsonl"):
        path.replace(path.with_suffix(".jsonl.old"))
