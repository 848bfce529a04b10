"""Background processes: started once, found again, stopped, and never mistaken for another."""

import json
import os
import subprocess
import sys
import time

import pytest

from localcloud import pids, processes

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)",
]
PARENT = [
    sys.executable,
    "-c",
    "import subprocess, sys, time; print(subprocess.Popen(['sleep', '60']).pid, flush=True); time.sleep(60)",
]


@pytest.fixture(autouse=True)
def local(tmp_path, monkeypatch):
    monkeypatch.setenv("CATALOG_LOCAL_DIR", str(tmp_path))
    yield tmp_path
    for name in processes.running():
        processes.stop(name, grace=0)


def wait_for(path, text, seconds=10):
    deadline = time.monotonic() + seconds
    while text not in path.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_started_process_is_running_until_it_is_stopped():
    process = processes.start("sleeper", SLEEP)
    assert processes.running() == {"sleeper": process}
    assert processes.stop("sleeper")
    assert processes.running() == {}
    assert pids.identity(process.pid) is None


def test_starting_what_runs_already_returns_it():
    assert processes.start("sleeper", SLEEP) == processes.start("sleeper", SLEEP)


def test_stopping_what_does_not_run_is_no_error():
    assert not processes.stop("nobody")


def test_another_process_under_a_recorded_pid_is_neither_running_nor_stopped(local):
    bystander = subprocess.Popen(SLEEP)
    try:
        row = {"name": "old", "pid": bystander.pid, "started": "another boot/1", "log": "", "argv": []}
        (local / "processes.json").write_text(json.dumps({"old": row}))
        assert processes.running() == {}
        assert not processes.stop("old")
        assert bystander.poll() is None
        assert "old" not in json.loads((local / "processes.json").read_text())
    finally:
        bystander.kill()
        bystander.wait()


def test_a_process_that_ignores_the_request_is_ended_all_the_same(local):
    processes.start("deaf", DEAF, ready=lambda: "deaf" in processes.log_tail(local / "logs" / "deaf.log"))
    assert processes.stop("deaf", grace=0.3)
    assert processes.running() == {}


def test_what_a_process_started_ends_with_it(local):
    processes.start("parent", PARENT)
    log = local / "logs" / "parent.log"
    wait_for(log, "\n")
    child = int(log.read_text())
    assert pids.identity(child)
    processes.stop("parent")
    deadline = time.monotonic() + 5
    while pids.identity(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert pids.identity(child) is None


def test_a_process_that_ends_while_starting_is_reported_with_its_last_words():
    with pytest.raises(processes.StartFailed, match="no such table"):
        processes.start("broken", [sys.executable, "-c", "raise SystemExit('no such table')"], ready=lambda: False)
    assert processes.running() == {}


def test_a_process_that_never_gets_ready_is_stopped():
    with pytest.raises(processes.StartFailed, match="not ready after"):
        processes.start("slow", SLEEP, ready="http://127.0.0.1:9/", timeout=0.2)
    assert processes.running() == {}


def test_a_process_gets_the_environment_it_is_given_and_no_other(local, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "real")
    tell_and_stay = "import os, time; print(sorted(os.environ), flush=True); time.sleep(60)"
    processes.start("env", [sys.executable, "-c", tell_and_stay], env={"ONE": "1"})
    wait_for(local / "logs" / "env.log", "ONE")
    assert "AWS_SECRET_ACCESS_KEY" not in (local / "logs" / "env.log").read_text()


def test_a_zombie_counts_as_gone():
    child = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert pids.identity(child.pid) is None
    child.wait()


def test_ctrl_c_at_our_terminal_does_not_reach_a_started_process():
    process = processes.start("sleeper", SLEEP)
    assert os.getpgid(process.pid) == process.pid != os.getpgrp()
