"""Errors that are answers: a status and a body that the contract prescribes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NO_CREDENTIALS = "Authentication credentials were not provided."
NOT_ALLOWED = "You do not have permission to perform this action."
NOT_FOUND = "Not found."


class ApiError(Exception):
    """Ends a request with this status and JSON body; ``headers`` go along."""

    def __init__(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(body)
        self.status = status
        self.body = body
        self.headers = dict(headers or {})


def refusal(status: int, detail: str, headers: Mapping[str, str] | None = None) -> ApiError:
    """The usual error shape: ``{"detail": text}``."""
    return ApiError(status, {"detail": detail}, headers)


def bad_request(detail: str) -> ApiError:
    """400: the caller can repair this; the text says how."""
    return refusal(400, detail)


def unauthenticated(detail: str = NO_CREDENTIALS) -> ApiError:
    """401 with the challenge that names our scheme (course-discovery 1.1)."""
    return refusal(401, detail, {"WWW-Authenticate": 'JWT realm="api"'})


def forbidden(detail: str = NOT_ALLOWED) -> ApiError:
    """403: known, but without the right."""
    return refusal(403, detail)


def not_found(detail: str = NOT_FOUND) -> ApiError:
    """404: no such thing, or none that this caller may see."""
    return refusal(404, detail)


def method_not_allowed(method: str, allowed: str) -> ApiError:
    """405 naming what is allowed."""
    return refusal(405, f'Method "{method}" not allowed.', {"Allow": allowed})
