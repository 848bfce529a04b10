"""Repeatable chance: every value is a hash of its address, so item 70,000 needs no item before it."""

from __future__ import annotations

import hashlib
import random
import struct
from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

T = TypeVar("T")


def digest(*parts: object, size: int = 32) -> bytes:
    """The hash of an address."""
    return hashlib.blake2b("/".join(map(str, parts)).encode(), digest_size=size).digest()


def units(*parts: object) -> list[float]:
    """Eight independent numbers in [0, 1) for the price of one hash."""
    return [n / 2**32 for n in struct.unpack("<8I", digest(*parts))]


def unit(*parts: object) -> float:
    """One number in [0, 1)."""
    return int.from_bytes(digest(*parts, size=4), "big") / 2**32


def number(*parts: object) -> int:
    """One large whole number."""
    return int.from_bytes(digest(*parts, size=8), "big")


def pick(options: Sequence[T], *parts: object) -> T:
    """One of the options."""
    return options[number(*parts) % len(options)]


def rng(*parts: object) -> random.Random:
    """A generator of its own for one address."""
    return random.Random(number(*parts))


def slot_uuid(space: str, n: int) -> str:
    """A uuid that hides its own number, so that looking one up needs no table."""
    raw = bytearray(digest(space, n, size=16))
    raw[12:] = (n ^ _mask(raw)).to_bytes(4, "big")
    return str(UUID(bytes=bytes(raw), version=4))


def slot_of(space: str, uuid: str) -> int | None:
    """The number inside a uuid of this space; None for any other uuid."""
    try:
        raw = UUID(uuid).bytes
    except ValueError:
        return None
    n = int.from_bytes(raw[12:], "big") ^ _mask(raw)
    return n if slot_uuid(space, n) == str(UUID(uuid)) else None


def _mask(raw: bytes | bytearray) -> int:
    """Spread, or the uuid of number 0 would end as it begins."""
    return (int.from_bytes(raw[:4], "big") * 0x9E3779B1 + 0x7F4A7C15) % 2**32
