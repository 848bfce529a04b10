"""Slugs: minted once, edited by an operator, never taken from another course, old ones kept (course-discovery 5.9)."""

from __future__ import annotations

import pytest

from chalicelib.domain.keys import ref
from chalicelib.services.mint import SlugTaken
from tests import builders as b
from tests.fakes.world import World

ONE, TWO = ref("course", "A+One"), ref("course", "A+Two")


@pytest.fixture
def world() -> World:
    made = World()
    for course in ("One", "Two"):
        key = f"course-v1:A+{course}+1T"
        made.sources.put("studio", "course", key, b.studio_course(key, name="Rivers"))
        made.update("studio", "run", key)
    return made


def minted(world: World, course) -> dict:
    return dict(world.registry.read(world.tenant, course)["minted"])


def test_two_courses_with_one_title_have_two_slugs(world: World) -> None:
    assert {minted(world, ONE)["slug"], minted(world, TWO)["slug"]} == {"rivers", "rivers-2"}


def test_an_edited_slug_is_active_and_the_old_one_is_history(world: World) -> None:
    world.registry.edit(world.tenant, ONE, {"slug": "learn/rivers"}, 0, "ada")

    assert minted(world, ONE)["slug"] == "learn/rivers"
    assert minted(world, ONE)["slugs"] == ["rivers", "learn/rivers"]
    assert world.store.records.look_up("edx", "course", "slug", "rivers") == ONE
    world.consume()
    assert world.store.views.get("edx", [ONE])[ONE].body["url_slug"] == "learn/rivers"


@pytest.mark.parametrize("slug", ["rivers-2", "Rivers!", "a//b", "/a"])
def test_a_slug_that_is_none_or_another_courses_is_refused(world: World, slug: str) -> None:
    with pytest.raises(SlugTaken):
        world.registry.edit(world.tenant, ONE, {"slug": slug}, 0, "ada")
    assert minted(world, ONE)["slug"] == "rivers"


def test_an_old_slug_stays_its_courses_and_may_be_active_again(world: World) -> None:
    revision = world.registry.edit(world.tenant, ONE, {"slug": "streams"}, 0, "ada")["revision"]
    with pytest.raises(SlugTaken):
        world.registry.edit(world.tenant, TWO, {"slug": "rivers"}, 0, "bob")
    world.registry.edit(world.tenant, ONE, {"slug": "rivers"}, revision, "ada")

    assert minted(world, ONE)["slugs"] == ["streams", "rivers"]
