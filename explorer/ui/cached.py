"""Results kept between reruns and visitors, under the space's digest and plain numbers.

No array is ever a hashed argument: Streamlit hashes only a sample of large arrays, and would hand
one space's result to another. What is not hashed has a name that begins with "_". Every cache is
bounded; cached arrays are read-only, because visitors share them.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explorer import catalog, opened_file
from explorer.check import Check, check
from explorer.errors import ExplorerError
from explorer.metadata import Metadata
from explorer.neighbors import (
    Neighbors,
    ScoreSummary,
    Searcher,
    all_scores,
    neighbors_of,
    random_pair_scores,
    summarize_scores,
)
from explorer.plots import map as map_plot
from explorer.projection.pca import PCA, pca
from explorer.projection.random_projection import random_projection
from explorer.space import EmbeddingSpace, FloatArray
from explorer.ui.timed import Timed, timed

RANDOM_PAIRS = 1_000


@st.cache_resource(max_entries=16, show_spinner="Opening the space …")
def bundled_space(name: str) -> EmbeddingSpace:
    """A space that ships with the program, shared by all visitors."""
    return catalog.open_bundled(name)


@st.cache_resource(show_spinner="Opening the file …")
def command_line_space() -> tuple[EmbeddingSpace | None, str]:
    """The file that `python -m explorer FILE` was started with, opened once for this server.

    With it the sentence that says why it could not be opened, or "".
    """
    try:
        opened = opened_file.parse_arguments(sys.argv[1:])
        return (None if opened is None else opened.open()), ""
    except ExplorerError as error:
        return None, str(error)


@st.cache_resource(max_entries=4, ttl=3600, show_spinner=False)
def _searcher(digest: str, _space: EmbeddingSpace) -> Searcher:
    return Searcher(_space.vectors, _space.norms)


def searcher(space: EmbeddingSpace) -> Searcher:
    """The searches of a space; of a large one it makes an 8-bit copy beside the first of them."""
    return _searcher(space.digest, space)


@st.cache_data(max_entries=2_000, show_spinner=False)
def _neighbors(
    digest: str, row: int, metric: str, k: int, _space: EmbeddingSpace
) -> Timed[Neighbors]:
    kept = searcher(_space)
    return timed(lambda: neighbors_of(_space, _space.items[row], k, metric=metric, searcher=kept))


def neighbors(space: EmbeddingSpace, row: int, metric: str, k: int) -> Timed[Neighbors]:
    """The k items nearest to one item of the space, itself left out; (1, k)."""
    return _neighbors(space.digest, row, metric, min(k, len(space) - 1), space)


@st.cache_data(max_entries=256, show_spinner=False)
def _score_spread(
    digest: str, query: bytes, metric: str, _space: EmbeddingSpace, _query: NDArray[np.float64]
) -> ScoreSummary:
    scores = all_scores(_space.vectors, _query, metric, norms=_space.norms)
    return summarize_scores(scores)


def score_spread(space: EmbeddingSpace, query: NDArray[np.float64], metric: str) -> ScoreSummary:
    """How the scores of all items to a query vector spread."""
    return _score_spread(space.digest, query.tobytes(), metric, space, query)


@dataclass(frozen=True)
class Usual:
    """What two random items of a space score: the baseline beside every score.

    low, median, high : the 5th, 50th and 95th percentile
    """

    low: float
    median: float
    high: float
    pairs: int


@st.cache_data(max_entries=256, show_spinner=False)
def _usual_scores(digest: str, metric: str, _space: EmbeddingSpace) -> Usual:
    scores = random_pair_scores(_space.vectors, metric, RANDOM_PAIRS, seed=0)
    low, median, high = (float(score) for score in np.percentile(scores, [5, 50, 95]))
    return Usual(low, median, high, len(scores))


def usual_scores(space: EmbeddingSpace, metric: str) -> Usual:
    """The scores of 1,000 random pairs of items, seed 0; of a space with at least two."""
    return _usual_scores(space.digest, metric, space)


@st.cache_resource(max_entries=16, show_spinner="Computing the map …")
def _pca(digest: str, components: int, _space: EmbeddingSpace) -> Timed[PCA]:
    return timed(lambda: pca(_space.vectors, components))


def principal_components(space: EmbeddingSpace, components: int = 2) -> Timed[PCA]:
    """The principal components of a space."""
    return _pca(space.digest, min(components, space.dimensions, len(space)), space)


@st.cache_resource(max_entries=16, show_spinner="Computing the map …")
def random_map(digest: str, seed: int, _space: EmbeddingSpace) -> Timed[FloatArray]:
    """A Gaussian random projection to two dimensions."""
    return timed(lambda: random_projection(_space.vectors, 2, seed=seed))


@st.cache_data(max_entries=64, show_spinner=False)
def _checked(digest: str, provenance: str, _space: EmbeddingSpace) -> Check:
    return check(_space)


def checked(space: EmbeddingSpace) -> Check:
    """The numbers of `python -m explorer --check`."""
    return _checked(space.digest, f"{space.name} {space.provenance}", space)


@st.cache_resource(max_entries=64, show_spinner=False)
def colouring(digest: str, column: str, _metadata: Metadata) -> map_plot.Colouring:
    """The colours of a metadata column."""
    return map_plot.colouring(_metadata, column)
