"""Rebuild: every thing there is, announced or made anew from its records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Protocol

from chalicelib.domain.change import Change
from chalicelib.domain.keys import Ref
from chalicelib.services.ports import Announce

BATCH = 50
Project = Callable[[str, Sequence[Ref]], int]


class Scan(Protocol):
    """Reading everything, for the few jobs that must."""

    def everything(self) -> Iterable[tuple[str, Ref, int]]:
        """Tenant, Ref and revision of every head whose thing exists; runs are made with their courses."""


def rebuild(
    *, records: Scan, announce: Announce, project: Project | None, cause: str, progress: Callable[[int], None]
) -> int:
    """Make the views of everything anew, or announce that they are to be made; tells how many things there were."""
    total, things = 0, iter(records.everything())
    while batch := list(islice(things, BATCH)):
        if project is None:
            announce.publish([Change(tenant, ref.kind, ref.key, revision, cause) for tenant, ref, revision in batch])
        else:
            for tenant in dict.fromkeys(t for t, _, _ in batch):
                project(tenant, [ref for t, ref, _ in batch if t == tenant])
        total += len(batch)
        progress(total)
    return total
