"""Pictures: a plain coloured card for every address, so that a demo has something to look at."""

from __future__ import annotations

import colorsys
import re
from functools import lru_cache
from html import escape

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from campus import dice
from campus.servers import png

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}">'
    '<rect width="100%" height="100%" fill="rgb{ground}"/><circle cx="{x}" cy="{y}" r="{r}" fill="rgb{ink}"/>'
    '<text x="24" y="{t}" font-family="sans-serif" font-size="20" fill="white">{name}</text></svg>'
)
SIZES = {"logo": (200, 200), "portrait": (220, 220), "banner": (1440, 320)}


def routes() -> list[Route]:
    """Every picture there is."""
    return [Route("/{tenant}/asset/{name:path}", picture)]


async def picture(request: Request) -> Response:
    """A card, logo, banner or portrait."""
    name, _, file = request.path_params["name"].rpartition("/")
    kind = "image/png" if file.endswith(".png") else "image/svg+xml"
    return Response(draw(name, file), media_type=kind, headers={"Cache-Control": "public, max-age=86400"})


@lru_cache(maxsize=256)
def draw(name: str, file: str) -> bytes:
    """The picture of a name: with it written out as SVG, without as PNG."""
    width, height = _size(file)
    chance = dice.units("asset", name)
    x, y, radius = int(chance[2] * width), int(chance[3] * height), int(height * (0.3 + chance[4] / 3))
    ground, ink = _colour(chance[0], 0.38), _colour(chance[1], 0.55)
    if file.endswith(".png"):
        return png.disc((width, height), (x, y), radius, ground, ink)
    label = escape(name.removeprefix("course-v1:")[:34])
    text = SVG.format(w=width, h=height, ground=ground, ink=ink, x=x, y=y, r=radius, t=height - 24, name=label)
    return text.encode()


def _size(file: str) -> tuple[int, int]:
    """Named in the file, as the Programs service does, or by what the picture is for."""
    named = re.match(r"w(\d{2,4})h(\d{2,4})\.", file)
    return (int(named[1]), int(named[2])) if named else SIZES.get(file.partition(".")[0], (378, 225))


def _colour(hue: float, light: float) -> png.Colour:
    red, green, blue = colorsys.hls_to_rgb(hue, light, 0.5)
    return int(red * 255), int(green * 255), int(blue * 255)
