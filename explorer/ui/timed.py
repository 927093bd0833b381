"""A result together with what it cost, so that a page can say so."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Timed(Generic[T]):
    """value, and the wall-clock seconds that computing it took the first time."""

    value: T
    seconds: float


def timed(compute: Callable[[], T]) -> Timed[T]:
    """Compute and measure."""
    start = time.perf_counter()
    value = compute()
    return Timed(value, time.perf_counter() - start)


def duration(seconds: float) -> str:
    """0.0004 -> "0.4 ms", 0.25 -> "250 ms", 3.21 -> "3.2 s", 312 -> "5 min 12 s"."""
    if seconds < 0.01:
        return f"{seconds * 1e3:.1f} ms"
    if seconds < 1:
        return f"{seconds * 1e3:.0f} ms"
    if seconds < 100:
        return f"{seconds:.1f} s"
    return f"{seconds // 60:.0f} min {seconds % 60:.0f} s"
