"""A figure of a page as it is taken away: on white, with its title above and its origin below."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from explorer.plots.html_page import (
    INK,
    MUTED,
    PAPER,
    figure_json,
    figure_place,
    footer,
    html_page,
)
from explorer.plots.map_file import to_the_letter

GRID = "#e4e1da"
HEIGHT = 480
LINE_HEIGHT = 15  # pixels, of the lines below
LETTER = 6.2  # pixels, about


def printed(
    figure: dict[str, Any], title: str, origin: Sequence[str] = (), *, width: int = 1000
) -> dict[str, Any]:
    """{"data", "layout"} for print; what the figure says of its own axes stays.

    figure : {"data", "layout"}, as a plotly.graph_objects.Figure gives it to JSON
    origin : lines for below; none where the page that holds it says them itself
    """
    layout = dict(figure["layout"])
    layout.pop("template", None)
    layout.pop("width", None)
    layout["height"] = layout.get("height") or HEIGHT
    margin = {"l": 70, "r": 30, "b": 60} | (layout.get("margin") or {})
    layout |= {
        "paper_bgcolor": PAPER, "plot_bgcolor": PAPER,
        "font": {"color": INK, "family": "system-ui, sans-serif"},
        "title": {"text": to_the_letter(title), "font": {"size": 15}, "x": 0.01, "xanchor": "left"},
        "margin": margin | {"t": max(48, margin.get("t") or 0)},
    }  # fmt: skip
    for name in [key for key in layout if key.startswith(("xaxis", "yaxis"))] or ["xaxis", "yaxis"]:
        axis = {"gridcolor": GRID, "linecolor": GRID, "zerolinecolor": GRID, "automargin": True}
        layout[name] = axis | (layout.get(name) or {})
    lines = [one for line in origin for one in textwrap.wrap(line, max(40, int(width / LETTER)))]
    if lines:
        room = LINE_HEIGHT * len(lines) + 12
        below = max(60, layout["margin"]["b"])  # ticks and the axis' title
        layout["margin"]["b"] = below + room
        layout["annotations"] = [
            *(layout.get("annotations") or ()),
            {
                "text": "<br>".join(map(to_the_letter, lines)), "showarrow": False, "xref": "paper",
                "yref": "paper", "x": 0, "y": 0, "xanchor": "left", "yanchor": "top",
                "yshift": -below, "align": "left", "font": {"size": 11, "color": MUTED},
            },
        ]  # fmt: skip
    return {"data": figure["data"], "layout": layout}


def figure_html(figure: dict[str, Any], title: str, alt: str, origin: Sequence[str]) -> bytes:
    """A figure as one page that opens anywhere."""
    drawn = figure_place("figure", figure_json(printed(figure, title)), alt, zoom=True)
    return html_page(title, f"<main>{drawn}</main>{footer(origin)}")
