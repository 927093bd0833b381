"""`python -m explorer.warm_up`: compile the kernels now, which else are compiled when first needed.

A package that has kernels has a module `warm_up` with `TASKS`: by name a function that calls them
once, on a few rows, with the types of the real work. What was compiled is kept on disk
(`kernel_cache`), and a note beside it says so, until the code, Numba or the machine is another.

    python -m explorer.warm_up                    all that is not compiled yet
    python -m explorer.warm_up training.sgns      only this
    python -m explorer.warm_up --list             what there is, and what is ready
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import logging
import os
import platform
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from explorer import kernel_cache

NICE = 15  # visitors go first

log = logging.getLogger(__name__)


def tasks() -> dict[str, Callable[[], None]]:
    """All that can be compiled, by name: "training.sgns". Importing them imports no Numba."""
    found = {}
    for file in sorted(kernel_cache.PACKAGE.glob("*/warm_up.py")):
        package = file.parent.name
        for name, task in import_module(f"explorer.{package}.warm_up").TASKS.items():
            found[f"{package}.{name}"] = task
    return found


def is_warm(task: str) -> bool:
    """Whether the kernels of a task were compiled here before, by the note that was left."""
    note = _note(task)
    return note is not None and note.is_file()


def warm_up(names: Sequence[str], say: Callable[[str], None] = lambda line: None) -> None:
    """Compile the kernels of these tasks and leave a note for each; those that are warm are passed.

    A task that fails is logged and left: what needs it will tell.
    """
    known = tasks()
    for name in names:
        if is_warm(name):
            continue
        begun = time.perf_counter()
        try:
            known[name]()
        except ImportError as missing:
            say(f"{name}: {missing}")
        except Exception:
            log.exception("the kernels of %s could not be compiled", name)
        else:
            _leave_note(name)
            say(f"{name}: {time.perf_counter() - begun:.1f} s")


@contextmanager
def alone() -> Iterator[bool]:
    """True where no other process of this machine warms the same cache up.

    The system holds the lock and lets it go with the process, however that ends.
    """
    folder = kernel_cache.folder()
    with contextlib.ExitStack() as held:
        try:
            import fcntl

            if folder is None:
                raise OSError
            lock = held.enter_context((folder / "warm-up.lock").open("ab"))
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            free = True
        except ImportError:  # Windows: two that compile the same do no harm
            free = folder is not None
        except OSError:
            free = False
        yield free


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 2 for an unknown task."""
    parser = argparse.ArgumentParser(
        prog="python -m explorer.warm_up", description="Compile the kernels before they are needed."
    )
    parser.add_argument("tasks", metavar="TASK", nargs="*", help="default: all")
    parser.add_argument("--list", action="store_true", help="say what there is and what is ready")
    parser.add_argument("--behind", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--with-parent", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    known = tasks()
    unknown = [name for name in chosen.tasks if name not in known]
    if unknown:
        print(f"No task {unknown[0]}; there are {', '.join(known)}.", file=sys.stderr)
        return 2
    names = chosen.tasks or list(known)
    if chosen.list:
        print("\n".join(f"{name}: {'ready' if is_warm(name) else 'not yet'}" for name in names))
        return 0
    if chosen.with_parent:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    if not chosen.behind:
        warm_up(names, print)
        return 0
    with contextlib.suppress(AttributeError, OSError):  # not on Windows
        os.nice(NICE)
    with alone() as free:
        if free:
            warm_up(names)
    return 0


def _end_with_parent() -> None:
    """The parent holds the other end of stdin: when that closes, however it happened, end too."""
    sys.stdin.read()
    os._exit(0)


def _note(task: str) -> Path | None:
    folder = kernel_cache.folder()
    return None if folder is None else folder / f"warm {task} {_digest(task.partition('.')[0])}"


def _leave_note(task: str) -> None:
    note = _note(task)
    if note is None:
        return
    with contextlib.suppress(OSError):
        for old in note.parent.glob(f"warm {task} *"):
            old.unlink()
        note.touch()


@cache
def _digest(package: str) -> str:
    """Of all that a package's compiled kernels depend on: code, Numba, Python, the machine."""
    hashed = hashlib.blake2b(digest_size=8)
    own = kernel_cache.PACKAGE / package
    files = {own / "warm_up.py", *kernel_cache.PACKAGE.glob("kernel_*.py")}
    for kernels in own.rglob("*_kernels.py"):
        files.update(kernel_cache.sources(kernels))
    for file in sorted(files):
        hashed.update(file.read_bytes())
    with contextlib.suppress(PackageNotFoundError):
        hashed.update(version("numba").encode())
    hashed.update(f"{sys.version} {platform.machine()} {platform.node()}".encode())
    return hashed.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
