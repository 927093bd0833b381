"""What narrows the items: filters and the selection; changes of both can be undone."""

from __future__ import annotations

from typing import cast

import streamlit as st

from explorer.filters import Condition
from explorer.ui.state import current
from explorer.ui.state.view import MOST_FILTERS, Selection
from explorer.ui.state.zoom import corners, set_viewport

MOST_UNDONE = 20


def set_filter(column: str, condition: Condition | None) -> None:
    """Restrict every page to the items that meet this; None lifts the condition on the column."""
    kept = [one for one in current.filters() if one.column != column]
    kept += [condition] if condition is not None else []
    where = tuple(one.to_text() for one in kept[-MOST_FILTERS:])
    if where != current.view().where:
        _remember()
        current.change(where=where)
        set_viewport(None)


def selection() -> Selection | None:
    """What is drawn around on the map that is shown, if anything."""
    drawn = any_selection()
    return drawn if drawn is not None and drawn.map == current.view().map else None


def any_selection() -> Selection | None:
    """What is drawn around on some map of the space, if anything."""
    drawn = cast("Selection | None", st.session_state.get("selection"))
    return drawn if drawn is not None and drawn.space == current.view().space else None


def set_selection(polygon: object, on: str = "") -> None:
    """Keep a polygon [[x, y], …]; None clears it.

    on : the map it was drawn on, the present one unless told
    """
    view, kept = current.view(), corners(polygon)
    drawn = Selection(kept, on or view.map, view.space) if len(kept) >= 3 else None
    if drawn != any_selection():
        _remember()
        st.session_state["selection"] = drawn


def forget_selection() -> None:
    """Select nothing, as when another space is opened: not to be undone."""
    st.session_state["selection"] = None


def _remember() -> None:
    """Keep what undo brings back: the filters and the selection as they are now."""
    past = st.session_state.setdefault("past", [])
    past.append((current.view().space, current.view().where, any_selection()))
    del past[:-MOST_UNDONE]


def can_undo() -> bool:
    past = st.session_state.get("past", [])
    return bool(past) and past[-1][0] == current.view().space


def undo() -> None:
    """Take the last change of the filters or the selection back."""
    if can_undo():
        _, where, drawn = st.session_state["past"].pop()
        current.change(where=where)
        st.session_state["selection"] = drawn
