"""One legend for several maps."""

from __future__ import annotations

from html import escape

import streamlit as st

from explorer.plots.map import Colouring


def legend_of(colours: Colouring) -> None:
    """One legend for all maps."""
    legend = colours.legend()
    if legend is None:
        return
    if legend["kind"] == "number":
        stops = ", ".join(colour for _, colour in legend["scale"])
        body = (
            f"<span>{legend['low']:.3g}</span><span style='width:180px;height:12px;"
            f"border-radius:3px;background:linear-gradient(90deg,{stops})'></span>"
            f"<span>{legend['high']:.3g}</span>"
        )
    else:
        body = "".join(
            f"<span style='white-space:nowrap'><span style='display:inline-block;width:9px;"
            f"height:9px;margin:0 5px 0 0;background:{entry['colour']};"
            f"{_shape(entry['symbol'])}'></span>{_plain(entry['name'])}</span>"
            for entry in legend["entries"]
        )
    st.html(
        "<div style='display:flex;flex-wrap:wrap;align-items:center;gap:3px 14px;font-size:13px;"
        f"opacity:.9'><b>{_plain(legend['title'])}</b>{body}</div>"
    )


def _shape(symbol: str) -> str:
    return "border-radius:50%" if symbol == "circle" else "transform:rotate(45deg)"


def _plain(text: str) -> str:
    return escape(text if len(text) <= 60 else text[:59] + "…")
