"""The visitor's report: the views they have chosen, in their order, with their notes."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import streamlit as st

from explorer.errors import LimitError
from explorer.formats.source import byte_size
from explorer.plots.report_file import ReportEntry

MOST_ENTRIES = 40
MOST_BYTES = 64 << 20
LONGEST_NOTE = 5_000  # characters


def entries() -> list[ReportEntry]:
    """The chosen views, in the order of the report."""
    return cast("list[ReportEntry]", st.session_state.setdefault("report", []))


def add(entry: ReportEntry) -> None:
    """Put a view at the end; LimitError where the report would become too large."""
    held = entries()
    size = sum(one.bytes for one in held) + entry.bytes
    if len(held) == MOST_ENTRIES or size > MOST_BYTES:
        raise LimitError(
            f"A report holds {MOST_ENTRIES} views and {byte_size(MOST_BYTES)}; take one out first."
        )
    number = st.session_state["report_added"] = st.session_state.get("report_added", 0) + 1
    held.append(replace(entry, number=number))


def move(place: int, by: int) -> None:
    """Put the view at this place earlier (-1) or later (1)."""
    held = entries()
    if 0 <= place < len(held) and 0 <= place + by < len(held):
        held.insert(place + by, held.pop(place))


def remove(place: int) -> None:
    """Take a view out."""
    if 0 <= place < len(entries()):
        del entries()[place]


def set_note(place: int, note: str) -> None:
    """Say something about a view."""
    if 0 <= place < len(entries()):
        entries()[place] = replace(entries()[place], note=note[:LONGEST_NOTE])
