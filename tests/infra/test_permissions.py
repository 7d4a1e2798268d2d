"""The list of permissions against the calls in the code, the page and the scripts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scheduler.graph.permissions import PERMISSIONS, compare_grants, write_page
from tests.witness.graph_calls import find_calls

ROOT = Path(__file__).parents[2]
ENTRA = ROOT / "infra" / "entra"


def test_every_call_of_the_graph_client_has_exactly_one_permission():
    listed = [call for permission in PERMISSIONS for call in permission.calls]
    assert len(listed) == len(set(listed))
    assert set(listed) == {
        call for path in (ROOT / "scheduler" / "graph").glob("*.py") for call in find_calls(path)
    }


def test_page_is_made_from_the_list():
    page = (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8")
    assert page == write_page(), "run: python -m scheduler.graph.permissions > docs/permissions.md"


@pytest.mark.parametrize("script", ["register.sh", "register.ps1"])
def test_script_grants_exactly_the_directory_permissions(script):
    text = (ENTRA / script).read_text(encoding="utf-8")
    assert read_block(text, "permissions") == {p.grant: p.optional for p in of_kind("directory")}


def test_script_grants_exactly_the_mailbox_roles():
    text = (ENTRA / "limit-mailboxes.ps1").read_text(encoding="utf-8")
    assert read_block(text, "permissions") == {p.grant: p.optional for p in of_kind("mailbox")}


def test_scripts_name_no_other_permission_of_graph():
    known = {p.name for p in PERMISSIONS}
    for script in ENTRA.iterdir():
        text = script.read_text(encoding="utf-8")
        named = set(re.findall(r"\b[A-Z]\w+\.(?:Read|ReadWrite|ReadBasic|Send)(?:\.\w+)*\b", text))
        # The right to hand out rights is the administrator's who runs the script, for its run.
        assert named - {"AppRoleAssignment.ReadWrite.All", "Application.ReadWrite.All"} <= known


def test_comparison_tells_missing_and_unwanted_rights():
    found = compare_grants(["User.Read.All", "Calendars.ReadWrite", "Files.Read.All"])
    assert [p.name for p in found.missing] == ["Place.Read.All", "GroupMember.Read.All"]
    assert found.unwanted == ("Calendars.ReadWrite", "Files.Read.All")


def of_kind(kind):
    return [p for p in PERMISSIONS if p.kind == kind]


def read_block(text, name):
    """Entries of a script's marked list: the quoted words, and whether ``optional`` follows."""
    block = re.search(rf"# {name}: begin\n(.*?)# {name}: end", text, re.DOTALL)
    assert block is not None
    return {
        found["name"]: "optional" in found["rest"]
        for found in re.finditer(
            r"^\s*['\"](?P<name>[^'\"]+)['\"](?P<rest>.*)$", block[1], re.MULTILINE
        )
    }
