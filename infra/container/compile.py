"""Compile what the product imports, so that a read-only container need not at every start.

``python compile.py FOLDER``, with ``FOLDER`` as in ``trim.py``. Only modules that are really
imported are compiled: everything would take twice the space. The compiled files name the hash of
their source, which is not looked at again (``unchecked-hash``): a read-only image cannot change,
and copying between layers may change times.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import pkgutil
import py_compile
import sys
from pathlib import Path


def import_everything(package: str) -> None:
    """Import the package with all modules in it, but not those that run when imported."""
    module = importlib.import_module(package)
    for found in pkgutil.walk_packages(module.__path__, f"{package}."):
        if not found.name.endswith("__main__") and ".migrations." not in found.name:
            importlib.import_module(found.name)


def import_what_is_imported_later(package: Path) -> None:
    """Import what functions of the package import only when they need it."""
    for path in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                importlib.import_module(node.module)
                for name in node.names:  # a module in a package, or something in a module
                    with contextlib.suppress(ModuleNotFoundError):
                        importlib.import_module(f"{node.module}.{name.name}")
            elif isinstance(node, ast.Import):
                for name in node.names:
                    importlib.import_module(name.name)


def compile_imported(folder: Path) -> None:
    """Compile each module below ``folder`` that has been imported, and what is imported later."""
    modules = [module.__dict__.get("__file__") for module in sys.modules.values()]
    imported = {Path(file) for file in modules if file}
    # The SDK imports its builders, and alembic the migrations, when they are first used.
    later = {path for name in ("msgraph", "scheduler") for path in (folder / name).rglob("*.py")}
    for path in sorted(imported | later):
        if path.suffix == ".py" and path.is_relative_to(folder):
            py_compile.compile(
                str(path),
                doraise=True,
                invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
            )


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    target = Path(sys.argv[1]).resolve()
    sys.path.insert(0, str(target))
    import_everything("scheduler")
    import_what_is_imported_later(target / "scheduler")
    compile_imported(target)
