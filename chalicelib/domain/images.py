"""Images and videos as answers show them."""

from __future__ import annotations

from typing import Any


def image(src: Any) -> dict[str, Any] | None:
    """``{src, description, height, width}``; None when there is none."""
    if isinstance(src, dict):
        return {"src": src.get("src"), **{f: src.get(f) for f in ("description", "height", "width")}}
    return {"src": src, "description": None, "height": None, "width": None} if src else None


def video(said: Any) -> dict[str, Any] | None:
    """``{src, description, image}``; None when there is none."""
    if isinstance(said, str):
        said = {"src": said}
    if not isinstance(said, dict) or not said.get("src"):
        return None
    return {"src": said["src"], "description": said.get("description"), "image": image(said.get("image"))}
