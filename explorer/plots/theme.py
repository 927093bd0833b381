"""Colours that people with colour-vision deficiencies can tell apart, on light and on dark.

The first six are Paul Tol's "vibrant" scheme (SRON technical note EPS/TN/09-002); all ten are of
middling lightness, so that they stand out on white and on black. Beyond ten categories the colours
come again with another marker, because no twenty colours can be told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

CATEGORICAL = (
    "#0077bb", "#ee7733", "#009988", "#cc3311", "#33bbee",
    "#ee3377", "#999933", "#aa4499", "#8c6d46", "#7b7fe0",
)  # fmt: skip
SYMBOLS = ("circle", "diamond")
OTHER = "#8a8a8a"
LARGER_TYPE = 1.25  # with the presentation switch, times the usual
THICKER = 1.6
BASE_TYPE = 13  # pixels
MOST_COLOURS = len(CATEGORICAL) * len(SYMBOLS)

# Cividis (Nuñez, Anderton & Renslow 2018), in ten steps: lightness rises evenly, blue to yellow.
SEQUENTIAL = (
    "#00224e", "#123570", "#3b496c", "#575d6d", "#707173",
    "#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838",
)  # fmt: skip


def colorscale() -> list[tuple[float, str]]:
    """SEQUENTIAL as Plotly wants it: [(0, "#00224e"), …, (1, "#fee838")]."""
    last = len(SEQUENTIAL) - 1
    return [(place / last, colour) for place, colour in enumerate(SEQUENTIAL)]


def category_style(place: int) -> tuple[str, str]:
    """The colour and the marker of the category at this place of the list."""
    return CATEGORICAL[place % len(CATEGORICAL)], SYMBOLS[place // len(CATEGORICAL) % len(SYMBOLS)]


def thicker(traces: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Traces as Plotly's JSON, with markers and lines for the far end of a room."""
    return [
        {
            **trace,
            **{
                part: {**trace[part], size: trace[part][size] * THICKER}
                for part, size in (("marker", "size"), ("line", "width"))
                if isinstance(trace.get(part, {}).get(size), int | float)
            },
        }
        for trace in traces
    ]


def larger_type(layout: Mapping[str, Any]) -> dict[str, Any]:
    """A layout as Plotly's JSON, with type for the far end of a room and the height it needs."""
    larger = {**layout, "font": {**layout.get("font", {}), "size": BASE_TYPE * LARGER_TYPE}}
    if "height" in layout:
        larger["height"] = round(layout["height"] * LARGER_TYPE)
    return larger
