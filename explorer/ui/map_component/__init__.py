"""The map as a Streamlit component: a Plotly figure that is drawn once and keeps its view.

`st.plotly_chart` cannot do this: its identity is the hash of the figure, so that marking a
neighbour mounts it anew and loses zoom and selection. Here the points travel once, as bytes in
stores that sit beside the figure, and later changes are a few lines of JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from explorer.ui.component_data import as_json
from explorer.ui.figure import figure_scale
from explorer.ui.preload import plotly_address

HERE = Path(__file__).parent
SLOTS = ("points", "colour", "names", "pictures", "density", "near", "selected")


@cache
def _source(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


_map = st.components.v2.component(
    "embedding_map",
    css=_source("map.css"),
    js=_source("../plotly_loader.js") + _source("map.js"),
    isolate_styles=False,
)
_store = st.components.v2.component("embedding_store", js=_source("store.js"))


def mount_stores(stores: Mapping[str, bytes | None], *, key: str) -> None:
    """Mount stores alone: what the maps of a page read together stands before them."""
    for slot in SLOTS:
        if stores.get(slot) is not None:
            _store(key=f"{key}_{slot}", data=stores[slot], height="content")


def mount_map(
    *,
    key: str,
    stores: Mapping[str, bytes | None],
    data: Mapping[str, Any],
    on_click: Callable[[], None],
    on_polygon: Callable[[], None],
    on_viewport: Callable[[], None],
) -> None:
    """Mount the stores and the map.

    stores : by slot, the bytes of plots.packing.pack or None; data[slot] is the key inside them
    data : what map.js draws, see the head of that file
    on_… : called before the rerun; the value is at st.session_state[key][name]
    """
    with st.container(gap=None):
        mount_stores(stores, key=key)
        _map(
            key=key,
            data=as_json({"plotly": plotly_address(), "scale": figure_scale(), **data}),
            on_click_change=on_click,
            on_polygon_change=on_polygon,
            on_viewport_change=on_viewport,
        )
