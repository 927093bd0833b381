"""Groups of items as centroids: does each item lie nearest to its own group, how wide is a group?

A prototype is the mean of a group's directions, and an item is classified to the prototype with
which it has the largest cosine (Rosch, Natural categories, 1973; the nearest-centroid or Rocchio
classifier of Manning, Raghavan & Schütze, Introduction to Information Retrieval, 2008, 14.2).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from explorer.analogies.analogy import unit_rows
from explorer.blocks import row_blocks
from explorer.errors import ExplorerError
from explorer.space import EmbeddingSpace, IntArray

Float64Array = NDArray[np.float64]

MOST_GROUPS = 1_000


class Classified(NamedTuple):
    """Every item of g groups by its nearest prototype.

    groups : g names, as they were given
    sizes : (g,) items in each
    counts : (g, g) items of the group of the line that fell to the group of the column
    accuracy : the share that fell to its own group
    by_size : the share of the largest group: what always naming that one would reach
    alone : items that are the only ones of their group and so were not counted
    """

    groups: tuple[str, ...]
    sizes: IntArray
    counts: IntArray
    accuracy: float
    by_size: float
    alone: int


class Diversity(NamedTuple):
    """How wide a group is.

    mean : mean distance 1 - cos of two of its items, 0 to 2
    random : (s,) the same of as many items drawn at random from the space
    """

    mean: float
    random: Float64Array

    @property
    def share_below(self) -> float:
        """The share of random groups that are narrower."""
        return float((self.random < self.mean).mean())


def prototypes(space: EmbeddingSpace, codes: IntArray, count: int) -> Float64Array:
    """(count, d) sums of the unit vectors of each group; codes: (n,) from 0, -1 for no group."""
    sums = np.zeros((count, space.dimensions))
    for rows in row_blocks(len(space), space.dimensions):
        order = np.argsort(codes[rows], kind="stable")
        order = order[np.searchsorted(codes[rows][order], 0) :]  # those that have a group
        if len(order):
            groups, starts = np.unique(codes[rows][order], return_index=True)
            sums[groups] += np.add.reduceat(unit_rows(space.vectors[rows][order]), starts)
    return sums


def classify(
    space: EmbeddingSpace, labels: list[str], codes: IntArray, *, leave_out: bool = True
) -> Classified:
    """Classify every item that has a group to its nearest prototype.

    labels : g names; codes : (n,) the group of each item, -1 for none
    leave_out : take an item out of its own group's prototype before it is compared, so that it does
        not vote for itself; an item alone in its group is then not counted

    O(n d g). Ties go to the group named first.
    """
    if not 2 <= len(labels) <= MOST_GROUPS:
        raise ExplorerError(
            f"To classify takes from 2 to {MOST_GROUPS:,} groups; got {len(labels):,}."
        )
    sums = prototypes(space, codes, len(labels))
    sizes = np.bincount(codes[codes >= 0], minlength=len(labels))
    unit = unit_rows(sums)
    counts = np.zeros((len(labels), len(labels)), dtype=np.int64)
    counted = sizes > 1 if leave_out else sizes > 0
    width = space.dimensions + len(labels)
    for rows in row_blocks(len(space), width):
        own = codes[rows]
        known = np.flatnonzero((own >= 0) & counted[own])
        own = own[known]
        block = unit_rows(space.vectors[rows][known])
        cosines = block @ unit.T
        if leave_out:
            cosines[np.arange(len(own)), own] = np.vecdot(block, unit_rows(sums[own] - block))
        np.add.at(counts, (own, cosines.argmax(axis=1)), 1)
    total = int(counts.sum())
    if total == 0:
        raise ExplorerError("Every group has one item: nothing is left to compare it with.")
    return Classified(
        tuple(labels), sizes, counts, float(np.trace(counts) / total),
        float(counts.sum(axis=1).max() / total), int(sizes[~counted].sum()),
    )  # fmt: skip


def diversity(
    space: EmbeddingSpace, rows: IntArray, *, draws: int = 200, seed: int = 0
) -> Diversity:
    """The mean pairwise distance of a group, and of as many random items, `draws` times.

    From the sum of the unit vectors: mean cosine = (|sum|^2 - m) / (m (m - 1)), with no pair looked
    at. Zero vectors have cosine 0 to everything.
    """
    rows = np.unique(rows)
    if not 2 <= len(rows) <= len(space):
        raise ExplorerError(f"The width of a group takes two items at least; got {len(rows)}.")
    random = np.random.default_rng(seed)
    drawn = np.array([
        _mean_distance(space, random.choice(len(space), len(rows), replace=False))
        for _ in range(draws)
    ])  # fmt: skip
    return Diversity(_mean_distance(space, rows), drawn)


def _mean_distance(space: EmbeddingSpace, rows: IntArray) -> float:
    total, squares = np.zeros(space.dimensions), 0.0
    for part in row_blocks(len(rows), space.dimensions):
        unit = unit_rows(space.vectors[np.sort(rows[part])])
        total += unit.sum(axis=0)
        squares += float(np.vecdot(unit, unit).sum())
    m = len(rows)
    return 1 - float(total @ total - squares) / (m * (m - 1))
