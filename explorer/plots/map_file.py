"""A map as one HTML file that needs nothing else: points, names, focus, provenance, plotly.js.

The figure is written as plotly.js reads it, numbers as base64 typed arrays, so that 100,000 points
are a megabyte and open at once. Names are text, wherever they came from.
"""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.metrics import Metric
from explorer.plain_numbers import number
from explorer.plots import theme
from explorer.plots.map import Colouring
from explorer.plots.plotly_js import plotly_js_folder
from explorer.projection.placed import Placed
from explorer.space import EmbeddingSpace, FloatArray, IntArray

MANY = 5_000  # points; more are drawn by WebGL
PAPER, INK, LINE = "#ffffff", "#1f2328", "#c2410c"


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
        f"Space: {space.name}, {len(space):,} items x {space.dimensions} dimensions, from "
        f"{space.provenance.source}; preprocessing: {space.provenance.preprocessing}; "
        f"digest {space.digest[:12]}.",
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


def made_with() -> str:
    """Which versions made a file, and when."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "plotly"))
    return f"Made with Embedding Explorer on {date.today().isoformat()}; {packages}."


def map_figure(shown: MapFile) -> dict[str, Any]:
    """{"data", "layout"} as plotly.js draws them, but with NumPy arrays for long numbers."""
    return {"data": _points(shown) + _marks(shown), "layout": _layout(shown)}


def map_html(shown: MapFile) -> bytes:
    """The file, UTF-8. No address of another host stands in it but in plotly.js's own text."""
    figure = map_figure(shown)
    script = (plotly_js_folder() / "plotly.min.js").read_text(encoding="utf-8")
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in shown.provenance)
    page = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(shown.title)}</title>
<style>
body {{ margin: 0; background: {PAPER}; color: {INK}; font: 15px/1.5 system-ui, sans-serif; }}
header, footer {{ padding: .6rem 1.2rem; }}
h1 {{ font-size: 1.25rem; margin: 0; }}
footer p {{ margin: .1rem 0; color: #57606a; font-size: .85rem; overflow-wrap: anywhere; }}
main {{ display: flex; flex-wrap: wrap; }}
#map {{ flex: 1 1 36rem; height: calc(100vh - 10rem); min-height: 24rem; }}
aside {{ flex: 0 1 15rem; padding: .6rem 1.2rem; }}
h2 {{ font-size: 1rem; margin: 0 0 .4rem; }}
ol {{ margin: 0; padding-left: 1.4rem; }}
li span {{ float: right; color: #57606a; font-variant-numeric: tabular-nums; }}
</style>
</head>
<body>
<header><h1>{html.escape(shown.title)}</h1></header>
<main>
<div id="map" role="img" aria-label="{html.escape(_alt(shown))}"></div>
{_list(shown)}
</main>
<footer>{lines}</footer>
<script>{script}</script>
<script id="figure" type="application/json">{_json(figure)}</script>
<script>
const figure = JSON.parse(document.getElementById("figure").textContent);
Plotly.newPlot("map", figure.data, figure.layout, {{
  responsive: true, scrollZoom: true, displaylogo: false,
  toImageButtonOptions: {{ format: "svg", filename: "map" }},
}});
</script>
</body>
</html>
"""
    return page.encode("utf-8")


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


def _list(shown: MapFile) -> str:
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


def _alt(shown: MapFile) -> str:
    focus = "" if shown.focus is None else f"; focus: {shown.names[shown.focus]}"
    return f"{shown.title}: map of {len(shown.drawn):,} items{focus}"


def _typed(values: NDArray[Any]) -> dict[str, str]:
    """Numbers as plotly.js takes them from base64."""
    packed = np.ascontiguousarray(values, dtype="<f4")
    return {"dtype": "f4", "bdata": base64.b64encode(packed.tobytes()).decode("ascii")}


def to_the_letter(name: str) -> str:
    """A name that plotly.js shows to the letter: it reads some HTML in texts."""
    return html.escape(" ".join(name.split()), quote=False)


def _json(figure: dict[str, Any]) -> str:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(figure, ensure_ascii=False, separators=(",", ":"), default=_typed)
    return text.replace("<", "\\u003c")
