"""What all pages share: the sidebar, the notices, the status line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import streamlit as st

from explorer import catalog
from explorer.metrics import METRICS
from explorer.plots import theme
from explorer.plots.provenance import about_space
from explorer.space import EmbeddingSpace
from explorer.ui import filtered, on_page
from explorer.ui.back_component import pass_bare_addresses
from explorer.ui.filter_controls import filter_controls
from explorer.ui.keyboard_component import keyboard, show_list
from explorer.ui.maps import ShownMap
from explorer.ui.reconnect_component import reconnect
from explorer.ui.search_component import search_box
from explorer.ui.state import (
    colouring,
    current,
    messages,
    narrowing,
    opening,
    picked,
    presentation,
    shown_maps,
    spaces,
)
from explorer.ui.text import literal

DATA_PAGE = "pages/space/data.py"
PINS_PAGE = "pages/explore/pins.py"
STYLES = Path(__file__).parent / "pages.css"
MOST_LISTED = 6


def styles() -> None:
    """The few rules of layout that Streamlit has no setting for."""
    st.html(STYLES)


def type_size() -> None:
    """Larger type while presenting, which the link may ask for."""
    if presentation.presenting():
        st.html(f"<style>html {{ font-size: {theme.LARGER_TYPE:.0%}; }}</style>")


def sidebar() -> None:
    """Space, search, map, colour, metric and pins: the same on every page."""
    with st.sidebar:
        _pick("Space", "space", spaces.names(), current.view().space, opening.set_space, _title)
        search_box()
        shown = current.space()
        view = current.view()
        _pick("Map", "map", shown_maps.map_names(shown), view.map, shown_maps.set_map)
        columns = ["", *shown.metadata.of_kind("category", "number", "text")]
        _pick("Colour", "colour", columns, view.colour, colouring.set_colour, _colour_title)
        _pick("Metric", "metric", list(METRICS), view.metric, current.set_metric, _metric_title)
        filter_controls()
        _pins(shown)
        _looked_at()
        _tools()
        keyboard()
        reconnect()
        pass_bare_addresses()
        st.page_link(DATA_PAGE, label="Open a file …", icon=":material/upload_file:")


def _pick(
    label: str,
    name: str,
    options: Sequence[str],
    value: str,
    setter: Callable[[str], None],
    title: Callable[[str], str] = str,
) -> None:
    """A selectbox that follows the state: it shows what is set and sets what is picked."""
    key = f"pick_{name}"
    st.session_state[key] = value
    st.selectbox(
        label, options, key=key, format_func=title,
        on_change=lambda: setter(st.session_state[key]),
    )  # fmt: skip


def _title(name: str) -> str:
    known = catalog.bundled().get(name)
    return known.title if known is not None and name not in spaces.shelf() else name


def _colour_title(column: str) -> str:
    return column or "one colour"


def _metric_title(name: str) -> str:
    return METRICS[name].title


def _pins(shown: EmbeddingSpace) -> None:
    rows = picked.pinned_rows()
    if not rows:
        return
    st.caption("Pinned (click to look, ✕ to take away)")
    if len(rows) > 1:
        st.page_link(PINS_PAGE, label="Compare the pins", icon=":material/table_chart:")
    for row in rows:
        name, remove = st.columns([5, 1], gap="small", vertical_alignment="center")
        name.button(
            literal(shown.items[row]), key=f"pin_{row}", width="stretch",
            on_click=picked.set_focus, args=(row,),
        )  # fmt: skip
        remove.button(
            "✕", key=f"unpin_{row}", help="Take the pin away",
            on_click=picked.toggle_pin, args=(row,), type="tertiary",
        )  # fmt: skip


def _looked_at() -> None:
    """The items looked at before, the last first."""
    names = current.looked_at()[:MOST_LISTED]
    if not names:
        return
    st.caption("Looked at before")
    with st.container(horizontal=True, gap="small", key="looked_at"):
        for place, name in enumerate(names):
            st.button(
                literal(name, 24), key=f"looked_at_{place}", type="tertiary",
                on_click=picked.set_focus_name, args=(name,),
            )  # fmt: skip


def _tools() -> None:
    """Undo, the keys, and the switch for a room."""
    undo, keys = st.columns(2, gap="small")
    undo.button(
        "Undo", icon=":material/undo:", key="undo", on_click=narrowing.undo, width="stretch",
        disabled=not narrowing.can_undo(), help="Takes back the last filter or selection ( u )",
    )  # fmt: skip
    keys.button(
        "Keys", icon=":material/keyboard:", key="show_keys", on_click=show_list, width="stretch",
        help="What the keyboard does ( ? )",
    )  # fmt: skip
    st.session_state["pick_presentation"] = presentation.presenting()
    st.toggle(
        "Presentation", key="pick_presentation",
        on_change=lambda: presentation.set_presenting(st.session_state["pick_presentation"]),
        help="Larger type and thicker points, for a projector. It goes along with the link.",
    )  # fmt: skip


def notices() -> None:
    """What earlier runs wanted to tell, once; and a filter that nothing passes."""
    for message in messages.take():
        st.warning(literal(message), icon=":material/info:")
    if current.filters() and filtered.origin(current.space()) is None:
        asked = literal(" and ".join(map(str, current.filters())))
        st.warning(
            f"No item meets the filter of the sidebar, {asked}: all are shown.",
            icon=":material/filter_alt:",
        )


def _size(shown: EmbeddingSpace) -> str:
    """ "20,000 × 100", or what a filter has left: "1,204 of 20,000 × 100"."""
    whole = filtered.whole(shown)
    count = f"{len(shown):,}" if whole is shown else f"{len(shown):,} of {len(whole):,}"
    return f"{count} × {shown.dimensions}"


def status_line(
    shown: EmbeddingSpace, *, shown_map: ShownMap | None = None, drawn: str = "", more: str = ""
) -> None:
    """Which space, size, preprocessing, metric, exactness, map and how much of it is drawn."""
    metric = METRICS[current.view().metric].title
    parts = [
        f"**{literal(shown.name)}** {_size(shown)}",
        f"source: {literal(str(replace(shown.provenance, steps=())))}",
        f"preprocessing: {literal(shown.provenance.preprocessing)}",
        f"metric: {metric}, exact search",
    ]
    if shown_map is not None:
        parts.append(f"map: {literal(shown_map.note)}")
    told = [part for part in (drawn, more) if part]
    parts += told
    on_page.enter_fact(about_space(shown))
    on_page.enter_fact(f"{'; '.join([f'Metric: {metric}, exact search', *told])}.")
    st.caption(" · ".join(parts))
