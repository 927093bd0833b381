"""The scores of all vectors, and of random pairs: how near is "near" in this space?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.blocks import row_blocks
from explorer.errors import ExplorerError
from explorer.metrics import Metric, get_metric
from explorer.neighbors.by_formula import formula_scores
from explorer.neighbors.formula import gathered_scores
from explorer.neighbors.queries import SMALL, block_norms, careful_norms, prepare_queries

PLAIN = 2.0**60  # norms up to here have squares and products that float32 holds
FLOAT32 = np.finfo(np.float32)


class ScoreSummary(NamedTuple):
    """How the scores of all vectors spread.

    edges : (bins + 1,) limits of the histogram's bins
    counts : (bins,) scores in each; together n
    mean, deviation, lowest, median, highest : of all n
    """

    edges: NDArray[np.float64]
    counts: NDArray[np.int64]
    mean: float
    deviation: float
    lowest: float
    median: float
    highest: float


def all_scores(
    vectors: NDArray[np.float32],
    query: ArrayLike,
    metric: str | Metric = "cosine",
    *,
    norms: NDArray[np.float32] | None = None,
) -> NDArray[np.float32]:
    """(n, d), (d,) -> (n,) scores of every vector, for a histogram.

    Good to float32's digits (relative to |x| |q| for cosine and dot): to rank the nearest, ask
    `nearest_neighbors`. Distances are summed from differences, so that near ones do not drown.
    Scores beyond float32's range stand at its ends. One pass over the vectors, in blocks.
    """
    metric = get_metric(metric)
    given = np.asarray(query, dtype=np.float64)
    if given.shape != vectors.shape[1:]:
        raise ExplorerError(
            f"The query must have the vectors' {vectors.shape[1]:,} dimensions; got {given.shape}."
        )
    ready = prepare_queries(given[None], metric)
    scores = np.empty(len(vectors), dtype=np.float32)
    for rows in row_blocks(len(vectors), vectors.shape[1]):
        block = vectors[rows]
        if not metric.by_products:
            scores[rows] = np.clip(formula_scores(block, given, metric), FLOAT32.min, FLOAT32.max)
            continue
        numbers = range(rows.start, rows.stop)
        if norms is None:
            lengths = block_norms(block, numbers)
        else:
            lengths = careful_norms(norms[rows], block, numbers)
        plain = lengths.max() < PLAIN and ready.norms[0] < PLAIN
        dtype = np.dtype(np.float32 if plain and lengths.min() > SMALL else np.float64)
        block = block.astype(dtype, copy=False)
        if metric.name == "euclidean":
            difference = block - ready.exact[0].astype(dtype)
            found = np.sqrt(np.vecdot(difference, difference))
        else:
            found = np.vecdot(block, ready.scaled[0].astype(dtype))
            if metric.name == "cosine":
                length = np.where(lengths > 0, lengths, 1) * max(ready.norms[0], FLOAT32.tiny)
                found = np.clip(found / length.astype(dtype), -1, 1)
            else:
                with np.errstate(over="ignore"):  # beyond the range: clipped below
                    found = found.astype(np.float64) * _scale(given, ready.scaled[0])
        scores[rows] = np.clip(found, FLOAT32.min, FLOAT32.max)
    return scores


def _scale(given: NDArray[np.float64], scaled: NDArray[np.float64]) -> float:
    """The power of two by which a query was divided."""
    at = int(np.abs(scaled).argmax())
    return float(given[at] / scaled[at]) if scaled[at] else 1.0


def summarize_scores(scores: NDArray[np.float32], bins: int = 60) -> ScoreSummary:
    """A histogram over all scores and the numbers beside it: (n,) -> ScoreSummary."""
    wide = scores.astype(np.float64)
    low, high = float(wide.min()), float(wide.max())
    least = 1e-6 * max(abs(low), abs(high), 1e-30)  # of a histogram's width: bins need room
    room = least / 2 if high - low < least else 0.0
    counts, edges = np.histogram(wide, bins=bins, range=(low - room, high + room))
    return ScoreSummary(
        edges, counts.astype(np.int64), float(wide.mean()), float(wide.std()),
        float(wide.min()), float(np.median(scores)), float(wide.max()),
    )  # fmt: skip


def random_pair_scores(
    vectors: NDArray[np.float32], metric: str | Metric = "cosine", pairs: int = 10_000,
    seed: int = 1,
) -> NDArray[np.float64]:  # fmt: skip
    """(pairs,) scores of pairs of different rows drawn at random: the baseline of nearness.

    Each ordered pair is as likely as any other; drawn with replacement. Float64, by the formula.
    """
    metric = get_metric(metric)
    n = len(vectors)
    if n < 2:
        raise ExplorerError(f"Pairs need at least 2 vectors; got {n}.")
    if pairs < 1:
        raise ExplorerError(f"pairs must be at least 1; got {pairs:,}.")
    random = np.random.default_rng(seed)
    one = random.integers(0, n, pairs)
    other = random.integers(0, n - 1, pairs)
    other += other >= one  # all rows but `one`
    return gathered_scores(vectors, one, vectors, other, metric)
