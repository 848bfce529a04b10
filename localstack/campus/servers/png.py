"""A disc on a plain ground as PNG: for readers that download pictures and open them."""

from __future__ import annotations

import struct
import zlib
from math import isqrt

Colour = tuple[int, int, int]


def disc(size: tuple[int, int], centre: tuple[int, int], radius: int, ground: Colour, ink: Colour) -> bytes:
    """The file, with a palette of two colours and one byte a pixel."""
    width, height = size
    rows = b"".join(b"\0" + _row(width, centre[0], _half_chord(radius, y - centre[1])) for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = (b"IHDR", header), (b"PLTE", bytes(ground + ink)), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _half_chord(radius: int, distance: int) -> int:
    return isqrt(radius * radius - distance * distance) if abs(distance) < radius else 0


def _row(width: int, x: int, half: int) -> bytes:
    left, right = max(0, x - half), min(width, x + half)
    return bytes(left) + b"\1" * (right - left) + bytes(width - right)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
