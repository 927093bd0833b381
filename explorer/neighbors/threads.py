"""Threads for searches: a few, kept; and BLAS held to one thread inside each of them.

BLAS threads started inside a pool of threads spin against each other: a batch of queries was seen
to take six times as long.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import cache
from threading import Lock, current_thread
from typing import Any, TypeVar

Part = TypeVar("Part")
Done = TypeVar("Done")

NAME = "explorer search"
THREADS = min(4, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2)

AHEAD = 3  # parts that are handed out for each thread before the first result is taken


@cache
def threads_pool() -> ThreadPoolExecutor:
    """The threads that all searches of this process share."""
    return ThreadPoolExecutor(THREADS, thread_name_prefix=NAME)


def in_threads_pool() -> bool:
    """Whether the caller is one of those threads: it must not wait for the others."""
    return current_thread().name.startswith(NAME)


def threads_for(size: int, least: int) -> int:
    """Threads that share a piece of work: one for less than `least`, or in one of our threads."""
    return 1 if size < least or in_threads_pool() else THREADS


def side_by_side(work: Callable[[int], None], parts: int) -> None:
    """work(0) … work(parts - 1) at once, the first by the caller."""
    others = [threads_pool().submit(work, part) for part in range(1, parts)]
    try:
        work(0)
    finally:
        for other in others:
            other.result()


def in_turn(work: Callable[[Part], Done], parts: Iterable[Part]) -> Iterator[Done]:
    """The results of all parts in order, worked on side by side.

    As pool.map, but whoever stops asking, or meets an exception, finds that nothing goes on; and
    never are more than a few results waiting.
    """
    futures: deque[Future[Done]] = deque()
    try:
        for part in parts:
            futures.append(threads_pool().submit(work, part))
            if len(futures) > AHEAD * THREADS:
                yield futures.popleft().result()
        while futures:
            yield futures.popleft().result()
    finally:
        for future in futures:
            future.cancel()
        wait(futures)


class _OneBlasThread:
    """The limit holds for the whole process, so the first to enter sets it, the last lifts it.

    Libraries are looked for again (some milliseconds) when modules were imported since: SciPy's
    BLAS is another than NumPy's.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._inside = 0
        self._controller: Any = None
        self._modules = 0  # imported when libraries were last looked for
        self._limit: Any = None

    def enter(self) -> None:
        with self._lock:
            if not self._inside:
                if self._modules != len(sys.modules):
                    from threadpoolctl import ThreadpoolController

                    self._controller = ThreadpoolController()
                    self._modules = len(sys.modules)
                self._limit = self._controller.limit(limits=1, user_api="blas")
            self._inside += 1

    def leave(self) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                self._limit.restore_original_limits()


_ONE = _OneBlasThread()


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Within, matrix products use the calling thread alone; may be entered by several at once."""
    _ONE.enter()
    try:
        yield
    finally:
        _ONE.leave()
