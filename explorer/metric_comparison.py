"""One query under several metrics, and a whole space: where do the metrics disagree?

For one query the k nearest by each metric are put side by side with every hit's rank by the other
metrics. For many items the k nearest by two metrics are compared item by item (overlap@k), and the
disagreement is held against what may cause it: norm and frequency. A random space of the same shape
tells how much two metrics agree where there is no structure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError
from explorer.metrics import get_metric
from explorer.neighbors.all_scores import all_scores
from explorer.neighbors.exact import nearest_neighbors
from explorer.neighbors.formula import gathered_scores
from explorer.rank_agreement import (
    kendall_tau,
    overlap,
    rank_biased_overlap,
    shared_per_line,
    spearman_rho,
)
from explorer.space import FloatArray, IntArray

Float64Array = NDArray[np.float64]
Pair = tuple[str, str]

THREE = ("cosine", "dot", "euclidean")
MOST_RANDOM_ITEMS = 20_000  # of the random space that stands in for a larger one
QUERIES_AT_ONCE = 256


@dataclass(frozen=True)
class Agreement:
    """How far two metrics agree on one query, or the mean over several queries.

    overlap : share of the k nearest that both find, 0 to 1
    rbo : extrapolated rank-biased overlap of the two lists, p = 0.9, 0 to 1
    tau : Kendall's tau-b of the scores of all items that either metric finds, -1 to 1
    """

    overlap: float
    rbo: float
    tau: float


@dataclass(frozen=True, eq=False)
class Comparison:
    """The k nearest of one query by m metrics.

    metrics : m names
    hits : (m, k) rows, nearest first
    union : (u,) the rows that any metric finds, in the order in which they are met
    scores : (m, u) their scores, each in its metric's own unit
    ranks : (m, u) the place of each among all items by each metric, from 1
    """

    metrics: tuple[str, ...]
    hits: IntArray
    union: IntArray
    scores: Float64Array
    ranks: IntArray

    @property
    def k(self) -> int:
        return int(self.hits.shape[1])

    @property
    def found(self) -> NDArray[np.bool_]:
        """(m, u) True where a metric counts the row among its k nearest."""
        return self.ranks <= self.k

    def agreement(self, one: str, other: str) -> Agreement:
        """Of two of the metrics."""
        a, b = self.metrics.index(one), self.metrics.index(other)
        either = self.found[a] | self.found[b]
        nearness = [
            -get_metric(name).distance(self.scores[place])[either]
            for name, place in ((one, a), (other, b))
        ]
        lists = self.hits[a].tolist(), self.hits[b].tolist()
        tau = kendall_tau(*nearness) if either.sum() > 1 else float("nan")
        return Agreement(overlap(*lists), rank_biased_overlap(*lists), tau)

    def agreements(self) -> dict[Pair, Agreement]:
        """Of every two metrics."""
        return {pair: self.agreement(*pair) for pair in combinations(self.metrics, 2)}


def compare_metrics(
    vectors: FloatArray,
    row: int,
    k: int = 10,
    metrics: Sequence[str] = THREE,
    *,
    norms: FloatArray | None = None,
) -> Comparison:
    """The k nearest of one row by each metric, itself left out, and every hit's rank by the others.

    vectors : (n, d); norms : (n,) if they are known
    k : from 1 to n - 1

    Hits are exact. The rank of an item beyond the k nearest is counted from float32 scores: it may
    be one off where two items tie to the seventh digit. Cost: O(m n d), and a sort of n scores.
    """
    if len(set(metrics)) < len(metrics) or not metrics:
        raise ExplorerError(f"Name each metric once, and at least one; got {', '.join(metrics)}.")
    query = vectors[row]
    found = [
        nearest_neighbors(vectors, query, k, metric=name, exclude=[row], norms=norms)
        for name in metrics
    ]
    hits = np.concatenate([one.indices for one in found])
    union = np.array(list(dict.fromkeys(hits.ravel().tolist())), dtype=np.int64)
    scores = np.empty((len(metrics), len(union)))
    ranks = np.empty(scores.shape, dtype=np.int64)
    first = np.zeros(len(union), dtype=np.int64)
    for place, name in enumerate(metrics):
        metric = get_metric(name)
        scores[place] = gathered_scores(vectors, union, query[None], first, metric)
        distances = metric.distance(all_scores(vectors, query, metric, norms=norms))
        own = distances[union]
        ordered = np.sort(np.delete(distances, row))
        beyond = np.searchsorted(ordered, own) + 1
        known = {hit: rank for rank, hit in enumerate(hits[place].tolist(), start=1)}
        ranks[place] = [
            known.get(hit, max(k + 1, counted))
            for hit, counted in zip(union.tolist(), beyond.tolist(), strict=True)
        ]
    return Comparison(tuple(metrics), hits, union, scores, ranks)


def random_vectors(n: int, d: int, seed: int = 0) -> FloatArray:
    """(n, d) normal numbers: a space without structure; at most 20,000 items stand for more."""
    random = np.random.default_rng(seed)
    return random.standard_normal((min(n, MOST_RANDOM_ITEMS), d), dtype=np.float32)


def random_agreements(
    n: int, d: int, k: int = 10, metrics: Sequence[str] = THREE, *, queries: int = 20, seed: int = 0
) -> dict[Pair, Agreement]:
    """The mean agreement of every two metrics in a random space of the same shape."""
    vectors = random_vectors(n, d, seed)
    chosen = range(min(queries, len(vectors)))
    found = [compare_metrics(vectors, row, k, metrics).agreements() for row in chosen]
    return {
        pair: Agreement(*(
            float(np.mean([getattr(one[pair], name) for one in found]))
            for name in ("overlap", "rbo", "tau")
        ))
        for pair in combinations(metrics, 2)
    }  # fmt: skip


@dataclass(frozen=True, eq=False)
class Disagreement:
    """How far the metrics agree, item by item.

    rows : (r,) the items asked about
    k : neighbours compared
    overlaps : overlap@k of every two metrics, each (r,) from 0 to 1
    """

    rows: IntArray
    k: int
    overlaps: dict[Pair, Float64Array]

    def worst(self, pair: Pair, count: int) -> IntArray:
        """Places in `rows` of the items on which two metrics agree least; ties by row number."""
        return np.lexsort((self.rows, self.overlaps[pair]))[:count]

    def correlation(self, pair: Pair, values: NDArray[np.floating]) -> float:
        """Spearman's rho of the disagreement, 1 - overlap, and (r,) a number of each item."""
        known = np.isfinite(values)
        if known.sum() < 2:
            return float("nan")
        return spearman_rho(1 - self.overlaps[pair][known], values[known])


def overlap_per_item(
    vectors: FloatArray,
    rows: IntArray,
    k: int = 10,
    metrics: Sequence[str] = THREE,
    *,
    norms: FloatArray | None = None,
    on_progress: Callable[[float], None] | None = None,
) -> Disagreement:
    """overlap@k of every two metrics for each of (r,) rows, each searched among all (n, d) vectors.

    on_progress : called with the share done; what it raises stops the work
    Cost: m searches of r queries, O(m r n d).
    """
    overlaps: dict[Pair, Float64Array] = {
        pair: np.empty(len(rows)) for pair in combinations(metrics, 2)
    }
    for start in range(0, len(rows), QUERIES_AT_ONCE):
        part = slice(start, start + QUERIES_AT_ONCE)
        asked = rows[part]
        found = {
            name: nearest_neighbors(
                vectors, vectors[asked], k, metric=name, exclude=asked, norms=norms
            ).indices
            for name in metrics
        }
        for (one, other), shares in overlaps.items():
            shares[part] = shared_per_line(found[one], found[other]) / k
        if on_progress is not None:
            on_progress(min(1.0, (start + QUERIES_AT_ONCE) / len(rows)))
    return Disagreement(rows, k, overlaps)


def sampled_rows(n: int, most: int, seed: int = 0) -> IntArray:
    """All n rows, or `most` of them drawn without replacement, in order."""
    if n <= most:
        return np.arange(n)
    return np.sort(np.random.default_rng(seed).choice(n, most, replace=False))
