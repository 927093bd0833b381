"""The panel beside the map: the item in focus, what is known of it, and its true neighbours."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from explorer.metrics import METRICS
from explorer.neighbors import Neighbors
from explorer.space import EmbeddingSpace
from explorer.ui import cached
from explorer.ui.list_component import item_list
from explorer.ui.map_marks import NEIGHBORS
from explorer.ui.pictures import picture_address, picture_html
from explorer.ui.state import current, picked
from explorer.ui.text import even_number, literal, number

MOST_FIELDS = 8


def focus_panel(space: EmbeddingSpace) -> None:
    """Name, picture, norm and metadata of the focus; its neighbours, or how to choose one."""
    row = picked.focus_row()
    if row is None and current.view().focus:
        hidden = literal(current.view().focus)
        st.info(f"{hidden} does not pass the filter of the sidebar.", icon=":material/filter_alt:")
        return
    if row is None:
        st.info("Click a dot, or press / and type a name.", icon=":material/ads_click:")
        return
    _card(space, row)
    if len(space) == 1:
        st.info("This space has one item: there is no neighbour.")
        return
    metric = METRICS[current.view().metric]
    found = cached.neighbors(space, row, metric.name, NEIGHBORS).value
    st.markdown(
        f"**Nearest {found.indices.shape[1]} by {metric.title.lower()}**, in all dimensions",
        help=f"${metric.formula}$ \n\n{metric.how_to_read} Exact, among all items shown.",
    )
    item_list(
        entries(space, found), key="focus_neighbors", label=f"Neighbours of {space.items[row]}"
    )
    usual = cached.usual_scores(space, metric.name)
    st.caption(
        f"For scale: two random items of this space score {number(usual.median)} (median of "
        f"{usual.pairs:,} pairs, 90% from {number(usual.low)} to {number(usual.high)}, seed 0)."
    )


def _card(space: EmbeddingSpace, row: int) -> None:
    name = space.items[row]
    pinned = name in current.view().pins
    title, pin = st.columns([4, 2], vertical_alignment="center")
    title.header(literal(name), anchor=False)
    pin.button(
        "Unpin" if pinned else "Pin", icon=":material/keep:", key="pin_focus", width="stretch",
        on_click=picked.toggle_pin, args=(row,),
    )  # fmt: skip
    if space.images is not None:
        st.html(picture_html(space.images[row], f"picture of {name}"))
    facts = {"norm": number(float(space.norms[row]))}
    record = space.metadata.record(row).items()
    facts |= {column: shown(value) for column, value in record if value != ""}
    lines = [f"{literal(column)}: **{literal(value)}**" for column, value in facts.items()]
    hidden = len(lines) - MOST_FIELDS
    st.markdown(
        " · ".join(lines[:MOST_FIELDS]) + (f" · {hidden} more columns" if hidden > 0 else ""),
        help="The norm is the length of the vector; the rest is what the metadata say of the item.",
    )


def shown(value: Any) -> str:
    """A metadata value as text."""
    return number(value) if isinstance(value, float) else str(value)


def _note(column: str, value: str) -> str:
    """What a line says beside the name; with the column where a number would say nothing."""
    return value if any(map(str.isalpha, value)) else f"{column}: {value}"


def entries(space: EmbeddingSpace, found: Neighbors, query: int = 0) -> list[dict[str, Any]]:
    """The neighbours of one query as lines of the list component.

    The bar: a cosine as it is (below 0: none); other scores as a share of the largest shown.
    """
    rows, scores = found.indices[query].tolist(), found.scores[query]
    whole = 1.0 if found.metric == "cosine" else float(np.abs(scores).max()) or 1.0
    pins = set(current.view().pins)
    column = current.view().colour
    notes = space.metadata.get(column)
    return [
        {
            "row": row,
            "name": space.items[row],
            "score": even_number(float(score)),
            "share": float(score) / whole,
            "note": "" if notes is None else _note(column, shown(notes[row])),
            "picture": None if space.images is None else picture_address(space.images[row]),
            "pinned": space.items[row] in pins,
        }
        for row, score in zip(rows, scores.tolist(), strict=True)
    ]
