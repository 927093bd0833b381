"""Training by prediction in plain NumPy: the one to read, and what the kernels are compared with.

All three trainers are one `step` on some input rows X (i, d) and output rows B (k, d):

    scores = X Bᵀ
    loss   = Σ weight log(1 + exp(-score))   where the label is 1 (the target)
           + Σ weight log(1 + exp(+score))   where it is 0 (the negatives)
    E      = weight (label - σ(scores))      minus the loss's derivative by the scores
    X     += rate E B,   B += rate Eᵀ X      down the gradient, both with the old values
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.ngrams import Pieces

Numbers = NDArray[Any]
OUTPUTS = 6  # output rows that take a step at the same time
ALL_BITS = (1 << 64) - 1


def loss(X: Numbers, B: Numbers, weight: Numbers, label: Numbers) -> float:
    """The loss of input rows X (i, d) against output rows B (k, d), summed."""
    signs = np.where(label > 0, -1, 1)
    return float((weight * np.logaddexp(0, signs * (X @ B.T))).sum())


def step(
    X: Numbers, B: Numbers, weight: Numbers, label: Numbers, rate: float, l2: float = 0.0
) -> tuple[Numbers, Numbers]:
    """New X and B, one step of size `rate` down the gradient, then drawn towards zero by `l2`."""
    E = weight * (label - sigmoid(X @ B.T))
    shrink = 1 - rate * l2
    return shrink * (X + rate * E @ B), shrink * (B + rate * E.T @ X)


def steps(
    matrix: Numbers, rows: Any, B: Numbers, weight: Numbers, label: Numbers, rate: float, l2: float
) -> Numbers:
    """New B; the rows of a matrix change in place, one that is named twice by both its steps.

    Six output rows after another take a `step`, as the kernels go through many.
    """
    new = []
    for first in range(0, len(B), OUTPUTS):
        some = slice(first, first + OUTPUTS)
        X, six = step(matrix[rows], B[some], weight[some], label[some], rate)
        np.add.at(matrix, rows, X - matrix[rows])
        new.append(six)
    np.multiply.at(matrix, rows, 1 - rate * l2)
    shrunk: Numbers = (1 - rate * l2) * np.concatenate(new)
    return shrunk


def sigmoid(x: Numbers) -> Numbers:
    """1 / (1 + exp(-x)), without overflow."""
    value: Numbers = np.where(x >= 0, 1, np.exp(-np.abs(x))) / (1 + np.exp(-np.abs(x)))
    return value


class Draws:
    """The random numbers of one sentence: seeded by splitmix64, then a linear generator."""

    def __init__(self, seed: int, epoch: int, sentence: int) -> None:
        z = seed
        for part in (epoch, sentence):
            z = ((z ^ part) + 0x9E3779B97F4A7C15) & ALL_BITS
            z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & ALL_BITS
            z = ((z ^ z >> 27) * 0x94D049BB133111EB) & ALL_BITS
            z ^= z >> 31
        self._state = z

    def bits(self) -> int:
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) & ALL_BITS
        return self._state

    def stays(self, keep: float) -> bool:
        return (self.bits() >> 40) / (1 << 24) < keep

    def noise(self, share: Numbers, other: Numbers) -> int:
        bits = self.bits()
        word = (bits >> 32) * len(share) >> 32
        return word if (bits >> 8 & 0xFFFFFF) / (1 << 24) < share[word] else int(other[word])

    def reach(self, window: int) -> int:
        return ((self.bits() >> 32) * window >> 32) + 1


def windows(
    text: Any, noise: Any, plan: Any, epoch: int
) -> Iterator[tuple[int, list[int], list[int], float]]:
    """Every window of one epoch: the middle word, those around it, negatives, learning rate."""
    total = int(text.offsets[-1])
    for sentence in range(len(text.offsets) - 1):
        if text.skip[sentence]:
            continue
        draws = Draws(plan.seed, epoch, sentence)
        first, last = text.offsets[sentence : sentence + 2].tolist()
        done = (epoch + first / total) / plan.epochs
        rate = float(np.float32(plan.rate - (plan.rate - plan.last_rate) * done))
        ids = [word for word in text.ids[first:last].tolist() if draws.stays(text.keep[word])]
        negatives = [[draws.noise(*noise) for _ in range(plan.negatives)] for _ in ids]
        for i, word in enumerate(ids):
            reach = draws.reach(plan.window)
            around = ids[max(0, i - reach) : i] + ids[i + 1 : i + reach + 1]
            yield word, around, negatives[i], rate


def _outputs(target: int, negatives: list[int]) -> tuple[list[int], Numbers, Numbers]:
    """The different output rows, target first; how often each counts; which is the target."""
    rows = list(dict.fromkeys([target, *negatives]))
    weight = np.array([1, *(negatives.count(row) for row in rows[1:])])
    return rows, weight, np.array([1] + [0] * (len(rows) - 1))


def skip_gram(
    text: Any, noise: Any, inputs: Numbers, outputs: Numbers, plan: Any, epoch: int
) -> None:
    """One epoch in place: a context's words take steps against the middle word, in groups.

    Four words take a step together; of what is left two together, the last one alone.
    """
    for word, around, negatives, rate in windows(text, noise, plan, epoch):
        rows, weight, label = _outputs(word, negatives)
        while around:
            size = max(size for size in (4, 2, 1) if size <= len(around))
            group, around = around[:size], around[size:]
            outputs[rows] = steps(inputs, group, outputs[rows], weight, label, rate, plan.l2)


def cbow(text: Any, noise: Any, inputs: Numbers, outputs: Numbers, plan: Any, epoch: int) -> None:
    """One epoch in place: the mean of the context takes one step, and all its rows go with it."""
    for word, around, negatives, rate in windows(text, noise, plan, epoch):
        if around:
            rows, weight, label = _outputs(word, negatives)
            before = inputs[around].mean(axis=0, keepdims=True)
            mean = before.copy()
            outputs[rows] = steps(mean, [0], outputs[rows], weight, label, rate, plan.l2)
            np.add.at(inputs, around, mean - before)


def subwords(
    text: Any,
    noise: Any,
    pieces: Pieces,
    inputs: Numbers,
    outputs: Numbers,
    plan: Any,
    epoch: int,
) -> None:
    """One epoch in place: the mean of the middle word's rows takes a step for each context word."""
    for word, around, negatives, rate in windows(text, noise, plan, epoch):
        own = pieces.rows[pieces.starts[word] : pieces.starts[word + 1]]
        before = inputs[own].mean(axis=0, keepdims=True)
        mean = before.copy()
        for target in around:
            rows, weight, label = _outputs(-1, negatives)  # the first place is each target's
            rows[0] = target
            place = len(rows) - 1 - rows[::-1].index(target)  # unless it is among the negatives
            weight[0], label[0] = 0, 0
            weight[place], label[place] = 1, 1
            outputs[rows] = steps(mean, [0], outputs[rows], weight, label, rate, plan.l2)
        np.add.at(inputs, own, mean - before)
