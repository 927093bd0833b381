"""What is known of clusters: cards, measures, agreement, curves over k; kept between reruns."""

from __future__ import annotations

from typing import Any, NamedTuple, cast

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explorer.clustering.agreement import Agreement, Chance, agreement, shuffled_agreement
from explorer.clustering.cards import Card, cards, next_distances
from explorer.clustering.choose_k import Curves, candidate_ks, measure_curves, sampled_points
from explorer.clustering.enrichment import Table, enrichment, value_codes
from explorer.clustering.groups import Groups
from explorer.clustering.validity import (
    Silhouettes,
    calinski_harabasz,
    davies_bouldin,
    silhouettes,
    summarize,
)
from explorer.computation import Computation, OnProgress
from explorer.metadata import Metadata
from explorer.space import EmbeddingSpace, FloatArray, IntArray
from explorer.ui import background, warm
from explorer.ui.cluster_results import K_MEANS, KERNELS, Chosen, Clusters, points

WIDTHS_WAIT = 0.15  # seconds: a page need not wait for silhouettes
COLUMN = "cluster ("  # metadata columns that hold clusters begin so


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
