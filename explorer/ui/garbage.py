"""Garbage in cycles, collected now and then instead of after every run of a page.

Streamlit would have Python look through all its objects after every run, and twice a second for
whoever watches a training: about 0.1 s each time, in which nobody else is served, for the modules
of a program with plots, tables and kernels hold 200,000 objects. `.streamlit/config.toml` turns
that off (runner.postScriptGC), and the entry script calls this at its end.
"""

from __future__ import annotations

import gc
import threading
import time

EVERY = 20.0  # seconds between two collections of a server, at least


class NowAndThen:
    """Collects all garbage when called, unless that was done in the last `every` seconds."""

    def __init__(self, every: float) -> None:
        self._every = every
        self._done = time.monotonic()
        self._lock = threading.Lock()

    def __call__(self) -> bool:
        """Whether it was due."""
        with self._lock:
            due = time.monotonic() - self._done >= self._every
            if due:
                self._done = time.monotonic()
        if due:
            gc.collect()
        return due


collect_now_and_then = NowAndThen(EVERY)
