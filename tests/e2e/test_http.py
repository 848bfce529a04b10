"""Bad requests to the deployed gateway: JSON with ``detail`` and the right status, never a stack trace."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.e2e.system import CLIENT, System

COURSES = "/api/v1/courses/"


def assert_refused(answer: httpx.Response, status: int) -> None:
    """A refusal a client can read, that tells nothing of our insides."""
    assert answer.status_code == status, f"{answer.request.url}: {answer.status_code} {answer.text[:300]}"
    assert answer.headers["content-type"].startswith("application/json")
    assert isinstance(answer.json(), dict) and answer.json()
    assert "Traceback" not in answer.text and "chalicelib" not in answer.text and '.py"' not in answer.text


PATHS = {
    "unknown path": "/api/v1/dinosaurs/",
    "unknown root": "/wp-login.php",
    "unknown course": f"{COURSES}Nobody+Knows/",
    "key with a plus twice": f"{COURSES}a+b+c/",
    "key with an encoded plus": f"{COURSES}Nobody%2BKnows/",
    "key with slashes": f"{COURSES}No/body/Knows/",
    "key with encoded slashes": f"{COURSES}No%2Fbody%2FKnows/",
    "key in Unicode": f"{COURSES}%E7%AE%97%E6%B3%95+%C3%A9/",
    "key that is no UTF-8": f"{COURSES}%ff%fe+x/",
    "key of 7,000 characters": f"{COURSES}{'a' * 3500}+{'b' * 3500}/",
    "run of 7,000 characters": f"/api/v1/course_runs/course-v1:{'a' * 7000}+b+c/",
    "dots": f"{COURSES}../../etc/passwd",
    "a uuid of nothing": "/api/v1/programs/00000000-0000-4000-8000-000000000000/",
    "no uuid": "/api/v1/programs/drop%20table/",
}


@pytest.mark.parametrize("name", PATHS)
def test_what_is_not_there_is_404(system: System, name: str) -> None:
    assert_refused(system.get(PATHS[name]), 404)


def test_a_key_of_ten_thousand_characters_is_refused_in_words(system: System) -> None:
    """The gateway itself may say 414 to a line that long; nothing breaks."""
    answer = system.get(f"{COURSES}{'k' * 10_000}+x/")
    assert answer.status_code in {400, 404, 414, 431}, answer.text[:200]
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("spelled", ["{0}+{1}", "{0}%2B{1}", "{0}%2b{1}", "{0}/{1}"])
@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.smoke
def test_a_key_is_found_however_it_is_spelled(system: System, spelled: str, slash: str) -> None:
    [course] = system.get(COURSES, limit=1).json()["results"]
    answer = system.get(f"{COURSES}{spelled.format(*course['key'].split('+'))}{slash}")
    assert (answer.status_code, answer.json()["uuid"]) == (200, course["uuid"])


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", COURSES), ("PUT", "/api/v1/programs/"), ("PATCH", "/health/"), ("GET", "/exchange/v1/updates")],
)
def test_a_method_that_is_not_there_is_405(system: System, method: str, path: str) -> None:
    headers = {"Authorization": f"JWT {system.token()}"}
    assert_refused(system.http.request(method, f"{system.url()}{path}", headers=headers), 405)


@pytest.mark.parametrize(
    ("path", "role"),
    [
        (f"{COURSES}NorthmereX+SLK254/explain", "learner"),
        ("/admin/v1/tenants/edx", "learner"),
        ("/admin/v1/registry/course/NorthmereX+SLK254", "learner"),
        (f"{COURSES}?editable=1", "learner"),
    ],
)
def test_wrong_rights_are_403(system: System, path: str, role: str) -> None:
    assert_refused(system.get(path, role=role), 403)


def test_control_characters_in_a_path_are_400(system: System) -> None:
    assert_refused(system.get(f"{COURSES}a%00b+c/"), 400)


@pytest.mark.parametrize("query", ["timestamp=yesterday", "uuids=no-uuid", "q=anything"])
def test_a_bad_value_is_400(system: System, query: str) -> None:
    assert_refused(system.get(f"{COURSES}?{query}"), 400)


@pytest.mark.parametrize("path", [COURSES, "/api/v1/course_runs/", "/api/v1/programs/", "/admin/v1/tenants"])
def test_without_credentials_it_is_401(system: System, path: str) -> None:
    answer = system.get(path, role=None)
    assert_refused(answer, 401)
    assert answer.headers["www-authenticate"] == 'JWT realm="api"'


def test_bodies_that_cannot_be_read_are_400_or_413(system: System) -> None:
    url, headers = f"{system.url()}/exchange/v1/updates", {"Authorization": f"JWT {system.token()}"}
    for body in (b"{", b"\xff\xfe", b"[]", b"null"):
        assert_refused(system.http.post(url, content=body, headers=headers), 400)
    assert system.http.post(url, content=b"[" * 200_000, headers=headers).status_code in {400, 413}


# ---- tokens


def campus_token(system: System, **form: Any) -> str:
    """A token as the tenant's own LMS signs them."""
    who = {"grant_type": "password", "username": "staff", "password": "campus", "token_type": "jwt", **CLIENT, **form}
    answer = system.http.post(system.endpoints["tenants"]["edx"]["token_url"], data=who)
    return str(answer.json()["access_token"])


def claims_of(token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, options={"verify_signature": False}))


def plain(part: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def forged(system: System, claims: dict[str, Any]) -> str:
    """HS256 with the public key as the secret: what a careless verifier would let in."""
    [key, *_] = system.http.get(system.endpoints["tenants"]["edx"]["jwks_url"]).json()["keys"]
    public = jwt.PyJWK(key).key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signed = f"{plain({'alg': 'HS256', 'typ': 'JWT', 'kid': key['kid']})}.{plain(claims)}"
    digest = hmac.new(public, signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def bad_tokens(system: System) -> dict[str, str]:
    good = campus_token(system)
    claims = claims_of(good)
    stranger = rsa.generate_private_key(65537, 2048)
    kid = {"kid": jwt.get_unverified_header(good)["kid"]}
    head, _, signature = good.split(".")
    return {
        "expired": campus_token(system, expires_in="-60"),
        "for somebody else": campus_token(system, audience="somebody-else"),
        "unsigned": jwt.encode(claims, None, algorithm="none"),
        "signed by a stranger": jwt.encode(claims, stranger, algorithm="RS512", headers=kid),
        "from a foreign issuer": jwt.encode(
            claims | {"iss": "https://x.test"}, stranger, algorithm="RS512", headers=kid
        ),
        "of the other tenant": system.token("staff", "pyrite"),
        "HS256 over the public key": forged(system, claims),
        "made staff by hand": f"{head}.{plain(claims | {'administrator': True, 'superuser': True})}.{signature}",
        "garbage": "a.b.c",
    }


@pytest.mark.smoke
def test_a_token_that_is_not_good_is_401(system: System) -> None:
    seen = {}
    for name, token in bad_tokens(system).items():
        answer = system.http.get(f"{system.url()}{COURSES}", headers={"Authorization": f"JWT {token}"})
        assert_refused(answer, 401)
        seen[name] = answer.json()["detail"]
    assert "expired" in seen["expired"].lower()


def test_a_token_ends_while_it_is_used(system: System) -> None:
    """Its answer was remembered as good; its end counts all the same."""
    token = campus_token(system, expires_in="2")
    headers = {"Authorization": f"JWT {token}"}
    assert system.http.get(f"{system.url()}{COURSES}?limit=1", headers=headers).status_code == 200
    while time.time() <= claims_of(token)["exp"] + 1:
        time.sleep(0.1)
    assert_refused(system.http.get(f"{system.url()}{COURSES}?limit=1", headers=headers), 401)
