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
READ = {"title": "title", "price": "course_runs", "text": "short_description", "program": "programs"}


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
    console.say(f"{made.get('source', 'a source')} changed {made.get('what', what)} of {made.get('key')}")
    console.say(f"  before: {made.get('before')!r}\n  after:  {made.get('after')!r}")
    url, shown, took = _arrival(endpoints, tenant, jwt, made, published)
    console.say(
        f"{url}\n  shows   {shown!r}\n  {took:.2f} s after it was published, through SNS, SQS, a worker, DynamoDB"
    )


def _arrival(
    endpoints: Endpoints, tenant: str, jwt: str, made: dict[str, Any], published: float
) -> tuple[str, Any, float]:
    base = endpoints["tenants"][tenant]["internal_url"]
    url = f"{base}/api/v1/{_place(made)}"
    while time.time() - published < PATIENCE:
        found = _find(get_json(url, jwt), made.get("after"))
        if found is not None:
            return url, found, time.time() - published
        time.sleep(0.02)
    raise CloudError(
        f"{url} did not show {made.get('after')!r} within {PATIENCE} s; `python localstack/cloud.py logs ministack`"
    )


def _place(made: dict[str, Any]) -> str:
    key = urllib.parse.quote(str(made["key"]), safe="")
    noun = (
        "programs"
        if made.get("kind") == "program"
        else "organizations"
        if made.get("kind") == "organization"
        else "course_runs"
    )
    return f"{noun}/{key}/?exclude_utm=1"


def _find(body: Any, wanted: Any) -> Any:
    """The wanted value, wherever the answer shows it."""
    if body == wanted:
        return body
    children = body.values() if isinstance(body, dict) else body if isinstance(body, list) else ()
    return next((found for child in children if (found := _find(child, wanted)) is not None), None)
