"""The Share button of every page: its link, its figures as files, and the report."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

import streamlit as st

from explorer.errors import ExplorerError
from explorer.plots.html_page import figure_json
from explorer.plots.map_file import map_html
from explorer.plots.map_svg import LEAST, MOST, map_svg
from explorer.plots.printed import figure_html, printed
from explorer.plots.provenance import made_with
from explorer.plots.report_file import ReportEntry, ReportFigure, ReportTable
from explorer.ui import on_page, report
from explorer.ui.on_page import OnPage, PageFigure
from explorer.ui.picture_component import picture_buttons
from explorer.ui.state import address_bar
from explorer.ui.text import literal

REPORT_PAGE = "pages/share/report.py"
WIDTH, HEIGHT = 1200, 800
ASKED, TOLD = "share_asked", "share_told"  # slots of the session
FIRST_FIGURES = 3  # chosen for the report unless the visitor chooses


def share_button(address: str) -> None:
    """In the sidebar, after the page: opens what is made only when it is asked for.

    address : of the page, below the app's
    """
    with st.sidebar:
        st.button("Share", icon=":material/ios_share:", key="share", width="stretch", on_click=_ask)
    if st.session_state.pop(ASKED, False):
        _dialog(address)


def _ask() -> None:
    """Remember the press: a page that runs once more before it is done would forget it."""
    st.session_state[ASKED] = True


@st.dialog("Share this view", width="medium")
def _dialog(address: str) -> None:
    shown = on_page.shown()
    link = _link(address)
    base = (st.context.url or "").split("?")[0].rstrip("/").removesuffix(f"/{address}")
    st.caption("Link to this view")
    st.code(f"{base}/{link}", language=None, wrap_lines=True)
    if shown.figures:
        _picture(shown)
    if shown.figures or shown.tables:
        _to_report(shown, link)
    count = len(report.entries())
    if count:
        st.page_link(REPORT_PAGE, label=f"Report ({count})", icon=":material/summarize:")


def _link(address: str) -> str:
    """The page and what the link of the address bar says: "neighbors?space=digits&focus=…"."""
    query = urlencode(address_bar.link_params(), doseq=True)
    return f"{address}?{query}" if query else address


def _picture(shown: OnPage) -> None:
    """One figure of the page as PNG, SVG or HTML."""
    st.caption("Picture")
    key = st.selectbox(
        "Figure", list(shown.figures), key="share_figure", label_visibility="collapsed",
        format_func=lambda one: shown.figures[one].title if one in shown.figures else one,
    )  # fmt: skip
    figure = shown.figures[key]
    left, right = st.columns(2)
    width = int(left.number_input("Width", LEAST, MOST, WIDTH, 100, key="share_width"))
    height = int(right.number_input("Height", LEAST, MOST, HEIGHT, 100, key="share_height"))
    name = "".join(sign if sign.isalnum() else "-" for sign in figure.title)[:60].strip("-")
    origin = [*shown.facts, made_with()]
    drawn, svg = None, ""
    if figure.map is None:
        drawn = printed(figure.make(), figure.title, origin, width=width)
    else:
        svg = map_svg(figure.map, width, height).decode()
    picture_buttons(
        key="share_picture", name=name, width=width, height=height, figure=drawn, svg=svg
    )
    st.download_button(
        "HTML that can be moved, offline",
        lambda: _html(figure, origin), f"{name}.html", "text/html",
        on_click="ignore", key="share_html", width="stretch",
    )  # fmt: skip


def _html(figure: PageFigure, origin: list[str]) -> bytes:
    if figure.map is not None:
        return map_html(figure.map)
    return figure_html(figure.make(), figure.title, figure.alt, origin)


def _to_report(shown: OnPage, link: str) -> None:
    """Choose what of the page goes into the report."""
    st.caption("Report")
    things = {f"figure {key}": one.title for key, one in shown.figures.items()}
    things |= {f"table {key}": f"table: {one.title}" for key, one in shown.tables.items()}
    first = [f"figure {key}" for key in list(shown.figures)[:FIRST_FIGURES]]
    first += [f"table {key}" for key in list(shown.tables)[:1] if "map" not in shown.figures]
    key = f"share_things_{shown.title}"
    st.multiselect(
        "Of this page", list(things), first, key=key, label_visibility="collapsed",
        format_func=lambda thing: things.get(thing, thing),
    )  # fmt: skip
    st.text_area(
        "Note", key="share_note", max_chars=report.LONGEST_NOTE, height=80,
        placeholder="What is to be seen here?",
    )  # fmt: skip
    st.button(
        "Add to report", key="share_add", width="stretch", disabled=not st.session_state[key],
        on_click=_add, args=(shown, key, link),
    )  # fmt: skip
    told = st.session_state.pop(TOLD, None)
    if told == "":
        st.success("Added.", icon=":material/check:")
    elif told:
        st.error(literal(told), icon=":material/error:")


def _add(shown: OnPage, things: str, link: str) -> None:
    """Put what is chosen into the report, and keep what is to be told of it."""
    chosen, note = st.session_state[things], st.session_state["share_note"]
    try:
        report.add(_entry(shown, chosen, note, link))
    except ExplorerError as error:
        st.session_state[TOLD] = str(error)
    else:
        st.session_state[TOLD] = st.session_state["share_note"] = ""


def _entry(shown: OnPage, chosen: list[str], note: str, link: str) -> ReportEntry:
    figures = [one for key, one in shown.figures.items() if f"figure {key}" in chosen]
    tables = [one for key, one in shown.tables.items() if f"table {key}" in chosen]
    lines = dict.fromkeys(one.python for one in tables or shown.tables.values())
    facts = [*shown.facts]
    facts += [one.map.provenance[1] for one in figures if one.map is not None]
    return ReportEntry(
        title=shown.title,
        facts=list(dict.fromkeys(facts)),
        figures=[
            ReportFigure(one.title, figure_json(printed(one.make(), one.title)), one.alt)
            for one in figures
        ],
        tables=[ReportTable.of(one.title, one.make()) for one in tables],
        python=list(lines),
        link=link,
        made=datetime.now().strftime("%Y-%m-%d %H:%M"),
        note=note,
    )
