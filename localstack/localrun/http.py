"""HTTP as a reader of the catalog uses it: JSON over the standard library."""

import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from localcloud.errors import CloudError


def post_json(url: str, body: Any) -> Any:
    """POST a JSON body; the JSON answer."""
    data = json.dumps(body).encode()
    return _open(urllib.request.Request(url, data, {"Content-Type": "application/json"}))


def post_form(url: str, **form: str) -> Any:
    """POST a form; the JSON answer."""
    return _open(urllib.request.Request(url, urllib.parse.urlencode(form).encode()))


def get_json(url: str, token: str, host: str = "") -> Any:
    """GET as a client of the catalog does."""
    headers = {"Authorization": f"JWT {token}", **({"Host": host} if host else {})}
    return _open(urllib.request.Request(url, headers=headers))


def _open(request: urllib.request.Request) -> Any:
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        raise CloudError(
            f"{request.full_url} answered {error.code}: {error.read()[:500].decode(errors='replace')}"
        ) from None
    except OSError as error:
        raise CloudError(f"{request.full_url} cannot be reached: {error}. Is it up? `make run` starts it.") from None
