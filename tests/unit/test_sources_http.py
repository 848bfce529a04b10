"""Sources over HTTP, against a transport in this process: what they may answer, and what becomes of it."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

import httpx
import pytest

from chalicelib.adapters import sources_http
from chalicelib.adapters.credentials import Credentials
from chalicelib.adapters.source_logins import Logins
from chalicelib.adapters.sources_http import SourceClient
from chalicelib.domain.sources import SOURCES
from chalicelib.domain.sources.base import Request, UnreadablePayload
from chalicelib.domain.store import NotThere, SourceBusy, Unavailable
from chalicelib.domain.tenant import SourceSite, Tenant

NOW = 1_767_571_200_000
URL = "https://lms.example.org"
SECRETS = {
    "new": {"client_id": "new", "client_secret": "s3cret-new"},
    "old": {"client_id": "old", "client_secret": "s3cret-old"},
}
TENANT, SOURCE = Tenant(code="edx"), SOURCES["studio"]


@dataclass
class Host:
    """A host that answers by its script; the token endpoint grants what ``accepts`` names."""

    script: list[Any]
    accepts: tuple[str, ...] = ("new", "old")
    requests: list[httpx.Request] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return self._log_in(request)
        self.requests.append(request)
        answer = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else answer

    def _log_in(self, request: httpx.Request) -> httpx.Response:
        who = dict(httpx.QueryParams(request.content.decode()))["client_id"]
        self.logins.append(who)
        if who not in self.accepts:
            return httpx.Response(401, json={"error": "s3cret shown by mistake"})
        return httpx.Response(200, json={"access_token": f"token-{who}-{len(self.logins)}", "expires_in": 3600})


class Secrets:
    def get_secret_value(self, **named: str) -> dict[str, str]:
        return {"SecretString": json.dumps(SECRETS[named["SecretId"]])}


class Client:
    """A source client at a scripted host, with what it blocked and how long it slept."""

    def __init__(self, *script: Any, accepts: tuple[str, ...] = ("new", "old"), **site: Any) -> None:
        self.host = Host(list(script), accepts)
        self.site = SourceSite(**{"url": URL, **site})
        self.blocked: dict[str, int] = {}
        self.slept: list[float] = []
        transport = httpx.MockTransport(self.host)
        logins = Logins(Credentials(Secrets), httpx.Client(transport=transport))
        self.client = SourceClient(
            logins=logins,
            block=self.blocked.__setitem__,
            now=lambda: NOW,
            sleep=self.slept.append,
            transport=transport,
        )

    def get(self, path: str = "/api/x/", *params: tuple[str, str]) -> Any:
        return self.client(TENANT, SOURCE, SOURCE.nouns[0], self.site, Request(path, params))


def ok(value: Any = None, **headers: str) -> httpx.Response:
    return httpx.Response(200, json={"n": 1} if value is None else value, headers=headers)


def test_an_answer_is_its_json_and_what_was_asked_is_what_was_meant():
    client = Client(ok({"big": 2**70, "deep": [None, 1.25, "é"]}))
    path = "/api/courses/v1/courses/course-v1%3AA%2BOne%2B1T/"
    assert client.get(path, ("username", "catalog"), ("course_keys", "a+b")) == {
        "big": 2**70,
        "deep": [None, 1.25, "é"],
    }
    [request] = client.host.requests
    assert request.url.raw_path == f"{path}?username=catalog&course_keys=a%2Bb".encode()
    assert request.headers["accept"] == "application/json"


# What a host may answer


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_not_there_is_not_there(status):
    with pytest.raises(NotThere):
        Client(httpx.Response(status)).get()


@pytest.mark.parametrize(
    ("status", "header", "seconds"),
    [
        (429, "7", 7),
        (429, "0.5", 1),
        (503, "120", 120),
        (429, formatdate(NOW / 1000 + 90, usegmt=True), 90),
        (429, formatdate(NOW / 1000 - 90, usegmt=True), 1),
        (429, None, 60),
        (429, "soon", 60),
        (429, "nan", 60),
        (429, "inf", 3600),
        (429, "999999", 3600),
        (429, "-5", 1),
    ],
)
def test_a_host_that_asks_for_quiet_gets_it_from_every_worker(status, header, seconds):
    client = Client(httpx.Response(status, headers={"Retry-After": header} if header else {}))
    with pytest.raises(SourceBusy) as busy:
        client.get()
    assert busy.value.retry_at == NOW + seconds * 1000
    assert client.blocked == {client.site.budget: NOW + seconds * 1000}
    assert len(client.host.requests) == 1


def test_the_budget_that_is_blocked_is_the_sites_though_another_of_its_hosts_asked():
    client = Client(httpx.Response(429), url="https://LMS.example.org:443", hosts=("orgs.example.org",))
    with pytest.raises(SourceBusy):
        client.get("https://orgs.example.org/api/")
    assert list(client.blocked) == [client.site.budget]


@pytest.mark.parametrize("failure", [httpx.Response(500), httpx.Response(503), httpx.ConnectError("refused")])
def test_what_fails_and_then_answers_is_no_failure(failure):
    client = Client(failure, failure, ok())
    assert client.get() == {"n": 1}
    assert len(client.slept) == 2


@pytest.mark.parametrize("failure", [httpx.Response(502), httpx.ReadError("reset"), httpx.RemoteProtocolError("?")])
def test_what_keeps_failing_is_asked_again_later(failure):
    client = Client(failure)
    with pytest.raises(SourceBusy) as busy:
        client.get()
    assert (len(client.host.requests), busy.value.retry_at) == (3, NOW + 30_000)
    assert client.blocked == {}


def test_a_host_that_hangs_is_not_waited_for_three_times():
    client = Client(httpx.ReadTimeout("…"))
    with pytest.raises(SourceBusy) as busy:
        client.get()
    assert (len(client.host.requests), busy.value.retry_at) == (1, NOW + 60_000)


def test_a_body_that_drips_in_is_not_waited_for(monkeypatch):
    ticks = iter(range(0, 10_000, 25))
    monkeypatch.setattr(sources_http.time, "monotonic", lambda: next(ticks))
    taken: list[bytes] = []

    def drips():
        for _ in range(1000):
            taken.append(b" ")
            yield b" "

    with pytest.raises(SourceBusy):
        Client(httpx.Response(200, content=drips())).get()
    assert len(taken) < 10


def test_a_body_that_is_too_large_is_left_where_it_is():
    taken: list[int] = []

    def endless():
        while True:
            taken.append(1_000_000)
            yield b" " * 1_000_000

    with pytest.raises(UnreadablePayload, match="larger"):
        Client(httpx.Response(200, content=endless())).get()
    assert sum(taken) <= sources_http.MAX_BYTES + 2_000_000


def test_a_small_body_that_unpacks_to_a_huge_one_is_left_too():
    bomb = gzip.compress(b" " * (sources_http.MAX_BYTES + 1))
    with pytest.raises(UnreadablePayload, match="larger"):
        Client(httpx.Response(200, content=iter([bomb]), headers={"Content-Encoding": "gzip"})).get()


def test_a_body_that_says_it_is_too_large_is_not_begun():
    def never():
        raise AssertionError
        yield b""

    headers = {"Content-Length": str(sources_http.MAX_BYTES + 1)}
    with pytest.raises(UnreadablePayload, match="larger"):
        Client(httpx.Response(200, content=never(), headers=headers)).get()


def test_a_body_that_cannot_be_unpacked_is_a_failure_like_another():
    with pytest.raises(SourceBusy):
        Client(lambda request: httpx.Response(200, content=iter([b"no"]), headers={"Content-Encoding": "gzip"})).get()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"{",
        b"[NaN]",
        b"[Infinity]",
        b"[-Infinity]",
        b"[1e999]",
        b"\xff\xfe\xfd",
        b"[" * 100_000,
        b"9" * 9000,
    ],
)
def test_what_is_not_strict_json_is_unreadable(body):
    with pytest.raises(UnreadablePayload, match="not JSON"):
        Client(httpx.Response(200, content=body)).get()


@pytest.mark.parametrize("status", [201, 204, 301, 302, 307, 308, 400, 418])
def test_redirects_and_other_surprises_are_refused(status):
    client = Client(httpx.Response(status, headers={"Location": "http://169.254.169.254/latest/"}))
    with pytest.raises(UnreadablePayload, match=str(status)):
        client.get()
    assert len(client.host.requests) == 1


# Where requests may go


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example.org/x",
        "https://lms.example.org.evil.org/x",
        "https://lms.example.org:8443/x",
        "http://lms.example.org/x",
        "https://lms.example.org@evil.example.org/x",
        "https://me:pw@lms.example.org/x",
        "ftp://lms.example.org/x",
        "https://[::1",
    ],
)
def test_a_host_that_is_not_listed_is_never_asked(path):
    client = Client(ok())
    with pytest.raises(UnreadablePayload):
        client.get(path)
    assert client.host.requests == []


def test_hosts_that_are_listed_are_asked_however_they_are_spelled():
    client = Client(ok(), hosts=("Orgs.example.org", "other.example.org:8443"))
    for path in ("https://orgs.example.org/x", "https://orgs.example.org:443/x", "https://OTHER.example.org:8443/x"):
        assert client.get(path) == {"n": 1}


# Conditional GETs


def test_an_answer_with_an_etag_is_asked_for_conditionally_and_304_is_what_it_was():
    client = Client(ok([1], ETag='"a"', **{"Last-Modified": "yesterday"}), httpx.Response(304))
    first, second = client.get(), client.get()
    assert first == second == [1]
    assert first is not second
    headers = client.host.requests[1].headers
    assert (headers["if-none-match"], headers["if-modified-since"]) == ('"a"', "yesterday")


def test_what_changed_replaces_what_was_kept():
    client = Client(ok([1], ETag='"a"'), ok([2], ETag='"b"'), httpx.Response(304))
    assert [client.get(), client.get(), client.get()] == [[1], [2], [2]]
    assert client.host.requests[2].headers["if-none-match"] == '"b"'


def test_what_one_login_was_shown_is_not_shown_to_another():
    client = Client(ok([1], ETag='"a"'), ok([2]), credentials=("secret:new",))
    assert client.get() == [1]
    client.site = SourceSite(url=URL, credentials=("secret:old",))
    assert client.get() == [2]
    assert "if-none-match" not in client.host.requests[1].headers


def test_bodies_are_kept_only_as_far_as_they_fit(monkeypatch):
    client = Client(lambda request: ok(str(request.url) * 3000, ETag='"a"'))
    for number in range(700):
        client.get(f"/{number}")
    assert client.client._kept.currsize <= sources_http.KEPT_BYTES
    assert len(client.client._kept) > 200


def test_304_that_nobody_asked_for_is_a_surprise():
    with pytest.raises(UnreadablePayload, match="304"):
        Client(httpx.Response(304)).get()


# Logins


def test_a_token_is_fetched_once_and_sent_as_a_jwt():
    client = Client(ok(), credentials=("secret:new",))
    assert client.get() == client.get() == {"n": 1}
    assert client.host.logins == ["new"]
    assert {r.headers["authorization"] for r in client.host.requests} == {"JWT token-new-1"}


def test_a_token_that_is_refused_is_replaced_once():
    client = Client(httpx.Response(401), ok(), credentials=("secret:new",))
    assert client.get() == {"n": 1}
    assert [r.headers["authorization"] for r in client.host.requests] == ["JWT token-new-1", "JWT token-new-2"]


def test_while_a_credential_is_rotated_the_other_one_serves():
    client = Client(ok(), accepts=("old",), credentials=("secret:new", "secret:old"))
    assert client.get() == {"n": 1}
    assert client.host.logins == ["new", "old"]


def test_a_credential_that_gets_tokens_nobody_takes_is_tried_after_the_other():
    def only_old(request: httpx.Request) -> httpx.Response:
        return ok() if "old" in request.headers["authorization"] else httpx.Response(401)

    client = Client(only_old, credentials=("secret:new", "secret:old"))
    assert client.get() == {"n": 1}
    assert client.host.logins == ["new", "old"]


def test_a_credential_that_is_not_there_yet_leaves_it_to_the_other():
    client = Client(ok(), credentials=("secret:coming", "secret:old"))
    assert client.get() == {"n": 1}


def test_a_rotated_secret_is_read_again_after_a_refusal(monkeypatch):
    client = Client(httpx.Response(401), ok(), credentials=("secret:new",))
    client.get()
    monkeypatch.setitem(SECRETS, "new", {"client_id": "old", "client_secret": "x"})
    client.host.script = [httpx.Response(401), ok()]
    client.get()
    assert client.host.logins[-1] == "old"


@pytest.mark.parametrize("answer", [httpx.Response(401), httpx.Response(403)])
def test_who_is_not_let_in_comes_again_in_minutes(answer):
    client = Client(answer, credentials=("secret:new",))
    with pytest.raises(SourceBusy) as busy:
        client.get()
    assert busy.value.retry_at == NOW + 300_000


@pytest.mark.parametrize(
    ("secret", "grant"),
    [
        ({"client_id": "new", "client_secret": "s3cret-new"}, httpx.Response(200, text="s3cret")),
        ({"client_id": "new", "client_secret": "s3cret-new"}, httpx.Response(200, json={"no": "token"})),
        ({"client_id": "new", "client_secret": "s3cret-new"}, httpx.Response(500, text="s3cret")),
        ("s3cret as a text", ok()),
        ({"client_id": "new"}, ok()),
    ],
)
def test_no_error_tells_a_secret(monkeypatch, secret, grant):
    monkeypatch.setitem(SECRETS, "new", secret)
    client = Client(ok(), credentials=("secret:new",))
    monkeypatch.setattr(client.host, "_log_in", lambda request: grant)
    with pytest.raises(SourceBusy) as busy:
        client.get()
    assert "s3cret" not in "".join(map(str, [busy.value, busy.value.__cause__, *busy.value.args]))
    assert busy.value.__suppress_context__


def test_cookies_of_one_answer_are_not_sent_with_the_next():
    client = Client(ok(**{"Set-Cookie": "session=s3cret; Path=/"}), ok())
    client.get()
    client.get()
    assert "cookie" not in client.host.requests[1].headers


# Drupal's form


class Drupal:
    """A Drupal whose form sets a session cookie and sends on to the admin page, unless one has a session already."""

    def __init__(self, admin: int = 200) -> None:
        self.admin, self.sessions = admin, 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            if "cookie" in request.headers:
                return httpx.Response(403)
            self.sessions += 1
            return httpx.Response(302, headers={"Set-Cookie": f"SESS={self.sessions}", "Location": f"{URL}/admin"})
        if request.url.path == "/admin":
            return httpx.Response(self.admin)
        return ok(request.headers.get("cookie"))


def drupal(host: Drupal, monkeypatch) -> Client:
    monkeypatch.setitem(SECRETS, "drupal", {"username": "me", "password": "s3cret"})
    client = Client(ok(), credentials=("secret:drupal",), options={"login": "drupal"})
    transport = httpx.MockTransport(host)
    client.client.http = httpx.Client(transport=transport)
    client.client.logins = Logins(Credentials(Secrets), httpx.Client(transport=transport))
    return client


def test_drupals_form_logs_in_again_after_the_session_ended(monkeypatch):
    host = Drupal()
    client = drupal(host, monkeypatch)
    assert client.get() == "SESS=1"
    client.client.logins.forget(client.site)
    assert client.get() == "SESS=2"


def test_drupals_admin_page_decides_whether_we_are_in(monkeypatch):
    with pytest.raises(SourceBusy) as busy:
        drupal(Drupal(admin=403), monkeypatch).get()
    assert "s3cret" not in str(busy.value)


# Credentials


def test_a_credential_is_read_from_the_environment_or_the_secrets_and_kept(monkeypatch):
    monkeypatch.setenv("OTTO", '{"client_id": "a"}')
    calls: list[str] = []

    class Counting(Secrets):
        def get_secret_value(self, **named: str) -> dict[str, str]:
            calls.append(named["SecretId"])
            return super().get_secret_value(**named)

    credentials = Credentials(Counting)
    assert credentials.resolve("env:OTTO") == {"client_id": "a"}
    assert credentials.resolve("secret:new") == credentials.resolve("secret:new") == SECRETS["new"]
    credentials.forget("secret:new")
    credentials.resolve("secret:new")
    assert calls == ["new", "new"]
    with pytest.raises(Unavailable, match="secret:none") as error:
        credentials.resolve("secret:none")
    assert error.value.__suppress_context__
