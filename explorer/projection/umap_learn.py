"""UMAP by umap-learn, for what ours does not offer: settings, the call, and its progress.

That is: any metric of its own, densMAP, and maps that are told a category of each item (supervised
UMAP). By cosine and Euclidean distance the neighbours are our own. Importing umap-learn takes
seconds and its first run compiles for many more: pages run it in `umap_worker.py`.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import metadata
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError, MissingDependencyError
from explorer.neighbors.graph import finished_graph, graph_steps

OnProgress = Callable[[float], None]

FEWEST = 5  # items below which a neighbourhood map has no meaning
NEIGHBORS_SHARE = 0.3  # of the progress bar
OURS = ("cosine", "euclidean")  # metrics by which the neighbours are this program's own
METRICS = (
    *OURS, "correlation", "manhattan", "chebyshev", "canberra", "braycurtis", "hamming", "jaccard",
)  # fmt: skip


@dataclass(frozen=True)
class UmapLearnSettings:
    """What a map by umap-learn depends on besides the vectors.

    neighbors : from 2; few show fine detail, many the broad shape
    min_dist : from 0 to 1; how tightly points may lie on the map
    epochs : rounds of placing points; None: umap-learn's choice, 500 up to 10,000 items, else 200
    seed : fixes the result; None draws one and may use more threads
    metric : one of METRICS; "cosine" is unit length, then Euclidean
    densmap : True for densMAP (Narayan, Berger & Cho 2021), whose crowded places are crowded in the
        space too
    told : name of the category that each item's map is told (supervised UMAP), or ""
    """

    neighbors: int = 15
    min_dist: float = 0.1
    epochs: int | None = None
    seed: int | None = 1
    metric: str = "cosine"
    densmap: bool = False
    told: str = ""

    def __post_init__(self) -> None:
        if self.metric not in METRICS:
            raise ExplorerError(
                f"umap-learn's metric must be one of {', '.join(METRICS)}; got {self.metric!r}."
            )
        if self.neighbors < 2:
            raise ExplorerError(f"UMAP's neighbours must be at least 2; got {self.neighbors}.")
        if not 0 <= self.min_dist <= 1:
            raise ExplorerError(
                f"UMAP's minimum distance must be from 0 to 1; got {self.min_dist:g}."
            )
        if self.epochs is not None and self.epochs < 1:
            raise ExplorerError(f"UMAP's epochs must be at least 1; got {self.epochs}.")
        if self.densmap and self.told:
            raise ExplorerError("A densMAP cannot be told a category: choose one of the two.")

    def __str__(self) -> str:
        parts = [f"umap-learn {umap_version()}", f"{self.neighbors} neighbours"]
        parts += [f"minimum distance {self.min_dist:g}", self.metric]
        if self.epochs is not None:
            parts.append(f"{self.epochs} epochs")
        if self.densmap:
            parts.append("densMAP")
        if self.told:
            parts.append(f"told each item's {self.told}")
        return ", ".join([*parts, "no seed" if self.seed is None else f"seed {self.seed}"])

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON and for `UmapLearnSettings(**values)`."""
        return asdict(self)


def umap_version() -> str:
    """The version of umap-learn, without importing it; "none" where it is not installed."""
    try:
        return metadata.version("umap-learn")
    except metadata.PackageNotFoundError:
        return "none"


def umap_learn_map(
    vectors: NDArray[Any],
    settings: UmapLearnSettings | None = None,
    *,
    target: NDArray[Any] | None = None,
    on_progress: OnProgress | None = None,
) -> NDArray[np.float32]:
    """(n, d) -> (n, 2) coordinates by umap-learn.

    target : (n,) whole numbers, the category of each item, -1 where it is not known; for a map that
        is told them
    on_progress : called with the share done; what it raises stops the work
    Needs 5 items or more; with fewer than `neighbors` all others are neighbours. The same seed
    repeats the map exactly on the same machine and versions; another machine may round differently.
    """
    chosen = settings or UmapLearnSettings()
    report = on_progress or (lambda share: None)
    n = len(vectors)
    if n < FEWEST:
        raise ExplorerError(f"UMAP needs at least {FEWEST} items; got {n}.")
    rows = np.array(vectors, dtype=np.float32)
    if not np.isfinite(rows).all():
        raise ExplorerError("The vectors hold numbers that are not finite: leave those rows out.")
    if chosen.metric == "cosine":
        _to_unit_length(rows)
    count = min(chosen.neighbors, n - 1)
    report(0.0)
    umap = _umap()
    ours = chosen.metric in OURS
    options = {"precomputed_knn": _known_neighbors(rows, count, report)} if ours else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one thread for a seed; no transform of new data
        reducer = umap.UMAP(
            n_neighbors=count, min_dist=chosen.min_dist, n_epochs=chosen.epochs,
            random_state=chosen.seed, metric="euclidean" if ours else chosen.metric,
            densmap=chosen.densmap, init="spectral" if n > 4 * count else "random",
            tqdm_kwds={
                "file": _EpochReader(report), "disable": False, "mininterval": 0.05,
                "bar_format": "{n_fmt}/{total_fmt}",
            },
            **options,
        )  # fmt: skip
        layout: NDArray[np.float32] = np.asarray(
            reducer.fit_transform(rows, y=target), dtype=np.float32
        )
    if not np.isfinite(layout).all():
        raise ExplorerError("UMAP found no place for some items: are many of the vectors equal?")
    report(1.0)
    return layout


def _umap() -> Any:
    try:
        import umap
    except ImportError as error:
        raise MissingDependencyError("UMAP", "umap-learn") from error
    return umap


def _to_unit_length(rows: NDArray[np.float32]) -> None:
    """Divide in place; by the largest value first, so that no square over- or underflows."""
    largest = np.abs(rows).max(axis=1, keepdims=True)
    rows /= np.where(largest > 0, largest, 1)
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    rows /= np.where(norms > 0, norms, 1)


def _known_neighbors(
    rows: NDArray[np.float32], count: int, report: OnProgress
) -> tuple[NDArray[np.int64], NDArray[np.float32], None]:
    """Indices and distances as umap-learn wants them: each row itself first, at distance 0."""
    n = len(rows)
    indices = np.arange(n)[:, None].repeat(count, axis=1)
    distances = np.zeros((n, count), dtype=np.float32)
    if count > 1:
        graph = finished_graph(
            graph_steps(rows, count - 1, metric="euclidean"),
            lambda share: report(NEIGHBORS_SHARE * share),
        )
        indices[:, 1:], distances[:, 1:] = graph.indices, graph.scores
    return indices, distances, None


class _EpochReader:
    """The file that umap-learn's progress bar writes to: "80/200" becomes a share."""

    def __init__(self, report: OnProgress) -> None:
        self.report = report

    def write(self, text: str) -> None:
        counts = re.search(r"(\d+)/(\d+)", text)
        if counts and int(counts[2]):
            share = int(counts[1]) / int(counts[2])
            self.report(NEIGHBORS_SHARE + (0.99 - NEIGHBORS_SHARE) * share)

    def flush(self) -> None:
        pass
