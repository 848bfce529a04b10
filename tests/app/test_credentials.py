"""Who gets in: by the rules of the LMS's own verifier, and with the rights of the token at hand."""

import base64
import json

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chalicelib.domain.keys import Ref
from tests.fakes.browser import Browser
from tests.fakes.house import house as new_house
from tests.fakes.tokens import IAT, SECRET, claims, key, token

URL = "/api/v1/courses"
MISSING = {"detail": "Authentication credentials were not provided."}


def _plain(part):
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def _forged_with_the_public_key():
    """HS256 signed with the public key as if it were the secret: the classic confusion."""
    pem = key("first").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signed = f"{_plain({'alg': 'HS256', 'typ': 'JWT'})}.{_plain(claims(administrator=True))}"
    mac = jwt.get_algorithm_by_name("HS256")
    import hashlib
    import hmac

    assert mac
    digest = hmac.new(pem, signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


BAD = {
    "expired": token(claims(exp=IAT - 2)),
    "unsigned": jwt.encode(claims(), None, algorithm="none"),
    "foreign key": token(signer="stranger"),
    "foreign issuer": token(claims(iss="https://other.test/oauth2")),
    "no issuer": token(claims(iss=None)),
    "wrong audience": token(claims(aud="somebody-else")),
    "no audience": token(claims(aud=None)),
    "higher version": token(claims(version="2.0.0")),
    "odd version": token(claims(version="one")),
    "number for a version": token(claims(version=1)),
    "no expiry": token(claims(exp=None)),
    "no issue time": token(claims(iat=None)),
    "issued tomorrow": token(claims(iat=IAT + 86_400, exp=IAT + 90_000)),
    "not yet": token(claims(nbf=IAT + 60)),
    "text for an expiry": token(claims()).split(".")[0] + "." + _plain(claims(exp="x")) + ".c2ln",
    "nobody": token(claims(preferred_username=None)),
    "another RSA algorithm": token(algorithm="RS384"),
    "probabilistic": token(algorithm="PS256"),
    "HS256 over the public key": _forged_with_the_public_key(),
    "HS256 without a shared secret": jwt.encode(claims(), SECRET, algorithm="HS256"),
    "garbage": "garbage",
    "three words of garbage": "a.b.c",
    "a list for claims": f"{_plain({'alg': 'RS512'})}.{_plain([1])}.c2ln",
    "no algorithm": f"{_plain({})}.{_plain(claims())}.c2ln",
    "tampered": ".".join([token().split(".")[0], _plain(claims(administrator=True)), token().split(".")[2]]),
    "too long": "x" * 20_000,
    "not ASCII": "é.é.é",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_token_is_401(router, name):
    answer = Browser(router, token=BAD[name]).get(URL)
    assert (answer.status, list(answer.json)) == (401, ["detail"])
    assert answer.headers["WWW-Authenticate"] == 'JWT realm="api"'


@pytest.mark.parametrize("header", [None, "", "JWT", f"Bearer {token()}", f"JWT {token()} more", "Basic YTpi"])
def test_what_is_no_jwt_header_is_no_credentials(router, header):
    answer = Browser(router).get(URL, authorization=header)
    assert (answer.status, answer.json) == (401, MISSING)


@pytest.mark.parametrize("algorithm", ["RS256", "RS512"])
@pytest.mark.parametrize("said", [claims(), claims(version=None), claims(aud=["openedx", "b"]), claims(exp=IAT)])
def test_a_good_token_gets_in(router, algorithm, said):
    assert Browser(router, token=token(said, algorithm=algorithm)).get(URL).status == 200


def test_any_key_of_the_set_will_do(house, router):
    house.issuer.keys = ["other", "first"]
    assert Browser(router, token=token()).get(URL).status == 200


def test_a_shared_secret_counts_where_the_tenant_has_one(house, router):
    kept = house.tenants.by_code["edx"]
    with_secret = kept.tenant.model_copy(update={"hs256_secret": "ref/secret"})
    house.tenants.put(with_secret, kept.revision)
    good = Browser(router, token=jwt.encode(claims(), SECRET, algorithm="HS256"))
    wrong = Browser(router, token=jwt.encode(claims(), SECRET + "x", algorithm="HS256"))
    forged = Browser(router, token=BAD["HS256 over the public key"])
    assert [b.get(URL).status for b in (good, wrong, forged)] == [200, 401, 401]
    assert good.get(URL).status == 200
    good.host = "catalog.mitx.test"
    assert good.get(URL).status == 401


def test_a_tenant_without_an_issuer_lets_nobody_in(house, router):
    kept = house.tenants.by_code["edx"]
    house.tenants.put(kept.tenant.model_copy(update={"jwt_issuer": ""}), kept.revision)
    assert Browser(router, token=token(claims(iss=""))).get(URL).status == 401


def test_one_tenants_token_is_not_the_others(house, router):
    kept = house.tenants.by_code["mitx"]
    house.tenants.put(kept.tenant.model_copy(update={"jwt_issuer": "https://lms.mit.test"}), kept.revision)
    assert Browser(router, "catalog.mitx.test", token()).get(URL).status == 401
    assert Browser(router, "catalog.mitx.test", token(claims(iss="https://lms.mit.test"))).get(URL).status == 200


def test_a_known_token_costs_one_fetch_of_keys_and_expires_all_the_same(house, router):
    browser = Browser(router, token=token())
    assert [browser.get(URL).status for _ in range(5)] == [200] * 5
    assert house.issuer.fetches == 1
    house.now += 3_602_000
    assert browser.get(URL).status == 401


def test_new_keys_are_found_by_one_refresh(house, router):
    Browser(router, token=token()).get(URL)
    house.issuer.keys.append("second")
    house.now += 60_000
    assert Browser(router, token=token(signer="second")).get(URL).status == 200
    assert house.issuer.fetches == 2


def test_bad_signatures_do_not_become_the_issuers_traffic(house, router):
    for name in range(20):
        Browser(router, token=token(claims(f"u{name}"), signer="stranger")).get(URL)
    assert house.issuer.fetches == 1


def test_an_issuer_that_is_away_is_503_for_tokens_not_seen_before(house, router):
    known, unknown = Browser(router, token=token(claims("ada"))), Browser(router, token=token(claims("bob")))
    assert known.get(URL).status == 200
    house.issuer.down = True
    house.now += 3_590_000
    assert [known.get(URL).status, unknown.get(URL).status] == [200, 200]
    other = Browser(router, token=token(claims("eve"), signer="second"))
    answer = other.get(URL)
    assert (answer.status, list(answer.json), answer.headers["Retry-After"]) == (503, ["detail"], "5")


def test_an_issuer_never_reached_is_503():
    from chalice import Chalice

    from chalicelib.api import context
    from chalicelib.api.internal.surface import blueprints
    from chalicelib.api.router import Router

    away = new_house()
    away.issuer.down = True
    app = Chalice("away", configure_logs=False)
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    before = list(context._provider)
    context.use(lambda: away)
    browser = Browser(Router(app), token=token())
    answers = [browser.get(URL).status for _ in range(3)]
    context._provider[:] = before
    assert (answers, away.issuer.fetches) == ([503, 503, 503], 1)


@pytest.mark.parametrize(
    ("url", "ada_may", "staff_may", "operator_may"),
    [
        ("/api/v1/courses/edX+DemoX/explain", 403, 200, 200),
        ("/admin/v1/registry/course/edX+DemoX", 403, 200, 200),
        ("/admin/v1/tenants", 403, 403, 200),
        ("/admin/v1/tenants/edx", 403, 403, 200),
    ],
)
def test_rights_decide(house, ada, staff, operator, url, ada_may, staff_may, operator_may):
    house.things.add("edx", "course", "edX+DemoX")
    house.registry.edit(house.tenants.get("edx"), Ref("course", "edx+demox"), {}, 0, "olga")
    assert [b.get(url).status for b in (ada, staff, operator)] == [ada_may, staff_may, operator_may]
    if ada_may == 403:
        assert ada.get(url).json == {"detail": "You do not have permission to perform this action."}


def test_operators_of_another_tenant_run_nothing(operator):
    operator.host = "catalog.mitx.test"
    assert operator.get("/admin/v1/tenants").status == 403


def test_rights_are_those_of_the_token_not_of_the_last_one(router, house):
    house.things.add("edx", "course", "edX+DemoX")
    url = "/api/v1/courses/edX+DemoX/explain"
    assert Browser(router, token=token(claims("stan", administrator=True))).get(url).status == 200
    assert Browser(router, token=token(claims("stan", administrator=False))).get(url).status == 403


def test_health_asks_nobody_who_they_are(house, router):
    browser = Browser(router)
    well = browser.get("/health/")
    house.well = False
    ill = browser.get("/health")
    assert (well.status, well.json["overall_status"], well.json["detailed_status"]["database_status"]) == (
        200,
        "OK",
        "OK",
    )
    assert (ill.status, ill.json["overall_status"]) == (503, "UNAVAILABLE")
    assert ill.json["detailed_status"] == {"database_status": "UNAVAILABLE"}
