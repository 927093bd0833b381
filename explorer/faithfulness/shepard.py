"""The Shepard diagram: distances on the map over distances in the space, for pairs of items.

A perfect map puts all pairs on a rising line. Pearson's r says how straight the cloud is,
Spearman's rho how steadily it rises. Pairs are drawn at random, or all are taken where they are few
(Shepard, The analysis of proximities, Psychometrika 27, 1962).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError
from explorer.metrics import EUCLIDEAN, Metric, get_metric
from explorer.neighbors.formula import gathered_scores
from explorer.rank_agreement import spearman_rho
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


@dataclass(frozen=True, eq=False)
class Shepard:
    """Distances of the same pairs in the space and on the map.

    pairs : of m items
    metric : of the space
    in_space : (m,) smaller is nearer: 1 - cosine, minus the dot product, the distance itself
    on_map : (m,) Euclidean
    """

    pairs: Pairs
    metric: str
    in_space: Float64Array
    on_map: Float64Array

    @property
    def pearson(self) -> float:
        """Correlation of the distances, -1 to 1; NaN where one side is constant."""
        a, b = self.in_space - self.in_space.mean(), self.on_map - self.on_map.mean()
        spread = float(np.sqrt((a @ a) * (b @ b)))
        return float(a @ b) / spread if spread > 0 else float("nan")

    @property
    def spearman(self) -> float:
        """Correlation of their ranks, -1 to 1; NaN where one side is constant."""
        return spearman_rho(self.in_space, self.on_map)


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


def shepard_diagram(
    vectors: NDArray[Any],
    coordinates: NDArray[Any],
    pairs: Pairs | None = None,
    *,
    metric: str | Metric = "cosine",
) -> Shepard:
    """The distances of the pairs in the space and on the map: 20,000 with seed 0 unless given."""
    pairs = sample_pairs(len(vectors)) if pairs is None else pairs
    return Shepard(
        pairs, get_metric(metric).name, pair_distances(vectors, pairs, metric),
        pair_distances(coordinates, pairs, EUCLIDEAN),
    )  # fmt: skip
