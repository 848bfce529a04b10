"""Pictures: a plain coloured card for every address, so that a demo has something to look at."""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from campus import dice

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}">'
    '<rect width="100%" height="100%" fill="hsl({a},55%,38%)"/>'
    '<circle cx="{x}" cy="{y}" r="{r}" fill="hsl({b},60%,55%)" opacity=".6"/>'
    '<text x="24" y="{t}" font-family="sans-serif" font-size="20" fill="white">{name}</text></svg>'
)
SHAPES = {"logo": (200, 200), "portrait": (220, 220), "banner": (1440, 320)}


def routes() -> list[Route]:
    """Every picture there is."""
    return [Route("/{tenant}/asset/{name:path}", picture)]


async def picture(request: Request) -> Response:
    """A card, logo, banner or portrait."""
    name, _, file = request.path_params["name"].rpartition("/")
    return Response(draw(name, file), media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"})


def draw(name: str, file: str) -> str:
    """The picture of a name."""
    width, height = SHAPES.get(file.partition(".")[0], (378, 225))
    chance = dice.units("asset", name)
    return SVG.format(
        w=width,
        h=height,
        a=int(chance[0] * 360),
        b=int(chance[1] * 360),
        x=int(chance[2] * width),
        y=int(chance[3] * height),
        r=int(height * (0.3 + chance[4] / 3)),
        t=height - 24,
        name=escape(name.removeprefix("course-v1:")[:34]),
    )
