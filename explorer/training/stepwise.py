"""What trainers share whose work is a row of small pieces: the clock, the counts, the checks.

A trainer says how to train on about `count` examples more; this class calls it until the time is
up. Every draw and every learning rate depends on the number of the example alone, never on the
clock, so the cut into slices leaves no trace in the result.
"""

from __future__ import annotations

import math
import time
from abc import ABC, abstractmethod
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from explorer.space import Provenance
from explorer.training.checkpoint import read_checkpoint, restoring, write_checkpoint
from explorer.training.progress import LONGEST_SLICE, SLICE, File, Progress, TrainingDivergedError
from explorer.training.trained_space import trained_provenance

PIECE_SECONDS, SHORTEST_PIECE = 0.005, 0.0001  # of a call of a kernel; shorter in short slices


class StepwiseTrainer(ABC):
    """A `progress.Trainer` whose examples come in epochs of equal length.

    kind : what a saved file says it is
    settings : a frozen dataclass with a seed
    unit : what is counted
    per_epoch, epochs : examples in a pass, and passes
    learning_rate : for the message when it diverges
    first_piece : examples trained on at once until the rate is known
    """

    kind: ClassVar[str]
    settings: Any
    first_piece: ClassVar[int] = 64
    unit: str

    def __init__(self, per_epoch: int, epochs: int, learning_rate: float) -> None:
        self.per_epoch = per_epoch
        self.total = per_epoch * epochs
        self.learning_rate = learning_rate
        self.examples = 0
        self.seconds = 0.0
        self._piece = self.first_piece

    @abstractmethod
    def _train(self, count: int) -> tuple[int, float]:
        """Train on some `count` examples more of this epoch: how many, and their summed loss."""

    @abstractmethod
    def _parameters(self) -> dict[str, NDArray[Any]]:
        """All that is learned, by name: checked to be finite, and saved."""

    @abstractmethod
    def _about(self) -> dict[str, Any]:
        """Settings, names and other plain values from which `_restored` makes the trainer anew."""

    @abstractmethod
    def _data(self) -> dict[str, NDArray[Any]]:
        """The arrays of examples that `_restored` needs."""

    @classmethod
    @abstractmethod
    def _restored(cls, about: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Self:
        """A trainer at its start, from what `_about` and `_data` gave."""

    def _held_out_loss(self) -> float | None:
        """Mean loss on the examples held out; None where there are none. Asked once an epoch."""
        return None

    @property
    def done(self) -> bool:
        """All the work is done; another slice would change nothing."""
        return self.examples >= self.total

    @property
    def epoch(self) -> float:
        """Passes over the data so far, with fractions."""
        return self.examples / self.per_epoch

    def advance(self, seconds: float = SLICE) -> Progress:
        """Train for about that long, at most 0.15 s, and at least a piece."""
        begun = time.perf_counter()
        end = begun + min(seconds, LONGEST_SLICE - 2 * PIECE_SECONDS)
        piece_seconds = min(PIECE_SECONDS, max(SHORTEST_PIECE, seconds))
        first, loss, held_out, now = self.examples, 0.0, None, begun
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # see _check
            while not self.done and now <= end:
                epoch = self.examples // self.per_epoch
                left = (epoch + 1) * self.per_epoch - self.examples
                trained, piece_loss = self._train(min(self._piece, left))
                self.examples += trained
                loss += piece_loss
                took, now = time.perf_counter() - now, time.perf_counter()
                self._piece = max(1, min(2 * self._piece, int(trained * piece_seconds / took) + 1))
                if not math.isfinite(loss):
                    break
                if self.examples // self.per_epoch > epoch:
                    held_out = self._held_out_loss()
                    now = time.perf_counter()
            self._check(loss)
        self.seconds += time.perf_counter() - begun
        trained = self.examples - first
        return Progress(
            share=min(1.0, self.examples / self.total),
            epoch=self.epoch,
            loss=loss / trained if trained else None,
            held_out=held_out,
            examples=self.examples,
            seconds=self.seconds,
        )

    def _check(self, loss: float) -> None:
        """TrainingDivergedError where the loss or any parameter is not finite."""
        sums = [float(np.sum(array, dtype=np.float64)) for array in self._parameters().values()]
        if not all(map(math.isfinite, [loss, *sums])):
            raise TrainingDivergedError(self.epoch, self.learning_rate)

    def _provenance(self, title: str, source: str, digest: str) -> Provenance:
        """What was trained on what, with which settings, how far and in what time."""
        done = f"{self.epoch:.4g} epochs, {self.seconds:.1f} s"
        return trained_provenance(title, source, f"data {digest}", self.settings, done)

    def save(self, file: File) -> None:
        """Data, settings and state, as .npz."""
        state = {"examples": self.examples, "seconds": self.seconds}
        arrays = {f"data/{name}": array for name, array in self._data().items()}
        arrays |= {f"learned/{name}": array for name, array in self._parameters().items()}
        write_checkpoint(file, self.kind, {"state": state, "about": self._about()}, arrays)

    @classmethod
    def load(cls, file: File) -> Self:
        """The training that `save` kept, to go on where it stopped; ExplorerError for others."""
        about, arrays = read_checkpoint(file, cls.kind)
        data = {name[5:]: array for name, array in arrays.items() if name.startswith("data/")}
        with restoring(cls.kind):
            trainer = cls._restored(about["about"], data)
            for name, learned in trainer._parameters().items():
                learned[...] = arrays[f"learned/{name}"]
            state = about["state"]
            trainer.examples, trainer.seconds = int(state["examples"]), float(state["seconds"])
        return trainer


def decayed(rate: float, done: NDArray[Any], total: int) -> NDArray[np.float32]:
    """A learning rate that falls on a line to zero, for the examples of these numbers."""
    falling: NDArray[np.float32] = (rate * (1 - done / total)).astype(np.float32)
    return falling
