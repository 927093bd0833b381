"""Batches in which labels come several times: a few labels, a few items of each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]


class LabelBatches:
    """Draws rows label by label.

    rows : (n,) row numbers; labels : (n,) their labels, from 0
    least : labels with fewer rows are never drawn
    """

    def __init__(self, rows: IntArray, labels: IntArray, least: int) -> None:
        order = np.argsort(labels, kind="stable")
        edges = np.flatnonzero(np.diff(labels[order])) + 1
        groups: Sequence[IntArray] = np.split(rows[order], edges) if len(rows) else []
        self.groups = [group for group in groups if len(group) >= least]

    def draw(self, labels: int, items: int, generator: np.random.Generator) -> IntArray:
        """Up to `labels` labels and up to `items` rows of each, none twice."""
        chosen = generator.permutation(len(self.groups))[:labels]
        return np.concatenate([_some(self.groups[group], items, generator) for group in chosen])


def _some(group: IntArray, count: int, generator: np.random.Generator) -> IntArray:
    if len(group) <= count:
        return group
    return group[generator.choice(len(group), count, replace=False)]


def hold_out(labels: IntArray, share: float, generator: np.random.Generator) -> NDArray[np.bool_]:
    """(n,) True for a random share of each label, rounded down: a label always keeps one."""
    place = np.empty(len(labels))
    order = np.lexsort((generator.random(len(labels)), labels))
    counts = np.bincount(labels)
    starts = np.cumsum(counts) - counts
    place[order] = np.arange(len(labels)) - starts[labels[order]]
    held_out: NDArray[np.bool_] = place < np.floor(share * counts[labels])
    return held_out
