"""UMAP, ours: a map that moves while it is made, from its first frame to any epoch.

UMAP (McInnes, Healy & Melville 2018, arXiv:1802.03426) joins every item to its nearest neighbours
(`fuzzy_graph`), begins with the principal components, and lets joined points pull each other and
all others push (`umap_layout`). The weights of the joins are those of umap-learn to rounding; the
layout takes the same steps in another order, so a map is as good but not the same picture.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from explorer.blocks import row_blocks
from explorer.errors import ExplorerError
from explorer.neighbors.graph import NeighborGraph, graph_steps
from explorer.neighbors.threads import one_blas_thread
from explorer.projection.curve import fit_curve
from explorer.projection.fuzzy_graph import fuzzy_graph
from explorer.projection.pca import pca
from explorer.projection.umap_layout import Layout
from explorer.training.draws import stream
from explorer.training.setting import check_settings, setting

FloatArray = NDArray[np.float32]
OnProgress = Callable[["UmapProgress"], None]
Stage = Literal["neighbours", "layout", "done"]

VERSION = "2"  # of the algorithm: another version makes another map
FEWEST = 5  # items below which a neighbourhood map has no meaning
SMALL, LARGE = 10_000, 50_000  # items up to which a map is given more epochs
EPOCHS_SMALL, EPOCHS_LARGE, EPOCHS_HUGE = 500, 200, 140
START_SAMPLE = 20_000  # rows that tell the principal components of the start
SIDE = 10.0  # of the box in which a map begins
JITTER = 1e-4  # tells equal items apart
NEIGHBORS_SHARE = 0.3  # of the progress


@dataclass(frozen=True)
class UmapSettings:
    """What a map depends on besides the vectors."""

    neighbors: int = setting(
        15, "the item itself and its nearest; few show fine detail, many the broad shape", least=2,
        most=500,
    )  # fmt: skip
    min_dist: float = setting(
        0.1, "how tightly points may lie on the map, up to the spread", least=0, most=10
    )
    spread: float = setting(1.0, "how far joined points lie apart", above=0, most=10)
    epochs: int = setting(
        0, "how often every point is moved; 0: 500 up to 10,000 items, 200 up to 50,000, else 140",
        least=0, most=100_000,
    )  # fmt: skip
    negatives: int = setting(
        5, "items that push, drawn for each sampled edge; more push groups apart", least=0, most=100
    )
    seed: int = setting(1, "fixes what is drawn: the same seed gives the same map", least=0)
    metric: str = setting("cosine", "what near means", choices=("cosine", "euclidean"))
    components: int = setting(2, "dimensions of the map", least=2, most=3)
    start: str = setting(
        "PCA", "where the points begin; a random start forgets the broad shape",
        choices=("PCA", "random"),
    )  # fmt: skip

    def __post_init__(self) -> None:
        check_settings(self)
        if self.min_dist > self.spread:
            raise ExplorerError(
                f"UMAP's minimum distance must be at most its spread, {self.spread:g}; got "
                f"{self.min_dist:g}."
            )

    def __str__(self) -> str:
        parts = [f"UMAP, {self.neighbors} neighbours, minimum distance {self.min_dist:g}"]
        if self.spread != 1:
            parts.append(f"spread {self.spread:g}")
        parts.append(self.metric)
        if self.epochs:
            parts.append(f"{self.epochs:,} epochs")
        if self.negatives != 5:
            parts.append(f"{self.negatives} negatives")
        if self.start != "PCA":
            parts.append(f"{self.start} start")
        if self.components != 2:
            parts.append(f"{self.components} dimensions")
        return ", ".join([*parts, f"seed {self.seed}"])

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON and for `UmapSettings(**values)`."""
        return asdict(self)

    def epochs_for(self, n: int) -> int:
        """How often the points of n items are moved."""
        usual = EPOCHS_SMALL if n <= SMALL else EPOCHS_LARGE if n <= LARGE else EPOCHS_HUGE
        return self.epochs or usual


@dataclass(frozen=True)
class UmapProgress:
    """How far a map is.

    share : of all the work, 0 to 1; the search for neighbours is taken for three tenths
    stage : "neighbours", "layout", "done"
    epoch : whole epochs so far, of `epochs`
    seconds : spent so far
    """

    share: float
    stage: Stage
    epoch: int
    epochs: int
    seconds: float


class Umap:
    """A map in the making, advanced a slice at a time.

    vectors : (n, d), 5 rows or more; may be a memory map
    graph : each item's nearest others, if they are known already: by the settings' metric, one
        fewer than the settings' neighbours (which count the item itself)
    threads : None for as many as searches have; the number changes nothing but the time

    The first coordinates, PCA's, are there at once. Neighbours are exact up to 50,000 items and
    approximate beyond, with their recall measured: see `graph`. The same vectors and settings give
    the same map, bit for bit, however the work is cut into slices and whatever the threads.

    Cost: O(n^2 d) for exact neighbours, O(n^1.5 d) for approximate ones, O(n k negatives) for an
    epoch; memory: two copies of the vectors while neighbours are searched approximately, 24 bytes
    an item and some 16 for each of its neighbours afterwards.
    """

    def __init__(
        self,
        vectors: NDArray[Any],
        settings: UmapSettings | None = None,
        *,
        graph: NeighborGraph | None = None,
        threads: int | None = None,
    ) -> None:
        begun = time.perf_counter()
        self.settings = settings or UmapSettings()
        n = len(vectors)
        if n < FEWEST:
            raise ExplorerError(f"UMAP needs at least {FEWEST} items; got {n}.")
        self.k = min(self.settings.neighbors, n) - 1
        if graph is not None and graph.indices.shape != (n, self.k):
            raise ExplorerError(
                f"The graph must hold {self.k} neighbours of {n:,} items; got "
                f"{graph.indices.shape[1]} of {len(graph):,}."
            )
        self.graph = graph
        self.epochs = self.settings.epochs_for(n)
        self.seconds = 0.0
        self._threads = threads
        self._start = start_of(vectors, self.settings)
        self._steps = graph_steps(vectors, self.k, metric=self.settings.metric)
        self._found = 0.0
        self._layout: Layout | None = None
        self.seconds += time.perf_counter() - begun

    @property
    def done(self) -> bool:
        return self._layout is not None and self._layout.done

    @property
    def progress(self) -> UmapProgress:
        """How far the map is now."""
        if self._layout is None:
            share = NEIGHBORS_SHARE * self._found
            return UmapProgress(share, "neighbours", 0, self.epochs, self.seconds)
        share = NEIGHBORS_SHARE + (1 - NEIGHBORS_SHARE) * self._layout.share
        stage: Stage = "done" if self.done else "layout"
        return UmapProgress(share, stage, self._layout.epoch, self.epochs, self.seconds)

    def advance(self, seconds: float = 0.1) -> UmapProgress:
        """Work for about that long; a step of the search for neighbours may take longer."""
        begun = time.perf_counter()
        end = begun + seconds
        while self._layout is None and time.perf_counter() < end:
            self._search()
        if self._layout is not None and not self.done:
            self._layout.advance(max(0.0, end - time.perf_counter()))
        self.seconds += time.perf_counter() - begun
        return self.progress

    def coordinates(self) -> FloatArray:
        """(n, components) a copy: where everything is now."""
        return self._start.copy() if self._layout is None else self._layout.coordinates()

    def close(self) -> None:
        """Give up: threads that still search are called off."""
        self._steps.close()

    def _search(self) -> None:
        if self.graph is None:
            try:
                self._found = next(self._steps)
            except StopIteration as found:
                self.graph = found.value
            return
        chosen = self.settings
        self._layout = Layout(
            fuzzy_graph(self.graph.indices, self.graph.distances),
            self._start,
            *fit_curve(chosen.min_dist, chosen.spread),
            epochs=self.epochs, negatives=chosen.negatives, seed=chosen.seed,
            threads=self._threads,
        )  # fmt: skip


def umap(
    vectors: NDArray[Any],
    settings: UmapSettings | None = None,
    *,
    graph: NeighborGraph | None = None,
    on_progress: OnProgress | None = None,
) -> FloatArray:
    """(n, d) -> (n, components) coordinates by UMAP, in one go; see `Umap`.

    on_progress : called some ten times a second; what it raises stops the work
    """
    making = Umap(vectors, settings, graph=graph)
    try:
        while not making.done:
            progress = making.advance()
            if on_progress is not None:
                on_progress(progress)
    finally:
        making.close()
    return making.coordinates()


def start_of(vectors: NDArray[Any], settings: UmapSettings) -> FloatArray:
    """(n, components) where the points begin: in a box of side 10, as in umap-learn.

    By PCA, with the axes of at most 20,000 rows evenly spread (by cosine: of rows at length 1),
    each coordinate stretched to the box.
    """
    n, c = len(vectors), settings.components
    random = np.random.default_rng(int(stream(settings.seed, 1)))
    if settings.start == "random":
        anywhere: FloatArray = random.uniform(0, SIDE, (n, c)).astype(np.float32)
        return anywhere
    cosine = settings.metric == "cosine"
    start = np.zeros((n, c))
    with one_blas_thread():  # the same bits on any machine's number of threads
        some = _rows(vectors[:: -(-n // START_SAMPLE)], cosine)
        found = pca(some, min(c, *some.shape))
        axes, mean = found.axes.T.astype(np.float32), found.mean.astype(np.float32)
        for rows in row_blocks(n, vectors.shape[1]):
            start[rows, : axes.shape[1]] = (_rows(vectors[rows], cosine) - mean) @ axes
    low, size = start.min(axis=0), np.ptp(start, axis=0)
    start = SIDE * (start - low) / np.where(size > 0, size, 1)
    start += random.normal(0, JITTER if size.max() > 0 else SIDE, start.shape)
    placed: FloatArray = start.astype(np.float32)
    return placed


def _rows(block: NDArray[Any], unit_length: bool) -> FloatArray:
    """Rows as float32, divided by their length if asked: by the largest value first, so that no
    square over- or underflows; a zero row stays zero.
    """
    rows: FloatArray = block.astype(np.float32)
    if not np.isfinite(rows).all():
        raise ExplorerError("The vectors hold numbers that are not finite: leave those rows out.")
    if unit_length:
        largest = np.abs(rows).max(axis=1, keepdims=True)
        rows /= np.where(largest > 0, largest, 1)
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        rows /= np.where(norms > 0, norms, 1)
    return rows
