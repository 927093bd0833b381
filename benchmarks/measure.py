"""Timing that is fair to two programs: in turn, in one run, against the machine's own limit."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np


def interleave(
    candidates: Mapping[str, Callable[[], Any]], rounds: int = 5, *, warm_up: bool = True
) -> dict[str, float]:
    """Median seconds of each candidate, all of them run once in every round.

    Taken in turn, a busy moment of the machine falls on all alike. Each runs once unmeasured
    first (`warm_up`), so that imports, caches and compilation are not counted.
    """
    return {
        name: median(times)
        for name, times in in_rounds(candidates, rounds, warm_up=warm_up).items()
    }


def in_rounds(
    candidates: Mapping[str, Callable[[], Any]], rounds: int, *, warm_up: bool = True
) -> dict[str, list[float]]:
    """All the seconds behind the medians of `interleave`."""
    seconds: dict[str, list[float]] = {name: [] for name in candidates}
    for number in range(-1 if warm_up else 0, rounds):
        for name, run in candidates.items():
            took = timed(run)
            if number >= 0:
                seconds[name].append(took)
    return seconds


def timed(run: Callable[[], Any]) -> float:
    """Seconds of one call by the wall clock; the collector rests meanwhile."""
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        run()
        return time.perf_counter() - start
    finally:
        gc.enable()


def read_bandwidth(megabytes: int = 512, rounds: int = 5) -> float:
    """Bytes a second at which memory can be read: the best of several passes over a big array.

    The array is far larger than any cache. Read by one inner product with itself on one thread
    and on one for every core: no scan of as many bytes can be faster than the better of them.
    """
    array = np.ones(megabytes * (1 << 20) // 4, dtype=np.float32)
    cores = available_cores()
    parts = np.array_split(array, cores)
    with ThreadPoolExecutor(cores) as pool:
        ways: list[Callable[[], Any]] = [
            lambda: np.dot(array, array),
            lambda: list(pool.map(lambda part: np.dot(part, part), parts)),
        ]
        best = min(timed(way) for _ in range(rounds) for way in ways)
    return array.nbytes / best


def available_cores() -> int:
    """Cores this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class FreshRun(NamedTuple):
    """What a piece of Python cost in a process of its own."""

    seconds: float  # whole process, start and imports included
    peak_bytes: int  # largest resident memory, file pages that are mapped included
    output: str  # what it printed


def fresh_process(
    code: str, *arguments: str, environment: Mapping[str, str] | None = None
) -> FreshRun:
    """Run `code` in a new interpreter (arguments in sys.argv[1:]): its time and peak memory.

    environment : variables that are set for it besides our own
    It can import `benchmarks` and `explorer`. Mapped pages of a file count as resident; let the
    code print what it wants told apart, for example `anonymous_bytes()`.
    """
    report = "\nfrom benchmarks.measure import peak_bytes; print('PEAK', peak_bytes())"
    start = time.perf_counter()
    run = subprocess.run(
        [sys.executable, "-c", code + report, *arguments],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[1],
        env={**os.environ, **(environment or {})},
    )  # fmt: skip
    seconds = time.perf_counter() - start
    if run.returncode:
        raise RuntimeError(f"The measured process failed:\n{run.stderr.strip()}")
    output, _, peak = run.stdout.rpartition("PEAK ")
    return FreshRun(seconds, int(peak), output.strip())


def write_npy(
    file: Path, shape: tuple[int, int], make: Callable[[int, int], np.ndarray], piece: int = 100_000
) -> None:
    """Write n vectors of d numbers without holding them all.

    make : of (count, first row) the vectors of a piece; `piece` divides n
    """
    stored = np.lib.format.open_memmap(file, "w+", np.float32, shape)
    for first in range(0, shape[0], piece):
        stored[first : first + piece] = make(piece, first)
    stored.flush()


def peak_bytes() -> int:
    """The largest resident memory of this process so far, mapped files included."""
    status = _status()
    if status:
        return int(status["VmHWM"].split()[0]) * 1024
    import resource  # not on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def anonymous_bytes() -> int:
    """Memory of this process that is its own (no mapped files), in bytes; 0 where not known."""
    status = _status()
    return int(status["RssAnon"].split()[0]) * 1024 if status else 0


def _status() -> dict[str, str]:
    """What Linux tells of this process; empty elsewhere."""
    file = Path("/proc/self/status")
    if not file.exists():
        return {}
    return dict(line.split(":", 1) for line in file.read_text().splitlines())


def table(rows: Sequence[Mapping[str, Any]], title: str = "") -> str:
    """Rows of one table as aligned text, numbers to the right; the caller prints it.

    Floats show three significant digits; columns are those of the first row.
    """
    if not rows:
        return title
    head = list(rows[0])
    cells = [head] + [[_shown(row.get(column, "")) for column in head] for row in rows]
    widths = [max(len(line[at]) for line in cells) for at in range(len(head))]
    numeric = [isinstance(rows[0][column], int | float) for column in head]
    lines = [
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, numeric, strict=True)
        ).rstrip()
        for line in cells
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(([title] if title else []) + lines)


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
