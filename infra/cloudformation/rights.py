"""The words of rights as IAM statements that name exact resources."""

from __future__ import annotations

from typing import Any

from infra.cloudformation.words import Json, att, logical, ref, statement, sub
from infra.functions import Function
from infra.rights import parse
from infra.stage import Stage
from infra.stores import TABLES

_INDEXED = frozenset(table.name for table in TABLES if table.indexes)


def statements(stage: Stage, function: Function) -> list[Json]:
    """One statement per word, in the order of the table."""
    made = []
    for thing, sort, actions in parse(function.rights):
        allowed = statement(list(actions), _resource(stage, function, thing, sort))
        made.append({"Fn::If": ["HasSearchDomain", allowed, ref("AWS::NoValue")]} if sort == "search" else allowed)
    return made


def _resource(stage: Stage, function: Function, thing: str, sort: str) -> Any:
    match sort:
        case "table":
            name = logical("table", thing)
            return [att(name), sub(f"${{{name}.Arn}}/index/*")] if thing in _INDEXED else att(name)
        case "bucket":
            return sub(f"${{{logical('bucket', thing)}.Arn}}/*")
        case "topic":
            return ref(logical("topic", thing))
        case "queue":
            assert function.queue
            return att(logical("queue", function.queue.name))
        case "search":
            return sub("${SearchDomainArn}/*")
        case _:
            place = f"secretsmanager:${{AWS::Region}}:${{AWS::AccountId}}:secret:{stage.prefix}/*"
            return sub(f"arn:${{AWS::Partition}}:{place}")
