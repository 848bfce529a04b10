"""Who was called how often: counts for tests, the last calls for people, and the rate limit's memory."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

MINUTE = 60.0


@dataclass(slots=True)
class CallBook:
    """Counts per tenant, source and kind of path."""

    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    statuses: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    recent: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=500))

    def note(self, *, tenant: str, source: str, kind: str, path: str, status: int, at: float) -> None:
        self.counts[tenant, source, kind] += 1
        self.statuses[tenant, source, status] += 1
        self.recent.append({"at": at, "tenant": tenant, "source": source, "kind": kind, "path": path, "status": status})

    def reset(self) -> None:
        self.counts.clear()
        self.statuses.clear()
        self.recent.clear()

    def summary(self) -> dict[str, Any]:
        tree: dict[str, Any] = defaultdict(lambda: defaultdict(lambda: {"total": 0, "kinds": {}, "statuses": {}}))
        for (tenant, source, kind), count in self.counts.items():
            tree[tenant][source]["kinds"][kind] = count
            tree[tenant][source]["total"] += count
        for (tenant, source, status), count in self.statuses.items():
            tree[tenant][source]["statuses"][str(status)] = count
        return {tenant: dict(sources) for tenant, sources in tree.items()}


@dataclass(slots=True)
class Throttle:
    """A sliding minute per tenant and source; a refused call does not count."""

    _seen: dict[tuple[str, str], deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def wait(self, tenant: str, source: str, limit: int, now: float) -> int:
        """Seconds until the next call is allowed; 0 counts this one as made."""
        seen = self._seen[tenant, source]
        while seen and seen[0] <= now - MINUTE:
            seen.popleft()
        if len(seen) < limit:
            seen.append(now)
            return 0
        return max(1, round(seen[0] + MINUTE - now + 0.5))

    def reset(self) -> None:
        self._seen.clear()
