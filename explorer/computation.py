"""Something that takes a while, computed in a thread: how far it is, its result, a way to stop it.

Computations are asked for by key, so that all who ask for one thing share one run of it; it is
stopped when nobody waits for it any more. Finished ones are kept, the least recently asked for
let go first.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Generic, Literal, TypeVar

from explorer.errors import Cancelled, ExplorerError
from explorer.training.turns import Turns

T = TypeVar("T")
OnProgress = Callable[[float], None]
State = Literal["waiting", "running", "done", "failed", "cancelled"]

AT_ONCE = 2  # computations of a server that run at the same time
MOST_KEPT = 48  # finished ones
ASKER_GONE_SECONDS = 60.0

log = logging.getLogger(__name__)


class Computation(Generic[T]):
    """One run of `compute(on_progress)`, which calls back often: that is where it can be stopped.

    progress : the share done, from 0 to 1
    seconds : what the run took, without the wait for its turn; None until it is done
    error : one sentence, when the state is "failed"
    """

    def __init__(self, compute: Callable[[OnProgress], T], turns: Turns) -> None:
        self._compute, self._turns = compute, turns
        self.state: State = "waiting"
        self.progress = 0.0
        self.seconds: float | None = None
        self.error: str | None = None
        self._result: T | None = None
        self._waiting: set[str] = set()
        self._left: set[str] = set()
        self._lock = threading.Lock()
        self._stop, self._ended = threading.Event(), threading.Event()
        self._seen = time.monotonic()
        threading.Thread(target=self._run, daemon=True).start()

    @property
    def finished(self) -> bool:
        """True when the state will not change any more."""
        return self._ended.is_set()

    @property
    def position(self) -> int:
        """How many others stand before this one; 0 when it runs or is next."""
        return self._turns.position(self)

    def wait(self, seconds: float) -> bool:
        """Wait for the end; False when the time ran out first."""
        return self._ended.wait(seconds)

    def result(self) -> T:
        """What was computed; ExplorerError with the reason where it failed."""
        if self.state != "done":
            raise ExplorerError(self.error or f"The computation is {self.state}.")
        return self._result  # type: ignore[return-value]  # None may be the result

    @property
    def given_up(self) -> bool:
        """True when it failed, or was stopped or is about to be."""
        return self.state in ("failed", "cancelled") or (self._stop.is_set() and not self.finished)

    def wanted_anew(self, asker: str) -> bool:
        """True when it was stopped because others had gone, and not by this asker."""
        return self.given_up and self.state != "failed" and asker not in self._left

    def touch(self, asker: str) -> None:
        """The asker is still there, and waits."""
        with self._lock:
            self._waiting.add(asker)
        self._seen = time.monotonic()

    def leave(self, asker: str) -> None:
        """The asker waits no more; when nobody does, the run is stopped at its next report."""
        with self._lock:
            self._waiting.discard(asker)
            self._left.add(asker)
            if not self._waiting:
                self._stop.set()

    def _run(self) -> None:
        try:
            with self._turns.hold(self):
                self._report(0.0)
                self.state = "running"
                begun = time.perf_counter()
                self._result = self._compute(self._report)
                self.seconds = time.perf_counter() - begun
            self.progress, self.state = 1.0, "done"
        except Cancelled:
            self.state = "cancelled"
        except ExplorerError as error:
            self.error, self.state = str(error), "failed"
        except MemoryError:
            self.error = "This needs more memory than the server has: take fewer items."
            self.state = "failed"
        except Exception:
            log.exception("a computation failed")
            self.error = "This failed on our side; the server's log holds the details."
            self.state = "failed"
        finally:
            del self._compute
            self._ended.set()

    def _report(self, share: float) -> None:
        if self._stop.is_set() or time.monotonic() - self._seen > ASKER_GONE_SECONDS:
            raise Cancelled
        self.progress = max(self.progress, min(1.0, share))


class Computations:
    """The computations of a server by key. Safe to use from many threads."""

    def __init__(self, at_once: int = AT_ONCE, most_kept: int = MOST_KEPT) -> None:
        self._turns, self._most = Turns(at_once), most_kept
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Computation[Any]] = OrderedDict()

    def ask(
        self, key: str, compute: Callable[[OnProgress], T], asker: str, *, anew: bool = False
    ) -> Computation[T]:
        """The run of that key: the one that there is, or a new one; returns at once.

        A run that was stopped because all others had gone is begun anew.
        key : what the result depends on, as text
        asker : who waits; ask again, or touch, within a minute
        anew : start over where the run of that key failed, or this asker has left it
        """
        with self._lock:
            known = self._known.get(key)
            if known is None or known.wanted_anew(asker) or (anew and known.given_up):
                known = self._known[key] = Computation(compute, self._turns)
            known.touch(asker)
            self._known.move_to_end(key)
            for old in [one for one, run in self._known.items() if run.finished][: -self._most]:
                del self._known[old]
            return known

    def find(self, key: str) -> Computation[Any] | None:
        """The run of that key, if there is one."""
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
            return self._known.get(key)
