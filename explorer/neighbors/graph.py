"""The graph that joins every row of a space to its k nearest: exact, or fast with a stated recall.

Exact: a search with every row as the query, O(n^2 d).

Approximate, in three steps: k-means on a sample gives about sqrt(n) cells, and each row is compared
with the rows of the cells nearest to it (an inverted file; Sivic & Zisserman 2003), O(n^1.5 d).
Then with the neighbours of its neighbours (Dong, Charikar & Li 2011, NN-descent), O(n k^2 d). Last,
the pairs that were found are scored by the formula and sorted. So scores are right; what may be
missing is neighbours, and `recall` says how many of a sample's true ones are there.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.blocks import row_blocks
from explorer.errors import ExplorerError, MissingDependencyError
from explorer.metrics import Metric, get_metric
from explorer.neighbors.batch import can_search_together
from explorer.neighbors.best import Best, merge_best, no_rows
from explorer.neighbors.cells import make_cells
from explorer.neighbors.exact import nearest_neighbors
from explorer.neighbors.formula import gathered_scores
from explorer.neighbors.quantized import QuantizedIndex
from explorer.neighbors.threads import in_turn, one_blas_thread

OnProgress = Callable[[float], None]

EXACT_UP_TO = 50_000  # items; beyond, UMAP takes the approximate graph, which is there sooner
COPY_FROM = 5_000  # items; fewer are searched without an 8-bit copy
AT_ONCE = 1024  # rows between two reports
RECALL_SAMPLE = 500  # rows whose true neighbours are found too, to measure recall
PART = 4096  # rows that a thread works on between two reports
SAMPLE = 4096  # rows that tell where the middle is


@dataclass(frozen=True, eq=False)
class NeighborGraph:
    """Every row's k nearest others, nearest first, ties by row number.

    indices : (n, k) int32 row numbers
    scores : (n, k) float32 in the metric's own unit, by the formula
    metric : its name
    recall : share of the true neighbours that the graph has, over `sample` rows; 1 when exact
    sample : rows over which recall was measured; 0 when exact
    note : how it was made, for a status line
    """

    indices: NDArray[np.int32]
    scores: NDArray[np.float32]
    metric: str
    recall: float
    sample: int
    note: str

    def __len__(self) -> int:
        return len(self.indices)

    @property
    def distances(self) -> NDArray[np.float32]:
        """(n, k) smaller is nearer: 1 - cosine, minus the dot product, the distance itself."""
        return get_metric(self.metric).distance(self.scores)


def exact_graph(
    vectors: NDArray[Any],
    k: int = 15,
    *,
    metric: str | Metric = "cosine",
    norms: NDArray[Any] | None = None,
    on_progress: OnProgress | None = None,
) -> NeighborGraph:
    """The k nearest others of every row, by exact search.

    vectors : (n, d)
    k : from 1 to n - 1
    on_progress : called with the share done, every 1,024 rows; what it raises stops the work

    Cost: O(n^2 d); 100,000 x 100 take some 8 s of two cores, 20 s where they multiply no bytes;
    memory: n d bytes and 36 n more.
    """
    return finished_graph(exact_steps(vectors, k, metric=metric, norms=norms), on_progress)


def approximate_graph(
    vectors: NDArray[Any],
    k: int = 15,
    *,
    metric: str | Metric = "cosine",
    probes: int = 8,
    seed: int = 1,
    on_progress: OnProgress | None = None,
) -> NeighborGraph:
    """The k nearest others of every row among the rows of nearby cells, with measured recall.

    vectors : (n, d)
    k : from 1 to n - 1
    probes : cells that each row looks into; more find more, and take longer
    seed : of the sample of rows that the cells are made of
    on_progress : called with the share done; what it raises stops the work

    The recall is measured: the true neighbours of 500 rows, evenly spread, are found too.
    Cost: O(n^1.5 d), some 4 s of one core for 100,000 x 100; memory: a second copy of the vectors.
    """
    steps = approximate_steps(vectors, k, metric=metric, probes=probes, seed=seed)
    return finished_graph(steps, on_progress)


Steps = Generator[float, None, NeighborGraph]  # shares done, 0 to 1; then the graph


def graph_steps(vectors: NDArray[Any], k: int, *, metric: str | Metric = "cosine") -> Steps:
    """The exact graph up to 50,000 rows, the approximate one beyond, in many small steps.

    For who has other things to do in between: each `next` does a part of the work and gives the
    share done; the graph is the value of the StopIteration. `close()` ends the work.
    """
    if len(vectors) > EXACT_UP_TO and get_metric(metric).name in ("cosine", "euclidean"):
        return approximate_steps(vectors, k, metric=metric)
    return exact_steps(vectors, k, metric=metric)


def finished_graph(steps: Steps, on_progress: OnProgress | None = None) -> NeighborGraph:
    """The graph at the end of its steps; what `on_progress` raises ends the work."""
    try:
        while True:
            share = next(steps)
            if on_progress is not None:
                on_progress(share)
    except StopIteration as end:
        graph: NeighborGraph = end.value
        return graph
    finally:
        steps.close()


def exact_steps(
    vectors: NDArray[Any],
    k: int,
    *,
    metric: str | Metric = "cosine",
    norms: NDArray[Any] | None = None,
) -> Steps:
    """`exact_graph`, 1,024 rows a step."""
    metric = get_metric(metric)
    n = len(vectors)
    graph = _empty(n, k, metric)
    index = _copy_of(vectors) if n >= COPY_FROM and metric.by_products else None
    for start in range(0, n, AT_ONCE):
        rows = np.arange(start, min(start + AT_ONCE, n))
        found = nearest_neighbors(
            vectors, vectors[rows], k, metric=metric, exclude=rows, norms=norms, index=index
        )
        graph.indices[rows], graph.scores[rows] = found.indices, found.scores
        yield (start + len(rows)) / n
    return graph


def approximate_steps(
    vectors: NDArray[Any],
    k: int,
    *,
    metric: str | Metric = "cosine",
    probes: int = 8,
    seed: int = 1,
) -> Steps:
    """`approximate_graph`, some 4,096 rows a step."""
    metric = get_metric(metric)
    if metric.name not in ("cosine", "euclidean"):
        raise ExplorerError(
            f"An approximate graph is by cosine or euclidean; got {metric.name}: ask for the "
            "exact one."
        )
    if probes < 1:
        raise ExplorerError(f"probes must be at least 1; got {probes:,}.")
    n = len(vectors)
    graph = _empty(n, k, metric)
    kernels = _kernels()
    yield 0.0
    rows = comparable_rows(vectors, metric)
    cells = make_cells(rows, probes, seed)
    yield 0.1
    rows, near = rows[cells.order], cells.near[cells.order]
    halves = np.square(rows).sum(axis=1) / 2
    found, scores = np.empty((n, k), dtype=np.int32), np.empty((n, k), dtype=np.float32)
    better, better_scores = np.empty_like(found), np.empty_like(scores)

    def look_into_cells(part: slice) -> None:
        found[part], scores[part] = -1, -np.inf
        asked = near[part].reshape(-1)
        by_cell = np.argsort(asked, kind="stable")
        queries = part.start + by_cell // near.shape[1]
        bounds = np.searchsorted(asked[by_cell], np.arange(len(cells) + 1))
        for cell in np.flatnonzero(np.diff(bounds)):
            own = queries[bounds[cell] : bounds[cell + 1]]
            there = slice(cells.starts[cell], cells.starts[cell + 1])
            products = rows[own] @ rows[there].T
            kernels.keep_best(products, halves[there], own, there.start, found, scores)

    def ask_friends(part: slice) -> None:
        seen = np.full(n, -1, dtype=np.int32)
        kernels.search_friends(
            rows, halves, part.start, part.stop, seen, found, scores, better, better_scores
        )

    def score(part: slice) -> None:
        whole = (better[part] >= 0).all(axis=1)
        own = cells.order[part][whole]
        others = cells.order[better[part][whole]]
        graph.indices[own], graph.scores[own] = sorted_by_score(vectors, own, others, metric)

    with one_blas_thread():  # throughout: to set it for each part takes longer than the part
        yield from _in_parts(look_into_cells, n, 0.1, 0.6)
    yield from _in_parts(ask_friends, n, 0.6, 0.8)
    yield from _in_parts(score, n, 0.8, 0.95)
    few = cells.order[(better < 0).any(axis=1)]  # their cells held fewer than k others
    if len(few):
        exact = nearest_neighbors(vectors, vectors[few], k, metric=metric, exclude=few)
        graph.indices[few], graph.scores[few] = exact.indices, exact.scores
    sample = np.unique(np.linspace(0, n - 1, min(n, RECALL_SAMPLE)).astype(np.int64))
    true = nearest_neighbors(vectors, vectors[sample], k, metric=metric, exclude=sample)
    recall = shared_rows(graph.indices[sample], true.indices)
    yield 1.0
    note = (
        f"approximate: {min(probes, len(cells))} of {len(cells):,} cells, then neighbours of "
        f"neighbours; recall {recall:.3f} over {len(sample):,} items, seed {seed}"
    )
    return replace(graph, recall=recall, sample=len(sample), note=note)


def _copy_of(vectors: NDArray[Any]) -> QuantizedIndex | None:
    """The 8-bit copy, where it answers many queries sooner than a matrix product does."""
    if not can_search_together():
        return None
    try:
        return QuantizedIndex.build(vectors)
    except ExplorerError:  # lengths that eight bits cannot tell apart
        return None


def shared_rows(found: NDArray[Any], true: NDArray[Any]) -> float:
    """(q, k), (q, k) -> the share of the true rows that were found, over all q."""
    hits = [len(np.intersect1d(a, b)) for a, b in zip(found, true, strict=True)]
    return sum(hits) / true.size


def comparable_rows(vectors: NDArray[Any], metric: Metric) -> NDArray[np.float32]:
    """(n, d) float32 rows whose Euclidean distances rank as the metric does; centred.

    For cosine at length 1 (a zero row stays zero), for Euclidean all divided by one number.
    """
    n, d = vectors.shape
    rows = np.empty((n, d), dtype=np.float32)
    some = vectors[:: max(1, n // SAMPLE)].astype(np.float64)
    if metric.name == "cosine":
        scale, centre = 1.0, np.zeros(d)
    else:
        centre = some.mean(axis=0)
        scale = float(np.abs(some - centre).max()) or 1.0

    def convert(part: slice) -> None:
        block = (vectors[part].astype(np.float64) - centre) / scale
        if metric.name == "cosine":
            largest = np.abs(block).max(axis=1, keepdims=True)
            block /= np.where(largest > 0, largest, 1)
            norms = np.linalg.norm(block, axis=1, keepdims=True)
            block /= np.where(norms > 0, norms, 1)
        rows[part] = block

    list(in_turn(convert, row_blocks(n, d)))
    if metric.name == "cosine":
        rows -= rows[:: max(1, n // SAMPLE)].mean(axis=0)
    return rows


def sorted_by_score(
    vectors: NDArray[Any], own: NDArray[np.int64], others: NDArray[np.int64], metric: Metric
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """(m,), (m, k) rows -> the others sorted by the formula's score, ties by row; the scores."""
    m, k = others.shape
    scores = gathered_scores(vectors, others.reshape(-1), vectors, own.repeat(k), metric)
    best = Best(others, scores.reshape(m, k))
    best = merge_best(best, no_rows(m, 0, metric), k, metric)
    return best.rows, best.scores


def _in_parts(work: Callable[[slice], None], n: int, first: float, last: float) -> Iterator[float]:
    """Work on all n rows; after each part the share done, from `first` to `last`."""
    parts = [slice(start, min(start + PART, n)) for start in range(0, n, PART)]
    for number, _ in enumerate(in_turn(work, parts)):
        yield first + (last - first) * (number + 1) / len(parts)


def _kernels() -> Any:
    try:
        from explorer.neighbors import graph_kernels
    except ImportError as error:
        raise MissingDependencyError("An approximate graph", "numba") from error
    return graph_kernels


def _empty(n: int, k: int, metric: Metric) -> NeighborGraph:
    if not 1 <= k < n:
        raise ExplorerError(f"k must be from 1 to {n - 1:,} for {n:,} vectors; got {k:,}.")
    return NeighborGraph(
        np.empty((n, k), dtype=np.int32), np.empty((n, k), dtype=np.float32), metric.name, 1.0, 0,
        "exact",
    )  # fmt: skip
