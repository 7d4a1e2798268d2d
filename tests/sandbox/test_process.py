from __future__ import annotations

import json
import ssl
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from scheduler.sandbox import SandboxSettings, start_sandbox
from scheduler.sandbox.process import SandboxError
from tests.sandbox.conftest import TODAY


def run(*arguments):
    command = [sys.executable, "-m", "scheduler.sandbox", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_environment_file_names_everything_a_client_needs(addresses):
    text = Path(addresses.env_file).read_text(encoding="utf-8")
    lines = dict(line.split("=", 1) for line in text.splitlines())

    assert lines == addresses.environment()
    assert lines["SCHEDULER_GRAPH_URL"] == lines["AZURE_AUTHORITY_HOST"] + "/v1.0"
    assert lines["SCHEDULER_TEAMS_URL"] == lines["AZURE_AUTHORITY_HOST"] + "/teams"


def test_https_is_checked_against_the_written_authority(addresses):
    trusted = ssl.create_default_context(cafile=addresses.ca_file)
    for host in ("localhost", "127.0.0.1"):
        url = addresses.https.replace("localhost", host)
        assert httpx.get(url, verify=trusted).status_code == 200
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(addresses.https, verify=ssl.create_default_context())


def test_process_ends_with_the_block_and_with_its_parent(tmp_path):
    settings = SandboxSettings(state=tmp_path, people=5, today=TODAY)
    with start_sandbox(settings) as started:
        assert httpx.get(started.http).status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(started.http)

    code = (
        "import os, pathlib, sys, datetime\n"
        "from scheduler.sandbox import SandboxSettings, start_sandbox\n"
        "settings = SandboxSettings(state=pathlib.Path(sys.argv[1]), people=5)\n"
        "with start_sandbox(settings) as started:\n"
        "    print(started.http, flush=True)\n"
        "    os._exit(9)\n"
    )
    died = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False
    )
    url, deadline = died.stdout.strip(), time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            httpx.get(url)
        except httpx.TransportError:
            break
        time.sleep(0.1)
    else:
        pytest.fail("the sandbox outlived the program that started it")
    assert died.returncode == 9


def test_port_that_is_taken_is_named(addresses, tmp_path):
    port = int(addresses.https.rsplit(":", 1)[1])
    settings = SandboxSettings(state=tmp_path, people=5, port=port)

    with (
        pytest.raises(SandboxError, match=f"Port {port} on 127.0.0.1 cannot be used"),
        start_sandbox(settings),
    ):
        pytest.fail("two processes listen on one port")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--organisation", "nowhere"], "nowhere: No such file or directory"),
        (["--faults", "nowhere.json"], "A fault script is a JSON file."),
        (["--people", "0"], "--people must be at least 1"),
        (["--today", "tomorrow"], "invalid fromisoformat value: 'tomorrow'"),
    ],
)
def test_wrong_settings_are_one_line_and_exit_2(tmp_path, arguments, message):
    done = run("--state", tmp_path, *arguments)

    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert message in done.stderr.splitlines()[-1]


def test_fault_script_of_the_start_is_in_force(tmp_path):
    script = tmp_path / "faults.json"
    script.write_text(json.dumps({"rules": [{"kinds": ["503"]}]}))
    with start_sandbox(SandboxSettings(state=tmp_path, people=5, faults=script)) as started:
        form = {
            "grant_type": "client_credentials", "client_id": started.client_id,
            "client_secret": started.client_secret, "scope": "https://graph.microsoft.com/.default",
        }  # fmt: skip
        url = f"{started.http}/{started.tenant_id}/oauth2/v2.0/token"
        token = httpx.post(url, data=form).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}

        answer = httpx.get(f"{started.http}/v1.0/organization", headers=headers)

    assert answer.status_code == 503
