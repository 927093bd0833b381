"""How good a ranked list is, and how well the neighbours of a vector share its label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.errors import ExplorerError
from explorer.metrics import Metric, get_metric
from explorer.neighbors import nearest_neighbors

QUERIES_AT_ONCE = 64
Places = NDArray[np.float64]


def recall(places: ArrayLike, k: int) -> float:
    """The share of the wanted items among the first k, of min(k, wanted).

    places : where the wanted items stand, from 1. recall([1, 3, 12], k=10) -> 2 / 3
    """
    where = np.asarray(places, dtype=np.float64)
    return float((where <= k).sum() / min(k, len(where)))


def ndcg(places: ArrayLike, k: int) -> float:
    """Normalised discounted cumulative gain: 1 / log2(1 + place), summed up to k, over the best.

    ndcg([1, 3], k=10) -> (1 + 1/2) / (1 + 1/log2(3)) = 0.9197…
    (Järvelin & Kekäläinen, Cumulated gain-based evaluation of IR techniques, TOIS 2002.)
    """
    where = np.asarray(places, dtype=np.float64)
    gain = (1 / np.log2(1 + where[where <= k])).sum()
    best = (1 / np.log2(1 + np.arange(1, min(k, len(where)) + 1))).sum()
    return float(gain / best)


def average_precision(places: ArrayLike) -> float:
    """The mean, over the wanted items, of the precision at each one's place.

    average_precision([1, 3]) -> (1/1 + 2/3) / 2 = 0.8333…
    """
    where = np.sort(np.asarray(places, dtype=np.float64))
    return float((np.arange(1, len(where) + 1) / where).mean())


@dataclass(frozen=True)
class LabelRetrieval:
    """How well labels are found again among neighbours, each from 0 to 1.

    accuracy : queries whose label is the most frequent of their k nearest (k-NN accuracy)
    recall_at_1 : queries whose nearest has their label
    mean_average_precision : over queries, of the whole ranked list
    chance : recall_at_1 of neighbours drawn at random, to compare with
    k, queries, metric : how it was measured
    """

    accuracy: float
    recall_at_1: float
    mean_average_precision: float
    chance: float
    k: int
    queries: int
    metric: str

    def __str__(self) -> str:
        return (
            f"{self.k}-NN accuracy {self.accuracy:.3f}, recall@1 {self.recall_at_1:.3f}, "
            f"mAP {self.mean_average_precision:.3f} (chance {self.chance:.3f})"
        )


def label_retrieval(
    gallery: ArrayLike,
    gallery_labels: ArrayLike,
    queries: ArrayLike,
    query_labels: ArrayLike,
    *,
    k: int = 5,
    metric: str | Metric = "cosine",
) -> LabelRetrieval:
    """Look for each query's label among its neighbours in the gallery.

    gallery : (n, d), queries : (q, d), labels of any kind that can be sorted
    k : neighbours that vote, at most n; a tie goes to the label of the nearer one

    Queries whose label the gallery does not hold are counted as not found, but left out of the
    mean average precision, which is not defined for them.
    """
    gallery, queries = np.asarray(gallery, np.float32), np.asarray(queries, np.float32)
    known, wanted = np.asarray(gallery_labels), np.asarray(query_labels)
    if len(known) != len(gallery) or len(wanted) != len(queries):
        raise ExplorerError(
            f"Every vector needs a label; got {len(known):,} for {len(gallery):,} in the gallery "
            f"and {len(wanted):,} for {len(queries):,} queries."
        )
    metric = get_metric(metric)
    found = nearest_neighbors(gallery, queries, k, metric=metric).indices
    voted = np.array([_vote(labels) for labels in known[found]])
    _, codes, counts = np.unique(known, return_inverse=True, return_counts=True)
    frequency = dict(zip(known.tolist(), (counts[codes] / len(known)).tolist(), strict=True))
    precisions = _average_precisions(gallery, known, queries, wanted, metric)
    return LabelRetrieval(
        accuracy=float((voted == wanted).mean()),
        recall_at_1=float((known[found[:, 0]] == wanted).mean()),
        mean_average_precision=float(np.mean(precisions)) if precisions else 0.0,
        chance=float(np.mean([frequency.get(label, 0.0) for label in wanted.tolist()])),
        k=k,
        queries=len(queries),
        metric=metric.name,
    )


def _vote(labels: NDArray[Any]) -> Any:
    """The most frequent of the labels, nearest first; a tie goes to the one met first."""
    values, first, counts = np.unique(labels, return_index=True, return_counts=True)
    return values[np.lexsort((first, -counts))[0]]


def _average_precisions(
    gallery: NDArray[np.float32], known: Any, queries: NDArray[np.float32], wanted: Any,
    metric: Metric,
) -> list[float]:  # fmt: skip
    """Of each query whose label is known, over the whole gallery; ties by row number."""
    precisions = []
    for start in range(0, len(queries), QUERIES_AT_ONCE):
        some = slice(start, start + QUERIES_AT_ONCE)
        distances = _distances(gallery, queries[some], metric)
        order = np.argsort(distances, axis=1, kind="stable")
        for ranked, label in zip(order, wanted[some], strict=True):
            places = np.flatnonzero(known[ranked] == label) + 1
            if len(places):
                precisions.append(average_precision(places))
    return precisions


def _distances(
    gallery: NDArray[np.float32], queries: NDArray[np.float32], metric: Metric
) -> NDArray[np.float64]:
    """(q, n) in float64, to rank by: Euclidean ones squared, less the query's own square."""
    if metric.name != "euclidean":
        return metric.distance(metric.pairwise(gallery, queries))
    rows, columns = queries.astype(np.float64), gallery.astype(np.float64)
    squares = np.einsum("ij,ij->i", columns, columns)
    distances: NDArray[np.float64] = squares - 2 * rows @ columns.T
    return distances
