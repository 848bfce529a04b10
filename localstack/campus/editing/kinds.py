"""Which edits there are, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from campus.editing import pages, runs
from campus.editing.desk import CannotEdit, Change, Desk

EDITS: dict[str, Callable[[Desk, str | None, Any], Change]] = {
    make.__name__: make
    for make in (
        runs.title, runs.about, runs.dates, runs.pacing, runs.hide, runs.vanish, runs.retire, runs.new_run,
        runs.price, runs.entitlement, runs.text, runs.course_title, runs.unpublish,
        pages.program, pages.xseries, pages.organization, pages.school, pages.person, pages.subject, pages.sponsor,
    )
}  # fmt: skip


def plan(desk: Desk, what: str, key: str | None = None, value: Any = None) -> Change:
    """What this edit would change, and who would announce it."""
    if what not in EDITS:
        raise CannotEdit(f"cannot edit {what!r}; one of {', '.join(EDITS)}")
    return EDITS[what](desk, key, value)
