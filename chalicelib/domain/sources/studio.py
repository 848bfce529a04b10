"""Studio and the LMS: runs as the courses API lists them, and organizations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chalicelib.domain.shapes.texts import html, plain
from chalicelib.domain.sources.base import Found, Noun, Page, Payload, Request, Says, Source
from chalicelib.domain.sources.shapes import (
    below,
    bool_or_null,
    count_of,
    date_or_null,
    element,
    envelope,
    object_or_empty,
    readable,
    results,
    segment,
    text_or_null,
)
from chalicelib.domain.tenant import SourceSite
from chalicelib.domain.values import instant, object_in, text_in

COURSES_API, ORGANIZATIONS_API = "/api/courses/v1", "/api/organizations/v0"
PAGE_SIZE = 50
PACING = {"self": "self_paced", "instructor": "instructor_paced"}
DATES = ("start", "end", "enrollment_start", "enrollment_end")

RUN_SHAPE = {
    **dict.fromkeys(DATES, date_or_null),
    "name": text_or_null,
    "short_description": text_or_null,
    "media": object_or_empty,
    "hidden": bool_or_null,
    "invitation_only": bool_or_null,
    "mobile_available": bool_or_null,
}
_run = element("studio course", "run", lambda p: p.get("id") or p.get("course_id"), RUN_SHAPE)
_organization = element(
    "studio organization",
    "organization",
    lambda p: p.get("short_name"),
    {"name": text_or_null, "description": text_or_null, "logo": text_or_null},
)


def _user(site: SourceSite) -> tuple[tuple[str, str], ...]:
    username = site.options.get("username")
    return (("username", str(username)),) if username else ()


def _courses(site: SourceSite) -> str:
    return below(site, COURSES_API, "/courses/")


def _read_runs(site: SourceSite, keys: Sequence[str]) -> tuple[Request, ...]:
    """One list call for up to 50 runs; older LMSs ignore ``course_keys`` and answer with other runs."""
    asked = tuple(("course_keys", key) for key in keys)
    return (Request(_courses(site), (*_user(site), ("page_size", str(PAGE_SIZE)), *asked)),)


def _read_run(site: SourceSite, key: str) -> Request:
    """The detail of one run."""
    return Request(f"{_courses(site)}{segment(key)}/", _user(site))


def _list_runs(site: SourceSite, page: int) -> Request:
    size = site.options.get("page_size", PAGE_SIZE)
    ended = (("active_only", "True"),) if site.options.get("active_only") else ()
    return Request(_courses(site), (*_user(site), *ended, ("page", str(page)), ("page_size", str(size))))


def _found_runs(body: Payload) -> tuple[Found, ...]:
    """Runs of a list or of a detail; what only a detail carries is not part of the record, so that both are equal."""
    if isinstance(body, dict) and "results" not in body:
        return (_run({k: v for k, v in body.items() if k != "overview"}),)
    return tuple(_run(item) for item in results(body))


def _page_of_runs(body: Payload, number: int) -> Page:
    """A page in the courses API's own envelope; its count over-reports (a late page may be 404)."""
    found = readable(results(body), _run)
    pagination = object_in(body.get("pagination"))
    return Page(found, number + 1 if pagination.get("next") else None, count_of(pagination))


def _says_of_run(payload: Payload) -> Says:
    """Dates, pacing and flags are what it owns; texts and media count where nobody else has any."""
    says: dict[str, Any] = {name: instant(payload[name]) for name in DATES if name in payload}
    says |= {name: bool(payload[name]) for name in ("hidden", "invitation_only") if payload.get(name) is not None}
    if payload.get("id"):
        says |= {"key": payload["id"], "status": "published"}
    if "pacing" in payload:
        says["pacing_type"] = PACING.get(payload["pacing"]) if isinstance(payload["pacing"], str) else None
    if "license" in payload:
        says["license"] = payload["license"] or ""
    if "mobile_available" in payload:
        says["mobile_available"] = bool(payload["mobile_available"])
    if name := plain(payload.get("name")):
        says |= {"title": name, "course.title": name}
    if short := html(payload.get("short_description")):
        says["short_description"] = short
    return says | _media(object_in(payload.get("media")))


def _media(media: Payload) -> dict[str, Any]:
    raw = text_in(object_in(media.get("image")).get("raw"))
    video = text_in(object_in(media.get("course_video")).get("uri"))
    says: dict[str, Any] = {"course.card_image_url": raw} if raw else {}
    return says | ({"video": {"src": video, "description": None, "image": None}} if video else {})


def _read_overviews(site: SourceSite, keys: Sequence[str]) -> tuple[Request, ...]:
    """A detail call per run, only where the site's option ``overview`` asks for it: the LMS grants few calls."""
    return tuple(_read_run(site, key) for key in keys) if site.options.get("overview") else ()


def _found_overviews(body: Payload) -> tuple[Found, ...]:
    found = _run(body)
    return (Found(found.key, {"id": found.key, "overview": body.get("overview")}),)


def _says_of_overview(payload: Payload) -> Says:
    overview = html(payload.get("overview"))
    return {"full_description": overview} if overview else {}


def _organizations(site: SourceSite) -> str:
    """The organizations list, below the system's URL unless an option names the API's base: then a whole URL."""
    if base := site.options.get("organizations_url"):
        return f"{str(base).rstrip('/')}/organizations/"
    root = site.url.removesuffix(COURSES_API) if site.url.endswith(COURSES_API) else ""
    return f"{root}{ORGANIZATIONS_API}/organizations/"


def _read_organizations(site: SourceSite, keys: Sequence[str]) -> tuple[Request, ...]:
    return tuple(Request(f"{_organizations(site)}{segment(key)}/") for key in keys)


def _list_organizations(site: SourceSite, page: int) -> Request:
    size = site.options.get("organizations_page_size", 100)
    return Request(_organizations(site), (("page", str(page)), ("page_size", str(size))))


def _found_organizations(body: Payload) -> tuple[Found, ...]:
    items = results(body) if isinstance(body, dict) and "results" in body else [body]
    return tuple(_organization(item) for item in items)


def _says_of_organization(payload: Payload) -> Says:
    says: dict[str, Any] = {"key": payload["short_name"]} if payload.get("short_name") else {}
    if name := plain(payload.get("name")):
        says["name"] = name
    if description := html(payload.get("description")):
        says["description"] = description
    if payload.get("logo"):
        says |= {"logo_image_url": payload["logo"], "certificate_logo_image_url": payload["logo"]}
    return says


SOURCE = Source(
    "studio",
    (
        Noun(
            "course",
            "run",
            _says_of_run,
            read=_read_runs,
            read_one=_read_run,
            found=_found_runs,
            batch=PAGE_SIZE,
            listing=_list_runs,
            page=_page_of_runs,
        ),
        Noun("overview", "run", _says_of_overview, read=_read_overviews, found=_found_overviews),
        Noun(
            "organization",
            "organization",
            _says_of_organization,
            read=_read_organizations,
            found=_found_organizations,
            listing=_list_organizations,
            page=envelope(_organization),
        ),
    ),
    lag=60,
)
