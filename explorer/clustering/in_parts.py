"""Work on n rows by several threads, in the same few parts however many threads there are.

So sums are added in one order, and results do not depend on the number of threads. Whoever waits
is the one who asks whether to stop, about twenty times a second.
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
        halt = Event()

        def run(thread: int, threads: int, look: Callable[[], None] | None = None) -> None:
            for part in range(thread, PARTS, threads):
                end = n * (part + 1) // PARTS
                for first in range(n * part // PARTS, end, step):
                    if halt.is_set():
                        return
                    if look is not None:
                        look()
                    work(part, first, min(first + step, end))

        if self.threads == 1 or n * cost < WORTH_A_THREAD:
            run(0, 1, self.check)
            return
        pool = threads_pool()
        futures = [pool.submit(run, thread, self.threads) for thread in range(self.threads)]
        try:
            while wait(futures, LOOK_EVERY).not_done:
                self.check()
        finally:
            halt.set()
            wait(futures)
        for future in futures:
            future.result()

    def check(self) -> None:
        if self.stop():
            raise Cancelled
