"""How the LMS and Studio put it: the Courses API, organizations, Studio's own runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote

from campus.facts import Course, Organization, Run
from campus.quirks import Quirks
from campus.shapes.wire import happens, iso

DIRTY = ("instructor,", "Self-Paced", "", "self ", "instructor_led")


def run(lms: str, course: Course, run: Run, quirks: Quirks) -> dict[str, Any]:
    """An element of the Courses API's list."""
    path = f"/asset/{quote(run.key, safe='')}"
    body = {
        "blocks_url": f"{lms}/api/courses/v2/blocks/?course_id={quote(run.key, safe='')}",
        "effort": run.effort,
        "end": iso(run.end),
        "enrollment_start": iso(run.enrollment_start),
        "enrollment_end": iso(run.enrollment_end),
        "id": run.key,
        "media": _media(lms, path, run),
        "name": f" {run.name}  " if happens(quirks.stray_spaces, "spaces", run.key) else run.name,
        "number": course.number,
        "org": f"{course.org} (display)" if happens(quirks.display_names, "org", run.key) else course.org,
        "short_description": run.short_description,
        "start": iso(run.start),
        "start_display": run.start.strftime("%b. %-d, %Y") if run.start else None,
        "start_type": "timestamp" if run.start else "empty",
        "pacing": pacing(run, quirks),
        "mobile_available": run.mobile,
        "hidden": run.hidden,
        "invitation_only": run.invitation_only,
        "course_id": run.key,
    }
    if happens(quirks.missing_pacing, "no-pacing", run.key):
        del body["pacing"]
    return body


def pacing(run: Run, quirks: Quirks) -> str | None:
    """What stands in the pacing field; at times something that is no pacing."""
    if happens(quirks.dirty_pacing, "pacing", run.key):
        return DIRTY[len(run.key) % len(DIRTY)]
    return run.pacing


def detail(lms: str, course: Course, run_: Run, quirks: Quirks) -> dict[str, Any]:
    """One run, with the overview that lists leave out."""
    return run(lms, course, run_, quirks) | {"overview": run_.overview}


def studio_run(studio: str, course: Course, run: Run) -> dict[str, Any]:
    """Studio's own view of a run."""
    return {
        "id": run.key,
        "title": run.name,
        "images": {"card_image": f"{studio}/asset/{quote(run.key, safe='')}/card.svg" if run.has_image else None},
        "schedule": {
            "start": iso(run.start),
            "end": iso(run.end),
            "enrollment_start": iso(run.enrollment_start),
            "enrollment_end": iso(run.enrollment_end),
        },
        "pacing_type": {"self": "self_paced", "instructor": "instructor_paced"}[run.pacing],
        "team": [{"user": "staff", "role": "instructor"}],
    }


def organization(lms: str, organization: Organization, edited: datetime | None = None) -> dict[str, Any]:
    """An element of the organizations list."""
    return {
        "id": organization.index + 1,
        "created": "2025-01-02T10:00:00Z",
        "modified": iso(edited) or "2025-01-02T10:00:00Z",
        "name": organization.name,
        "short_name": organization.short_name,
        "description": organization.description,
        "logo": f"{lms}/asset/{quote(organization.short_name, safe='')}/logo.svg" if organization.has_logo else None,
        "active": organization.active,
    }


def _media(lms: str, path: str, run: Run) -> dict[str, Any]:
    image = f"{path}/card.svg"
    media: dict[str, Any] = {
        "banner_image": {"uri": image, "uri_absolute": lms + image},
        "course_image": {"uri": image},
        "course_video": {"uri": run.video},
    }
    if run.has_image:
        media["image"] = {"raw": lms + image, "small": lms + image, "large": lms + image}
    return media
