"""The LMS and Studio: the Courses API, organizations, and Studio's read side."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import orjson
from starlette.routing import Route

from campus.campus import Campus
from campus.facts import Organization, Run
from campus.listing import Listing
from campus.servers import oven
from campus.servers.ask import Answer, Ask, Refused, found, not_found
from campus.servers.gate import gate
from campus.servers.paging import Page, page
from campus.shapes import studio as shapes
from campus.shapes.wire import happens
from campus.tokens import USERS
from campus.world import Pair


def routes(campus: Campus) -> list[Route]:
    """The routes of the LMS and of Studio."""
    courses, organizations = "/{tenant}/api/courses/v1/courses", "/{tenant}/api/organizations/v0/organizations"
    studio = "/{tenant}/api/v1/course_runs"
    table = [
        (courses, "run_list", run_list),
        (courses + "/", "run_list", run_list),
        (courses + "/{key:path}", "run_detail", run_detail),
        (organizations, "organization_list", organization_list),
        (organizations + "/", "organization_list", organization_list),
        (organizations + "/{short}", "organization_detail", organization_detail),
        (organizations + "/{short}/", "organization_detail", organization_detail),
        (studio + "/", "studio_list", studio_list),
        (studio + "/{key:path}", "studio_detail", studio_detail),
    ]
    return [Route(path, gate(campus, "studio", kind, view)) for path, kind, view in table]


def run_list(ask: Ask) -> Answer:
    """The Courses API: by keys if they are asked for (an old LMS ignores that), else page by page."""
    public = _as_whom(ask)
    keys = [] if ask.faults.ignore_course_keys else _asked_keys(ask)
    if keys:
        return Answer(_page_of(ask, _by_keys(ask, keys, public)).namespaced())
    filters = _filters(ask, public)
    if filters:
        pairs = ask.world.matching(
            filters, lambda pair: all(_FILTERS[name](text, pair) for name, text in filters), ask.as_of
        )
        return Answer(_page_of(ask, pairs).namespaced())
    listing = _visible(ask)
    return Answer(page(ask, len(listing), lambda start, stop: _bake(ask, listing.slice(start, stop)), 10).namespaced())


def run_detail(ask: Ask) -> Answer:
    """One run with its overview; what the user may not see is as absent as what does not exist."""
    public = _as_whom(ask)
    pair = ask.world.run(ask.path["key"].rstrip("/"), ask.as_of)
    if pair is None or not _seen(ask, pair) or (public and pair[1].hidden):
        raise Refused(404, {"developer_message": "The requested course could not be found.", "detail": "Not found."})
    course, run = pair
    lms = ask.at.root("studio")
    return Answer(oven.run(ask, "detail", course, run, lambda: shapes.detail(lms, course, run, ask.quirks)))


def organization_list(ask: Ask) -> Answer:
    """Active organizations; for staff only."""
    _staff_only(ask)
    every = [ask.world.organization_at(n, ask.as_of) for n in range(ask.world.organization_count)]
    active = [organization for organization in every if organization.active]

    def items(start: int, stop: int) -> Iterable[bytes]:
        return (orjson.dumps(_organization(ask, organization)) for organization in active[start:stop])

    return Answer(page(ask, len(active), items, 10).plain())


def organization_detail(ask: Ask) -> Answer:
    """One organization by its short name."""
    _staff_only(ask)
    organization: Organization | None = ask.world.organization(ask.path["short"], ask.as_of)
    if organization is None or ask.missing(ask.path["short"]):
        raise not_found()
    return found(_organization(ask, organization))


def studio_list(ask: Ask) -> Answer:
    """Studio's own list of runs, for its administrators."""
    _staff_only(ask)
    listing, studio = ask.world.all_runs(ask.as_of), ask.at.root("studio")

    def items(start: int, stop: int) -> Iterable[bytes]:
        return (orjson.dumps(shapes.studio_run(studio, *pair)) for pair in listing.slice(start, stop))

    return Answer(page(ask, len(listing), items, 10).plain())


def studio_detail(ask: Ask) -> Answer:
    """Studio's view of one run."""
    _staff_only(ask)
    pair = ask.world.run(ask.path["key"].rstrip("/"), ask.as_of)
    if pair is None or pair[1].retired:
        raise not_found()
    return found(shapes.studio_run(ask.at.root("studio"), *pair))


def _organization(ask: Ask, organization: Organization) -> dict[str, Any]:
    edited = ask.world.edited_at(ask.as_of, ("organization", organization.short_name))
    return shapes.organization(ask.at.root("studio"), organization, edited)


def _as_whom(ask: Ask) -> bool:
    """Whether the answer is what the public sees: no username means nobody in particular."""
    username = ask.query.get("username", "")
    if username and username != ask.username and not ask.staff:
        raise Refused(403, {"detail": "You do not have permission to perform this action."})
    if username and username not in USERS and username != ask.username:
        raise Refused(404, {"developer_message": "The user does not exist.", "detail": "Not found."})
    return not username


def _staff_only(ask: Ask) -> None:
    if not ask.staff:
        raise Refused(403, {"detail": "You do not have permission to perform this action."})


def _asked_keys(ask: Ask) -> list[str]:
    # In a query string a raw plus is a space.
    return [
        key.strip().replace(" ", "+")
        for text in ask.query.getlist("course_keys")
        for key in text.split(",")
        if key.strip()
    ]


def _by_keys(ask: Ask, keys: list[str], public: bool) -> list[Pair]:
    pairs = (ask.world.run(key, ask.as_of) for key in dict.fromkeys(keys))
    return [pair for pair in pairs if pair and _seen(ask, pair) and not (public and pair[1].hidden)]


def _visible(ask: Ask) -> Listing[Pair]:
    return ask.world.all_runs(ask.as_of) if ask.faults.see_everything else ask.world.visible_runs(ask.as_of)


def _seen(ask: Ask, pair: Pair) -> bool:
    run = pair[1]
    return not run.retired and (run.visible or ask.faults.see_everything) and not ask.missing(run.key)


def _page_of(ask: Ask, pairs: list[Pair]) -> Page:
    return page(ask, len(pairs), lambda start, stop: _bake(ask, pairs[start:stop]), 10)


def _bake(ask: Ask, pairs: Iterable[Pair]) -> list[bytes]:
    lms = ask.at.root("studio")
    return [
        oven.run(ask, "list", course, run, lambda course=course, run=run: shapes.run(lms, course, run, ask.quirks))  # type: ignore[misc]
        for course, run in pairs
        if not ask.missing(run.key) and not happens(ask.faults.omit_share, "omit", run.key)
    ]


def _filters(ask: Ask, public: bool) -> tuple[tuple[str, str], ...]:
    """The filters of the query, hashable, so that the pages of one walk share their work."""
    asked = {name: ask.query[name].lower() for name in ("org", "mobile", "search_term") if ask.query.get(name)}
    if ask.query.get("active_only", "").lower() == "true":
        asked["active"] = f"{ask.now // 60 * 60:.0f}"
    if public:
        asked["public"] = "true"
    return tuple(asked.items())


def _says(text: str, run: Run) -> bool:
    return text in f"{run.name} {run.short_description} {run.key}".lower()


_FILTERS: dict[str, Callable[[str, Pair], bool]] = {
    "org": lambda text, pair: pair[0].org.lower() == text,
    "mobile": lambda text, pair: bool(pair[1].mobile) == (text == "true"),
    "search_term": lambda text, pair: _says(text, pair[1]),
    "active": lambda text, pair: pair[1].end is None or pair[1].end.timestamp() >= float(text),
    "public": lambda text, pair: not pair[1].hidden,
}
