"""A client of the deployed system: reads as a client of the catalog does, edits as the sources' authors do."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote

import httpx

T = TypeVar("T")
CLIENT = {"client_id": "course-catalog-worker", "client_secret": "campus-sample-secret"}


class System:
    """The endpoints of a running system, as `.local/endpoints.json` has them."""

    def __init__(self, endpoints: dict[str, Any]) -> None:
        self.endpoints = endpoints
        self.http = httpx.Client(timeout=30)
        self._tokens: dict[tuple[str, str], str] = {}

    # ---- reading

    def token(self, role: str = "staff", tenant: str = "edx") -> str:
        if (role, tenant) not in self._tokens:
            form = {"grant_type": "password", "username": role, "password": "campus", "token_type": "jwt", **CLIENT}
            answer = self.http.post(self.endpoints["tenants"][tenant]["token_url"], data=form)
            self._tokens[role, tenant] = answer.json()["access_token"]
        return self._tokens[role, tenant]

    def get(self, path: str, *, role: str | None = "staff", tenant: str = "edx", **params: Any) -> httpx.Response:
        headers = {"Authorization": f"JWT {self.token(role, tenant)}"} if role else {}
        return self.http.get(f"{self.url(tenant)}{path}", params=params or None, headers=headers)

    def post(self, path: str, body: Any, *, role: str | None = "staff", tenant: str = "edx") -> httpx.Response:
        headers = {"Authorization": f"JWT {self.token(role, tenant)}"} if role else {}
        return self.http.post(f"{self.url(tenant)}{path}", json=body, headers=headers)

    def url(self, tenant: str = "edx") -> str:
        return str(self.endpoints["tenants"][tenant]["internal_url"])

    def follow(self, url: str, tenant: str = "edx", *, role: str = "staff") -> httpx.Response:
        """A link of an answer, followed as it stands."""
        return self.http.get(url, headers={"Authorization": f"JWT {self.token(role, tenant)}"})

    def run(self, key: str, tenant: str = "edx") -> dict[str, Any]:
        return dict(self.get(f"/api/v1/course_runs/{quote(key, safe='')}/", tenant=tenant, exclude_utm=1).json())

    def course(self, key: str, tenant: str = "edx") -> dict[str, Any]:
        path = f"/api/v1/courses/{quote(key, safe='')}/"
        return dict(self.get(path, tenant=tenant, exclude_utm=1, include_hidden_course_runs=1).json())

    # ---- the campus

    def campus(self, path: str, body: Any = None) -> Any:
        url = f"{self.endpoints['campus_url']}{path}"
        answer = self.http.get(url) if body is None else self.http.post(url, json=body)
        assert answer.is_success, f"{url}: {answer.status_code} {answer.text[:300]}"
        return answer.json()

    def fault(self, source: str, tenant: str = "edx", **settings: Any) -> None:
        """Let a source misbehave, until the end of the test, ``for_seconds`` or ``campus("/admin/faults", clear)``."""
        self.campus("/admin/faults", {"tenant": tenant, "source": source, **settings})

    def edit(self, what: str, tenant: str = "edx", **wish: Any) -> dict[str, Any]:
        return dict(self.campus(f"/admin/{tenant}/edits", {"what": what, **wish}))


def eventually(look: Callable[[], T], *, seconds: float = 60, every: float = 0.1) -> T:
    """The first truthy look; what the last look raised or saw, when none was in time."""
    deadline, last = time.monotonic() + seconds, None
    while time.monotonic() < deadline:
        try:
            if found := look():
                return found
            last = found
        except (AssertionError, KeyError, httpx.TransportError) as error:
            last = error  # type: ignore[assignment]
        time.sleep(every)
    raise AssertionError(f"not within {seconds} s; the last look saw {last!r}")
