"""Lesson 3: one step of skip-gram by hand, and trainings from start to end."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from explorer.learn import toy
from explorer.training.noise import noise_distribution
from explorer.training.progress import Progress, TrainingDivergedError
from explorer.training.sgns import SgnsSettings, SgnsTrainer
from explorer.training.worked_example import work
from explorer.training.worked_step import Choice, WorkedExample

WORD = "king"
NEGATIVES = 3  # of the example by hand
RATE = 1.0  # so large that the arrows can be seen
PLANE = 2, 3  # dimensions, epochs of the training that can be drawn


def near(n: int, reach: int) -> NDArray[np.bool_]:
    """(n, n) which places are at most `reach` apart, and not the same."""
    apart = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    near: NDArray[np.bool_] = (apart > 0) & (apart <= reach)
    return near


def choice() -> Choice:
    """The word of the lesson, the word two places after it, and random words as they are drawn."""
    corpus, sentence = toy.text(), toy.sentence_with(WORD)
    target = sentence[sentence.index(WORD) + 2]
    chances = noise_distribution(corpus.counts)
    drawn = np.random.default_rng(1).choice(len(chances), 20, p=chances).tolist()
    words = dict.fromkeys(corpus.items.take(drawn))
    others = [word for word in words if word not in (WORD, target)]
    return Choice(target, (WORD,), tuple(others[:NEGATIVES]))


@cache
def example() -> WorkedExample:
    """One step from vectors in the plane, as training left them."""
    return work(toy.trained(*PLANE), choice(), RATE)


@cache
def after_a_pass(rate: float) -> float:
    """The held-out loss after one pass at this learning rate; infinite where it diverges."""
    settings = SgnsSettings(
        dimensions=toy.DIMENSIONS, epochs=1, window=toy.WINDOW, learning_rate=rate
    )
    one = SgnsTrainer(toy.text(), settings)
    try:
        while not one.done:
            one.advance()
    except TrainingDivergedError:
        return float("inf")
    return one.held_out_loss() or float("inf")


@cache
def history() -> list[tuple[float, float]]:
    """The share of the work done and the held-out loss, from the start on."""
    one = toy.trainer()
    start = one.held_out_loss()
    assert start is not None
    points = [(0.0, start)]
    while not one.done:
        now: Progress = one.advance(0.002)
        if now.held_out is not None:
            points.append((now.share, now.held_out))
    return points


@cache
def often_near() -> int:
    """The word that most often stands right after the word of the lesson."""
    corpus = toy.text()
    row = corpus.items.row(WORD)
    last_of_sentence = np.zeros(len(corpus), dtype=bool)
    last_of_sentence[corpus.offsets[1:] - 1] = True
    at = np.flatnonzero((corpus.ids == row) & ~last_of_sentence)
    return int(np.bincount(corpus.ids[at + 1]).argmax())
