"""All scores of one map, or of several measured together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError
from explorer.faithfulness.neighbor_ranks import NeighborRanks, OnProgress, ranks_of_maps
from explorer.faithfulness.preservation import point_preservation
from explorer.faithfulness.shepard import Shepard
from explorer.faithfulness.stress import monotone_stress, normalised_stress, scale_free_stress
from explorer.faithfulness.trustworthiness import point_continuity, point_trustworthiness
from explorer.metric_comparison import sampled_rows
from explorer.metrics import EUCLIDEAN, Metric, get_metric
from explorer.pairs import PAIRS, pair_distances, sample_pairs
from explorer.space import FloatArray, IntArray

Float64Array = NDArray[np.float64]
Points = Callable[[NeighborRanks, int], Float64Array]

KS = (5, 15, 50)
MOST_EXACT = 25_000  # items that are all scored
SAMPLE = 5_000  # items scored of more: a mean is then right to some 0.002

BY_K: dict[str, Points] = {
    "trustworthiness": point_trustworthiness,
    "continuity": point_continuity,
    "preservation": point_preservation,
}


@dataclass(frozen=True, eq=False)
class Faithfulness:
    """The scores of one map.

    ranks : neighbours on both sides and their ranks: what per-point scores and mistakes are from
    ks : neighbourhood sizes
    trustworthiness, continuity, preservation : (len(ks),) means over the items scored, 0 to 1
    shepard : distances of pairs of items on both sides
    pearson, spearman : correlation of these distances, -1 to 1
    normalised_stress : 0 or above; depends on the unit of the map
    scale_free_stress, monotone_stress : 0 to 1; NaN where there are no distances
    """

    ranks: NeighborRanks
    ks: tuple[int, ...]
    trustworthiness: Float64Array
    continuity: Float64Array
    preservation: Float64Array
    shepard: Shepard
    pearson: float
    spearman: float
    normalised_stress: float
    scale_free_stress: float
    monotone_stress: float

    def per_point(self, score: str, k: int) -> Float64Array:
        """(s,) one of BY_K for each of the items scored (`ranks.rows`); their mean is the score."""
        if score not in BY_K:
            raise ExplorerError(f"score must be one of {', '.join(BY_K)}; got {score!r}.")
        return BY_K[score](self.ranks, k)

    def standard_error(self, score: str, k: int) -> float:
        """By how much sampling makes a mean wrong, typically; 0 where all items are scored.

        s / sqrt(m) sqrt(1 - m / n) for m of n items (Cochran, Sampling Techniques, 1977, 2.6).
        """
        points, n = self.per_point(score, k), self.ranks.n
        m = len(points)
        if m == n or m < 2:
            return 0.0 if m == n else float("nan")
        return float(points.std(ddof=1) / np.sqrt(m) * np.sqrt(1 - m / n))

    def worst(self, score: str, k: int, count: int = 20) -> IntArray:
        """Places in `ranks.rows` of the items with the lowest score, lowest first."""
        order: IntArray = np.argsort(self.per_point(score, k), kind="stable")[:count]
        return order

    @property
    def note(self) -> str:
        """What was measured and on how many, for a status line."""
        ranks = self.ranks
        items = (
            f"{len(ranks.rows):,} of {ranks.n:,} items, drawn at random, each ranked among all"
            if ranks.sampled
            else f"all {ranks.n:,} items"
        )
        return f"Neighbours by {ranks.metric}: {items}; distances: {self.shepard.pairs.note}"


def measure_faithfulness(
    vectors: FloatArray,
    maps: Mapping[str, NDArray[Any]],
    ks: Sequence[int] = KS,
    *,
    metric: str | Metric = "cosine",
    rows: IntArray | None = None,
    pairs: int = PAIRS,
    seed: int = 0,
    norms: FloatArray | None = None,
    on_progress: OnProgress | None = None,
) -> dict[str, Faithfulness]:
    """All scores of several maps of one space, by their names, from one pass over the space.

    vectors : (n, d) the space; norms : (n,) its Euclidean norms, if known
    maps : (n, 2) or (n, 3) coordinates by name; add `baseline_maps(vectors)` to compare with
    ks : each from 1 and below n / 2; see `fitting_ks`
    metric : of the space; maps are always compared by Euclidean distance
    rows : items scored; `rows_to_score(n)` unless given
    pairs, seed : of the Shepard diagram; all pairs where there are no more
    on_progress : called with the share done, from 0 to 1; what it raises stops the work

    Exact ranks among all n items. Cost: O(s n (d + k)) for s items scored, plus O(s n k) a map.
    """
    metric, n = get_metric(metric), len(vectors)
    ks = tuple(sorted(set(ks)))
    if not ks or ks[0] < 1 or 2 * ks[-1] >= n:
        raise ExplorerError(
            f"Each k must be at least 1 and below half of the {n:,} items; "
            f"got {', '.join(map(str, ks)) or 'none'}."
        )
    rows = rows_to_score(n) if rows is None else rows
    found = ranks_of_maps(
        vectors, maps, ks[-1], metric=metric, rows=rows, norms=norms, on_progress=on_progress
    )
    drawn = sample_pairs(n, pairs, seed)
    in_space = pair_distances(vectors, drawn, metric)
    return {
        name: _scores(
            found[name],
            ks,
            Shepard(drawn, metric.name, in_space, pair_distances(points, drawn, EUCLIDEAN)),
        )
        for name, points in maps.items()
    }


def rows_to_score(n: int, most: int = SAMPLE, seed: int = 0) -> IntArray:
    """All rows of up to 25,000 items, of more a sample of `most`, drawn with this seed."""
    return sampled_rows(n, n if n <= MOST_EXACT else most, seed)


def fitting_ks(n: int, ks: Sequence[int] = KS) -> tuple[int, ...]:
    """Those of `ks` that are below half of n items; the largest k possible where none is."""
    most = (n - 1) // 2
    return tuple(k for k in ks if k <= most) or ((most,) if most else ())


def _scores(ranks: NeighborRanks, ks: tuple[int, ...], found: Shepard) -> Faithfulness:
    trusted, continued, kept = (
        np.array([points(ranks, k).mean() for k in ks]) for points in BY_K.values()
    )
    return Faithfulness(
        ranks, ks, trusted, continued, kept, found, found.pearson, found.spearman,
        normalised_stress(found), scale_free_stress(found), monotone_stress(found),
    )  # fmt: skip
