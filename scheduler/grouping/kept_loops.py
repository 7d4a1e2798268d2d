"""Where numba finds loops that were compiled at installation, in a container that is read-only.

numba takes a folder of compiled loops only if it can write to it. So a container, which has them
beside the modules, copies them to where it may write when they are first needed:
``NUMBA_CACHE_LOCATOR_CLASSES=scheduler.grouping.kept_loops.KeptLoops``, with ``NUMBA_CACHE_DIR``.
They fit every machine with the processor that ``NUMBA_CPU_NAME`` says; what does not fit (another
version of a loop) is compiled anew, as everywhere.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from numba.core.caching import UserProvidedCacheLocator


class KeptLoops(UserProvidedCacheLocator):
    """A writable folder that begins with what lies beside the module."""

    def ensure_cache_path(self) -> None:
        """Make the folder and copy what is missing in it.

        Raises:
            OSError: it cannot be written; numba then looks elsewhere.
        """
        place = Path(self._cache_path)
        place.mkdir(parents=True, exist_ok=True)
        for file in (Path(self._py_file).parent / "__pycache__").glob("*.nb[ic]"):
            copy = place / file.name
            if not copy.exists():
                # Whole or not at all: several processes may begin at once.
                made = shutil.copyfile(file, f"{copy}.{id(self)}")
                Path(made).replace(copy)
