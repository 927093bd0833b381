"""Work on n rows by several threads, in the same few parts however many threads there are.

So sums are added in one order, and results do not depend on the number of threads. The caller does
its share, and is the one who asks whether to stop, about twenty times a second.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import wait
from threading import Event

from explorer.errors import Cancelled
from explorer.neighbors.threads import THREADS, threads_pool

PARTS = 4
AT_ONCE = 1 << 30  # multiplications between two looks at the flag: some 20 ms of a core
WORTH_A_THREAD = 1 << 22  # multiplications below which handing over costs more than it saves
LOOK_EVERY = 0.05  # seconds

Stop = Callable[[], bool]
Work = Callable[[int, int, int], None]  # of a part: its number, its first row, the row after it


class Crew:
    """A few threads, and the question whether they are to stop."""

    parts = PARTS

    def __init__(self, threads: int | None = None, stop: Stop | None = None) -> None:
        self.threads = min(threads or THREADS, THREADS, PARTS)
        self.stop = stop or (lambda: False)

    def over(self, n: int, work: Work, cost: int) -> None:
        """work(part, first, last) over range(n), in order within a part; Cancelled when stopped.

        cost : multiplications a row
        """
        self.check()
        step = max(256, AT_ONCE // max(cost, 1) // 256 * 256)
        halt, parts = Event(), iter(range(PARTS))

        def run(look: Callable[[], None] | None = None) -> None:
            for part in parts:  # whoever is free takes the next
                end = n * (part + 1) // PARTS
                for first in range(n * part // PARTS, end, step):
                    if halt.is_set():
                        return
                    if look is not None:
                        look()
                    work(part, first, min(first + step, end))

        others = 0 if n * cost < WORTH_A_THREAD else self.threads - 1
        helpers = [threads_pool().submit(run) for _ in range(others)]
        try:
            run(self.check)
            helpers = [helper for helper in helpers if not helper.cancel()]  # came too late
            while wait(helpers, LOOK_EVERY).not_done:
                self.check()
        finally:
            halt.set()
            wait(helpers)
        for helper in helpers:
            helper.result()

    def check(self) -> None:
        if self.stop():
            raise Cancelled
