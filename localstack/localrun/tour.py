"""The tour: a change is made in a source, and we watch it arrive in the internal API."""

import time
import urllib.parse
from typing import Any

from campus.config import CLIENT_ID, CLIENT_SECRET, DEMO_PASSWORD
from localcloud import console
from localcloud.errors import CloudError
from localrun.endpoints import Endpoints
from localrun.http import get_json, post_form, post_json

PATIENCE = 30
NOUNS = {"program": "programs", "organization": "organizations"}


def token(endpoints: Endpoints, role: str, tenant: str | None = None) -> str:
    """A JWT as the campus's identity provider signs them for its demo users."""
    url = endpoints["tenants"][tenant]["token_url"] if tenant else endpoints["token_url"]
    who = {"username": role, "password": DEMO_PASSWORD, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    form = {"grant_type": "password", "token_type": "jwt", **who}
    return str(post_form(url, **form)["access_token"])


def edit(
    endpoints: Endpoints, what: str = "title", tenant: str = "edx", key: str | None = None, value: str | None = None
) -> None:
    """Change something in the campus, wait until the internal API shows it, and print before and after."""
    jwt = token(endpoints, "staff", tenant)
    wish = {"what": what, **({"key": key} if key else {}), **({"value": value} if value else {})}
    made = post_json(f"{endpoints['campus_url']}/admin/{tenant}/edits", wish)
    published = time.time()
    source = made["updates"][0]["source"]
    console.say(f"{source} changed the {made['what']} of {made['key']}")
    console.say(f"  before: {_plain(made['before'])}\n  after:  {_plain(made['after'])}")
    url, took = _arrival(endpoints, tenant, jwt, made, published)
    console.say(f"{url}\n  shows it {took:.2f} s after it was published: SNS, SQS, a worker, DynamoDB, the API")


def _plain(values: dict[str, Any]) -> str:
    return ", ".join(str(value) for value in values.values())


def _arrival(endpoints: Endpoints, tenant: str, jwt: str, made: dict[str, Any], published: float) -> tuple[str, float]:
    url = f"{endpoints['tenants'][tenant]['internal_url']}/api/v1/{_place(endpoints, tenant, jwt, made)}"
    wanted = set(made["after"].values())
    while time.time() - published < PATIENCE:
        if wanted & _values(get_json(url, jwt)):
            return url, time.time() - published
        time.sleep(0.02)
    raise CloudError(
        f"{url} did not show {wanted} within {PATIENCE} s; `python localstack/cloud.py logs ministack` may say why"
    )


def _place(endpoints: Endpoints, tenant: str, jwt: str, made: dict[str, Any]) -> str:
    """Where the internal API shows what was edited; organizations are asked for by uuid."""
    noun = NOUNS.get(made["entity"], "course_runs")
    key = str(made["key"])
    if noun == "organizations":
        url = f"{endpoints['tenants'][tenant]['internal_url']}/api/v1/organizations/?limit=500"
        key = next(o["uuid"] for o in get_json(url, jwt)["results"] if o["key"] == key)
    return f"{noun}/{urllib.parse.quote(key, safe='')}/?exclude_utm=1"


def _values(body: Any) -> set[Any]:
    """Every plain value that an answer shows."""
    if isinstance(body, dict | list):
        children = body.values() if isinstance(body, dict) else body
        return {value for child in children for value in _values(child)}
    return {body}
