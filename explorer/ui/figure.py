"""A Plotly figure on a page: in the manner of all others, and in words for who cannot see it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from explorer.plots import theme
from explorer.ui import on_page
from explorer.ui.state import presentation

CONFIG = {"displaylogo": False, "showSendToCloud": False}  # nothing is sent to anybody


def show_figure(figure: Any, *, key: str, alt: str) -> None:
    """Draw a plotly.graph_objects.Figure.

    alt : what it shows, in a sentence or two, for a screen reader
    """
    on_page.enter_figure(key, alt, figure)
    if presentation.presenting():
        drawn = figure.to_plotly_json()
        figure = {
            "data": theme.thicker(drawn["data"]), "layout": theme.larger_type(drawn["layout"])
        }  # fmt: skip
    st.plotly_chart(figure, key=key, alt=alt, config=CONFIG)


def figure_scale() -> float:
    """How much larger than usual type and points are drawn."""
    return theme.LARGER_TYPE if presentation.presenting() else 1.0
