"""A small Plotly chart for what changes while it is watched: a loss that falls.

`st.plotly_chart` mounts a chart anew whenever its figure changes, which flickers twice a second.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from explorer.plots import theme
from explorer.ui import on_page
from explorer.ui.component_data import as_json
from explorer.ui.preload import plotly_address
from explorer.ui.state import presentation

HERE = Path(__file__).parent
SCRIPTS = (HERE.parent / "plotly_loader.js", HERE / "figure.js")
_figure = st.components.v2.component(
    "live_figure",
    js="".join(script.read_text(encoding="utf-8") for script in SCRIPTS),
    isolate_styles=False,
)


def live_figure(figure: dict[str, Any], *, key: str, alt: str) -> None:
    """Draw {"traces", "layout"} of plain numbers and strings; the layout holds its height."""
    on_page.enter_figure(key, alt, figure)
    if presentation.presenting():
        figure = {
            **figure, "traces": theme.thicker(figure["traces"]),
            "layout": theme.larger_type(figure["layout"]),
        }  # fmt: skip
    _figure(key=key, data=as_json({"plotly": plotly_address(), "alt": alt, **figure}))
