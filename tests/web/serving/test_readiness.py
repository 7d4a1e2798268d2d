"""What a container's probes are told when the database goes away and comes back."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading

import pytest
from sqlalchemy.engine import make_url

from tests.web.serving.conftest import serve


class Line:
    """The way to a server, which can be cut and mended."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._ends: list[socket.socket] = []
        self._whole = True
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._door.accept()
                if not self._whole:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self._port))
                self._ends += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    @staticmethod
    def _pass_on(one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        with contextlib.suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        self._whole = False
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._ends.clear()

    def mend(self) -> None:
        self._whole = True

    def close(self) -> None:
        self.cut()
        self._door.close()


@pytest.fixture
def line(postgres_url):
    line = Line(make_url(postgres_url).port)
    yield line
    line.close()


def test_readiness_goes_with_the_database_and_health_stays(tenant, tmp_path, postgres_url, line):
    database = make_url(postgres_url).set(port=line.port).render_as_string()
    secrets = {"SCHEDULER_SECRETS": "s" * 40}
    with serve(tenant, tmp_path, database=database, variables=secrets) as serving:
        browser = serving.browser()

        def ask():
            return [browser.get(path).status_code for path in ("/ready", "/health")]

        before = ask()
        line.cut()
        away = ask()
        line.mend()
        back = ask()

    assert (before, away, back) == ([200, 200], [503, 200], [200, 200])


def test_pages_are_made_before_what_plans_and_draws_is_imported():
    """A container is ready at once; the first plan or chart pays for its library."""
    heavy = ("ortools.sat", "pandas", "numba", "altair", "vl_convert", "dbos")
    code = f"import sys, scheduler.web.app; print([n for n in {heavy!r} if n in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
