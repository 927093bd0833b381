"""What is marked on every map alike: the focus, neighbours, pins and search hits; and its click."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from explorer.items import Items
from explorer.plots import map as map_plot
from explorer.space import EmbeddingSpace, FloatArray
from explorer.ui import cached
from explorer.ui.state import current, picked, search

NEIGHBORS = 10
Place = dict[str, Any]
Marks = dict[str, Any]


def places(items: Items, coordinates: FloatArray, rows: Sequence[int]) -> list[Place]:
    """Where these items lie on the map, with their names, as map.js reads them."""
    return map_plot.points_at(coordinates, list(rows), items.take(rows))


def marks(space: EmbeddingSpace, coordinates: FloatArray, neighbors: Sequence[int] = ()) -> Marks:
    """The focus, the neighbours given, the pins and the search hits, by their names in map.js."""
    focus = picked.focus_row()
    return {
        "focus": None if focus is None else places(space.items, coordinates, [focus])[0],
        "neighbors": places(space.items, coordinates, neighbors),
        "pins": places(space.items, coordinates, picked.pinned_rows()),
        "hits": places(space.items, coordinates, search.hits()),
    }


def true_neighbors(space: EmbeddingSpace) -> tuple[list[int], list[float]]:
    """Rows and scores of the focus's nearest in all dimensions; empty without a focus."""
    focus = picked.focus_row()
    if focus is None or len(space) < 2:
        return [], []
    found = cached.neighbors(space, focus, current.view().metric, NEIGHBORS).value
    return found.indices[0].tolist(), found.scores[0].tolist()


def clicked_row(component: str, rows: int) -> int | None:
    """The row of the point that was clicked on this component; None for none."""
    row = st.session_state[component].get("click")
    return row if isinstance(row, int) and 0 <= row < rows else None


def look_at_clicked(component: str, space: EmbeddingSpace) -> None:
    """Focus the item that was clicked on this component."""
    row = clicked_row(component, len(space))
    if row is not None:
        picked.set_focus(row)
