"""A training in the background: played, paused, stepped and stopped, with all that it went through.

The thread only calls `Trainer.advance`, a tenth of a second at a time, and keeps what came out; it
knows nothing of screens. A job whose owner has not asked after it for a while ends itself.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from explorer.alignment import aligned
from explorer.projection.pca import pca
from explorer.space import FloatArray
from explorer.training.background import BackgroundWork
from explorer.training.progress import Progress, Trainer

State = Literal["waiting", "running", "paused", "done", "stopped", "failed"]

MOST_WATCHED = 4
MOST_SNAPSHOTS = 120  # kept for the replay; above, every second one goes
SNAPSHOT_SECONDS = 0.4
TICK = 0.1  # seconds of a slice, and in slow motion from one to the next
FIRST_SLICE = 0.0005  # seconds of the first in slow motion, when the rate is not known yet
SLOW_SECONDS, SLOWEST_SECONDS = 20.0, 600.0  # of a run in slow motion
FAIR = 0.001  # seconds of rest for whoever waits to look into the trainer


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The space at one moment.

    coordinates : (m, 2) its items on a plane, turned onto the snapshot before; unit spread
    watched : for each watched item its nearest neighbours' rows, nearest first, by cosine
    """

    progress: Progress
    coordinates: FloatArray
    watched: dict[int, tuple[int, ...]]


@dataclass
class _Schedule:
    """How far a training in slow motion is to be at each moment: on a straight line.

    lasting : seconds from share 0 to 1; None: as far as it gets
    first : the share where it began
    played : seconds since then in which the training was played
    whole : seconds of training from share 0 to 1, at the highest rate seen: a busy machine makes
        one slice look slow, and a next one that made up for it would be the whole training
    longest : seconds of the next slice; each may be twice as long as the one before
    """

    lasting: float | None
    first: float
    played: float = 0.0
    whole: float = math.inf
    longest: float = FIRST_SLICE

    def slice_seconds(self, share: float) -> float:
        """How long to train now, to be on the line at the next tick; 0 where it is ahead."""
        if self.lasting is None:
            return TICK
        behind = self.first + (self.played + TICK) / self.lasting - share
        return min(self.longest, behind * self.whole) if behind > 0 else 0.0

    def trained(self, before: Progress, now: Progress) -> None:
        """Take note of a slice."""
        self.longest = min(TICK, 2 * self.longest)
        if now.share > before.share:
            seconds = now.seconds - before.seconds
            self.whole = min(self.whole, seconds / (now.share - before.share))


def slow_motion(trainer: Trainer) -> float:
    """Seconds a run of this trainer lasts in slow motion: 20 with its usual number of epochs.

    With more epochs it lasts longer, up to ten minutes, so that an epoch is seen as long as ever.
    """
    settings = getattr(trainer, "settings", None)
    epochs = getattr(settings, "epochs", None)
    if settings is None or epochs is None:
        return SLOW_SECONDS
    usual = type(settings)().epochs
    return float(min(SLOWEST_SECONDS, SLOW_SECONDS * max(1.0, epochs / usual)))


class TrainingJob(BackgroundWork):
    """One training and its history; made paused, so that its first picture can be looked at.

    trainer : what is trained
    shown : rows of the items that the map shows
    watched : rows of the items whose neighbours are noted in each snapshot
    lasting : slow motion: the seconds that the whole is to last, for data so small that all would
        be over before it can be seen; None: as fast as it goes. It changes the size of the slices
        and the rests between them, never the result.
    """

    def __init__(
        self,
        trainer: Trainer,
        shown: NDArray[np.int64],
        watched: Sequence[int] = (),
        *,
        k: int = 8,
        lasting: float | None = None,
    ) -> None:
        super().__init__()
        self.trainer = trainer
        self.shown = shown
        self.watched = tuple(watched)
        self.k = k
        self.history: list[Progress] = []
        self.snapshots: list[Snapshot] = []
        self._play = threading.Event()
        self._steps = 0
        self._snapped = time.monotonic()
        self._lock = threading.Lock()
        self._looking = 0
        self.pace(lasting)
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

    @property
    def lasting(self) -> float | None:
        """Seconds that the whole is to last; None at full speed."""
        return self._schedule.lasting

    def pace(self, lasting: float | None) -> None:
        """Slow motion from here on, so that the whole would last so long; None: full speed."""
        self._schedule = _Schedule(lasting, self.history[-1].share if self.history else 0.0)

    @property
    def seconds_left(self) -> float:
        """At the rate so far, in slow motion at its pace; infinite before the first slice."""
        slow = self.lasting * (1 - self.progress.share) if self.lasting is not None else 0.0
        return max(slow, self.progress.seconds_left)

    def watch(self, row: int) -> None:
        """Note this item's neighbours from now on, before those of items watched already.

        A training at rest notes them in its newest snapshot, as no other may follow.
        """
        others = [one for one in self.watched if one != row]
        self.watched = (row, *others)[:MOST_WATCHED]
        if self.finished or self.state == "paused":
            newest = self.snapshots[-1]
            with self._lock:
                near = self._neighbors(self.trainer.vectors())
            self.snapshots[self.snapshots.index(newest)] = replace(newest, watched=near)

    def with_lock(self, look: Callable[[Trainer], object]) -> object:
        """Look into the trainer between two slices, never within one."""
        self._looking += 1
        try:
            with self._lock:
                return look(self.trainer)
        finally:
            self._looking -= 1

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
            began, schedule = time.monotonic(), self._schedule
            before = self.progress
            slice_seconds = schedule.slice_seconds(before.share)
            if self._steps or slice_seconds > 0:
                with self._lock:
                    self.history.append(self.trainer.advance(slice_seconds))
                schedule.trained(before, self.progress)
            if self._steps or began - self._snapped >= SNAPSHOT_SECONDS:
                self._snap(self.progress)
            if self._looking:
                time.sleep(FAIR)
            if schedule.lasting is not None and not self._steps:
                self._stop.wait(max(0.0, began + TICK - time.monotonic()))
            schedule.played += time.monotonic() - began
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
