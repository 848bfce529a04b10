"""``/health/``: whether this deployment can answer (course-discovery 0.3)."""

from __future__ import annotations

from chalicelib.api.answers import Answer
from chalicelib.api.http import Call, Routes

health = Routes()


@health.route("/health", access=None)
def read_health(call: Call) -> Answer:
    """200 or 503, for load balancers and ``edx-enterprise``; asks for no credentials and no tenant."""
    healthy = call.house.healthy()
    word = "OK" if healthy else "UNAVAILABLE"
    body = {"overall_status": word, "detailed_status": {"database_status": word}}
    return Answer(body, 200 if healthy else 503, {"Cache-Control": "no-store"})
