"""How far two partitions of the same items agree, beside what chance alone would give.

A partition is (n,) whole numbers, a label an item; -1 is an item in no group (noise). Items that
either partition leaves out are not counted.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.errors import ExplorerError

IntArray = NDArray[np.int64]
Float64Array = NDArray[np.float64]

MOST_CELLS = 50_000_000  # of a table of two partitions, 400 MB


class Agreement(NamedTuple):
    """How far a partition agrees with another.

    rand : adjusted Rand index; 1 for the same partition, about 0 for a shuffled one, maybe below
    information : normalised mutual information, 0 to 1
    purity : share of items in the class that is most frequent in their own cluster, 0 to 1;
        it grows with the number of clusters alone
    """

    rand: float
    information: float
    purity: float


class Chance(NamedTuple):
    """The same three scores when one partition is shuffled: their mean and spread over draws."""

    mean: Agreement
    spread: Agreement
    draws: int


def confusion(first: ArrayLike, second: ArrayLike) -> IntArray:
    """(a, b) how many items carry label i in the first partition and j in the second.

    a and b are one more than the largest labels.

    >>> confusion([0, 0, 1], [1, 1, 0])
    array([[0, 2],
           [1, 0]])
    """
    one, other = _pair(first, second)
    rows, columns = _groups(one), _groups(other)
    if rows * columns > MOST_CELLS:
        raise ExplorerError(
            f"A table of {rows:,} by {columns:,} groups is too large; compare columns with fewer "
            "different values."
        )
    kept = (one >= 0) & (other >= 0)
    cells = np.bincount(one[kept] * columns + other[kept], minlength=rows * columns)
    return cells.reshape(rows, columns)


def adjusted_rand_index(counts: ArrayLike) -> float:
    """Pairs of items on which both partitions agree, set so that chance gives 0 (-0.5 to 1).

    counts : the table of `confusion`. Two partitions that both put all items into one group, or
    each into its own, are the same partition: 1. So is one item, or none.

    References
    ----------
    Hubert & Arabie, Comparing partitions, Journal of Classification 2 (1985), equation 5.
    """
    table = np.asarray(counts, dtype=np.float64)
    both = _pairs(table).sum()
    first, second = _pairs(table.sum(axis=1)).sum(), _pairs(table.sum(axis=0)).sum()
    every = _pairs(table.sum())
    if every == 0 or first == second == 0 or first == second == every:
        return 1.0
    expected = first * second / every
    return float((both - expected) / ((first + second) / 2 - expected))


def normalized_mutual_information(counts: ArrayLike) -> float:
    """Shared information as a share of the mean of both entropies (0 to 1).

    counts : the table of `confusion`. Where either partition has one group alone, nothing is
    shared: 0; where both have, they are the same: 1. Not corrected for chance: many small groups
    share some information with anything, so read it beside the shuffled value.

    References
    ----------
    Manning, Raghavan & Schütze, Introduction to Information Retrieval (2008), 16.3.
    """
    table = np.asarray(counts, dtype=np.float64)
    total = table.sum()
    if total == 0:
        return 1.0
    joint = table / total
    first, second = joint.sum(axis=1), joint.sum(axis=0)
    shared = _entropy(first) + _entropy(second) - _entropy(joint)
    mean = (_entropy(first) + _entropy(second)) / 2
    if mean == 0:
        return 1.0
    return float(min(1.0, max(0.0, shared / mean)))


def purity(counts: ArrayLike) -> float:
    """Share of items that belong to the class most frequent in their cluster (0 to 1).

    counts : the table of `confusion`, clusters by classes. n clusters of one item each are pure.
    """
    table = np.asarray(counts)
    total = int(table.sum())
    return float(table.max(axis=1).sum() / total) if total else 1.0


def agreement(first: ArrayLike, second: ArrayLike) -> Agreement:
    """All three scores of clusters `first` against classes `second`; only purity is lopsided."""
    return _scores(confusion(first, second))


def shuffled_agreement(
    first: ArrayLike, second: ArrayLike, *, draws: int = 20, seed: int = 0
) -> Chance:
    """The baseline: the scores when the classes are dealt out to the items at random.

    Groups keep their sizes. O(n) a draw.
    """
    if draws < 2:
        raise ExplorerError(f"A spread needs two draws at least; got {draws}.")
    one, other = _pair(first, second)
    kept = (one >= 0) & (other >= 0)
    one, other = one[kept], other[kept]
    rng = np.random.default_rng(seed)
    scores = np.array([_scores(confusion(one, rng.permutation(other))) for _ in range(draws)])
    mean, spread = scores.mean(axis=0), scores.std(axis=0, ddof=1)
    return Chance(Agreement(*mean.tolist()), Agreement(*spread.tolist()), draws)


def matched(counts: ArrayLike) -> IntArray:
    """(b,) for each label of the second partition its partner in the first, so that most items fit.

    counts : the table of `confusion`. A label without a partner (there are more in the second
    than in the first) gets the numbers a, a + 1, … Found by Kuhn's (1955) assignment.

    >>> matched([[0, 5], [4, 1]])
    array([1, 0])
    """
    from scipy.optimize import linear_sum_assignment

    table = np.asarray(counts)
    first, second = linear_sum_assignment(table, maximize=True)
    partner = np.full(table.shape[1], -1, dtype=np.int64)
    partner[second] = first
    alone = np.flatnonzero(partner < 0)
    partner[alone] = table.shape[0] + np.arange(len(alone))
    return partner


def relabelled(labels: ArrayLike, partner: IntArray) -> IntArray:
    """Labels under the numbers of their partners; -1 stays."""
    numbers = np.asarray(labels, dtype=np.int64)
    return np.where(numbers >= 0, partner[np.maximum(numbers, 0)], -1)


def _scores(counts: IntArray) -> Agreement:
    return Agreement(
        adjusted_rand_index(counts), normalized_mutual_information(counts), purity(counts)
    )


def _pair(first: ArrayLike, second: ArrayLike) -> tuple[IntArray, IntArray]:
    one, other = np.asarray(first), np.asarray(second)
    for labels in (one, other):
        if labels.ndim != 1 or (labels.size and labels.dtype.kind not in "iu"):
            raise ExplorerError(
                f"A partition is a whole number for each item; got {labels.dtype} {labels.shape}."
            )
    if len(one) != len(other):
        raise ExplorerError(
            f"Two partitions of the same items are compared; got {len(one):,} and {len(other):,}."
        )
    return one.astype(np.int64), other.astype(np.int64)


def _groups(labels: IntArray) -> int:
    return int(labels.max(initial=-1)) + 1 or 1


def _pairs(count: Any) -> Any:
    """n (n - 1) / 2, in float64, where no count of items overflows."""
    return count * (count - 1) / 2


def _entropy(shares: Float64Array) -> float:
    some = shares[shares > 0]
    return float(-(some * np.log(some)).sum())
