"""Kernels are compiled beside the server, never in it: compiling holds up every visitor.

Some seconds after the first page was served a child process of low priority compiles what this
machine has not compiled yet (`explorer.warm_up`). A training that is asked for sooner has its own
kernels compiled first, by a child of normal priority, and its visitor waits. Both end with the
server. EMBEDDING_EXPLORER_WARM_UP=off leaves everything to the moment when it is needed.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from contextlib import suppress

from streamlit import runtime

from explorer import kernel_cache, warm_up

VARIABLE = "EMBEDDING_EXPLORER_WARM_UP"
BEGIN_AFTER = 8.0  # seconds after the first page
PATIENCE = 300.0  # seconds for the kernels of one training; then it compiles them itself

log = logging.getLogger(__name__)
_lock = threading.Lock()  # one child at a time
_scheduled = threading.Event()
_background: list[subprocess.Popen[bytes]] = []


def begin_soon() -> None:
    """Called after a page was drawn: the first time in a server it sets the clock."""
    if _scheduled.is_set() or _is_off():
        return
    _scheduled.set()
    timer = threading.Timer(BEGIN_AFTER, _begin)
    timer.daemon = True
    timer.start()


def kernels_of(trainer: type) -> str:
    """The task that compiles what a trainer of this class needs: "training.bpr"."""
    return trainer.__module__.removeprefix("explorer.")


def is_ready(*tasks: str) -> bool:
    """Whether these tasks of `explorer.warm_up` need no compiling here, or it cannot be helped."""
    return _is_off() or all(warm_up.is_warm(task) for task in tasks if task)


def make_ready(*tasks: str) -> None:
    """Wait until the kernels of these tasks are compiled; at once where they are."""
    cold = [task for task in tasks if not is_ready(task)]
    if not cold:
        return
    with _lock:
        if is_ready(*cold):  # another visitor waited for the same
            return
        _end_background()
        child = _child(*cold)
        if child is not None:
            with suppress(subprocess.TimeoutExpired):
                child.wait(PATIENCE)
            _end(child)
    _begin()


def _begin() -> None:
    """Compile what is cold, in a child that gives way to everybody."""
    try:
        names = warm_up.tasks()
    except Exception:
        log.exception("what could be warmed up is not known")
        return
    with _lock:
        running = any(child.poll() is None for child in _background)
        if running or is_ready(*names) or not runtime.exists():
            return
        child = _child("--behind")
        if child is not None:
            _background[:] = [child]
            threading.Thread(target=child.wait, daemon=True).start()  # so that its end is noticed


def _end_background() -> None:
    for child in _background:
        _end(child)
    _background.clear()


def _end(child: subprocess.Popen[bytes]) -> None:
    """Close the child's stdin, at which it lets go of everything and ends."""
    if child.stdin is not None:
        with suppress(OSError):
            child.stdin.close()
    try:
        child.wait(5)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _child(*arguments: str) -> subprocess.Popen[bytes] | None:
    command = [sys.executable, "-m", "explorer.warm_up", "--with-parent", *arguments]
    paths = [str(kernel_cache.PACKAGE.parent), os.environ.get("PYTHONPATH", "")]
    try:
        return subprocess.Popen(
            command,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        log.warning("No process could be started to compile kernels; they compile when needed.")
        return None


def _is_off() -> bool:
    return os.environ.get(VARIABLE) == "off" or kernel_cache.folder() is None
