"""The front: how a deployment is reached from outside."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Front:
    """How this deployment is reached: ``scheme`` when nothing says it, ``base_path`` when nothing shows it.

    ``trusted_proxies``: addresses or networks whose ``X-Forwarded-*`` headers are believed.
    """

    trusted_proxies: tuple[str, ...] = ()
    base_path: str = ""
    scheme: str = "https"
