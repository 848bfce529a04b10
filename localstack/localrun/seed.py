"""Seeding: the campus's tenants, their credentials and the registry's vocabularies; what is there stays as it is."""

import json
import sys
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.adapters.aws import client
from chalicelib.domain.store import KeptTenant
from chalicelib.domain.tenant import SourceSite, Tenant
from chalicelib.runtime.registry import seed as seed_registry
from chalicelib.wiring import house
from localrun.endpoints import campus_url, tenants_config

LAG_SECONDS = 0


def main() -> int:
    """Seed every tenant of the campus."""
    house().indices.ensure()
    for position, (code, config) in enumerate(tenants_config().items()):
        tenant = _tenant(code, config, default=position == 0)
        _secrets(code, config)
        kept = house().tenants.kept_one(code)
        if kept is None or _moved(kept, tenant):
            house().tenants.put(tenant, kept.revision if kept else 0)
        print(f"tenant {code}: {seed_registry(tenant)} things seeded")
    return 0


def _moved(kept: KeptTenant, tenant: Tenant) -> bool:
    """Whether the campus listens elsewhere than when this tenant was made; an operator's other edits are left alone."""
    return {n: s.url for n, s in kept.tenant.sources.items()} != {n: s.url for n, s in tenant.sources.items()}


def _tenant(code: str, config: Mapping[str, Any], *, default: bool) -> Tenant:
    return Tenant(
        code=code,
        name=code,
        hosts=tuple(config["hosts"]),
        default=default,
        marketing_root=f"https://www.{code}.example",
        lms_url=config["sources"]["studio"]["lms_url"],
        jwt_issuer=config["issuer"],
        jwt_audience=config["audience"],
        jwks_url=config["jwks_url"],
        sources={name: _site(code, name, config) for name in config["sources"]},
    )


def _site(code: str, name: str, config: Mapping[str, Any]) -> SourceSite:
    """The campus sets no limits unless it is asked to, so neither do we."""
    said = config["sources"][name]
    options = {"studio": {"username": said.get("username")}, "drupal": {"login": "drupal"}}.get(name, {})
    return SourceSite(
        url=_root(said),
        token_url=config["token_url"],
        credentials=(f"secret:{_secret(code, name)}",),
        lag_seconds=LAG_SECONDS,
        options=options,
    )


def _root(said: Mapping[str, Any]) -> str:
    """The system itself: our source modules know the paths below it."""
    return str(said.get("lms_url") or said["url"]).split("/api/")[0]


def _secret(code: str, name: str) -> str:
    return f"{house().settings.prefix}/{code}/{name}"


def _secrets(code: str, config: Mapping[str, Any]) -> None:
    for name, said in config["sources"].items():
        secret = {"client_id": config["client_id"], "client_secret": config["client_secret"]}
        if name == "drupal":
            secret = {"username": said["username"], "password": said["password"]}
        _put_secret(_secret(code, name), json.dumps(secret))


def _put_secret(name: str, value: str) -> None:
    try:
        client("secretsmanager").create_secret(Name=name, SecretString=value)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceExistsException":
            raise
        client("secretsmanager").put_secret_value(SecretId=name, SecretString=value)


if __name__ == "__main__":
    print(f"campus at {campus_url()}")
    sys.exit(main())
