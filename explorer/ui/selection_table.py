"""The items drawn around on the map, as a table that can be exported."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from explorer.plots.polygon import inside_polygon
from explorer.space import EmbeddingSpace, IntArray
from explorer.ui.export import add_metadata, export_menu
from explorer.ui.map_view import DrawnMap
from explorer.ui.python_lines import opening_lines
from explorer.ui.state import current, narrowing, opening
from explorer.ui.state.view import Selection

MOST_ROWS = 1_000


def selection_table(
    space: EmbeddingSpace, drawn: DrawnMap, selection: Selection | None = None
) -> None:
    """The members of the selection: counted, listed, exported, opened as a space of their own.

    selection : what is drawn around on the map that the sidebar names, unless given
    """
    selection = selection or narrowing.selection()
    if selection is None or selection.map != drawn.map.name:
        return
    rows = inside_polygon(drawn.map.coordinates, selection.polygon)
    count, export, sub, clear = st.columns([5, 1.2, 1.6, 1.2], vertical_alignment="center")
    count.markdown(
        f"**{len(rows):,} of {len(space):,} items selected** on the {drawn.map.name} map"
    )
    clear.button("Clear", on_click=narrowing.set_selection, args=(None,), width="stretch")
    if not len(rows):
        return
    with export:
        export_menu(
            lambda: table_of(space, rows), name=f"{space.name}-selection", key="selection",
            python=_python(space, rows),
        )  # fmt: skip
    sub.button("Open as a space", on_click=_open, args=(rows, selection.map), width="stretch")
    shown = rows[:MOST_ROWS]
    st.dataframe(table_of(space, shown), hide_index=True, height=260, key="selection_rows")
    if len(rows) > len(shown):
        st.caption(f"{len(shown):,} of {len(rows):,} rows shown; the export holds all.")


def table_of(space: EmbeddingSpace, rows: IntArray) -> dict[str, list[Any]]:
    """item, norm and metadata of some rows, as columns."""
    table: dict[str, list[Any]] = {
        "item": space.items.take(rows.tolist()),
        "norm": space.norms[rows].tolist(),
    }
    return add_metadata(table, space.metadata.take(rows))


def _open(rows: IntArray, drawn_on: str) -> None:
    space = current.space()
    step = f"{len(rows):,} items drawn around on the {drawn_on} map"
    part = space.subset(np.sort(rows), step)
    opening.add_space(part.renamed(f"{space.name}, selection"))


def _python(space: EmbeddingSpace, rows: IntArray) -> str:
    names = space.items.take(rows[:5].tolist())
    more = ", …" if len(rows) > 5 else ""
    return (
        f"{opening_lines(space)}\n"
        f"rows = [space.row(item) for item in [{', '.join(map(repr, names))}{more}]]\n"
        'part = space.subset(rows, "selection")'
    )
