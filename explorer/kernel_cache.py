"""Where compiled kernels are kept between runs, so that they are compiled once on a machine.

    beside the code          explorer/…/__pycache__, as Numba does by itself
    the user's cache         where the code lies in a folder that this user cannot write to
    a folder of this run     where neither can be written: compiled anew each time

$NUMBA_CACHE_DIR, where it is set, is respected. A cache of Numba's is code: nobody else may be able
to write to it, so the folder of a run is made for its user alone. Kernels take their `njit` from
here: its files are checked when they are read (`kernel_files`).
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

VARIABLE = "NUMBA_CACHE_DIR"
PACKAGE = Path(__file__).parent
IMPORTED = re.compile(r"^from (explorer\.[\w.]+) import", re.MULTILINE)


def njit(*, cache: bool, **options: Any) -> Any:
    """numba.njit(**options), its machine code kept in files that are checked."""
    from numba import njit as compiled

    from explorer.kernel_files import KernelCache

    def decorate(function: Callable[..., Any]) -> Any:
        kernel = compiled(**options)(function)
        if cache:
            with contextlib.suppress(RuntimeError):  # there is no folder for it
                kernel._cache = KernelCache(function)
        return kernel

    return decorate


def prepare() -> None:
    """Point Numba to a folder that can be written; called before any kernel is imported."""
    if os.environ.get(VARIABLE) or is_writable(PACKAGE / "__pycache__"):
        return
    import atexit
    import shutil
    import tempfile

    from explorer.projection.map_cache import cache_folder

    maps = cache_folder()
    chosen = None if maps is None else maps.parent / "kernels"
    if chosen is None or not is_writable(chosen):
        try:
            chosen = Path(tempfile.mkdtemp(prefix="embedding-explorer-"))
        except OSError:
            return  # nowhere at all: Numba says so when a kernel is asked for
        atexit.register(shutil.rmtree, chosen, ignore_errors=True)
    os.environ[VARIABLE] = str(chosen)
    numba = sys.modules.get("numba")
    if numba is not None:  # it has read the variable already
        numba.config.CACHE_DIR = str(chosen)


def folder() -> Path | None:
    """Where this package's kernels and the notes about them are kept; None where nothing can be."""
    chosen = Path(os.environ.get(VARIABLE) or PACKAGE / "__pycache__")
    return chosen if is_writable(chosen) else None


def is_writable(wanted: Path) -> bool:
    """Whether files can be made in a folder; one that is not there yet is made, if it can be."""
    with contextlib.suppress(OSError):
        wanted.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.access(wanted, os.W_OK | os.X_OK)
    return False


def sources(module: Path) -> list[Path]:
    """The file of a module with those of ours that it imports at its top, and that these import.

    A kernel holds the code of the kernels that it calls, and the numbers that it takes from others.
    """
    found: set[Path] = set()
    waiting = [module]
    while waiting:
        file = waiting.pop()
        if file in found or not file.is_file():
            continue
        found.add(file)
        names = IMPORTED.findall(file.read_text(encoding="utf-8"))
        waiting += [PACKAGE.parent.joinpath(*name.split(".")).with_suffix(".py") for name in names]
    return sorted(found)
