"""One update by hand: the step of the textbook on a trainer's vectors as they are at the moment.

    example = work(trainer, draw(trainer, seed=1))
    example.loss_before, example.loss_after

Nothing is trained: the step is taken on copies, in float64, so that it differs from the trainer's
own in the seventh digit. Each objective's formula stands at the top of its `worked_` module.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from explorer.errors import ExplorerError
from explorer.training.bpr import BprTrainer
from explorer.training.glove import GloveTrainer
from explorer.training.sgns import CbowTrainer, SgnsTrainer
from explorer.training.subwords import SubwordTrainer
from explorer.training.worked_counts import draw_cell, work_cell
from explorer.training.worked_ratings import draw_pair, work_pair
from explorer.training.worked_step import Choice, WorkedExample
from explorer.training.worked_words import draw_words, work_words


class Parts(NamedTuple):
    """What the three parts of a `Choice` are for an objective; "" for one that it has not.

    several : whether more than one may stand in `context`
    """

    target: str
    context: str
    negatives: str
    several: bool = False


PARTS: dict[type, Parts] = {
    SgnsTrainer: Parts("Word in the middle", "Word near it", "Random words"),
    CbowTrainer: Parts("Word in the gap", "Words around it", "Random words", several=True),
    SubwordTrainer: Parts("Word near it", "Word in the middle", "Random words"),
    BprTrainer: Parts("User", "Item met", "Item not met"),
    GloveTrainer: Parts("Word", "Word it meets", ""),
}


def parts_of(trainer: object) -> Parts | None:
    """What an example of this trainer is made of; None for one whose update is not worked here."""
    return PARTS.get(type(trainer))


def draw(trainer: Any, seed: int) -> Choice:
    """An example as training draws them; the same for the same seed.

    trainer : of a class in `PARTS`, between two slices
    """
    random = np.random.default_rng(seed)
    if isinstance(trainer, BprTrainer):
        return draw_pair(trainer, random)
    if isinstance(trainer, GloveTrainer):
        return draw_cell(trainer, random)
    return draw_words(_known(trainer), random)


def rates(trainer: Any) -> tuple[float, float]:
    """The learning rate of this moment, and that of the first step."""
    first = float(_known(trainer).settings.learning_rate)
    return float(getattr(trainer, "rate", first)), first


def work(trainer: Any, choice: Choice, rate: float | None = None) -> WorkedExample:
    """The step that this example would take now; ExplorerError for an example that cannot be.

    rate : of learning; that of this moment unless given
    """
    rate = rates(trainer)[0] if rate is None else rate
    if isinstance(trainer, BprTrainer):
        return work_pair(trainer, choice, rate)
    if isinstance(trainer, GloveTrainer):
        return work_cell(trainer, choice, rate)
    return work_words(trainer, choice, rate)


def _known(trainer: Any) -> Any:
    if parts_of(trainer) is None:
        raise ExplorerError(f"An update of {type(trainer).__name__} is not worked by hand here.")
    return trainer
