"""Two buttons that save a figure as PNG or SVG of a chosen size, made in the visitor's browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from explorer.ui.component_data import as_json
from explorer.ui.preload import plotly_address

HERE = Path(__file__).parent
SCRIPTS = (HERE.parent / "plotly_loader.js", HERE / "picture.js")
_picture = st.components.v2.component(
    "picture_buttons",
    js="".join(script.read_text(encoding="utf-8") for script in SCRIPTS),
    css=(HERE / "picture.css").read_text(encoding="utf-8"),
)


def picture_buttons(
    *, key: str, name: str, width: int, height: int, svg: str = "",
    figure: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """`name` is the file's, without its extension; either SVG or {"data", "layout"} is drawn."""
    drawn = {"svg": svg, "figure": figure, "name": name, "width": width, "height": height}
    _picture(key=key, data=as_json({"plotly": plotly_address(), **drawn}))
