"""``scheduler serve`` as a container starts it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from scheduler.sandbox import SandboxSettings, start_sandbox

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tenant(tmp_path_factory):
    with start_sandbox(SandboxSettings(state=tmp_path_factory.mktemp("t"), people=40)) as addresses:
        yield addresses


def start(tenant, folder, port, **more):
    environ = {
        **os.environ, **tenant.environment(),
        "SCHEDULER_DATABASE_URL": str(folder / "scheduler.db"), **more,
    }  # fmt: skip
    code = "import sys; from scheduler.cli import main; sys.argv[0] = 'scheduler'; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, "serve", "--port", str(port), "--config", ROOT / "config"],
        env=environ, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_serves_until_it_is_told_to_stop_and_reads_no_env_file(tenant, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (tmp_path / ".env").write_text("SCHEDULER_ADDRESS=https://evil.example\nCLIENT_ID=x\n", "utf-8")
    server = start(tenant, tmp_path, port)
    try:
        deadline = time.monotonic() + 60
        answer = None
        while answer is None and time.monotonic() < deadline and server.poll() is None:
            try:
                answer = httpx.get(f"http://127.0.0.1:{port}/ready", timeout=5)
            except httpx.TransportError:
                time.sleep(0.1)
        assert answer is not None, server.communicate(timeout=10)
        assert answer.json() == {"ready": True}
        sign_in = httpx.get(f"http://127.0.0.1:{port}/sign-in", timeout=30)
        assert f"localhost%3A{port}%2Fsign-in%2Fanswer" in sign_in.headers["location"]
    finally:
        server.send_signal(signal.SIGTERM)
        output, log = server.communicate(timeout=60)
    assert f"Serving http://localhost:{port} from 127.0.0.1:{port}" in log
    assert '"route": "/ready"' in log
    assert "evil" not in output + log


def test_says_in_one_line_what_is_missing(tenant, tmp_path):
    server = start(tenant, tmp_path, 8080, SCHEDULER_ADDRESS="http://meet.example.com")
    _, log = server.communicate(timeout=60)

    assert server.returncode == 2
    assert "SCHEDULER_ADDRESS is 'http://meet.example.com' (environment)." in log.splitlines()[-1]
    assert "Traceback" not in log
