"""The Programs service: XSeries, the courses in them and the runs that count."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.keys import InvalidKey, parse_run_key
from chalicelib.domain.shapes.texts import plain
from chalicelib.domain.sources.base import Noun, Payload, Request, Says, Source
from chalicelib.domain.sources.shapes import (
    Check,
    below,
    element,
    envelope,
    list_or_null,
    object_or_empty,
    text_or_null,
)
from chalicelib.domain.tenant import SourceSite
from chalicelib.domain.values import object_in, objects_in, text_in

API = "/api/v1"
PAGE_SIZE = 100
SIZES = {
    "large": ("w1440h480", 1440, 480),
    "medium": ("w726h242", 726, 242),
    "small": ("w435h145", 435, 145),
    "x-small": ("w348h116", 348, 116),
}
"""Our name, theirs, width, height of a banner."""
SHAPE: dict[str, Check] = {
    "name": text_or_null,
    "status": text_or_null,
    "marketing_slug": text_or_null,
    "organizations": list_or_null,
    "course_codes": list_or_null,
    "banner_image_urls": object_or_empty,
}
_program = element("programs program", "program", lambda p: p.get("uuid"), SHAPE)


def list_programs(site: SourceSite, page: int) -> Request:
    """All programs, of any status."""
    size = site.options.get("page_size", PAGE_SIZE)
    return Request(below(site, API, "/programs/"), (("page", str(page)), ("page_size", str(size))))


def says_of_program(payload: Payload) -> Says:
    """A program with its courses; their other runs do not count (``listed_runs``).

    One without a marketing slug is not shown to anybody yet (upstream skips it), whatever its status says.
    """
    says: dict[str, Any] = {"key": payload["uuid"], "uuid": payload["uuid"]} if payload.get("uuid") else {}
    says |= {name: text for name in ("name", "subtitle") if (text := plain(payload.get(name)))}
    if "name" in says:
        says["title"] = says.pop("name")
    if category := text_in(payload.get("category")):
        says["type"] = category
    if status := text_in(payload.get("status")):
        says["status"] = status if text_in(payload.get("marketing_slug")) else "unpublished"
    if slug := text_in(payload.get("marketing_slug")):
        says["marketing_slug"] = slug
    return says | _contents(payload) | _banner(payload.get("banner_image_urls"))


def _contents(payload: Payload) -> dict[str, Any]:
    says: dict[str, Any] = {}
    if isinstance(payload.get("organizations"), list):
        says["authoring_organizations"] = [
            k for o in objects_in(payload["organizations"]) if (k := text_in(o.get("key")))
        ]
    if isinstance(payload.get("course_codes"), list):
        runs = _runs(payload["course_codes"])
        says["listed_runs"] = runs
        says["courses"] = list(dict.fromkeys(parse_run_key(run).course_key for run in runs))
    return says


def _runs(codes: list[Any]) -> list[str]:
    """Keys of the runs listed, each once; what is no run key is no run."""
    modes = (mode for code in objects_in(codes) for mode in objects_in(code.get("run_modes")))
    keys = (str(mode.get("course_key")) for mode in modes)
    return list(dict.fromkeys(filter(_is_run, keys)))


def _is_run(key: str) -> bool:
    try:
        return bool(parse_run_key(key))
    except InvalidKey:
        return False


def _banner(urls: Any) -> dict[str, Any]:
    given = object_in(urls)
    sizes = {
        name: {"url": given[theirs], "width": width, "height": height}
        for name, (theirs, width, height) in SIZES.items()
        if text_in(given.get(theirs))
    }
    return {"banner_image": sizes} if sizes else {}


SOURCE = Source(
    "programs",
    (Noun("program", "program", says_of_program, listing=list_programs, page=envelope(_program)),),
)
