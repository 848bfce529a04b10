"""Where the campus lives: a port per system, because rate limits are per host, and each tenant's addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

BASE_PORT = 18100
OFFSETS = {"identity": 0, "studio": 10, "otto": 20, "drupal": 30, "programs": 40}
SOURCES = ("studio", "otto", "drupal", "programs")
HOSTS = {"edx": ["edx.localhost", "127.0.0.1"], "pyrite": ["pyrite.localhost", "localhost"]}

AUDIENCE = "course-catalog"
CLIENT_ID = "course-catalog-worker"
# Of a sample on loopback: not a secret.
CLIENT_SECRET = "campus-sample-secret"
# Who may ask for a token, and as whom.
CLIENTS = {
    CLIENT_ID: (CLIENT_SECRET, "catalog_worker"),
    "lms-catalog": (CLIENT_SECRET, "lms_catalog_service_user"),
    "sample-partner": (CLIENT_SECRET, "partner"),
}
DRUPAL_USER, DRUPAL_PASSWORD = "catalog_worker", "campus"
DEMO_PASSWORD = "campus"

# What the real systems allow their service user, in calls a minute.
REAL_RATES = {"studio": 40, "otto": 600, "drupal": 600, "programs": 100}


@dataclass(frozen=True, slots=True)
class Addresses:
    """The URLs of one tenant's systems."""

    tenant: str
    base_port: int = BASE_PORT
    host: str = "127.0.0.1"

    def origin(self, system: str) -> str:
        return f"http://{self.host}:{self.base_port + OFFSETS[system]}"

    def root(self, system: str) -> str:
        return f"{self.origin(system)}/{self.tenant}"

    @property
    def issuer(self) -> str:
        return f"{self.root('identity')}/oauth2"


def sources(at: Addresses) -> dict[str, Any]:
    """Each source's base URLs, in the form that course-discovery's partner rows have."""
    lms, drupal = at.root("studio"), at.root("drupal")
    return {
        "studio": {
            "url": f"{lms}/api/courses/v1",
            "organizations_url": f"{lms}/api/organizations/v0",
            "studio_url": lms,
            "lms_url": lms,
            "username": "catalog_worker",
            "calls_per_minute": REAL_RATES["studio"],
        },
        "otto": {"url": f"{at.root('otto')}/api/v2", "calls_per_minute": REAL_RATES["otto"]},
        "drupal": {
            "url": drupal,
            "username": DRUPAL_USER,
            "password": DRUPAL_PASSWORD,
            "calls_per_minute": REAL_RATES["drupal"],
        },
        "programs": {"url": f"{at.root('programs')}/api/v1", "calls_per_minute": REAL_RATES["programs"]},
    }


def tenant(at: Addresses) -> dict[str, Any]:
    """What a catalog must know of one tenant."""
    return {
        "hosts": HOSTS.get(at.tenant, [f"{at.tenant}.localhost"]),
        "issuer": at.issuer,
        "audience": AUDIENCE,
        "jwks_url": f"{at.issuer}/jwks",
        "token_url": f"{at.issuer}/access_token",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "demo_users": {"staff": DEMO_PASSWORD, "learner": DEMO_PASSWORD, "service": DEMO_PASSWORD},
        "sources": sources(at),
    }
