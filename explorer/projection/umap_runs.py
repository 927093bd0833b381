"""Maps that a server makes with our own UMAP: in threads, by turns, watched while they move.

All visitors who ask for the same map share one run of it. Runs get on by turns of a second, so that
nobody waits for a large map of somebody else's; a run that nobody looks at any more ends itself.
Runs of one space that differ in the layout alone share its graph of neighbours.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from explorer.errors import Cancelled, ExplorerError
from explorer.neighbors.threads import THREADS
from explorer.projection.map_cache import MapCache, map_key
from explorer.projection.umap import VERSION, Umap, UmapProgress, UmapSettings
from explorer.training.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from explorer.neighbors.graph import NeighborGraph

FloatArray = NDArray[np.float32]
State = Literal["queued", "starting", "running", "done", "stopped", "failed", "cancelled"]

PLACES = 1  # maps of a server that get on at the same time, each on several threads
TURN_SECONDS = 1.0
SLICE_SECONDS = 0.1
FRAME_SECONDS = 0.15  # between two frames
NOBODY_LOOKS_SECONDS = 120.0
MOST_WAITING = 40
GRAPH_BYTES = 256 << 20  # of neighbour graphs that are kept

log = logging.getLogger(__name__)


class UmapWatch:
    """One visitor's hold on a map that is being made; others may hold the same one.

    Read everything at any time; whoever reads is taken to be still interested.
    """

    def __init__(self, runs: UmapRuns, run: _Run) -> None:
        self._runs, self._run = runs, run
        self._left: State | None = None
        self._kept: tuple[FloatArray, UmapProgress] | None = None

    @property
    def settings(self) -> UmapSettings:
        return self._run.settings

    @property
    def state(self) -> State:
        self._run.touch()
        return self._left or self._run.state

    @property
    def finished(self) -> bool:
        """True when the state will not change any more."""
        return self.state in ("done", "stopped", "failed", "cancelled")

    @property
    def progress(self) -> float:
        """From 0 to 1."""
        return self.detail.share

    @property
    def detail(self) -> UmapProgress:
        """Stage, epoch and seconds."""
        return self._kept[1] if self._kept is not None else self._run.progress

    @property
    def position(self) -> int:
        """How many others go first; 0 when it gets on or is next."""
        return self._runs.position(self._run)

    @property
    def error(self) -> str | None:
        """One sentence, when the state is "failed"."""
        return self._run.error

    @property
    def frame_number(self) -> int:
        """Rises with every frame; 0 before the first."""
        return self._run.frame_number

    def frame(self) -> FloatArray | None:
        """(n, components) read-only: where everything is now; None before the first frame."""
        self._run.touch()
        return self._kept[0] if self._kept is not None else self._run.frame

    @property
    def coordinates(self) -> FloatArray | None:
        """The map, read-only, once the state is "done" or "stopped"."""
        return self.frame() if self.state in ("done", "stopped") else None

    @property
    def note(self) -> str:
        """Settings, neighbours and, where it was stopped, at which epoch."""
        if self._left != "stopped":
            return self._run.note
        progress = self.detail
        return f"{self._run.note}, stopped at epoch {progress.epoch} of {progress.epochs}"

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the end; False when the time ran out first."""
        return self._left is not None or self._run.finished.wait(seconds)

    def result(self, seconds: float | None = None) -> FloatArray:
        """The map. ExplorerError with the reason when it failed, Cancelled when it was given up,
        TimeoutError when it is not there within `seconds`.
        """
        if not self.wait(seconds):
            raise TimeoutError(f"The map is not there after {seconds:g} seconds.")
        found = self.coordinates
        if found is not None:
            return found
        if self.state == "cancelled":
            raise Cancelled
        raise ExplorerError(self.error or "UMAP failed.")

    def stop(self) -> None:
        """End now and keep the newest frame as the map; others who wait for it still get theirs."""
        frame = self._run.frame
        if self.finished:
            return
        if frame is None:
            return self.cancel()
        self._kept = frame, self._run.progress
        self._left = "stopped"
        self._runs.leave(self._run)

    def cancel(self) -> None:
        """Give the map up; when nobody else waits for it, its run ends."""
        if not self.finished:
            self._left = "cancelled"
            self._runs.leave(self._run)


class UmapRuns:
    """The maps in the making of a server. Safe to use from many threads.

    cache : where finished maps are kept and looked for; None keeps none
    prepare : called with the number of items, in the run's thread, before kernels are needed; may
        take long
    """

    def __init__(
        self, cache: MapCache | None = None, prepare: Callable[[int], None] = lambda n: None
    ) -> None:
        self.cache, self._prepare = cache, prepare
        self._lock = threading.Lock()
        self._live: dict[str, _Run] = {}
        self._turns = Turns(PLACES)
        self._graphs = _Graphs()

    def submit(self, vectors: NDArray[Any], settings: UmapSettings, digest: str) -> UmapWatch:
        """Ask for the map of some vectors; returns at once.

        digest : names the vectors' content (`EmbeddingSpace.digest`); the same digest and settings
            share one run, and are answered from the cache when they were made before
        """
        key = run_key(settings, digest)
        stored = self.cache.get_with_note(key) if self.cache else None
        with self._lock:
            run = self._live.get(key)
            if run is not None and not run.stop.is_set():
                run.waiters += 1
                return UmapWatch(self, run)
            run = _Run(key, settings, digest)
            if stored is not None:
                run.was_stored(*stored)
                return UmapWatch(self, run)
            if len(self._live) >= MOST_WAITING:
                raise ExplorerError(
                    f"{MOST_WAITING} maps are in the making already: try again in a while."
                )
            self._live[key] = run
        threading.Thread(target=self._make, args=(run, vectors), daemon=True).start()
        return UmapWatch(self, run)

    def is_stored(self, settings: UmapSettings, digest: str) -> bool:
        """Whether the map was made before and lies in the cache."""
        return self.cache is not None and self.cache.holds(run_key(settings, digest))

    def position(self, run: _Run) -> int:
        return self._turns.position(run)

    def leave(self, run: _Run) -> None:
        """One who waited for a run does so no more."""
        with self._lock:
            run.waiters -= 1
            if run.waiters <= 0:
                run.stop.set()

    # ---- the run's thread

    def _make(self, run: _Run, vectors: NDArray[Any]) -> None:
        making = None
        try:
            making = Umap(vectors, run.settings, threads=max(1, THREADS - 1))
            run.show(making)
            run.state = "starting"
            self._prepare(len(vectors))
            which = run.digest, run.settings.metric, making.k
            with self._graphs.alone(run, which) as graph:
                making.graph = graph
                self._advance(run, making, until=lambda: making.progress.stage != "neighbours")
                self._graphs.keep(which, making.graph)
            self._advance(run, making, until=lambda: making.done)
            run.show(making)
            if self.cache is not None:
                self.cache.put(run.key, making.coordinates(), run.note)
            run.state = "done"
        except Cancelled:
            run.state = "cancelled"
        except ExplorerError as error:
            run.fail(str(error))
        except MemoryError:
            run.fail("UMAP needs more memory than there is: take fewer items.")
        except Exception:
            log.exception("a UMAP map failed")
            run.fail("UMAP failed on our side; the server's log holds the details.")
        finally:
            if making is not None:
                making.close()
            with self._lock:
                if self._live.get(run.key) is run:
                    del self._live[run.key]
            run.finished.set()

    def _advance(self, run: _Run, making: Umap, *, until: Callable[[], bool]) -> None:
        """Get on, by turns of a second."""
        while not until():
            run.check()
            with self._turns.hold(run):
                run.state = "running"
                end = time.monotonic() + TURN_SECONDS
                while not until() and time.monotonic() < end:
                    run.check()
                    making.advance(SLICE_SECONDS)
                    run.show(making, FRAME_SECONDS)


class _Run:
    """A map in the making."""

    def __init__(self, key: str, settings: UmapSettings, digest: str) -> None:
        self.key, self.settings, self.digest = key, settings, digest
        self.state: State = "queued"
        self.progress = UmapProgress(0.0, "neighbours", 0, 0, 0.0)
        self.frame: FloatArray | None = None
        self.frame_number = 0
        self.note = str(settings)
        self.error: str | None = None
        self.waiters = 1
        self.stop, self.finished = threading.Event(), threading.Event()
        self._seen = self._shown = time.monotonic()

    def was_stored(self, coordinates: FloatArray, note: str) -> None:
        """The map was made before."""
        self.frame, self.frame_number, self.note = coordinates, 1, note or self.note
        self.progress = UmapProgress(1.0, "done", 0, 0, 0.0)
        self.state = "done"
        self.finished.set()

    def touch(self) -> None:
        self._seen = time.monotonic()

    def check(self) -> None:
        """Cancelled when nobody waits for the map any more, or nobody has looked for long."""
        if self.stop.is_set() or time.monotonic() - self._seen > NOBODY_LOOKS_SECONDS:
            self.stop.set()
            raise Cancelled

    def show(self, making: Umap, seconds: float = 0.0) -> None:
        """A new frame, if the last is that many seconds old."""
        self.progress = making.progress
        if making.graph is not None:
            self.note = f"{self.settings}; neighbours {making.graph.note}"
        still = self.progress.stage == "neighbours" and self.frame is not None
        if still or time.monotonic() - self._shown < seconds:
            return
        frame = making.coordinates()
        frame.setflags(write=False)
        self.frame, self._shown = frame, time.monotonic()
        self.frame_number += 1

    def fail(self, error: str) -> None:
        self.error, self.state = error, "failed"


GraphKey = tuple[str, str, int]  # digest of the space, metric, k


class _Graphs:
    """Neighbour graphs of late; one run at a time makes the same one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[GraphKey, NeighborGraph] = OrderedDict()
        self._making: dict[GraphKey, threading.Lock] = {}

    @contextmanager
    def alone(self, run: _Run, key: GraphKey) -> Iterator[NeighborGraph | None]:
        """The graph of that key, or None and the right to make it."""
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        while not making.acquire(timeout=0.2):
            run.check()
        try:
            with self._lock:
                found = self._kept.get(key)
            yield found
        finally:
            making.release()

    def keep(self, key: GraphKey, graph: NeighborGraph | None) -> None:
        """Keep what was made for others, and let the oldest go."""
        if graph is None:
            return
        with self._lock:
            self._kept[key] = graph
            self._kept.move_to_end(key)
            while len(self._kept) > 1 and self._bytes() > GRAPH_BYTES:
                self._making.pop(self._kept.popitem(last=False)[0], None)

    def _bytes(self) -> int:
        return sum(one.indices.nbytes + one.scores.nbytes for one in self._kept.values())


def run_key(settings: UmapSettings, digest: str) -> str:
    """What a map of ours depends on, as text."""
    return map_key(digest, "UMAP, ours", VERSION, settings.as_dict())
