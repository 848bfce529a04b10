"""What can go wrong at a source, switched per tenant and source while the campus runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from campus.quirks import Quirks


@dataclass(frozen=True, slots=True)
class Faults:
    """One source's behaviour towards its callers; the defaults are a good day."""

    latency_ms: float = 0.0
    hang_seconds: float = 0.0
    rate_limit: int = 0
    retry_after: int | None = None
    error_share: float = 0.0
    malformed_share: float = 0.0
    oversized_bytes: int = 0
    not_found: bool = False
    unauthorized: bool = False
    redirect_to: str | None = None
    lag_seconds: float = 0.0
    over_report: int = 0
    omit_share: float = 0.0
    missing_keys: tuple[str, ...] = ()
    ignore_course_keys: bool = False
    see_everything: bool = False
    validators: bool = False
    session_only: bool = False
    login_to_profile: bool = False


# What each source does without any rule: only the marketing site sends validators.
DEFAULTS: dict[str, dict[str, Any]] = {"drupal": {"validators": True}}
REALISTIC = {
    "studio": {"rate_limit": 40, "latency_ms": 60, "over_report": 120, "lag_seconds": 2},
    "*": {"latency_ms": 20},
}

_FAULTS = {item.name: item for item in fields(Faults)}
_QUIRKS = {item.name: item for item in fields(Quirks)}
_KEYS = {"tenant", "source", "kinds", "for_seconds"}


class UnknownFault(ValueError):
    """A switch that does not exist."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Settings for some tenants, sources and kinds of path, for a while or for good."""

    settings: Mapping[str, Any]
    tenant: str = "*"
    source: str = "*"
    kinds: tuple[str, ...] = ()
    until: float = float("inf")

    def covers(self, tenant: str, source: str, kind: str, now: float) -> bool:
        return (
            self.tenant in {"*", tenant}
            and self.source in {"*", source}
            and (not self.kinds or kind in self.kinds)
            and now < self.until
        )


@dataclass(slots=True)
class FaultBook:
    """The rules in force; a later one wins."""

    rules: list[Rule] = field(default_factory=list)
    _known: dict[tuple[str, str, str], tuple[float, Faults, Quirks]] = field(default_factory=dict)

    def add(self, body: Mapping[str, Any], now: float) -> Rule:
        rule = _rule(body, now)
        self.rules.append(rule)
        self._known.clear()
        return rule

    def clear(self) -> None:
        self.rules.clear()
        self._known.clear()

    def of(self, tenant: str, source: str, kind: str, now: float) -> tuple[Faults, Quirks]:
        """What holds for one call."""
        known = self._known.get((tenant, source, kind))
        if known is None or now >= known[0]:
            known = self._known[tenant, source, kind] = self._merge(tenant, source, kind, now)
        return known[1], known[2]

    def _merge(self, tenant: str, source: str, kind: str, now: float) -> tuple[float, Faults, Quirks]:
        covering = [rule for rule in self.rules if rule.covers(tenant, source, kind, now)]
        settings = dict(DEFAULTS.get(source, {}))
        for rule in covering:
            settings |= rule.settings
        faults = Faults(**{name: value for name, value in settings.items() if name in _FAULTS})
        quirks = Quirks(**{name: value for name, value in settings.items() if name in _QUIRKS})
        return min((rule.until for rule in covering), default=float("inf")), faults, quirks


def describe() -> dict[str, Any]:
    """Every switch with its default."""
    return {name: item.default for name, item in (_FAULTS | _QUIRKS).items()}


def shown(rule: Rule) -> dict[str, Any]:
    """A rule as JSON can show it."""
    until = None if rule.until == float("inf") else rule.until
    return {"tenant": rule.tenant, "source": rule.source, "kinds": rule.kinds, "until": until, **rule.settings}


def _check(name: str, value: Any) -> None:
    """Numbers are numbers: a wrong one would only show later, in a call."""
    default = (_FAULTS | _QUIRKS)[name].default
    if isinstance(default, int | float) and not isinstance(value, int | float):
        raise UnknownFault(f"{name} wants {type(default).__name__}, not {value!r}")


def _rule(body: Mapping[str, Any], now: float) -> Rule:
    settings = {name: value for name, value in body.items() if name not in _KEYS}
    unknown = settings.keys() - _FAULTS.keys() - _QUIRKS.keys()
    if unknown:
        raise UnknownFault(f"no such fault: {', '.join(sorted(unknown))}")
    for name, value in settings.items():
        _check(name, value)
    if "missing_keys" in settings:
        settings["missing_keys"] = tuple(key.lower() for key in settings["missing_keys"])
    seconds = body.get("for_seconds")
    until = float("inf") if seconds is None else now + float(seconds)
    return Rule(settings, body.get("tenant", "*"), body.get("source", "*"), tuple(body.get("kinds", ())), until)
