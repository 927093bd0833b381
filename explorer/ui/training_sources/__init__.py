"""What there is to train on, and by which objective: the left column of the Train page."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from explorer.errors import ExplorerError
from explorer.ui.text import literal
from explorer.ui.training_session import Plan
from explorer.ui.training_sources.choices import chosen_source
from explorer.ui.training_sources.corpora import COMMAND_LINE, command_line_text
from explorer.ui.training_sources.graphs import own_graph, toy_family_plan
from explorer.ui.training_sources.labels import open_space_and_labels, own_labelled_vectors
from explorer.ui.training_sources.ratings import own_ratings, toy_ratings_plan
from explorer.ui.training_sources.words import command_line_words, own_text, toy_words

SOURCES: dict[str, Callable[[], Plan | None]] = {
    "Toy corpus": toy_words,
    "Own text": own_text,
    "Toy ratings": toy_ratings_plan,
    "Own ratings": own_ratings,
    "Labels of the open space": open_space_and_labels,
    "Own labelled vectors": own_labelled_vectors,
    "Toy families": toy_family_plan,
    "Own facts": own_graph,
}


def plan() -> Plan | None:
    """The controls for a training; None while something is missing."""
    sources = SOURCES
    if command_line_text() is not None:
        sources = {COMMAND_LINE: command_line_words, **SOURCES}
    kind = chosen_source(sources)
    try:
        return sources[kind]()
    except ExplorerError as error:  # told here, so that a training that runs stays in sight
        st.error(literal(str(error), 1_000), icon=":material/error:")
        return None
