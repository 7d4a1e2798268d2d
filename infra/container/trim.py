"""Take out of a folder of installed packages what the product cannot reach.

``python trim.py FOLDER`` where ``FOLDER`` holds ``scheduler`` and everything it depends on.

The Graph SDK is nearly all of it: 16,000 generated modules, one folder for each part of an
address. A request builder is reached only by the property that bears its folder's name
(``sdk.users.by_user_id(x).calendar`` is ``users/item/calendar``), so a folder whose name is no
attribute anywhere in ``scheduler/`` cannot be used. The SDK's models go too: bodies are our own
(``scheduler/graph/requests.py``), and this script refuses to go on where that has changed.
"""

from __future__ import annotations

import ast
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

TEST_FOLDERS = ("pandas/tests", "numpy/tests", "numpy/_core/tests", "numba/tests")


def find_attributes(package: Path) -> set[str]:
    """Every name that follows a dot in the package's code.

    Raises:
        SystemExit: The code uses the SDK's models.
    """
    names = set()
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                names.add(node.attr)
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                "msgraph.generated"
            ):
                sys.exit(f"{path} imports {node.module}: trim.py must learn to keep it")
    return names


def find_unreachable(folder: Path, names: set[str]) -> Iterator[Path]:
    """The topmost folders of builders that no attribute leads to."""
    for child in sorted(path for path in folder.iterdir() if path.is_dir()):
        if child.name == "item" or child.name in names:
            yield from find_unreachable(child, names)
        elif child.name != "__pycache__":
            yield child


def trim(folder: Path) -> None:
    """Delete what is out of reach below ``folder``."""
    generated = folder / "msgraph" / "generated"
    names = find_attributes(folder / "scheduler")
    for unreachable in find_unreachable(generated, names - {"models"}):
        shutil.rmtree(unreachable)
    for listing in generated.glob("kiota-*"):
        listing.unlink()
    for tests in TEST_FOLDERS:
        shutil.rmtree(folder / tests, ignore_errors=True)


if __name__ == "__main__":
    trim(Path(sys.argv[1]))
