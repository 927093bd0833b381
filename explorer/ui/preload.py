"""plotly.js is fetched before anything else is done, beside the server's own first work."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.components.v1 import declare_component

from explorer.plots.plotly_js import plotly_js_folder
from explorer.ui.component_data import as_json

SCRIPT = Path(__file__).parent / "map_component" / "preload.js"
_preload = st.components.v2.component("plotly_preload", js=SCRIPT.read_text(encoding="utf-8"))


def plotly_address() -> str:
    """The address under this server where plotly.js of the installed plotly package lies.

    `declare_component` serves a folder of files; no component is ever mounted from it.
    """
    declared = declare_component("plotly_js", path=plotly_js_folder())
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"{'/' + base if base else ''}/component/{declared.name}/plotly.min.js"


def preload_plotly() -> None:
    """Have the browser fetch plotly.js now."""
    _preload(key="plotly_preload", data=as_json({"plotly": plotly_address()}))
