"""What the image holds: built by the same steps, started read-only as nobody."""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTAINER = ROOT / "infra" / "container"
UV = ROOT / ".venv" / "bin" / "uv"


@pytest.fixture
def open_folder():
    """A folder that other users may enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="image-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


# One test, because building takes 15 seconds and tests may run in several processes.
@pytest.mark.skipif(not UV.exists(), reason="uv is not in .venv; make puts it there")
def test_image_starts_read_only_as_nobody_and_has_every_address_of_graph(open_folder):
    work = open_folder / "work"
    run = subprocess.run(
        [sys.executable, CONTAINER / "rehearse", "--keep", work, "--uv", UV],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    figures = json.loads(run.stdout)
    assert "Usage: scheduler" in figures["output"]
    assert figures["errors"] == ""
    assert figures["user"] == (65532 if os.geteuid() == 0 else os.geteuid())
    assert figures["written"] == []
    assert figures["plan_errors"] == ""
    assert figures["ready_seconds"] > 0
    assert figures["loops_kept"] >= 2 * count_compiled_loops()
    assert figures["loops_compiled_anew"] == []
    assert build_every_address(figures["python"], work / "app") == (0, "")


def count_compiled_loops():
    """Loops that numba keeps, each in two files."""
    texts = [path.read_text("utf-8") for path in (ROOT / "scheduler" / "grouping").glob("*.py")]
    return sum(len(re.findall(r"^@njit\(cache=True", text, re.MULTILINE)) for text in texts)


def build_every_address(python, folder):
    """Exit code and errors of making each request builder that ``scheduler/graph`` names."""
    chains = sorted(
        {
            re.sub(r"\([^)]*\)", "('x')", chain)
            for path in (ROOT / "scheduler" / "graph").glob("*.py")
            for chain in re.findall(r"\.sdk((?:\.\w+(?:\([^)]*\))?)+)", path.read_text("utf-8"))
        }
    )
    assert len(chains) > 5
    script = "from msgraph import GraphServiceClient\nsdk = GraphServiceClient(object())\n"
    script += "".join(f"assert sdk{chain}.url_template\n" for chain in chains)
    run = subprocess.run(
        [python, "-c", script],
        env={"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stderr


def test_trimming_keeps_what_an_attribute_leads_to_and_nothing_else(tmp_path):
    generated = tmp_path / "msgraph" / "generated"
    for folder in ("users/item/events/item/cancel", "users/item/drives", "drives", "models"):
        (generated / folder).mkdir(parents=True)
    (tmp_path / "scheduler").mkdir()
    (tmp_path / "scheduler" / "a.py").write_text("sdk.users.by_user_id(x).events.y.cancel.models\n")
    runpy.run_path(str(CONTAINER / "trim.py"))["trim"](tmp_path)
    assert {str(p.relative_to(generated)) for p in generated.rglob("*")} == {
        "users",
        "users/item",
        "users/item/events",
        "users/item/events/item",
        "users/item/events/item/cancel",
    }


def test_trimming_refuses_code_that_uses_the_models(tmp_path):
    (tmp_path / "scheduler").mkdir()
    (tmp_path / "scheduler" / "a.py").write_text("from msgraph.generated.models.user import User\n")
    with pytest.raises(SystemExit, match="must learn to keep it"):
        runpy.run_path(str(CONTAINER / "trim.py"))["trim"](tmp_path)
