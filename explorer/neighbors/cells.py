"""Rows sorted into cells around a few hundred centres: an inverted file.

The centres come from a few rounds of k-means (Lloyd 1982) on a sample; they need not be good, only
near.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.blocks import row_blocks
from explorer.neighbors.threads import in_turn, one_blas_thread

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]

SAMPLE_A_CELL = 30  # rows of the sample for each centre
ROUNDS = 8  # of k-means


@dataclass(frozen=True, eq=False)
class Cells:
    """A partition of n rows.

    order : (n,) row numbers, cell after cell, rising within a cell
    starts : (cells + 1,) where each cell begins in `order`
    near : (n, probes) the cells nearest to each row, its own first
    """

    order: IntArray
    starts: IntArray
    near: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.starts) - 1


def make_cells(rows: FloatArray, probes: int, seed: int) -> Cells:
    """(n, d) -> about sqrt(n) cells of rows that lie near each other, by Euclidean distance."""
    n, d = rows.shape
    count = max(1, round(n**0.5))
    probes = min(probes, count)
    random = np.random.default_rng(seed)
    sample = np.sort(random.choice(n, min(n, count * SAMPLE_A_CELL), replace=False))
    centres = centres_of(rows[sample], count, random)
    halves = np.square(centres).sum(axis=1) / 2
    near = np.empty((n, probes), dtype=np.int32)

    def name(part: slice) -> None:
        scores = rows[part] @ centres.T - halves
        best = np.argpartition(scores, count - probes, axis=1)[:, count - probes :]
        order = np.argsort(-np.take_along_axis(scores, best, 1), axis=1, kind="stable")
        near[part] = np.take_along_axis(best, order, 1)

    with one_blas_thread():
        list(in_turn(name, row_blocks(n, max(d, count))))
    order = np.argsort(near[:, 0], kind="stable")
    starts = np.searchsorted(near[order, 0], np.arange(count + 1))
    return Cells(order, starts, near)


def centres_of(rows: FloatArray, count: int, random: np.random.Generator) -> FloatArray:
    """(m, d) -> (count, d) centres after a few rounds from rows drawn at random."""
    from explorer.clustering.kmeans import few_rounds  # here, as it uses our threads

    start = rows[random.choice(len(rows), count, replace=False)]
    return few_rounds(rows, start, ROUNDS)
