"""What all search documents share: identity, names of organizations and subjects, and the text that is searched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chalicelib.domain.keys import Ref
from chalicelib.domain.view import Body, Document

_CONTROL = re.compile(r"[\x00-\x1f]")
"""The engine refuses a whole document when what it completes titles from holds such a character."""

CONTENT_TYPES = {"run": "courserun"}
"""Where the wire's content type is not our word for the kind."""


def document(ref: Ref, body: Body, fields: Mapping[str, Any], group: str = "") -> Document:
    """A document with what every kind carries. ``group``: what ``aggregation_key`` names, when not the uuid.

    ``key_lower``, ``uuid`` and ``id`` are for ordering; the tenant is added where it is written.
    """
    kind, uuid = CONTENT_TYPES.get(ref.kind, ref.kind), body.get("uuid")
    common = {
        "content_type": kind,
        "aggregation_key": f"{kind}:{group or uuid}",
        "aggregation_uuid": f"{kind}:{uuid}",
        "key_lower": ref.key,
        "uuid": uuid,
        "id": body.get("_id", body.get("id")),
        "retired": bool(body.get("_retired")),
    }
    said = {name: value for name, value in {**common, **fields}.items() if value not in (None, [], "")}
    if title := _CONTROL.sub(" ", str(said.get("title", ""))).strip():
        said |= {"title": title, "title_lower": title.lower()}
    return Document(ref.kind, ref.key, said, (ref,))


def organizations(bodies: Iterable[Body] | None) -> dict[str, Any]:
    """The fields that tell of authoring organizations (course-discovery.md 4.3 and 4.4)."""
    owners = list(bodies or ())
    names = unique(_CONTROL.sub(" ", f"{owner.get('key')}: {owner.get('name')}") for owner in owners)
    return {
        "organizations": names,
        "authoring_organizations": names,
        "authoring_organization_uuids": [owner.get("uuid") for owner in owners],
        "organization_keys": [str(owner.get("key")).lower() for owner in owners],
    }


def subjects(bodies: Iterable[Body] | None) -> dict[str, Any]:
    """Names, uuids and slugs of subjects."""
    found = list(bodies or ())
    return {
        "subjects": [each.get("name") for each in found],
        "subject_uuids": [each.get("uuid") for each in found],
        "subject_slugs": [each.get("slug") for each in found],
    }


def skills(body: Body) -> dict[str, Any]:
    """Taxonomy, as search hits show it: names and descriptions only."""
    return {
        "skill_names": body.get("skill_names"),
        "skills": [{"name": s.get("name"), "description": s.get("description")} for s in body.get("skills") or ()],
    }


def effort(body: Body) -> dict[str, Any]:
    """How much work it is."""
    return {name: body.get(name) for name in ("min_effort", "max_effort", "weeks_to_complete")}


def unique(values: Iterable[Any]) -> list[Any]:
    """Each value once, in order, without those that say nothing."""
    return list(dict.fromkeys(v for v in values if v not in (None, "")))


def text(*parts: Any) -> str:
    """The searched text: everything said, lists and lists of named things included, one line each."""
    return "\n".join(unique(line for part in parts for line in _lines(part)))


def _lines(part: Any) -> Sequence[str]:
    if isinstance(part, str):
        return (part,)
    if isinstance(part, Mapping):
        return _lines(part.get("name") or part.get("title"))
    if isinstance(part, Iterable):
        return [line for each in part for line in _lines(each)]
    return () if part is None else (str(part),)


def full_name(person: Body) -> str:
    """Salutation, given and family name."""
    return " ".join(unique(person.get(n) for n in ("salutation", "given_name", "family_name")))
