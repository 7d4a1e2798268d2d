"""``register.sh`` and ``remove.sh`` against a stand-in of the Azure CLI with a small tenant."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ENTRA = Path(__file__).parents[2] / "infra" / "entra"
RIGHTS = {
    "User.Read.All": "role-users",
    "Place.Read.All": "role-places",
    "GroupMember.Read.All": "role-groups",
}
STAND_IN = """\
import json, re, sys
from pathlib import Path

state_file = Path(STATE)
state = json.loads(state_file.read_text())
args = sys.argv[1:]
options = {a: b for a, b in zip(args, args[1:]) if a.startswith("--")}
query = options.get("--query", "")
state["calls"].append(args)
words = " ".join(args[:3])


def answer():
    if words == "ad app list":
        return "app-1" if state["app"] else ""
    if words == "ad app create":
        state["app"] = True
        return "app-1"
    if words == "ad app delete":
        state["app"] = False
    if words == "ad sp list":
        return "sp-1" if state["service"] else ""
    if words == "ad sp create":
        state["service"] = True
        return "sp-1"
    if words == "ad sp show":
        if wanted := re.search("value=='([^']+)'", query):
            return state["rights"].get(wanted[1], "")
        return {"appId": "client-" + options["--id"], "id": "graph-1"}[query]
    if args[:2] == ["account", "show"]:
        return "tenant-1"
    if words == "ad app federated-credential":
        if args[3] == "create":
            state["credential"] = json.loads(options["--parameters"])
        return "managed-identity" if state["credential"] else ""
    if words == "ad app credential":
        state["certificate"] = options["--cert"]
    if words == "ad app update" and "--app-roles" in options:
        state["app_roles"] = [role["value"] for role in json.loads(options["--app-roles"])]
    if args[0] == "rest":
        if options["--method"] == "POST":
            state["granted"].append(json.loads(options["--body"]))
        elif options["--method"] == "DELETE":
            held = options["--url"].rpartition("/")[2]
            state["granted"] = [g for g in state["granted"] if g["appRoleId"] != held]
        elif wanted := re.search("appRoleId=='([^']+)'", query):
            return wanted[1] if wanted[1] in [g["appRoleId"] for g in state["granted"]] else ""
        else:
            return "\\n".join(g["appRoleId"] for g in state["granted"])
    return ""


print(answer())
state_file.write_text(json.dumps(state))
"""


class Tenant:
    """The stand-in's memory, and a way to run a script against it."""

    def __init__(self, folder):
        self.folder = folder
        self.file = folder / "state.json"
        start = {"app": False, "service": False, "credential": None, "granted": [], "calls": []}
        self.file.write_text(json.dumps({**start, "rights": RIGHTS}))
        tool = folder / "az"
        tool.write_text(f"#!{sys.executable}\nSTATE = {str(self.file)!r}\n{STAND_IN}")
        tool.chmod(0o755)

    def run(self, script, *args):
        return subprocess.run(
            [ENTRA / script, *args],
            env={"PATH": f"{self.folder}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def state(self):
        return json.loads(self.file.read_text())


@pytest.fixture
def tenant(tmp_path):
    return Tenant(tmp_path)


def test_managed_identity_gets_the_directory_rights_and_no_key(tenant):
    run = tenant.run("register.sh", "--managed-identity", "mi-1")
    assert (run.returncode, run.stderr) == (0, "")
    assert tenant.state["granted"] == [
        {"principalId": "mi-1", "resourceId": "graph-1", "appRoleId": role}
        for role in RIGHTS.values()
    ]
    assert tenant.state["credential"]["subject"] == "mi-1"
    assert "certificate" not in tenant.state
    assert "AZURE_CLIENT_ID=client-mi-1" in run.stdout
    assert "SCHEDULER_SIGN_IN_APP_ID=app-1" in run.stdout
    assert tenant.state["app_roles"] == ["HR", "Administrator"]


def test_certificate_gives_the_rights_to_the_app_itself(tenant, tmp_path):
    certificate = tmp_path / "c.pem"
    certificate.write_text("public part")
    run = tenant.run("register.sh", "--certificate", str(certificate))
    assert (run.returncode, run.stderr) == (0, "")
    assert {grant["principalId"] for grant in tenant.state["granted"]} == {"sp-1"}
    assert tenant.state["certificate"] == f"@{certificate}"


def test_second_run_grants_nothing_anew(tenant):
    tenant.run("register.sh", "--managed-identity", "mi-1")
    before = tenant.state["granted"]
    assert tenant.run("register.sh", "--managed-identity", "mi-1").returncode == 0
    assert tenant.state["granted"] == before
    assert sum(call[:3] == ["ad", "app", "create"] for call in tenant.state["calls"]) == 1


def test_right_that_is_left_out_is_not_granted(tenant):
    run = tenant.run("register.sh", "--managed-identity", "mi-1", "--without", "User.Read.All")
    assert [grant["appRoleId"] for grant in tenant.state["granted"]] == [
        "role-places",
        "role-groups",
    ]
    assert "left out: User.Read.All" in run.stdout


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([], "give --managed-identity or --certificate"),
        (["--certificate", "missing.pem"], "there is no file missing.pem"),
        (["--managed-identity", "m", "--without", "Mail.Read"], "it is not on the list"),
        (["--managed-identity", "m", "--name", "a' or '1"], "letters, digits"),
        (["--managed-identity", "m", "--redirect", "http://x"], "must begin with https://"),
        (["--managed-identity"], "needs a value"),
        (["--secret", "x"], "--secret is not known"),
    ],
)
def test_wrong_option_is_refused_before_anything_is_asked(tenant, args, message):
    run = tenant.run("register.sh", *args)
    assert run.returncode == 2
    assert message in run.stderr
    assert tenant.state["calls"] == []


def test_removal_takes_away_every_right_and_the_app(tenant):
    tenant.run("register.sh", "--managed-identity", "mi-1")
    run = tenant.run("remove.sh", "--managed-identity", "mi-1")
    assert (run.returncode, run.stderr) == (0, "")
    assert tenant.state["granted"] == []
    assert tenant.state["app"] is False
