"""Field selection: ``fields`` and ``omit``, also inside nested objects (course-discovery.md 1.5)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

Tree = dict[str, "Tree"]

SELECTABLE = frozenset({"course_runs", "courses", "programs", "subjects"})
"""Fields that hold objects which read the request's plain names too: ``fields=uuid`` strips them to their uuid."""
TRANSPARENT = frozenset({"curricula"})
"""Fields whose objects are kept whole, but hold selectable ones."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What was asked for; ``only`` None is everything. Dotted names are branches, plain ones count at any depth."""

    only: Tree | None
    omit: Tree

    def of(self, body: dict[str, Any]) -> dict[str, Any]:
        """A body with only the fields asked for; what is shared with the body stays untouched."""
        return _pick(body, self.only, self.omit, self)


@lru_cache(maxsize=512)
def selection(fields: tuple[str, ...], omit: tuple[str, ...]) -> Selection:
    """The selection that these names make; kept, since clients ask the same ones again and again."""
    return Selection(_tree(fields) if fields else None, _tree(omit))


def _tree(names: tuple[str, ...]) -> Tree:
    tree: Tree = {}
    for name in names:
        branch = tree
        for part in name.split("."):
            branch = branch.setdefault(part, {})
    return tree


def _pick(body: dict[str, Any], only: Tree | None, omit: Tree, asked: Selection) -> dict[str, Any]:
    picked = {}
    for name, value in body.items():
        if only is not None and name not in only:
            continue
        without = omit.get(name)
        if without == {}:
            continue
        picked[name] = _inside(name, value, only.get(name) if only else None, without or {}, asked)
    return picked


def _inside(name: str, value: Any, only: Tree | None, omit: Tree, asked: Selection) -> Any:
    """The selection inside one field: a selectable object adds the request's own names to those of its branch."""
    if name in SELECTABLE:
        only = None if asked.only is None else {**asked.only, **(only or {})}
        omit = {**asked.omit, **omit}
    elif name not in TRANSPARENT and not only and not omit:
        return value
    return _each(value, only or None, omit, asked)


def _each(value: Any, only: Tree | None, omit: Tree, asked: Selection) -> Any:
    if isinstance(value, dict):
        return _pick(value, only, omit, asked)
    if isinstance(value, list):
        return [_each(v, only, omit, asked) for v in value]
    return value
