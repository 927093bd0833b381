"""How far two rankings agree: shared items, rank-biased overlap, Kendall's tau, Spearman's rho.

Pure functions of lists of items or of numbers; they know nothing of vectors.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.errors import ExplorerError

Float64Array = NDArray[np.float64]
IntArray = NDArray[np.int64]


def agreement_by_depth(one: Sequence[Hashable], other: Sequence[Hashable]) -> Float64Array:
    """(k,) the share of the first 1, 2, … k items that both lists hold, each from 0 to 1.

    agreement_by_depth("abc", "bad") -> [0, 1, 2/3].
    """
    if len(one) != len(other) or not len(one):
        raise ExplorerError(
            f"Two rankings must be of one length, at least 1; got {len(one)} and {len(other)}."
        )
    seen_one: set[Hashable] = set()
    seen_other: set[Hashable] = set()
    shared = np.empty(len(one))
    for depth, (a, b) in enumerate(zip(one, other, strict=True)):
        seen_one.add(a)
        seen_other.add(b)
        shared[depth] = len(seen_one & seen_other)
    if len(seen_one) < len(one) or len(seen_other) < len(other):
        raise ExplorerError("A ranking holds each item once; one of these repeats an item.")
    agreements: Float64Array = shared / np.arange(1, len(one) + 1)
    return agreements


def overlap(one: Sequence[Hashable], other: Sequence[Hashable]) -> float:
    """The share of the k items that both lists hold, wherever they stand: overlap@k, 0 to 1."""
    return float(agreement_by_depth(one, other)[-1])


def shared_per_line(one: IntArray, other: IntArray) -> IntArray:
    """(r, k), (r, k) without repeats in a line -> (r,) how many of each line are in both.

    shared_per_line([[1, 2, 3]], [[3, 4, 1]]) -> [2]
    """
    both = np.sort(np.concatenate([one, other], axis=1), axis=1)
    shared: IntArray = (both[:, 1:] == both[:, :-1]).sum(axis=1)
    return shared


def rank_biased_overlap(
    one: Sequence[Hashable], other: Sequence[Hashable], p: float = 0.9
) -> float:
    """Extrapolated rank-biased overlap of two rankings of equal length k, from 0 to 1.

        RBO_ext = A_k p^k + (1 - p) / p * sum over d = 1 … k of A_d p^d,

    with A_d the agreement at depth d: an average of the agreements in which depth d weighs p^(d-1),
    and all depths beyond k are taken to agree as depth k does. p is how likely a reader who has
    come to one depth goes on to the next: at p = 0.9 the first ten weigh 86 %.

    Webber, Moffat & Zobel, A similarity measure for indefinite rankings, ACM Transactions on
    Information Systems 28 (4), 2010, equation 23.
    """
    if not 0 < p < 1:
        raise ExplorerError(f"p must lie between 0 and 1, both excluded; got {p:g}.")
    agreements = agreement_by_depth(one, other)
    depths = np.arange(1, len(agreements) + 1)
    seen = (1 - p) / p * float(agreements @ p**depths)
    return min(1.0, seen + float(agreements[-1]) * p ** len(agreements))


def kendall_tau(x: ArrayLike, y: ArrayLike) -> float:
    """Kendall's tau-b of two sequences of numbers, -1 to 1; NaN where one of them is constant.

        tau_b = (concordant - discordant pairs) / sqrt(pairs not tied in x * pairs not tied in y)

    O(m^2) for m numbers: meant for the hits of a query (Kendall, Biometrika 33, 1945).
    """
    a, b = _two(x, y)
    signs_a, signs_b = np.sign(a[:, None] - a), np.sign(b[:, None] - b)
    untied = np.sqrt((signs_a**2).sum() * (signs_b**2).sum())
    return float((signs_a * signs_b).sum() / untied) if untied > 0 else float("nan")


def spearman_rho(x: ArrayLike, y: ArrayLike) -> float:
    """Spearman's rank correlation, -1 to 1: Pearson's r of the ranks, ties at their middle rank.

    NaN where one of the sequences is constant.
    """
    a, b = (middle_ranks(values) for values in _two(x, y))
    a, b = a - a.mean(), b - b.mean()
    spread = np.sqrt((a @ a) * (b @ b))
    return float(a @ b / spread) if spread > 0 else float("nan")


def middle_ranks(values: NDArray[Any]) -> Float64Array:
    """Ranks from 1, the smallest first; equal values share the mean of theirs.

    [10, 20, 20] -> [1, 2.5, 2.5].
    """
    _, group, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: Float64Array = (last - (counts - 1) / 2)[group]
    return ranks


def _two(x: ArrayLike, y: ArrayLike) -> tuple[Float64Array, Float64Array]:
    a, b = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if a.ndim != 1 or a.shape != b.shape or len(a) < 2:
        raise ExplorerError(
            f"A rank correlation needs two sequences of one length, at least 2; "
            f"got {a.shape} and {b.shape}."
        )
    return a, b
