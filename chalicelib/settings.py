"""Environment -> frozen Settings; the only reader of os.environ."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """What a process needs to know of where it runs. Endpoints of AWS itself are botocore's business."""

    stage: str = "local"
    prefix: str = "catalog-local"
    updates_topic_arn: str = ""
    changes_topic_arn: str = ""
    opensearch_url: str = "http://127.0.0.1:9200"
    opensearch_refresh: str = "500ms"
    log_level: str = "INFO"
    trusted_proxies: tuple[str, ...] = ()
    base_path: str = ""
    objects_bucket: str = ""
    release: str = "dev"

    def table(self, name: str) -> str:
        """The full name of a table."""
        return f"{self.prefix}-{name}"

    def queue(self, name: str) -> str:
        """The full name of a queue."""
        return f"{self.prefix}-{name}"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment; every value has a default that fits the local cloud."""
    env = os.environ if environ is None else environ
    stage = env.get("CATALOG_STAGE", "local")
    default = Settings()
    return Settings(
        stage=stage,
        prefix=env.get("CATALOG_PREFIX", f"catalog-{stage}"),
        updates_topic_arn=env.get("UPDATES_TOPIC_ARN", ""),
        changes_topic_arn=env.get("CHANGES_TOPIC_ARN", ""),
        opensearch_url=env.get("OPENSEARCH_URL", default.opensearch_url),
        opensearch_refresh=env.get("OPENSEARCH_REFRESH", default.opensearch_refresh),
        log_level=env.get("LOG_LEVEL", default.log_level),
        trusted_proxies=tuple(p for p in env.get("TRUSTED_PROXIES", "").split(",") if p),
        base_path=env.get("BASE_PATH", ""),
        objects_bucket=env.get("OBJECTS_BUCKET", ""),
        release=env.get("CATALOG_RELEASE", default.release),
    )
