"""The clusters of a visitor: computed in the background, kept by digest and settings, and named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explorer.clustering.agreement import Agreement, Chance, agreement, shuffled_agreement
from explorer.clustering.cards import Card, cards, next_distances
from explorer.clustering.choose_k import Curves, candidate_ks, measure_curves, sampled_points
from explorer.clustering.density import hdbscan
from explorer.clustering.enrichment import Table, enrichment, value_codes
from explorer.clustering.groups import Groups, largest_first
from explorer.clustering.kmeans import Clustering, k_means
from explorer.clustering.kmeans_steps import k_means_steps
from explorer.clustering.mini_batch import mini_batch_k_means
from explorer.clustering.stability import nearest_center
from explorer.clustering.validity import (
    Silhouettes,
    calinski_harabasz,
    davies_bouldin,
    silhouettes,
    summarize,
)
from explorer.computation import Computation, OnProgress
from explorer.errors import ExplorerError
from explorer.metadata import Metadata
from explorer.space import EmbeddingSpace, FloatArray, IntArray
from explorer.ui import background, cached_metrics, state, warm
from explorer.ui.maps import ShownMap

K_MEANS, HDBSCAN = "k-means", "HDBSCAN"
KERNELS = {K_MEANS: "clustering.kmeans", HDBSCAN: "clustering.density"}  # see explorer.warm_up
FIRST_TIME = " (its kernels are compiled first, once on a machine, for half a minute)"
WIDTHS_WAIT = 0.15  # seconds: a page need not wait for silhouettes
LONGEST_NOTE = 24  # characters of an item that stands for its cluster
SKETCH = 1_500  # items of a preview before the kernels are compiled
PREVIEW = "preview"
ISOLATED = "isolated_cluster"
COLUMN = "cluster ("  # columns that hold clusters begin so
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
    ended = "" if found.converged else ", not converged"
    return Clusters(key, largest_first(found.labels), len(found), f"{found.method}{ended}")


def title(chosen: Chosen) -> str:
    """What is computed, for the bar that shows how far it is."""
    first = "" if warm.is_ready(KERNELS[chosen.method]) else FIRST_TIME
    return f"{chosen.title}{first}"


# --- Names -------------------------------------------------------------------------------------


def groups(space: EmbeddingSpace, chosen: Chosen, found: Clusters) -> Groups:
    """The visitor's names and mergers of these clusters; at first a number and a word for each."""
    kept = _kept().get(found.key)
    if kept is not None:
        return kept
    plain = Groups.numbered(found.count)
    if found.preview or not found.count or space.items.are_numbers or space.images is not None:
        return plain
    nearest = {one.number: one.nearest[0] for one in cards_of(space, chosen, found, plain)}
    if len(nearest) < found.count:
        return plain
    words = [space.items[int(nearest[number])] for number in range(found.count)]
    return Groups.numbered(found.count, [" ".join(word.split())[:LONGEST_NOTE] for word in words])


def are_changed(found: Clusters) -> bool:
    """Whether a name or a merger is the visitor's."""
    return found.key in _kept()


def undo_changes(found: Clusters) -> None:
    """Each cluster a group of its own again, under its first name."""
    _kept().pop(found.key, None)


def set_groups(found: Clusters, changed: Groups) -> None:
    """Keep names and mergers; those of the latest 50 clusterings are remembered."""
    kept = _kept()
    kept.pop(found.key, None)
    kept[found.key] = changed
    while len(kept) > 50:
        del kept[next(iter(kept))]


def change_groups(found: Clusters, change: Callable[[], Groups]) -> None:
    """Keep what a visitor's change gives; what is wrong with it is told at the top of the page."""
    try:
        set_groups(found, change())
    except ExplorerError as error:
        state.notify(str(error))


def isolated(found: Clusters) -> int | None:
    """The group that alone is coloured, if one is."""
    kept = st.session_state.get(ISOLATED)
    return kept[1] if isinstance(kept, tuple) and kept[0] == found.key else None


def isolate(found: Clusters, group: int | None) -> None:
    """Colour one group alone; None: all."""
    st.session_state[ISOLATED] = None if group is None else (found.key, group)


def _kept() -> dict[str, Groups]:
    return cast("dict[str, Groups]", st.session_state.setdefault("cluster_groups", {}))


# --- What is known of them ---------------------------------------------------------------------


@st.cache_resource(max_entries=24, show_spinner="Describing the clusters …")
def _cards(key: str, of_cluster: tuple[int, ...], _points: FloatArray, _codes: IntArray) -> Any:
    return cards(_points, _codes)


def cards_of(space: EmbeddingSpace, chosen: Chosen, found: Clusters, named: Groups) -> list[Card]:
    """A card for each group."""
    codes = named.codes(found.labels)
    known = _cards(found.key, named.of_cluster, points(space, chosen.spherical), codes)
    return cast("list[Card]", known)


@st.cache_resource(max_entries=24, show_spinner=False)
def _enriched(
    key: str, of_cluster: tuple[int, ...], digest: str, _metadata: Metadata, _codes: IntArray
) -> Table:
    columns = [name for name in _metadata if not name.startswith(COLUMN)]
    return enrichment(_metadata, _codes, columns=columns)


def enriched(space: EmbeddingSpace, found: Clusters, named: Groups) -> Table:
    """What each group has too much of; columns that hold clusters are left out."""
    codes = named.codes(found.labels)
    return _enriched(found.key, named.of_cluster, space.metadata.digest, space.metadata, codes)


def column_name(chosen: Chosen) -> str:
    """The metadata column that holds the clusters: "cluster (k-means, 12)"."""
    return f"{COLUMN}{chosen.title})"


class Shape(NamedTuple):
    """Measures of one labelling; see explorer/clustering/validity.py."""

    explained: float
    calinski: float
    davies: float


@st.cache_data(max_entries=64, show_spinner=False)
def _shapes(key: str, _points: FloatArray, _labels: NDArray[Any]) -> tuple[Shape, Shape]:
    total = summarize(_points, np.minimum(_labels, 0)).inertia  # all as one cluster, but for noise

    def shape(labels: NDArray[Any]) -> Shape:
        found = summarize(_points, labels)
        explained = 1 - found.inertia / total if total > 0 else 0.0
        return Shape(explained, calinski_harabasz(found), davies_bouldin(found))

    return shape(_labels), shape(dealt(_labels))


def shapes(key: str, vectors: FloatArray, labels: NDArray[Any]) -> tuple[Shape, Shape]:
    """The measures of labels, and of the same labels dealt to the items at random."""
    return _shapes(key, vectors, labels)


def dealt(labels: NDArray[Any]) -> NDArray[Any]:
    """The same labels dealt to the items in a cluster at random, seed 0; noise stays."""
    shuffled = labels.copy()
    inside = labels >= 0
    shuffled[inside] = np.random.default_rng(0).permutation(labels[inside])
    return shuffled


@st.cache_resource(max_entries=24, show_spinner=False)
def _margins(key: str, _points: FloatArray, _labels: NDArray[Any]) -> NDArray[np.float64]:
    found = summarize(_points, _labels)
    codes = _labels.astype(np.int64)
    margins: NDArray[np.float64] = next_distances(_points, codes, found) - found.distances
    return margins


def margins(key: str, vectors: FloatArray, labels: NDArray[Any]) -> NDArray[np.float64]:
    """(n,) how much farther the next cluster's mean is than the own; NaN for noise."""
    return _margins(key, vectors, labels)


def widths(
    key: str, vectors: FloatArray, labels: NDArray[Any], *, place: str = "widths"
) -> Computation[Any]:
    """The run that finds the silhouettes of labels, and of the same dealt at random."""
    return background.ask(
        f"silhouettes {key}", lambda report: _widths(vectors, labels, report), place=place,
        moment=WIDTHS_WAIT,
    )  # fmt: skip


def widths_again(key: str, vectors: FloatArray, labels: NDArray[Any]) -> None:
    background.begin_again(f"silhouettes {key}", lambda report: _widths(vectors, labels, report))


def _widths(
    vectors: FloatArray, labels: NDArray[Any], report: OnProgress
) -> tuple[Silhouettes, Silhouettes]:
    found, chance = silhouettes(
        vectors, [labels, dealt(labels)], on_progress=report
    )  # distances are measured once for both
    return found, chance


@st.cache_resource(max_entries=24, show_spinner=False)
def _against(
    key: str, codes_key: str, _labels: NDArray[Any], _codes: NDArray[Any]
) -> tuple[Agreement, Chance]:
    return agreement(_labels, _codes), shuffled_agreement(_labels, _codes)


def against(
    key: str, labels: NDArray[Any], codes_key: str, codes: NDArray[Any]
) -> tuple[Agreement, Chance]:
    """How far labels agree with other codes of the same items, and the same when shuffled."""
    return _against(key, codes_key, labels, codes)


@st.cache_resource(max_entries=24, show_spinner=False)
def _value_codes(digest: str, column: str, _metadata: Metadata) -> tuple[list[str], IntArray]:
    return value_codes(_metadata, column)


def column_codes(space: EmbeddingSpace, column: str) -> tuple[list[str], IntArray]:
    """The values of a column and each item's; numbers in quarters."""
    return _value_codes(space.metadata.digest, column, space.metadata)


# --- Choosing k --------------------------------------------------------------------------------


@st.cache_resource(max_entries=24, show_spinner=False)
def _growing(key: str) -> list[Curves]:
    """The curves so far, the newest last: filled by the run while it goes on."""
    return []


def curves_of(
    space: EmbeddingSpace, chosen: Chosen, most: int, *, moment: float = background.MOMENT
) -> tuple[Curves, Computation[Any]]:
    """The curves as far as they are known, and the run that measures them."""
    key, compute, empty = _curves(space, chosen, most)
    run = background.ask(key, compute, place="curves", moment=moment)
    known = _growing(key)
    return background.result(run) or (known[-1] if known else empty), run


def begin_curves_again(space: EmbeddingSpace, chosen: Chosen, most: int) -> None:
    key, compute, _ = _curves(space, chosen, most)
    background.begin_again(key, compute)


def _curves(space: EmbeddingSpace, chosen: Chosen, most: int) -> tuple[str, Any, Curves]:
    vectors = points(space, chosen.spherical)
    rows = sampled_points(vectors)
    ks = candidate_ks(len(rows), most)
    key = f"curves {space.digest} {chosen.spherical} {chosen.seed} {ks}"
    known = _growing(key)

    def compute(report: OnProgress) -> Curves:
        warm.make_ready(KERNELS[K_MEANS])
        some = vectors[rows] if len(rows) < len(vectors) else vectors
        for curves in measure_curves(
            some, ks, of=len(vectors), spherical=chosen.spherical, seed=chosen.seed,
            on_progress=report,
        ):  # fmt: skip
            known.append(curves)
        return known[-1]

    return key, compute, Curves(ks, len(rows), len(space))
