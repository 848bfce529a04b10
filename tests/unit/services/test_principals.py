"""Principals: whatever a token's claims hold, reading them gives rights that the claims state, or none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.services.principals import NoName, principal_of

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
NAMES = ["username", "administrator", "superuser", "roles", "scopes", "filters", "is_restricted", "email"]


def test_a_claim_of_the_lms_is_read_in_full():
    principal = principal_of(
        {
            "preferred_username": "ada",
            "email": "ada@test",
            "administrator": True,
            "roles": ["enterprise_admin:*", "catalog_producer:otto", "plain"],
            "filters": ["content_org:MITx", "user:me", "odd:a:b"],
            "scopes": ["profile"],
            "is_restricted": True,
        }
    )
    assert (principal.username, principal.email, principal.is_staff, principal.is_superuser) == (
        "ada",
        "ada@test",
        True,
        False,
    )
    assert ("enterprise_admin", "*") in principal.roles
    assert ("plain", "") in principal.roles
    assert principal.filters == (("content_org", "MITx"), ("user", "me"), ("odd", "a:b"))
    assert (principal.scopes, principal.restricted) == (frozenset({"profile"}), True)


@pytest.mark.parametrize("claims", [{}, {"preferred_username": ""}, {"preferred_username": 5}])
def test_a_token_must_name_somebody(claims):
    with pytest.raises(NoName):
        principal_of(claims)


@given(st.dictionaries(st.sampled_from(NAMES), json_values))
def test_claims_of_any_type_never_raise_and_never_widen_rights(claims):
    principal = principal_of({**claims, "preferred_username": "ada"})
    assert principal.is_staff == (claims.get("administrator") is True)
    assert principal.is_superuser == (claims.get("superuser") is True)
    if not principal.sees_everything and not principal.roles:
        assert not principal.may_publish("studio")


@pytest.mark.parametrize(
    ("claims", "keys"),
    [
        ({}, frozenset()),
        ({"superuser": True}, None),
        ({"roles": ["catalog_organization:*"]}, None),
        ({"roles": ["catalog_organization:edX"], "filters": ["content_org:MITx"]}, frozenset({"edx", "mitx"})),
        ({"roles": ["catalog_organization", "catalog_organization:"], "filters": ["content_org:"]}, frozenset()),
    ],
)
def test_organizations_are_those_of_roles_and_filters(claims, keys):
    assert principal_of({"preferred_username": "ada", **claims}).organizations() == keys
