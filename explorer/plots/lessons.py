"""Draws the pictures of lessons: plain traces and layouts, which the live figure draws in place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import singledispatch
from typing import Any

import numpy as np

from explorer.learn.pictures import Arrow, Arrows, Bars, Dots, Grid, Lines
from explorer.plots import theme
from explorer.plots.names import sides
from explorer.plots.neighbors import plain

Figure = dict[str, Any]

PLAIN, MARKED = theme.CATEGORICAL[0], theme.CATEGORICAL[1]
MARGIN = {"l": 8, "r": 12, "t": 28, "b": 8}
HEIGHT = 400
ROW = 28  # pixels of a bar or of a row of a grid
FAINT = 0.35
PLAIN_NUMBERS = {"exponentformat": "none", "separatethousands": True}  # 0.0001, not 100µ
FEW_DECADES, MANY_DECADES = 3, 6
NEAR = 0.08  # of the picture: two names so near to each other would overlap


@singledispatch
def figure(picture: Any) -> Figure:
    """{"traces", "layout"} of a picture of `explorer.learn.pictures`."""
    raise TypeError(f"{type(picture).__name__} is no picture that is drawn here")


@figure.register
def _bars(picture: Bars) -> Figure:
    places = list(range(len(picture.names)))
    values = _numbers(picture.values)
    marks = set(picture.marked)
    traces: list[Figure] = [
        {
            "type": "bar",
            "orientation": "h",
            "x": values,
            "y": places,
            "marker": {"color": [MARKED if place in marks else PLAIN for place in places]},
            "text": [_short(value) for value in values],
            "textposition": "outside",
            "cliponaxis": False,
            "hovertemplate": "%{x:.4g}<extra></extra>",
        }
    ]
    layout = _layout(min(560, 90 + ROW * max(4, len(places))), picture.unit, "")
    layout["yaxis"] |= {
        "autorange": "reversed", "tickvals": places, "showgrid": False,
        "ticktext": [f"{plain(name)}  " for name in picture.names],
    }  # fmt: skip
    layout["bargap"] = 0.3
    layout["xaxis"] |= _with_room(values, logarithmic=picture.log)
    if picture.baseline is not None:
        value, what = picture.baseline
        _upright(layout, value, what)
    return {"traces": traces, "layout": layout}


@figure.register
def _lines(picture: Lines) -> Figure:
    traces = [
        {
            "type": "scatter", "mode": "lines" if len(x) > 30 or picture.steps else "lines+markers",
            "name": plain(name), "x": _numbers(x), "y": _numbers(y),
            "line": {
                "color": theme.CATEGORICAL[place % len(theme.CATEGORICAL)], "width": 2.5,
                "dash": ("solid", "dash", "dot", "dashdot")[place % 4],
                **({"shape": "hvh"} if picture.steps else {}),
            },
            "marker": {"size": 7, "symbol": theme.SYMBOLS[place % len(theme.SYMBOLS)]},
            "hovertemplate": "%{x:.4g}: %{y:.4g}<extra>" + plain(name) + "</extra>",
        }
        for place, (name, (x, y)) in enumerate(picture.curves.items())
    ]  # fmt: skip
    layout = _layout(HEIGHT, picture.x, picture.y)
    layout["showlegend"] = len(traces) > 1
    ends = {
        "x": [value for x, _ in picture.curves.values() for value in x],
        "y": [value for _, y in picture.curves.values() for value in y],
    }
    for axis in picture.log:
        layout[f"{axis}axis"] |= _logarithmic(ends[axis])
    if picture.mark is not None:
        _upright(layout, *picture.mark, logarithmic="x" in picture.log)
        layout["legend"]["y"], layout["margin"]["t"] = 1.07, 52  # above what the mark says
    return {"traces": traces, "layout": layout}


@figure.register
def _dots(picture: Dots) -> Figure:
    """Without WebGL, which draws over all names and lines."""
    xy = np.asarray(picture.xy, dtype=np.float64)
    colours: str | list[str] = theme.OTHER
    if picture.groups is not None:
        colours = [theme.category_style(int(group))[0] for group in picture.groups]
    traces: list[Figure] = [
        {
            "type": "scatter", "mode": "markers", "x": _numbers(xy[:, 0]),
            "y": _numbers(xy[:, 1]), "hoverinfo": "skip",
            "marker": {"size": 4, "color": colours, "opacity": FAINT},
        }
    ]  # fmt: skip
    if picture.named:
        first = xy[picture.named[0][0]]
        ways: list[tuple[float | None, float | None]] = []
        for place in picture.linked:
            ways += [(*first.tolist(),), (*xy[place].tolist(),), (None, None)]
        places = [place for place, _ in picture.named]
        marks = [MARKED] + [PLAIN] * (len(places) - 1)
        traces += [
            {
                "type": "scatter", "mode": "lines", "x": [x for x, _ in ways],
                "y": [y for _, y in ways], "hoverinfo": "skip",
                "line": {"color": PLAIN, "width": 1.5},
            },
            {
                "type": "scatter", "mode": "markers+text", "x": _numbers(xy[places, 0]),
                "y": _numbers(xy[places, 1]), "cliponaxis": False,
                "text": [plain(name) for _, name in picture.named],
                "textposition": _around(picture, places),
                "textfont": {"shadow": "auto", "size": 13},
                "marker": {
                    "size": [13] + [9] * (len(places) - 1), "color": marks,
                    "symbol": ["star"] + ["circle"] * (len(places) - 1),
                },
                "hovertemplate": "%{text}<extra></extra>",
            },
        ]  # fmt: skip
    layout = _layout(HEIGHT, picture.x, picture.y)
    layout["title"] = {"text": picture.title, "font": {"size": 14}, "x": 0.5, "y": 0.99}
    for axis in picture.log:
        layout[f"{axis}axis"] |= _logarithmic(xy[:, "xy".index(axis)])
    if picture.square:
        layout["yaxis"]["scaleanchor"] = "x"
    if not picture.x:
        for axis in ("xaxis", "yaxis"):
            layout[axis] |= {"showticklabels": False, "showgrid": False}
    return {"traces": traces, "layout": layout}


def _around(picture: Dots, places: Sequence[int]) -> list[str]:
    drawn = np.array(picture.xy, dtype=np.float64)
    for axis in picture.log:
        drawn[:, "xy".index(axis)] = np.log10(np.maximum(drawn[:, "xy".index(axis)], 1e-300))
    corners = np.array([drawn.min(axis=0), drawn.max(axis=0)])
    names = [name for _, name in picture.named]
    return sides(
        drawn[list(places)], names, room=(460, HEIGHT - 60), font=13, unnamed=corners,
        square=picture.square,
    )  # fmt: skip


@figure.register
def _grid(picture: Grid) -> Figure:
    values = np.asarray(picture.values, dtype=np.float64)
    rows, columns = values.shape
    reach = float(np.nanmax(np.abs(values), initial=1e-9))
    texts = [
        ["" if np.isnan(cell) else f"{cell:z,.{picture.digits}f}" for cell in line]
        for line in values.tolist()
    ]
    cells = [[None if np.isnan(cell) else abs(cell) / reach for cell in line] for line in values]
    traces: list[Figure] = [
        {
            "type": "heatmap", "z": cells, "text": texts, "texttemplate": "%{text}",
            "x": list(range(columns)), "y": list(range(rows)), "zmin": 0, "zmax": 1,
            "colorscale": [[0, _faded(0.04)], [1, _faded(0.5)]], "showscale": False, "xgap": 2,
            "ygap": 2, "hoverinfo": "skip",
        }
    ]  # fmt: skip
    layout = _layout(min(520, 70 + 44 * rows), "", "")
    layout["xaxis"] |= {
        "tickvals": list(range(columns)), "ticktext": [plain(name) for name in picture.columns],
        "side": "top", "showgrid": False,
    }  # fmt: skip
    layout["yaxis"] |= {
        "tickvals": list(range(rows)), "autorange": "reversed", "showgrid": False,
        "ticktext": [f"{plain(name)}  " for name in picture.rows],
    }  # fmt: skip
    layout["shapes"] = [
        {
            "type": "rect", "x0": -0.5, "x1": columns - 0.5, "y0": row - 0.5, "y1": row + 0.5,
            "line": {"color": MARKED, "width": 2.5},
        }
        for row in picture.marked
    ]  # fmt: skip
    return {"traces": traces, "layout": layout}


@figure.register
def _arrows(picture: Arrows) -> Figure:
    """An arrow from a point to itself is a name alone."""
    ends = np.array([point for one in picture.arrows for point in (one.start, one.end)])
    named = [one for one in picture.arrows if one.name]
    low, high = ends.min(axis=0), ends.max(axis=0)
    reach = max(float((high - low).max()), 1e-9)
    traces: list[Figure] = [
        {
            "type": "scatter", "mode": "markers+text", "x": [one.end[0] for one in named],
            "y": [one.end[1] for one in named], "text": [plain(one.name) for one in named],
            "textposition": [_beside(one, named, reach) for one in named], "cliponaxis": False,
            "marker": {"size": 1, "color": "rgba(0,0,0,0)"}, "hoverinfo": "skip",
        }
    ]  # fmt: skip
    layout = _layout(HEIGHT, "", "")
    pad = 0.18 * reach
    layout["xaxis"]["range"] = [float(low[0]) - pad, float(high[0]) + pad]
    layout["yaxis"]["range"] = [float(low[1]) - pad, float(high[1]) + pad]
    layout["yaxis"]["scaleanchor"] = "x"
    layout["annotations"] = [
        {
            "x": one.end[0], "y": one.end[1], "ax": one.start[0], "ay": one.start[1],
            "xref": "x", "yref": "y", "axref": "x", "ayref": "y", "text": "", "showarrow": True,
            "arrowhead": 2, "arrowwidth": 2.5 if one.group else 1.5,
            "arrowcolor": theme.CATEGORICAL[one.group - 1] if one.group else theme.OTHER,
        }
        for one in picture.arrows
        if one.start != one.end
    ]  # fmt: skip
    return {"traces": traces, "layout": layout}


def _beside(arrow: Arrow, others: Sequence[Arrow], reach: float) -> str:
    """On which side of its end a name keeps clear of the arrow, and of the names of near ends."""
    across, up = (end - start for start, end in zip(arrow.start, arrow.end, strict=True))
    near = [one.end[1] for one in others if 0 < math.dist(one.end, arrow.end) < NEAR * reach]
    if near:
        above = "top" if arrow.end[1] > sum(near) / len(near) else "bottom"
        return f"{above} {'right' if across > 0 else 'left'}"
    if abs(across) > abs(up):
        return "middle right" if across > 0 else "middle left"
    return "top center" if up > 0 else "bottom center"


def _layout(height: int, x: str, y: str) -> Figure:
    return {
        "height": height,
        "margin": dict(MARGIN),
        "xaxis": {"title": {"text": x}, **PLAIN_NUMBERS},
        "yaxis": {"title": {"text": y}, **PLAIN_NUMBERS},
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"},
        "showlegend": False,
        "hovermode": "closest",
    }


def _with_room(values: Sequence[float], *, logarithmic: bool) -> Figure:
    """An axis that leaves room for the numbers at the ends of bars."""
    low, high = min(0.0, *values), max(0.0, *values)
    if logarithmic:
        least, most = (np.log10(max(end(values), 1e-12)) for end in (min, max))
        pad = 0.15 * max(1.0, most - least)
        return _logarithmic(values) | {"range": [float(least - pad), float(most + pad)]}
    pad = 0.14 * max(high - low, 1e-9)
    return {"range": [low - (pad if low < 0 else 0), high + (pad if high > 0 else 0)]}


def _logarithmic(values: Any) -> Figure:
    """A logarithmic axis: ticks at powers of ten, and at 2 and 5 where these are few."""
    shown = np.asarray(values, dtype=np.float64)
    decades = np.log10(shown.max() / shown[shown > 0].min())
    ticks = "D2" if decades < FEW_DECADES else 1 if decades < MANY_DECADES else 2
    return {"type": "log", "dtick": ticks, "tickformat": ",~r"}


def _upright(layout: Figure, x: float, what: str, *, logarithmic: bool = False) -> None:
    """A dashed line at x, and above it what it is."""
    line = {"color": theme.CATEGORICAL[3], "width": 2, "dash": "dash"}
    layout.setdefault("shapes", []).append(
        {"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper", "line": line}
    )
    layout.setdefault("annotations", []).append(
        {
            "x": float(np.log10(x)) if logarithmic else x, "y": 1, "yref": "paper", "text": what,
            "yanchor": "bottom", "showarrow": False,
        }
    )  # fmt: skip


def _short(value: float) -> str:
    """Three digits, whole from 1,000 on."""
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}"


def _numbers(values: Any) -> list[float]:
    """Numbers with the digits that a screen can show: they travel as text."""
    return [float(f"{value:.5g}") for value in np.asarray(values, dtype=np.float64).tolist()]


def _faded(opacity: float) -> str:
    red, green, blue = (int(PLAIN[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
