"""The Shepard diagram: distances on the map over distances in the space, for pairs of items.

A perfect map puts all pairs on a rising line. Pearson's r says how straight the cloud is,
Spearman's rho how steadily it rises. Pairs are drawn at random, or all are taken where they are few
(Shepard, The analysis of proximities, Psychometrika 27, 1962).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.metrics import EUCLIDEAN, Metric, get_metric
from explorer.pairs import Pairs, pair_distances, sample_pairs
from explorer.rank_agreement import spearman_rho

Float64Array = NDArray[np.float64]


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
