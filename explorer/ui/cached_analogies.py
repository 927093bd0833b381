"""Answers of the analogies page kept between reruns, under digests and plain values."""

from __future__ import annotations

import streamlit as st

from explorer.analogies import Answer, Classified, Diversity, Term, classify, diversity, solve
from explorer.space import EmbeddingSpace, IntArray, content_digest

WORK = 2e8  # numbers read for the random groups: a second or so
FEWEST, MOST = 20, 200  # random groups


@st.cache_data(max_entries=16, show_spinner=False)
def _solved(
    key: str, terms: tuple[Term, ...], k: int, method: str, keep: bool, _space: EmbeddingSpace
) -> Answer:
    return solve(_space, terms, k, method=method, keep_inputs=keep)


def solved(
    space: EmbeddingSpace, terms: tuple[Term, ...], k: int, method: str, keep_inputs: bool
) -> Answer:
    """The k best answers to an expression."""
    composer = "" if space.composer is None else space.composer.title
    return _solved(f"{space.digest} {composer}", terms, k, method, keep_inputs, space)


@st.cache_data(max_entries=32, show_spinner="Comparing with every prototype …")
def _classified(
    digest: str, labels: tuple[str, ...], codes_digest: str, leave_out: bool,
    _space: EmbeddingSpace, _codes: IntArray,
) -> Classified:  # fmt: skip
    return classify(_space, list(labels), _codes, leave_out=leave_out)


def classified(
    space: EmbeddingSpace, labels: list[str], codes: IntArray, leave_out: bool
) -> Classified:
    """Every item by its nearest prototype."""
    return _classified(
        space.digest, tuple(labels), content_digest(codes), leave_out, space, codes
    )  # fmt: skip


@st.cache_data(max_entries=64, show_spinner="Drawing random groups …")
def _width(
    digest: str, rows_digest: str, draws: int, _space: EmbeddingSpace, _rows: IntArray
) -> Diversity:
    return diversity(_space, _rows, draws=draws)


def width(space: EmbeddingSpace, rows: IntArray) -> Diversity:
    """How wide a group is, beside 200 random ones, or fewer where the group is large."""
    draws = int(min(MOST, max(FEWEST, WORK / (len(rows) * space.dimensions))))
    return _width(space.digest, content_digest(rows), draws, space, rows)
