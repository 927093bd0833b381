"""What is shown of one update: scores, errors, gradients, and vectors before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]


class Choice(NamedTuple):
    """What an example is made of, by name.

    target : the word predicted; BPR's user; GloVe's first word
    context : what predicts it; the item met; the second word
    negatives : random words; the item not met; none
    """

    target: str
    context: tuple[str, ...]
    negatives: tuple[str, ...] = ()


class Score(NamedTuple):
    """One inner product and what the loss makes of it.

    name : of the word, or pair, that is scored
    wanted : 1 for the true word and 0 for random ones; GloVe's logarithm of the count
    value : the score before the step
    predicted : σ(value); for GloVe the value itself
    error : wanted - predicted, times how often the word was drawn (for GloVe: its weight)
    loss : this score's part of the example's loss
    after : the score once the step is taken
    """

    name: str
    wanted: float
    value: float
    predicted: float
    error: float
    loss: float
    after: float


class Moved(NamedTuple):
    """One vector and its step.

    name, role : "king", "output row, random"
    before, after : (d,)
    gradient : (d,) of the example's loss by this vector; the step goes against it
    """

    name: str
    role: str
    before: Vector
    gradient: Vector
    after: Vector

    @property
    def gradient_norm(self) -> float:
        return float(np.linalg.norm(self.gradient))

    @property
    def step_norm(self) -> float:
        return float(np.linalg.norm(self.after - self.before))


@dataclass(frozen=True)
class WorkedExample:
    """An example, the one step that it takes, and its loss before and after.

    rate : the learning rate of this moment
    vectors : what predicts first, then what is predicted
    """

    scores: tuple[Score, ...]
    vectors: tuple[Moved, ...]
    rate: float
    loss_before: float
    loss_after: float
