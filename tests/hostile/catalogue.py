"""All cases, by group: what the loaders are tried with.

python -m tests.hostile.catalogue tries them all and prints the table: how many inputs, how many
loaded rightly, how many were refused clearly, and each that went wrong.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.hostile.case import Case

ROOT = Path(__file__).resolve().parents[2]
TOGETHER = (
    ("text",),
    ("table",),
    ("numpy", "binary", "columnar", "anndata"),
    ("packed",),
    ("place",),
)  # fmt: skip; the groups that one process tries
PATIENCE = 300  # seconds for a process; each case has a bound on its processor time besides


def cases(group: str) -> Iterator[Case]:
    """The cases of one group."""
    module = import_module(f"tests.hostile.{group}_cases")
    yield from module.cases()


@dataclass(frozen=True)
class Report:
    """What came of some groups: a line for each try, as `run` prints them."""

    tries: list[dict[str, Any]]
    died_of: str  # the case in which the process ended, or ""

    def count(self, came: str) -> int:
        return sum(one["came"] == came for one in self.tries)

    @property
    def wrong(self) -> list[str]:
        """A sentence for each case that went wrong."""
        found = [
            f"{one['case']}{' (uploaded)' * one['upload']}: {one['why']}"
            for one in self.tries
            if one["came"] == "wrong"
        ]
        return found + ([f"the process died of: {self.died_of}"] if self.died_of else [])


def tried(groups: Sequence[str]) -> Report:
    """Try the cases of some groups in a process of their own."""
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")
    environment = {
        **os.environ, **dict.fromkeys(threads, "1"),
        "ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "2",  # address space is bounded
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.hostile.run", *groups]
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        output, ended = done.stdout, done.returncode
    except subprocess.TimeoutExpired as slow:
        output, ended = (slow.stdout or b"").decode(), -1
    lines = [json.loads(line) for line in output.splitlines() if line.endswith("}")]
    last = lines[-1] if lines else {}
    died = last.get("begins", "its start" if not lines else "") if ended else ""
    return Report([line for line in lines if "came" in line], died)


def main() -> int:
    """Print the table; 1 where something went wrong."""
    print(f"{'group':40} {'tried':>7} {'right':>7} {'refused':>8} {'wrong':>6} {'seconds':>8}")
    wrong: list[str] = []
    for groups in TOGETHER:
        report = tried(groups)
        seconds = sum(one["seconds"] for one in report.tries)
        print(
            f"{', '.join(groups):40} {len(report.tries):>7,} {report.count('right'):>7,} "
            f"{report.count('refused'):>8,} {len(report.wrong):>6,} {seconds:>8.1f}"
        )
        wrong += report.wrong
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
