"""A small company in an embedded tenant, and the product's own way to it."""

from __future__ import annotations

import datetime as dt
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from scheduler.graph.client import open_graph
from scheduler.graph.settings import read_graph_settings
from scheduler.rounds.context import Context
from scheduler.sandbox import SandboxSettings, start_sandbox
from scheduler.settings.loader import load_settings
from scheduler.store.engine import open_store

TODAY = dt.date(2026, 11, 25)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def how_many():
    """How many people the tenant has; a module may say otherwise."""
    return 150


@pytest.fixture
def tenant(tmp_path_factory, monkeypatch, how_many):
    """The environment of a fresh tenant."""
    state = tmp_path_factory.mktemp("tenant")
    settings = SandboxSettings(state=state, people=how_many, seed=3, today=TODAY)
    with start_sandbox(settings) as addresses:
        environment = addresses.environment()
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        yield environment


@pytest.fixture
def open_context(tenant, tmp_path):
    """``async with open_context() as context``: settings as shipped, a store of its own."""

    @asynccontextmanager
    async def opened(config: Path = ROOT / "config"):
        with open_store(tmp_path / "scheduler.db") as store:
            async with open_graph(read_graph_settings(tenant)) as graph:
                yield Context(
                    settings=load_settings(config),
                    store=store,
                    graph=graph,
                    today=TODAY,
                    by="test",
                    effort=0.1,
                )

    return opened


@pytest.fixture
def ask(tenant):
    """What the tenant itself has seen: ``ask("report")``."""

    def asked(what: str):
        return httpx.get(
            f"{tenant['SCHEDULER_SANDBOX_HTTP_URL']}/sandbox/{what}", timeout=60
        ).json()

    return asked
