"""What is trained on and by which objective, as the link says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import streamlit as st

from explorer.training import OBJECTIVES
from explorer.ui.linked import linked

SOURCE = "train_source"


def chosen_source(names: Iterable[str]) -> str:
    """One of these sources: the first, where none of them is chosen."""
    known = list(names)
    if st.session_state.get(SOURCE, known[0]) not in known:  # one of another part of the page
        del st.session_state[SOURCE]
    linked("source", SOURCE, known[0], known.__contains__)
    return st.selectbox("Learn from", known, key=SOURCE)


def chosen_objective(titles: Mapping[str, str], key: str) -> str:
    """The name of an objective; its title is shown."""
    linked("objective", key, next(iter(titles)), titles.__contains__)
    return st.selectbox("Objective", list(titles), key=key, format_func=titles.__getitem__)


def word_objective(key: str) -> str:
    """The name of one by which vectors of words are learned."""
    return chosen_objective({name: one.title for name, one in OBJECTIVES.items()}, key)
