"""The clusters of a space and of a map: computed beside the page, kept by digest and settings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.clustering.density import hdbscan
from explorer.clustering.groups import largest_first
from explorer.clustering.kmeans import Clustering, k_means, mini_batch_k_means
from explorer.clustering.kmeans_steps import k_means_steps
from explorer.clustering.stability import nearest_center
from explorer.computation import Computation, OnProgress
from explorer.space import EmbeddingSpace, FloatArray
from explorer.ui import background, cached_metrics, warm
from explorer.ui.maps import ShownMap

K_MEANS, HDBSCAN = "k-means", "HDBSCAN"
KERNELS = {K_MEANS: "clustering.kmeans", HDBSCAN: "clustering.density"}  # see explorer.warm_up
FIRST_TIME = " (its kernels are compiled first, once on a machine, for half a minute)"
SKETCH = 1_500  # items of a preview before the kernels are compiled
PREVIEW = "preview"
PREVIEW_WAIT = 0.4  # seconds more, for a preview where the clusters take longer


@dataclass(frozen=True)
class Chosen:
    """What is clustered and how.

    spherical : by cosine: the vectors count at length 1
    """

    method: str = K_MEANS
    k: int = 12
    seed: int = 0
    starts: int = 1
    min_cluster_size: int = 25
    min_samples: int = 5
    spherical: bool = True

    @property
    def title(self) -> str:
        """For a heading or a column: "k-means, 12"."""
        if self.method == HDBSCAN:
            return f"HDBSCAN, {self.min_cluster_size}"
        return f"k-means, {self.k}"

    def python(self) -> str:
        """Lines that give `labels`, and the `vectors` that they are measured on, from `space`."""
        unit = "from explorer import normalized\nvectors = normalized(space).vectors"
        measured = unit if self.spherical else "vectors = space.vectors"
        if self.method == HDBSCAN:
            return f"{measured}\n{self.python_of('vectors')}"
        return f"{self.python_of('space.vectors')}\n{measured}"

    def python_of(self, vectors: str) -> str:
        """Lines that give `labels` of some vectors; k-means brings them to length 1 itself."""
        if self.method == HDBSCAN:
            return (
                "from explorer.clustering.density import hdbscan\n"
                f"labels = hdbscan({vectors}, min_cluster_size={self.min_cluster_size}, "
                f"min_samples={self.min_samples}).labels"
            )
        return (
            "from explorer.clustering import k_means\n"
            "from explorer.clustering.groups import largest_first\n"
            f"found = k_means({vectors}, {self.k}, spherical={self.spherical}, "
            f"starts={self.starts}, seed={self.seed})\nlabels = largest_first(found.labels)"
        )


@dataclass(frozen=True, eq=False)
class Clusters:
    """Clusters of a space, or of a map of it; the largest is number 0.

    key : names them for caches
    labels : (n,), -1 for noise
    count : how many clusters
    note : method, settings, seed, rounds and time, for the status line
    """

    key: str
    labels: NDArray[np.int32]
    count: int
    note: str

    @property
    def noise(self) -> int:
        """How many items are in no cluster."""
        return int((self.labels < 0).sum())

    @property
    def preview(self) -> bool:
        """True for a quick sketch that the clusters themselves will replace."""
        return self.key.startswith(PREVIEW)


def points(space: EmbeddingSpace, spherical: bool) -> FloatArray:
    """The vectors that are clustered and measured: at length 1 for clusters by cosine."""
    return cached_metrics.derived(space, centre=False, normalise=spherical).vectors


def clusters_of(
    space: EmbeddingSpace, chosen: Chosen, *, place: str = "clusters"
) -> tuple[Clusters | None, Computation[Clusters]]:
    """The clusters of a space, or None yet; and the run that computes them."""
    key, vectors = _clustered(space, chosen)
    run = background.ask(key, lambda report: _compute(key, vectors, chosen, report), place=place)
    return background.result(run), run


def preview_of(space: EmbeddingSpace, chosen: Chosen) -> Computation[Clusters] | None:
    """A quick sketch of clusters that take a while, from a part of the items; k-means only."""
    if chosen.method != K_MEANS:
        return None
    key, vectors = _clustered(space, chosen)
    return background.ask(
        f"{PREVIEW} {key}", lambda report: _preview(key, vectors, chosen, report),
        place="preview", moment=PREVIEW_WAIT,
    )  # fmt: skip


def begin_again(space: EmbeddingSpace, chosen: Chosen) -> None:
    """Compute the clusters once more, after they failed or were stopped."""
    key, vectors = _clustered(space, chosen)
    background.begin_again(key, lambda report: _compute(key, vectors, chosen, report))


def _clustered(space: EmbeddingSpace, chosen: Chosen) -> tuple[str, FloatArray]:
    """The key of the clusters, and the vectors given; k-means brings them to length 1 itself."""
    spherical = chosen.spherical and chosen.method == HDBSCAN
    return f"clusters {space.digest} {chosen}", points(space, spherical)


def clusters_of_map(shown: ShownMap, chosen: Chosen) -> Computation[Clusters]:
    """The same k on the coordinates of a map, by Euclidean distance."""
    key, plane = _on_map(shown, chosen)
    return background.ask(
        key, lambda report: _compute(key, plane, chosen, report), place="on the map"
    )


def map_again(shown: ShownMap, chosen: Chosen) -> None:
    """Cluster the map once more, after that failed or was stopped."""
    key, plane = _on_map(shown, chosen)
    background.begin_again(key, lambda report: _compute(key, plane, chosen, report))


def _on_map(shown: ShownMap, chosen: Chosen) -> tuple[str, FloatArray]:
    return f"clusters {shown.key} {chosen}", np.ascontiguousarray(shown.coordinates[:, :2])


def _compute(key: str, vectors: FloatArray, chosen: Chosen, report: OnProgress) -> Clusters:
    warm.make_ready(KERNELS[chosen.method])
    if chosen.method == HDBSCAN:
        dense = hdbscan(
            vectors, min_cluster_size=min(chosen.min_cluster_size, len(vectors)),
            min_samples=min(chosen.min_samples, len(vectors)), on_progress=report,
        )  # fmt: skip
        count = int(dense.labels.max(initial=-1)) + 1
        return Clusters(key, dense.labels, count, dense.method)
    found = k_means(
        vectors, min(chosen.k, len(vectors)), spherical=chosen.spherical, starts=chosen.starts,
        seed=chosen.seed, progress=report,
    )  # fmt: skip
    return _named(key, found)


def _preview(key: str, vectors: FloatArray, chosen: Chosen, report: OnProgress) -> Clusters:
    if not warm.is_ready(KERNELS[K_MEANS]):
        return _sketch(key, vectors, chosen)
    found = mini_batch_k_means(
        vectors, min(chosen.k, len(vectors)), spherical=chosen.spherical, seed=chosen.seed,
        progress=report,
    )  # fmt: skip
    return _named(f"{PREVIEW} {key}", found)


def _sketch(key: str, vectors: FloatArray, chosen: Chosen) -> Clusters:
    """Clusters of a small sample, in plain NumPy: what there is before kernels are compiled."""
    size = min(len(vectors), SKETCH)
    rows = np.random.default_rng(chosen.seed).choice(len(vectors), size, replace=False)
    k = min(chosen.k, size)
    *_, last = k_means_steps(
        vectors[np.sort(rows)], k, spherical=chosen.spherical, seed=chosen.seed, max_iterations=20
    )
    labels = largest_first(nearest_center(vectors, last.centers))
    count = int(labels.max()) + 1
    note = f"preview: k-means on {size:,} items, the others with the nearest centre"
    return Clusters(f"{PREVIEW} {key}", labels, count, note)


def _named(key: str, found: Clustering) -> Clusters:
    return Clusters(key, largest_first(found.labels), len(found), found.method)


def title(chosen: Chosen) -> str:
    """What is computed, for the bar that shows how far it is."""
    first = "" if warm.is_ready(KERNELS[chosen.method]) else FIRST_TIME
    return f"{chosen.title}{first}"
