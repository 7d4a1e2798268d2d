"""A PostgreSQL of our own, from Debian's package: on loopback, gone afterwards."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path


def find_binaries():
    """The folder of the newest PostgreSQL on this machine, or None."""
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


@contextmanager
def start_postgres():
    """The address of an empty cluster's database; the server refuses root and runs as nobody."""
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
            [*command, str(find_binaries() / name), *arguments],
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
