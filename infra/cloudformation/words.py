"""The few words of CloudFormation that the other modules speak in."""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]
Resources = dict[str, Json]


def ref(logical: str) -> Json:
    """The resource's own name, or a parameter's value."""
    return {"Ref": logical}


def att(logical: str, attribute: str = "Arn") -> Json:
    """One attribute of a resource."""
    return {"Fn::GetAtt": [logical, attribute]}


def sub(text: str) -> Json:
    """A text with ``${Name}`` and ``${Name.Attribute}`` filled in."""
    return {"Fn::Sub": text}


def when(condition: str, then: Any, otherwise: Any) -> Json:
    """One value or the other, as a condition of the template says."""
    return {"Fn::If": [condition, then, otherwise]}


def camel(name: str) -> str:
    """``updates-studio`` -> ``UpdatesStudio``, as logical ids hold letters and digits only."""
    return "".join(part.capitalize() for part in re.split(r"[^A-Za-z0-9]+", name))


def logical(sort: str, name: str) -> str:
    """The logical id of a table, topic, queue, function…: ``TableRecords``."""
    return camel(sort) + camel(name)


def resource(kind: str, properties: Json, **attributes: Any) -> Json:
    """A resource of type ``AWS::{kind}``; attributes are DependsOn, DeletionPolicy and the like."""
    return {"Type": f"AWS::{kind}", **attributes, "Properties": properties}


def statement(actions: list[str] | str, resources: Any, effect: str = "Allow", **more: Any) -> Json:
    """One statement of a policy; ``more`` are Principal and Condition."""
    return {"Effect": effect, "Action": actions, "Resource": resources, **more}


def policy(*statements: Json) -> Json:
    """A policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


TLS_ONLY = {"Bool": {"aws:SecureTransport": "false"}}
