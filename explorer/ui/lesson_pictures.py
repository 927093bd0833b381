"""A lesson's picture on the page: drawn in place, read aloud by its `alt`."""

from __future__ import annotations

import streamlit as st

from explorer.learn.pictures import Dots, Live, Orders, Picture, Side
from explorer.plots.lessons import figure
from explorer.plots.metrics import bump_chart
from explorer.ui.figure import show_figure
from explorer.ui.figure_component import live_figure
from explorer.ui.lesson_training import live_training

SQUARE = 300  # pixels high: a square map beside another one is as wide


def draw(picture: Picture, *, key: str) -> None:
    """Draw a picture; the key tells it from the page's others."""
    if isinstance(picture, Side):
        columns = st.columns(len(picture.parts), gap="small")
        for place, (column, part) in enumerate(zip(columns, picture.parts, strict=True)):
            with column:
                drawn = figure(part)
                if isinstance(part, Dots) and part.square:
                    drawn["layout"]["height"] = SQUARE
                live_figure(drawn, key=f"{key}_{place}", alt=part.alt)
    elif isinstance(picture, Orders):
        words = f"The ranks of {', '.join(picture.names)} by each of the metrics."
        show_figure(bump_chart(picture.names, picture.found), key=key, alt=words)
    elif isinstance(picture, Live):
        live_training(picture, key=key)
    else:
        live_figure(figure(picture), key=key, alt=picture.alt)
