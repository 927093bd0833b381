"""Pairs of items drawn at random, and how far apart they are."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError
from explorer.metrics import Metric, get_metric
from explorer.neighbors.formula import gathered_scores
from explorer.space import IntArray

Float64Array = NDArray[np.float64]

PAIRS = 20_000  # a correlation from so many is right to some 0.01


class Pairs(NamedTuple):
    """Pairs of different items.

    one, other : (m,) row numbers
    n : items they were drawn from
    seed : of the draw; None where these are all pairs
    """

    one: IntArray
    other: IntArray
    n: int
    seed: int | None

    @property
    def note(self) -> str:
        """How they were chosen, for a status line."""
        if self.seed is None:
            return f"all {len(self.one):,} pairs"
        all_pairs = self.n * (self.n - 1) // 2
        return f"{len(self.one):,} of {all_pairs:,} pairs, drawn with seed {self.seed}"


def sample_pairs(n: int, pairs: int = PAIRS, seed: int = 0) -> Pairs:
    """`pairs` pairs of different items, each pair as likely; all pairs where there are no more.

    Drawn with replacement: of the pairs of many items hardly one comes twice.
    """
    if n < 2:
        raise ExplorerError(f"Pairs need at least 2 items; got {n}.")
    if pairs < 2:
        raise ExplorerError(f"pairs must be at least 2; got {pairs:,}.")
    if n * (n - 1) // 2 <= pairs:
        one, other = np.triu_indices(n, 1)
        return Pairs(one.astype(np.int64), other.astype(np.int64), n, None)
    random = np.random.default_rng(seed)
    one = random.integers(0, n, pairs)
    other = random.integers(0, n - 1, pairs)
    return Pairs(one, other + (other >= one), n, seed)


def pair_distances(
    vectors: NDArray[Any], pairs: Pairs, metric: str | Metric = "cosine"
) -> Float64Array:
    """(m,) the distance of each pair by the metric's formula, in float64; smaller is nearer."""
    if len(vectors) != pairs.n:
        raise ExplorerError(
            f"The pairs were drawn from {pairs.n:,} items; these are {len(vectors):,}."
        )
    metric = get_metric(metric)
    scores = gathered_scores(vectors, pairs.one, vectors, pairs.other, metric)
    distances: Float64Array = metric.distance(scores)
    return distances
