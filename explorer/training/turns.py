"""A few places and a fair queue before them: whoever has waited longest goes next."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """At most `places` holders at a time. A holder that comes back stands behind those who wait."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._changed = threading.Condition()
        self._queue: deque[object] = deque()

    @contextmanager
    def hold(self, who: object) -> Iterator[None]:
        """Wait for a place, hold it for the block, give it back."""
        with self._changed:
            self._queue.append(who)
            while self._queue[0] is not who or self._free == 0:
                self._changed.wait()
            self._queue.popleft()
            self._free -= 1
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()

    def position(self, who: object) -> int:
        """How many stand before `who`; 0 for one who is next, holds a place or does not wait."""
        with self._changed:
            waiting = list(self._queue)
        return next((place for place, one in enumerate(waiting) if one is who), 0)
