"""Images and videos as answers show them."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.values import object_in, text_in

SIZES = ("description", "height", "width")


def image(said: Any) -> dict[str, Any] | None:
    """``{src, description, height, width}`` of an address or of such an object; None when there is none."""
    given = {"src": said} if isinstance(said, str) else object_in(said)
    src = text_in(given.get("src"))
    return {"src": src, **{name: given.get(name) for name in SIZES}} if src else None


def video(said: Any) -> dict[str, Any] | None:
    """``{src, description, image}`` of an address or of such an object; None when there is none."""
    given = {"src": said} if isinstance(said, str) else object_in(said)
    src = text_in(given.get("src"))
    return {"src": src, "description": given.get("description"), "image": image(given.get("image"))} if src else None
