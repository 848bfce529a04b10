"""Weak entity tags of single reads: a hash of the body, which says all there is to say about it."""

from __future__ import annotations

import hashlib


def etag_of(body: bytes) -> str:
    """``W/"<hash>"``: weak, because a compressed body counts as the same."""
    return f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def is_known(etag: str, if_none_match: str | None) -> bool:
    """Whether the caller already has it (weak comparison, RFC 9110 13.1.2)."""
    if not if_none_match:
        return False
    known = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return "*" in known or etag.removeprefix("W/") in known
