"""The sidebar's filter: conditions on metadata that hold on every page, and what they leave."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from explorer.filters import Condition
from explorer.metadata import Metadata
from explorer.ui import filtered
from explorer.ui.state import current, narrowing
from explorer.ui.text import literal


def filter_controls() -> None:
    """The conditions in force, how many items they leave, and a form for one more."""
    whole = current.whole_space()
    if not len(whole.metadata):
        return
    conditions = current.filters()
    if conditions:
        _in_force(conditions)
    with st.expander("Filter", icon=":material/filter_alt:"):
        column = st.selectbox(
            "Only items where", ["", *whole.metadata], key=f"filter_{whole.name}",
            format_func=lambda name: name or "(choose a column)",
            help="What you choose holds on every page: neighbours, clusters and scores are those "
            "among the items that are left. The map keeps everything in its place.",
        )  # fmt: skip
        if column:
            known = next((one for one in conditions if one.column == column), None)
            _condition_on(column, whole.metadata, known, f"filter_{whole.name}_{column}")


def _in_force(conditions: tuple[Condition, ...]) -> None:
    shown, whole = current.space(), current.whole_space()
    left = 0 if filtered.origin(shown) is None else len(shown)
    st.markdown(f"**{left:,} of {len(whole):,}** items pass the filter:")
    for condition in conditions:
        text, remove = st.columns([5, 1], gap="small", vertical_alignment="center")
        text.markdown(literal(str(condition), 60))
        remove.button(
            "✕", key=f"unfilter_{condition.column}", type="tertiary",
            help=f"Lift the condition on {literal(condition.column)}",
            on_click=narrowing.set_filter, args=(condition.column, None),
        )  # fmt: skip


def _condition_on(column: str, metadata: Metadata, known: Condition | None, key: str) -> None:
    kind = metadata.kind(column)
    if kind == "category":
        _values(column, metadata, known, key)
    elif kind == "number":
        _range(column, metadata, known, key)
    else:
        _contains(column, known, key)


def _values(column: str, metadata: Metadata, known: Condition | None, key: str) -> None:
    options = [str(value) for value in sorted(set(metadata[column].tolist()))]
    chosen = known.values if known is not None and known.values is not None else ()
    st.session_state[key] = [value for value in options if value in chosen]

    def change() -> None:
        values = tuple(st.session_state[key])
        narrowing.set_filter(column, Condition(column, values=values) if values else None)

    st.multiselect(
        "is", options, key=key, on_change=change, format_func=lambda value: value or "(empty)"
    )


def _range(column: str, metadata: Metadata, known: Condition | None, key: str) -> None:
    values = metadata[column]
    finite = values[np.isfinite(values)]
    if not len(finite) or finite.min() == finite.max():
        st.caption("All values are the same: nothing to restrict.")
        return
    ends = (float(finite.min()), float(finite.max()))
    now = known.between if known is not None and known.between is not None else ends
    keys = (f"{key}_from", f"{key}_to")
    for name, number, end in zip(keys, now, ends, strict=True):
        st.session_state[name] = None if number == end else number

    def change() -> None:
        low, high = (
            end if st.session_state[name] is None else st.session_state[name]
            for name, end in zip(keys, ends, strict=True)
        )  # fmt: skip
        condition = Condition(column, between=(low, high))
        narrowing.set_filter(column, None if (low, high) == ends else condition)

    for place, label, name, end in zip(st.columns(2), ("from", "to"), keys, ends, strict=True):
        given: dict[str, Any] = {"key": name, "on_change": change, "placeholder": f"{end:g}"}
        place.number_input(label, value=None, format="%g", **given)


def _contains(column: str, known: Condition | None, key: str) -> None:
    st.session_state[key] = known.contains or "" if known is not None else ""

    def change() -> None:
        text = st.session_state[key].strip()
        narrowing.set_filter(column, Condition(column, contains=text) if text else None)

    st.text_input("contains", key=key, on_change=change, max_chars=200)
