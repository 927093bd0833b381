"""A training in the background: played, paused, stepped and stopped, with all that it went through.

The thread only calls `Trainer.advance`, a tenth of a second at a time, and keeps what came out; it
knows nothing of screens. A job whose owner has not asked after it for a while ends itself.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from explorer.alignment import aligned
from explorer.projection.pca import pca
from explorer.space import FloatArray
from explorer.training.background import BackgroundWork
from explorer.training.progress import Progress, Trainer

State = Literal["waiting", "running", "paused", "done", "stopped", "failed"]

MOST_SNAPSHOTS = 120  # kept for the replay; above, every second one goes
SNAPSHOT_SECONDS = 0.4
FULL_SPEED = 0.1  # seconds of training in a tenth of a second


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The space at one moment.

    coordinates : (m, 2) its items on a plane, turned onto the snapshot before; unit spread
    watched : for each watched item its nearest neighbours' rows, nearest first, by cosine
    """

    progress: Progress
    coordinates: FloatArray
    watched: dict[int, tuple[int, ...]]


class TrainingJob(BackgroundWork):
    """One training and its history; made paused, so that its first picture can be looked at.

    trainer : what is trained
    shown : rows of the items that the map shows
    watched : rows of the items whose neighbours are noted in each snapshot
    speed : seconds of training in each tenth of a second; less than 0.1 is slow motion, for data
        so small that all would be over before it can be seen
    """

    def __init__(
        self,
        trainer: Trainer,
        shown: NDArray[np.int64],
        watched: Sequence[int] = (),
        *,
        k: int = 8,
        speed: float = FULL_SPEED,
    ) -> None:
        super().__init__()
        self.trainer = trainer
        self.shown = shown
        self.watched = tuple(watched)
        self.k = k
        self.speed = speed
        self.history: list[Progress] = []
        self.snapshots: list[Snapshot] = []
        self._play = threading.Event()
        self._steps = 0
        self._snapped = time.monotonic()
        self._lock = threading.Lock()
        self._snap(Progress(0.0, 0.0, None, None, 0, 0.0))
        self._thread.start()

    @property
    def state(self) -> State:
        if self.error is not None:
            return "failed"
        if self._finished.is_set():
            return "done" if self.trainer.done else "stopped"
        if not self._play.is_set():
            return "paused"
        return "running" if self._in_place else "waiting"

    @property
    def progress(self) -> Progress:
        """The newest."""
        return self.history[-1] if self.history else self.snapshots[0].progress

    def play(self) -> None:
        self._play.set()

    def pause(self) -> None:
        self._play.clear()

    def step(self) -> None:
        """One slice, then pause again."""
        self._steps = 1
        self._play.set()

    def stop(self) -> None:
        """End after the slice that runs; what was learned is kept."""
        self._stop.set()
        self._play.set()

    def with_lock(self, look: Callable[[Trainer], object]) -> object:
        """Look into the trainer between two slices, never within one."""
        with self._lock:
            return look(self.trainer)

    # --- the thread -----------------------------------------------------------------------------

    def _work(self) -> None:
        while not self._stop.is_set() and not self.trainer.done:
            if not self._wait_for_play():
                break
            with self._turn() as end:
                self._slices(end)

    def _wait_for_play(self) -> bool:
        while not self._play.wait(0.5):
            if self._left_alone(patience=10):
                return False
        return not self._stop.is_set()

    def _slices(self, end: float) -> None:
        """Train until the turn ends, or until paused, stopped, done or left alone."""
        while time.monotonic() < end and self._play.is_set() and not self._stop.is_set():
            began = time.monotonic()
            with self._lock:
                self.history.append(self.trainer.advance(self.speed))
            if self._steps or began - self._snapped >= SNAPSHOT_SECONDS:
                self._snap(self.progress)
            if self.speed < FULL_SPEED:
                self._stop.wait(max(0.0, began + 0.1 - time.monotonic()))
            if self._steps:
                self._steps = 0
                self._play.clear()
            if self._left_alone():
                self._stop.set()
            if self.trainer.done:
                return

    def _ended(self) -> None:
        if self.error is None and self.history and self.snapshots[-1].progress != self.progress:
            self._snap(self.progress)

    def _snap(self, progress: Progress) -> None:
        with self._lock:
            vectors = self.trainer.vectors()
        before = self.snapshots[-1].coordinates if self.snapshots else None
        plane = pca(vectors[self.shown], min(2, vectors.shape[1])).coordinates
        if plane.shape[1] == 1:
            plane = np.column_stack([plane, np.zeros_like(plane)])
        coordinates = aligned(plane, before).astype(np.float32)
        coordinates.setflags(write=False)
        self.snapshots.append(Snapshot(progress, coordinates, self._neighbors(vectors)))
        self._snapped = time.monotonic()
        if len(self.snapshots) > MOST_SNAPSHOTS:  # the first and the newest stay
            del self.snapshots[1:-1:2]

    def _neighbors(self, vectors: FloatArray) -> dict[int, tuple[int, ...]]:
        if not self.watched:
            return {}
        from explorer.neighbors import nearest_neighbors

        rows = np.array(self.watched)
        k = min(self.k, len(vectors) - 1)
        found = nearest_neighbors(vectors, vectors[rows], k, metric="cosine", exclude=rows)
        return {
            row: tuple(near.tolist()) for row, near in zip(self.watched, found.indices, strict=True)
        }
