"""The image: its entry point chooses the role, its health check knows it."""

from __future__ import annotations

import os
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from infra.image import healthcheck
from infra.manifests import PORT, USER

INFRA = Path(__file__).resolve().parents[2] / "infra"
DOCKERFILE = (INFRA / "Dockerfile").read_text()


@pytest.fixture
def enter(tmp_path):
    """Run the entry point with a python that only tells what it was asked to run."""
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho "$@"\n')
    python.chmod(0o755)

    def run(*arguments: str, **environment: str) -> str:
        environment["PATH"] = f"{tmp_path}:{os.environ['PATH']}"
        command = ["/bin/sh", str(INFRA / "image" / "entrypoint.sh"), *arguments]
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()

    return run


@pytest.mark.parametrize(
    ("arguments", "environment", "runs"),
    [
        (["serve"], {}, "-m chalicelib.runtime serve --host 0.0.0.0 --port 8000 --workers 1"),
        (["serve", "--port", "9"], {"PORT": "7"}, "serve --host 0.0.0.0 --port 7 --workers 1 --port 9"),
        (["work", "views-live"], {}, "-m chalicelib.runtime work views-live"),
        (["tick"], {}, "-m chalicelib.runtime tick"),
        (["lambda"], {}, "-m awslambdaric app.http"),
        (["lambda", "app.on_due"], {}, "-m awslambdaric app.on_due"),
        (["app.on_due"], {"AWS_LAMBDA_RUNTIME_API": "127.0.0.1:1"}, "-m awslambdaric app.on_due"),
        (["serve"], {"AWS_LAMBDA_RUNTIME_API": "127.0.0.1:1", "_HANDLER": "app.on_views"}, "awslambdaric app.on_views"),
    ],
)
def test_the_command_chooses_the_role(enter, arguments, environment, runs):
    assert enter(*arguments, **environment).endswith(runs)


def test_the_image_runs_as_nobody_from_pinned_wheels():
    assert f"USER {USER}:{USER}" in DOCKERFILE
    assert f"PORT={PORT}" in DOCKERFILE
    assert "--require-hashes --only-binary :all:" in DOCKERFILE
    assert "ARG BASE=python:3.11-slim" in DOCKERFILE
    assert "HEALTHCHECK" in DOCKERFILE


class _Health(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self):
        self.send_response(self.status if self.path == "/health/" else 404)
        self.end_headers()

    def log_message(self, format, *args):
        pass


@pytest.mark.parametrize(("status", "alive"), [(200, True), (503, False)])
def test_serve_is_healthy_when_health_says_so(monkeypatch, status, alive):
    server = HTTPServer(("127.0.0.1", 0), type("Health", (_Health,), {"status": status}))
    threading.Thread(target=server.handle_request, daemon=True).start()
    monkeypatch.setenv("PORT", str(server.server_port))
    assert healthcheck._answers() is alive
    server.server_close()


def test_a_worker_is_healthy_while_its_heart_beats(monkeypatch, tmp_path):
    heart = tmp_path / "heartbeat"
    monkeypatch.setenv("HEARTBEAT_FILE", str(heart))
    assert healthcheck._beats()
    heart.touch()
    assert healthcheck._beats()
    os.utime(heart, (0, 0))
    assert not healthcheck._beats()
