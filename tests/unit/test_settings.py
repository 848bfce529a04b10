"""Settings: read from the environment once, with defaults that fit the local cloud."""

from __future__ import annotations

import dataclasses

import pytest

from chalicelib.settings import Settings, load


def test_without_any_environment_they_fit_the_local_cloud():
    assert load({}) == Settings()
    assert load({}).table("records") == "catalog-local-records"


def test_the_stage_names_everything_unless_a_prefix_does():
    assert load({"CATALOG_STAGE": "prod"}).queue("views-live") == "catalog-prod-views-live"
    assert load({"CATALOG_STAGE": "prod", "CATALOG_PREFIX": "edx"}).table("views") == "edx-views"


def test_lists_are_split_and_empty_parts_dropped():
    assert load({"TRUSTED_PROXIES": "10.0.0.1,,10.0.0.2"}).trusted_proxies == ("10.0.0.1", "10.0.0.2")


def test_every_setting_can_be_read_and_none_be_changed():
    given = load({"OPENSEARCH_URL": "http://x", "LOG_LEVEL": "DEBUG", "BASE_PATH": "/c", "CATALOG_RELEASE": "7"})
    assert (given.opensearch_url, given.log_level, given.base_path, given.release) == ("http://x", "DEBUG", "/c", "7")
    with pytest.raises(dataclasses.FrozenInstanceError):
        given.stage = "x"
