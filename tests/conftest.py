"""What several packages' tests share."""

from __future__ import annotations

import shutil

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no defect: no property test depends on how quick it is.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def browser():
    """The machine's own Chromium, without anything that calls home."""
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
