"""The Report page: order, notes, and the one file."""

from __future__ import annotations

import streamlit as st

from explorer.plots.report_file import ReportEntry, report_html
from explorer.ui import report
from explorer.ui.text import literal

LONGEST_TITLE = 200


def report_list() -> None:
    """The views, each with its note; and the file."""
    held = report.entries()
    if not held:
        st.info(
            "Nothing is in the report yet. On any page press Share, in the sidebar, then Add to "
            "report.",
            icon=":material/info:",
        )
        return
    title = st.text_input("Title", "Report", key="report_title", max_chars=LONGEST_TITLE)
    for place, entry in enumerate(held):
        _entry(place, entry, len(held))
    st.download_button(
        "Download the report (HTML, offline)", lambda: report_html(title or "Report", held),
        "report.html", "text/html", on_click="ignore", key="report_file", type="primary",
        icon=":material/download:",
    )  # fmt: skip
    st.caption(
        "One file: figures that can be moved, tables, notes, where all of it comes from, versions, "
        "and the lines of Python that make it again. It asks nothing of the network."
    )


def _entry(place: int, entry: ReportEntry, count: int) -> None:
    with st.container(border=True):
        name, up, down, out = st.columns([7, 1, 1, 1], vertical_alignment="center")
        name.markdown(f"**{place + 1}. {literal(entry.title)}**")
        up.button(
            "", icon=":material/arrow_upward:", key=f"report_up_{place}", disabled=place == 0,
            on_click=report.move, args=(place, -1), help="Earlier",
        )  # fmt: skip
        down.button(
            "", icon=":material/arrow_downward:", key=f"report_down_{place}",
            disabled=place == count - 1, on_click=report.move, args=(place, 1), help="Later",
        )  # fmt: skip
        out.button(
            "", icon=":material/delete:", key=f"report_out_{place}",
            on_click=report.remove, args=(place,), help="Take out",
        )  # fmt: skip
        parts = [one.title for one in entry.figures] + [one.title for one in entry.tables]
        st.caption(literal(f"{entry.made}: {'; '.join(parts)}. {' '.join(entry.facts)}", 600))
        key = f"report_note_{entry.number}"
        st.text_area(  # the note as its default: to set it would undo what is being typed
            "Note", entry.note, key=key, max_chars=report.LONGEST_NOTE, height=80,
            on_change=lambda: report.set_note(place, st.session_state[key]),
        )  # fmt: skip
