"""Key sets: kept while fresh, read again once when needed, and never the reason for a storm."""

import http.server
import json
import threading

import pytest

from chalicelib.adapters.jwks import KEEP_MS, RETRY_MS, KeySets, fetch, parse
from chalicelib.domain.store import Unavailable
from tests.fakes.tokens import Issuer, jwk

URL = "https://lms.test/jwks"


class Clock:
    now = 1_000_000_000

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def issuer():
    return Issuer()


@pytest.fixture
def sets(clock, issuer):
    return KeySets(clock, issuer.fetch)


def test_keys_are_kept_for_an_hour(sets, clock, issuer):
    for _ in range(3):
        assert len(sets.keys(URL)) == 1
    clock.now += KEEP_MS
    sets.keys(URL)
    assert issuer.fetches == 2


def test_keys_that_cannot_be_refreshed_serve_on(sets, clock, issuer):
    kept = sets.keys(URL)
    issuer.down = True
    clock.now += 2 * KEEP_MS
    assert sets.keys(URL) == kept


def test_a_refresh_for_an_unknown_key_happens_once_in_a_while(sets, clock, issuer):
    sets.keys(URL)
    assert [list(sets.newer(URL)) for _ in range(5)] == [[]] * 5
    clock.now += RETRY_MS
    assert len(sets.newer(URL)) == 1
    assert issuer.fetches == 2


def test_an_issuer_that_is_away_is_asked_again_after_a_while(sets, clock, issuer):
    issuer.down = True
    for _ in range(3):
        with pytest.raises(Unavailable):
            sets.keys(URL)
    assert issuer.fetches == 1
    issuer.down = False
    clock.now += 5_000
    assert sets.keys(URL)


def test_an_unknown_key_while_the_issuer_is_away_is_not_a_verdict(sets, clock, issuer):
    sets.keys(URL)
    issuer.down = True
    clock.now += RETRY_MS
    for _ in range(3):
        with pytest.raises(Unavailable):
            sets.newer(URL)
    assert issuer.fetches == 2


@pytest.mark.parametrize("body", [None, [], {}, {"keys": None}, {"keys": {}}])
def test_what_is_no_key_set_is_unavailable(body):
    with pytest.raises(Unavailable):
        parse(body)


def test_broken_and_foreign_keys_are_passed_over():
    odd = [
        None,
        5,
        {},
        {"kty": "EC", "crv": "P-256"},
        {"kty": "RSA"},
        {"kty": "RSA", "n": "!", "e": 5},
        {"kty": "oct", "k": "YQ"},
    ]
    assert len(parse({"keys": [*odd, jwk("first")]})) == 1


@pytest.fixture
def server():
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            status, body = self.server.said  # type: ignore[attr-defined]
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def test_a_key_set_is_fetched_over_http(server):
    server.said = 200, json.dumps({"keys": [jwk("first")]}).encode()
    assert len(parse(fetch(f"http://127.0.0.1:{server.server_port}/jwks"))) == 1


@pytest.mark.parametrize(
    "said", [(500, b""), (302, b""), (200, b"<html>"), (200, b"\xff\xfe"), (200, b"[" + b" " * 300_000 + b"]")]
)
def test_an_odd_answer_is_unavailable(server, said):
    server.said = said
    with pytest.raises(Unavailable):
        fetch(f"http://127.0.0.1:{server.server_port}/jwks")


def test_no_answer_at_all_is_unavailable():
    with pytest.raises(Unavailable):
        fetch("http://127.0.0.1:9/jwks")
    with pytest.raises(Unavailable):
        fetch("nonsense")
