"""Comparisons of metrics kept between reruns, under the space's digest and plain numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explorer.metric_comparison import (
    Agreement,
    Comparison,
    Disagreement,
    Pair,
    compare_metrics,
    overlap_per_item,
    random_agreements,
    random_vectors,
    sampled_rows,
)
from explorer.metrics import METRICS
from explorer.neighbors import all_scores
from explorer.space import EmbeddingSpace, centred, normalized
from explorer.ui.timed import Timed, timed

WORK = 4e9  # multiplications that a look over the whole space may take, some seconds
SLOWER = 12  # how many times as long a number takes without a matrix product
FEWEST, MOST = 50, 5_000  # items asked about
RANDOM_ITEMS = 300


@st.cache_resource(max_entries=4, show_spinner="Preparing the vectors …")
def _derived(
    digest: str, about: str, centre: bool, normalise: bool, _space: EmbeddingSpace
) -> EmbeddingSpace:
    changed = centred(_space) if centre else _space
    return normalized(changed) if normalise else changed


def derived(space: EmbeddingSpace, *, centre: bool, normalise: bool) -> EmbeddingSpace:
    """The space centred, at length 1, both (in this order) or as it is."""
    if not centre and not normalise:
        return space
    about = f"{space.name} {space.provenance} {space.metadata.digest}"
    return _derived(space.digest, about, centre, normalise, space)


@st.cache_data(max_entries=512, show_spinner=False)
def _comparison(
    digest: str, row: int, k: int, metrics: tuple[str, ...], _space: EmbeddingSpace
) -> Timed[Comparison]:
    return timed(lambda: compare_metrics(_space.vectors, row, k, metrics, norms=_space.norms))


def comparison(
    space: EmbeddingSpace, row: int, k: int, metrics: tuple[str, ...]
) -> Timed[Comparison]:
    """The k nearest of one item by each metric."""
    return _comparison(space.digest, row, k, metrics, space)


@st.cache_data(max_entries=128, show_spinner="Drawing a random space …")
def chance_agreements(n: int, d: int, k: int, metrics: tuple[str, ...]) -> dict[Pair, Agreement]:
    """The mean agreement of metrics in a random space of the same shape, seed 0."""
    return random_agreements(n, d, k, metrics)


def asked_rows(space: EmbeddingSpace, metrics: tuple[str, ...]) -> NDArray[np.int64]:
    """The items to ask about: all, or as many as some seconds allow, drawn with seed 0."""
    cost = sum(1 if METRICS[name].by_products else SLOWER for name in metrics)
    allowed = int(WORK / (space.vectors.size * cost))
    return sampled_rows(len(space), max(FEWEST, min(MOST, allowed)))


@st.cache_data(max_entries=64, show_spinner="Asking for every item's neighbours …")
def _disagreement(
    digest: str, k: int, metrics: tuple[str, ...], _space: EmbeddingSpace
) -> Timed[Disagreement]:
    rows = asked_rows(_space, metrics)
    return timed(lambda: overlap_per_item(_space.vectors, rows, k, metrics, norms=_space.norms))


def disagreement(space: EmbeddingSpace, k: int, metrics: tuple[str, ...]) -> Timed[Disagreement]:
    """overlap@k of every two metrics for all items, or for a sample of them."""
    return _disagreement(space.digest, k, metrics, space)


@st.cache_data(max_entries=64, show_spinner="Drawing a random space …")
def chance_disagreement(n: int, d: int, k: int, metrics: tuple[str, ...]) -> Disagreement:
    """The same in a random space of the same shape, for 300 of its items."""
    vectors = random_vectors(n, d)
    return overlap_per_item(vectors, sampled_rows(len(vectors), RANDOM_ITEMS), k, metrics)


@st.cache_data(max_entries=64, show_spinner=False)
def _scores(digest: str, row: int, metric: str, _space: EmbeddingSpace) -> NDArray[Any]:
    scores = all_scores(_space.vectors, _space.vectors[row], metric, norms=_space.norms)
    return np.delete(scores, row)


def scores(space: EmbeddingSpace, row: int, metric: str) -> NDArray[Any]:
    """(n - 1,) scores of all other items, in row order."""
    return _scores(space.digest, row, metric, space)
