import jwt
import pytest
from jwt.algorithms import RSAAlgorithm

from tests.campus_kit import Visit


@pytest.fixture(scope="module")
def visit():
    return Visit(courses=6)


def claims(visit, token, tenant="edx"):
    keys = visit.admin(f"/{tenant}/oauth2/jwks")["keys"]
    options = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}
    return jwt.decode(token, RSAAlgorithm.from_jwk(keys[0]), ["RS512"], options, audience="course-catalog")


def test_the_service_user_gets_the_claims_of_the_lms(visit):
    answer = visit.oauth().json()
    assert answer.keys() == {"access_token", "expires_in", "token_type", "scope"}
    assert answer["token_type"] == "JWT"
    found = claims(visit, answer["access_token"])
    assert found["iss"] == "http://127.0.0.1:18100/edx/oauth2"
    assert found["preferred_username"] == "catalog_worker"
    assert found["version"] == "1.2.0" and found["grant_type"] == "client_credentials"
    assert found["administrator"] is True and found["is_restricted"] is False
    assert found["exp"] - found["iat"] == 3600 and isinstance(found["user_id"], int)
    assert "roles" not in found and found["filters"] == []


def test_each_tenant_has_an_issuer_and_a_key_of_its_own(visit):
    token = visit.new_token("pyrite")
    assert claims(visit, token, "pyrite")["iss"].endswith("/pyrite/oauth2")
    with pytest.raises(jwt.InvalidSignatureError):
        claims(visit, token, "edx")


@pytest.mark.parametrize(("username", "staff"), [("staff", True), ("learner", False), ("service", True)])
def test_demo_users_come_in_by_password(visit, username, staff):
    token = visit.new_token(grant_type="password", username=username, password="campus")
    found = claims(visit, token)
    assert found["preferred_username"] == username and found["administrator"] is staff
    assert found["filters"] == ["user:me"]


def test_roles_filters_and_scopes_can_be_asked_for(visit):
    token = visit.new_token(
        roles="enterprise_admin:123,enterprise_learner:*",
        filters="content_org:PyXU",
        scope="email",
        is_restricted="true",
    )
    found = claims(visit, token)
    assert found["roles"] == ["enterprise_admin:123", "enterprise_learner:*"]
    assert found["filters"] == ["content_org:PyXU"] and found["is_restricted"] is True
    assert "email" in found and "user_id" not in found and "administrator" not in found


def test_the_secret_may_come_by_http_basic(visit):
    auth = ("course-catalog-worker", "campus-sample-secret")
    client = visit.clients["identity"]
    answer = client.post("/edx/oauth2/access_token", data={"grant_type": "client_credentials"}, auth=auth)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"grant_type": "magic"}, 400, "unsupported_grant_type"),
        ({"grant_type": "password", "username": "staff", "password": "wrong"}, 400, "invalid_grant"),
        ({"grant_type": "password", "username": "nobody", "password": "campus"}, 400, "invalid_grant"),
    ],
)
def test_who_is_not_known_gets_no_token(visit, form, status, error):
    answer = visit.oauth(**form)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_a_token_does_not_outlive_its_time(visit):
    assert visit.get("programs", "/api/v1/programs/", visit.new_token(expires_in="-5")).status_code == 401
    token = visit.new_token()
    assert visit.get("programs", "/api/v1/programs/", token).status_code == 200
    visit.clock.now += 3601
    assert visit.get("programs", "/api/v1/programs/", token).status_code == 401
    visit.clock.now -= 3601


@pytest.mark.parametrize("header", ["", "JWT", "Bearer {}", "JWT {} x", "JWT {}tampered"])
def test_what_is_no_token_is_401(visit, header):
    path = "/edx/api/v1/programs/"
    headers = {"Authorization": header.format(visit.token)} if header else {}
    assert visit.clients["programs"].get(path, headers=headers).status_code == 401
