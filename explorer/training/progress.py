"""What every trainer promises: to be advanced a slice at a time, and to say how far it is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from explorer.errors import ExplorerError

if TYPE_CHECKING:
    from explorer.space import EmbeddingSpace, FloatArray

File = str | Path | BinaryIO
SLICE = 0.1  # seconds that a slice takes, about
LONGEST_SLICE = 0.15  # seconds, so that whoever asks to stop waits no longer


@dataclass(frozen=True)
class Progress:
    """How far a training is, reported after each slice.

    share : of all the work, 0 to 1
    epoch : passes over the data so far, with fractions
    loss : mean training loss of an example since the last report; None where none was trained on
    held_out : mean loss on held-out examples, where this slice measured it
    examples : so far, in the trainer's unit
    seconds : spent training so far
    """

    share: float
    epoch: float
    loss: float | None
    held_out: float | None
    examples: int
    seconds: float

    @property
    def rate(self) -> float:
        """Examples a second."""
        return self.examples / self.seconds if self.seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float:
        """At the rate so far; infinite before the first slice."""
        return self.seconds * (1 - self.share) / self.share if self.share > 0 else math.inf


class Trainer(Protocol):
    """A model in training: whoever holds it can watch, pause, stop and resume.

    unit : what `Progress.examples` counts: "words", "ratings", "triplets", "triples"

    How the work is cut into slices does not change the result: with one thread it is the same bit
    for bit, also when it was saved and loaded in between.
    """

    unit: str

    def advance(self, seconds: float = SLICE) -> Progress:
        """Train for about that long, at most 0.15 s; TrainingDivergedError where it diverges."""
        ...

    @property
    def done(self) -> bool:
        """All the work is done; another slice would change nothing."""
        ...

    def vectors(self) -> FloatArray:
        """(n, d) float32, a copy of the items' vectors as they are now."""
        ...

    def space(self) -> EmbeddingSpace:
        """The items with their vectors as they are now, and how they were trained."""
        ...

    def save(self, file: File) -> None:
        """Everything that is needed to go on, as .npz."""
        ...


class TrainingDivergedError(ExplorerError):
    """The numbers grew beyond all bounds: says when, and what to lower."""

    def __init__(self, epoch: float, learning_rate: float) -> None:
        self.epoch = epoch
        super().__init__(
            f"The training diverged at epoch {epoch:.2f}: some numbers are no longer finite. "
            f"Lower the learning rate, which was {learning_rate:g}."
        )
