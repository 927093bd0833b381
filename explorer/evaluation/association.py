"""The word embedding association test (WEAT): do two groups of words lie with two sets of poles?

s(w) = mean over a in A of cos(w, a) - mean over b in B of cos(w, b)

effect size   (mean of s over X - mean of s over Y) / standard deviation of s over X and Y
p             the share of all ways to deal the words of X and Y into two groups as large that give
              a sum of s over the first at least as large as X gives

Caliskan, Bryson & Narayanan, Semantics derived automatically from language corpora contain
human-like biases, Science 356, 2017. What it cannot say: Ethayarajh, Duvenaud & Hirst,
Understanding undesirable word embedding associations, ACL 2019.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError
from explorer.metrics import cosine
from explorer.space import EmbeddingSpace, IntArray

Float64Array = NDArray[np.float64]


class Association(NamedTuple):
    """How two groups of items lie with two sets of poles.

    effect : from -2 to 2; above 0 where the first group lies more with the first poles; 0 where all
        items lie alike
    p : from 0 to 1: the share of random divisions that reach it, the given one counted
    first, second : s of each item of both groups, -2 to 2
    divisions : random divisions that were tried
    """

    effect: float
    p: float
    first: Float64Array
    second: Float64Array
    divisions: int


def association(
    space: EmbeddingSpace,
    groups: tuple[IntArray, IntArray],
    poles: tuple[IntArray, IntArray],
    *,
    divisions: int = 1_000,
    seed: int = 0,
) -> Association:
    """The association test of two groups of rows with two sets of rows as poles.

    divisions : how many random ones p is estimated from, as (1 + reached) / (1 + divisions)
    ExplorerError where a group has fewer than two items, or a pole none.
    """
    if min(map(len, groups)) < 2 or min(map(len, poles)) < 1:
        raise ExplorerError("Each group needs two items at least, and each pole one.")
    first, second = (pulls(space, rows, poles) for rows in groups)
    both = np.concatenate([first, second])
    random = np.random.default_rng(seed)
    dealt = np.array([random.permutation(both)[: len(first)].sum() for _ in range(divisions)])
    reached = int((dealt >= first.sum() - 1e-12).sum())
    return Association(
        effect_size(first, second), (1 + reached) / (1 + divisions), first, second, divisions
    )


def pulls(space: EmbeddingSpace, rows: IntArray, poles: tuple[IntArray, IntArray]) -> Float64Array:
    """(r,) s of each row: how much more like the first poles than like the second, -2 to 2."""
    toward = [cosine(space.vectors[pole], space.vectors[rows]).mean(axis=1) for pole in poles]
    difference: Float64Array = toward[0] - toward[1]
    return difference


def effect_size(first: Float64Array, second: Float64Array) -> float:
    """The difference of the means in standard deviations (n - 1) of all; 0 where all are equal.

    effect_size([1, 1], [0, 0]) -> 1.73…, the most that two pairs can reach.
    """
    spread = float(np.std(np.concatenate([first, second]), ddof=1))
    return float(np.mean(first) - np.mean(second)) / spread if spread > 0 else 0.0
