"""A map as one HTML file that needs nothing else: points, names, focus, provenance, plotly.js.

The figure is written as plotly.js reads it, numbers as base64 typed arrays, so that 100,000 points
are a megabyte and open at once. Names are text, wherever they came from.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from explorer.metrics import Metric
from explorer.plain_numbers import number
from explorer.plots import theme
from explorer.plots.html_page import INK, PAPER, figure_json, figure_place, footer, html_page
from explorer.plots.map import Colouring
from explorer.plots.provenance import about_space, made_with
from explorer.projection.placed import Placed
from explorer.space import EmbeddingSpace, FloatArray, IntArray

MANY = 5_000  # points; more are drawn by WebGL
LINE = "#c2410c"
STYLE = """
main { display: flex; flex-wrap: wrap; }
#map { flex: 1 1 36rem; height: calc(100vh - 10rem); min-height: 24rem; }
aside { flex: 0 1 15rem; padding: .6rem 1.2rem; }
h2 { font-size: 1rem; margin: 0 0 .4rem; }
ol { margin: 0; padding-left: 1.4rem; }
li span { float: right; color: #57606a; font-variant-numeric: tabular-nums; }
"""


@dataclass(frozen=True, eq=False)
class MapFile:
    """What the file shows.

    coordinates : (n, 2) of all items; names : of all items
    drawn : rows of the points drawn
    colours : one value an item
    axes : titles of both
    title : above the map
    provenance : lines below it: space, method, metric, what is drawn, versions
    focus, neighbors, pins : rows to mark
    scores : of the neighbours, as text, to be listed beside the map
    nearest : heading of that list
    """

    coordinates: FloatArray
    names: Sequence[str]
    drawn: IntArray
    colours: Colouring
    axes: tuple[str, str]
    title: str
    provenance: Sequence[str]
    focus: int | None = None
    neighbors: Sequence[int] = ()
    pins: Sequence[int] = ()
    scores: Sequence[str] = ()
    nearest: str = "Nearest"


def described(
    space: EmbeddingSpace, found: Placed, drawn: IntArray, colours: Colouring, *, how_many: str,
    metric: Metric, focus: int | None = None, neighbors: Sequence[int] = (),
    scores: Sequence[float] = (), pins: Sequence[int] = (), python: str = "",
) -> MapFile:  # fmt: skip
    """A map of a space with its marks, and in words what it is and where it comes from.

    how_many : "drawn n of N"
    metric : by which the neighbours were found, and their scores told
    python : lines that make the coordinates again
    """
    name = metric.title.lower()
    title = f"{space.name}, by {found.name}"
    if focus is not None:
        title += f": {space.items[focus]} and its {len(neighbors)} nearest"
    provenance = [
        about_space(space),
        f"Map: {found.note}; {how_many}. Neighbours: exact, in all dimensions, by {name}; the "
        "lines lead to them.",
        made_with(),
    ]
    if python:
        provenance.append(f"In Python: {'; '.join(line for line in python.splitlines() if line)}")
    return MapFile(
        found.coordinates, space.items, drawn, colours, found.axes, title, provenance,
        focus=focus, neighbors=neighbors, pins=pins, scores=[number(score) for score in scores],
        nearest=f"Nearest by {name}",
    )  # fmt: skip


def map_figure(shown: MapFile) -> dict[str, Any]:
    """{"data", "layout"} as plotly.js draws them, but with NumPy arrays for long numbers."""
    return {"data": _points(shown) + _marks(shown), "layout": _layout(shown)}


def map_html(shown: MapFile) -> bytes:
    """The map with its list of neighbours and its provenance, as one page."""
    body = f"""<header><h1>{html.escape(shown.title)}</h1></header>
<main>
{figure_place("map", figure_json(map_figure(shown)), alt(shown), zoom=True)}
{neighbor_table(shown)}
</main>
{footer(shown.provenance)}"""
    return html_page(shown.title, body, style=STYLE)


def _points(shown: MapFile) -> list[dict[str, Any]]:
    kind = "scattergl" if len(shown.drawn) > MANY else "scatter"
    size = 4 if len(shown.drawn) > MANY else 6
    colours, drawn = shown.colours, shown.drawn
    if colours.codes is None:
        marker: dict[str, Any] = {"size": size, "color": theme.CATEGORICAL[0], "opacity": 0.7}
        if colours.values is not None:
            marker |= {
                "color": colours.values[drawn], "cmin": colours.low, "cmax": colours.high,
                "colorscale": theme.colorscale(),
                "colorbar": {"title": {"text": to_the_letter(colours.title)}},
            }  # fmt: skip
        return [_trace(shown, drawn, kind, marker, name="items", legend=False)]
    codes = colours.codes[drawn]
    traces = []
    for place, entry in enumerate(colours.entries):
        rows = drawn[codes == place]
        if not len(rows):
            continue
        marker = {
            "size": size, "color": entry["colour"], "symbol": entry["symbol"], "opacity": 0.75,
        }  # fmt: skip
        traces.append(_trace(shown, rows, kind, marker, name=entry["name"], legend=True))
    return traces


def _trace(
    shown: MapFile, rows: NDArray[Any], kind: str, marker: dict[str, Any], name: str, legend: bool
) -> dict[str, Any]:
    return {
        "type": kind, "mode": "markers", "name": to_the_letter(name), "showlegend": legend,
        "x": shown.coordinates[rows, 0], "y": shown.coordinates[rows, 1],
        "text": [to_the_letter(shown.names[row]) for row in rows.tolist()],
        "hovertemplate": "%{text}<extra></extra>", "marker": marker,
    }  # fmt: skip


def _marks(shown: MapFile) -> list[dict[str, Any]]:
    """Lines from the focus to its neighbours, and their names; the pins."""
    traces: list[dict[str, Any]] = []
    if shown.focus is not None:
        x: list[float | None] = []
        y: list[float | None] = []
        for row in shown.neighbors:
            for end in (shown.focus, row):
                x.append(float(shown.coordinates[end, 0]))
                y.append(float(shown.coordinates[end, 1]))
            x.append(None)
            y.append(None)
        traces.append({
            "type": "scatter", "mode": "lines", "x": x, "y": y, "hoverinfo": "skip",
            "showlegend": False, "line": {"color": LINE, "width": 1.2},
        })  # fmt: skip
        near = _named(shown, shown.neighbors, "neighbours in the space", 9, "circle-open")
        traces.append(near | {"mode": "markers"})  # they crowd: their names stand in the list
        traces.append(_named(shown, [shown.focus], "focus", 15, "star"))
    if shown.pins:
        traces.append(_named(shown, shown.pins, "pins", 12, "square-open"))
    return traces


def neighbor_table(shown: MapFile) -> str:
    """The neighbours' names and scores, nearest first."""
    if not shown.neighbors:
        return ""
    scores = shown.scores or [""] * len(shown.neighbors)
    lines = "".join(
        f"<li>{html.escape(shown.names[row])}<span>{html.escape(score)}</span></li>"
        for row, score in zip(shown.neighbors, scores, strict=True)
    )
    return f"<aside><h2>{html.escape(shown.nearest)}</h2><ol>{lines}</ol></aside>"


def _named(
    shown: MapFile, rows: Sequence[int], name: str, size: int, symbol: str
) -> dict[str, Any]:
    chosen = list(rows)
    return {
        "type": "scatter", "mode": "markers+text", "name": name, "textposition": "top center",
        "x": shown.coordinates[chosen, 0].tolist(), "y": shown.coordinates[chosen, 1].tolist(),
        "text": [to_the_letter(shown.names[row]) for row in chosen],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"size": size, "symbol": symbol, "color": LINE, "line": {"width": 1.5}},
        "textfont": {"color": INK, "size": 13},
    }  # fmt: skip


def _layout(shown: MapFile) -> dict[str, Any]:
    axis = {"zeroline": False, "showgrid": True, "gridcolor": "#ecebe7", "ticks": ""}
    return {
        "margin": {"l": 50, "r": 20, "t": 10, "b": 45}, "dragmode": "pan", "hovermode": "closest",
        "paper_bgcolor": PAPER, "plot_bgcolor": PAPER, "font": {"color": INK},
        "xaxis": axis | {"title": {"text": to_the_letter(shown.axes[0])}},
        "yaxis": axis | {"title": {"text": to_the_letter(shown.axes[1])}, "scaleanchor": "x"},
        "legend": {"title": {"text": to_the_letter(shown.colours.title)}, "itemsizing": "constant"},
    }  # fmt: skip


def alt(shown: MapFile) -> str:
    focus = "" if shown.focus is None else f"; focus: {shown.names[shown.focus]}"
    return f"{shown.title}: map of {len(shown.drawn):,} items{focus}"


def to_the_letter(name: str) -> str:
    """A name that plotly.js shows to the letter: it reads some HTML in texts."""
    return html.escape(" ".join(name.split()), quote=False)
