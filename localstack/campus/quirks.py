"""The odd habits in a source's data that can be switched while the campus runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quirks:
    """Shares are of objects, 0 to 1; the defaults are what production data looks like."""

    dirty_pacing: float = 0.04
    missing_pacing: float = 0.03
    stray_spaces: float = 0.05
    display_names: float = 0.04
    mobile_skus: bool = True
    audit_certificate_type: bool = False
    drop_certificate_type: bool = False
    missing_currency: float = 0.0
    price_excl_tax: bool = False


PLAIN = Quirks(0.0, 0.0, 0.0, 0.0, mobile_skus=False, audit_certificate_type=True)
