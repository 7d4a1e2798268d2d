"""What several packages' tests share."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

# A busy machine is no defect: no property test depends on how quick it is.
# Where the suite decides whether a change lands, it says the same twice; elsewhere it explores.
settings.register_profile(
    "unhurried",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="CI" in os.environ,
)
settings.load_profile("unhurried")


@pytest.fixture(autouse=True)
def log_as_it_was():
    """A test that sets up the log leaves none of that to the next."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.fixture(scope="module")
def browser():
    """The machine's own Chromium, without anything that calls home.

    Closed with its module: while Playwright runs, no other test can start an event loop.
    """
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no chromium on this machine; `apt-get install chromium` brings it")
    with playwright.sync_playwright() as running:
        chromium = running.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def postgres_url():
    """A PostgreSQL cluster of this test run alone: on loopback, gone afterwards.

    Debian's package is installed by ``make postgres``; the server refuses to run as root, so
    there it runs as ``nobody``.
    """
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if not binaries:
        pytest.skip("no PostgreSQL on this machine; `make postgres` brings it")
    folder = Path(tempfile.mkdtemp(prefix="scheduler-postgres-"))
    command = []
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody")
        command = ["runuser", "-u", "nobody", "--"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"

    def run(name, *arguments):
        subprocess.run(
            [*command, str(binaries[0] / name), *arguments],
            check=True,
            capture_output=True,
            cwd=folder,
        )

    settings = f"-c listen_addresses=127.0.0.1 -c port={port} -k {folder} -c fsync=off"
    run("initdb", "-D", str(data), "-U", "scheduler", "--auth=trust", "--encoding=UTF8", "-N")
    run("pg_ctl", "-D", str(data), "-w", "-o", settings, "-l", str(folder / "log"), "start")
    try:
        yield f"postgresql://scheduler@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-D", str(data), "-W", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
