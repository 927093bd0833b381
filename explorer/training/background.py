"""Work in the background that belongs to someone: stopped by its owner, ended when they have gone.

All such work of a server shares a few places, taken in turn (`turns.Turns`): a piece of work holds
its place for a second and then stands behind those who wait.
"""

from __future__ import annotations

import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager

from explorer.errors import ExplorerError
from explorer.training.turns import Turns

OWNER_GONE_SECONDS = 60.0
AT_ONCE = 2  # trainings of a server that run at the same time
TURN = 1.0  # seconds that a place is held

log = logging.getLogger(__name__)
_turns = Turns(AT_ONCE)


class BackgroundWork(ABC):
    """A thread that does `_work` once it is started.

    error : one sentence for the owner, where the work failed
    """

    def __init__(self) -> None:
        self.error: str | None = None
        self._stop = threading.Event()
        self._finished = threading.Event()
        self._in_place = False
        self._seen = time.monotonic()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @abstractmethod
    def _work(self) -> None:
        """All of it, in slices under `_turn`, each followed by a look at `_stop`."""

    @property
    def finished(self) -> bool:
        """True once the thread has ended: done, stopped or failed."""
        return self._finished.is_set()

    @property
    def position(self) -> int:
        """How many others of this server go first; 0 when it runs or is next."""
        return _turns.position(self)

    def stop(self) -> None:
        """End after the slice that runs; what was learned is kept."""
        self._stop.set()

    def wait(self, seconds: float) -> bool:
        """Wait for the end; False when the time ran out first."""
        return self._finished.wait(seconds)

    def touch(self) -> None:
        """The owner is still there."""
        self._seen = time.monotonic()

    def _left_alone(self, patience: float = 1) -> bool:
        """The owner has not asked for so many minutes."""
        return time.monotonic() - self._seen > patience * OWNER_GONE_SECONDS

    @contextmanager
    def _turn(self) -> Iterator[float]:
        """Wait for a place among the server's trainings; until when it may be held."""
        with _turns.hold(self):
            self._in_place = True
            try:
                yield time.monotonic() + TURN
            finally:
                self._in_place = False

    def _run(self) -> None:
        with self._faults_told():
            self._work()
        with self._faults_told():
            self._ended()
        self._finished.set()

    @contextmanager
    def _faults_told(self) -> Iterator[None]:
        try:
            yield
        except ExplorerError as error:
            self.error = str(error)
        except MemoryError:
            self.error = "This needs more memory than the server has: take less data."
        except Exception:
            log.exception("a training failed")
            self.error = "The training failed on our side; the server's log holds the details."

    def _ended(self) -> None:  # noqa: B027 (there may be nothing left to do)
        """What is done last, however the work ended."""
