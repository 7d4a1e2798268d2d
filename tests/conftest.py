"""What several packages' tests share."""

from __future__ import annotations

import os
import shutil

import pytest
import structlog
from hypothesis import HealthCheck, settings

from tests.cluster import find_binaries, start_postgres

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
    """A PostgreSQL cluster of this test run alone."""
    if find_binaries() is None:
        pytest.skip("no PostgreSQL on this machine; `make postgres` brings it")
    with start_postgres() as url:
        yield url
