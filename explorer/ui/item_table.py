"""A table of items in which a tick looks at one."""

from __future__ import annotations

from typing import Any

import streamlit as st

from explorer.space import IntArray
from explorer.ui.state import picked


def item_table(
    table: dict[str, Any], rows: IntArray, *, key: str, height: int,
    column_config: dict[str, Any],
) -> None:  # fmt: skip
    """Show the table; the item of the line that is ticked becomes the focus.

    rows : of the space, one for each line
    """

    def look() -> None:
        row = ticked_row(key, rows)
        if row is not None:
            picked.set_focus(row)

    st.dataframe(
        table, hide_index=True, height=height, key=key, on_select=look,
        selection_mode="single-row", column_config=column_config,
    )  # fmt: skip


def ticked_row(key: str, rows: IntArray) -> int | None:
    """Of these rows the one whose line is ticked in the table of that key; None for none."""
    ticked = st.session_state[key]["selection"]["rows"]
    return int(rows[ticked[0]]) if ticked and ticked[0] < len(rows) else None
