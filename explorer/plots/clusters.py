"""Charts of clusters: their colours on a map, curves over k, tables, k-means at work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from explorer.clustering.choose_k import MEASURES, Curves
from explorer.clustering.kmeans_steps import Step
from explorer.clustering.voronoi import Bounds, voronoi_edges
from explorer.plots import theme
from explorer.plots.map import Colouring
from explorer.plots.neighbors import MARGIN, plain

FAINT = "rgba(138,138,138,0.35)"
MOST_VALUES = 15  # columns of a heat map


def cluster_colouring(
    codes: ArrayLike, names: Sequence[str], *, title: str = "cluster", only: ArrayLike | None = None
) -> Colouring:
    """Colours of groups: 20 of them, or the first 19 and "other"; noise and what is left out grey.

    codes : (n,) group of each item, -1 for noise
    names : of all groups, in their order
    only : (n,) True for the items in colour, the others grey
    """
    groups = np.asarray(codes, dtype=np.int64)
    shown = len(names) if len(names) <= theme.MOST_COLOURS else theme.MOST_COLOURS - 1
    places = np.where(groups < 0, shown + 1, np.minimum(groups, shown))
    if only is not None:
        places = np.where(np.asarray(only), places, shown + 2)
    counts = np.bincount(places, minlength=shown + 3)
    entries = [
        {"name": name, "count": int(count), "colour": colour, "symbol": symbol}
        for name, count, (colour, symbol) in zip(
            names[:shown], counts.tolist(), map(theme.category_style, range(shown)), strict=False
        )
    ]
    rest = [
        (f"other ({len(names) - shown:,} more)", theme.OTHER),
        ("(noise)", FAINT),
        ("the others", FAINT),
    ]
    place_of = np.arange(shown + 3)
    for offset, (name, colour) in enumerate(rest):
        place_of[shown + offset] = len(entries)
        if counts[shown + offset]:
            count = int(counts[shown + offset])
            entries.append({"name": name, "count": count, "colour": colour, "symbol": "circle"})
    return Colouring(
        "category", title, codes=place_of[places].astype(np.uint8), entries=tuple(entries)
    )


def colour_of(group: int, groups: int) -> str:
    """The colour that `cluster_colouring` gives a group."""
    last = groups if groups <= theme.MOST_COLOURS else theme.MOST_COLOURS - 1
    return theme.category_style(group)[0] if group < last else theme.OTHER


def curve(measure: str, curves: Curves, chosen: int) -> dict[str, Any]:
    """One measure over k, that of uniform points beside it, and the k it speaks for."""
    found, base = (side.get(measure, ()) for side in (curves.found, curves.baseline))
    about = MEASURES[measure]
    traces = [
        _line("uniform points", curves.ks, base, theme.OTHER, "dash"),
        _line("this space", curves.ks, found, theme.CATEGORICAL[0], "solid"),
    ]
    if measure == "gap":
        traces[1]["error_y"] = {"type": "data", "array": list(curves.gap_errors), "thickness": 1}
    shapes = [_upright(chosen, theme.OTHER, "dot")]
    best = curves.favoured(measure)
    if best is not None:
        at = curves.ks.index(best)
        traces.append(
            {
                "type": "scatter", "mode": "markers", "name": f"speaks for {best}",
                "x": [best], "y": [found[at]], "hoverinfo": "skip",
                "marker": {"size": 12, "color": theme.CATEGORICAL[1], "symbol": "circle-open",
                           "line": {"width": 3}},
            }
        )  # fmt: skip
    layout = {
        "height": 210,
        "title": {"text": about.title, "font": {"size": 14}, "x": 0, "xanchor": "left"},
        "margin": {"l": 8, "r": 8, "t": 34, "b": 8},
        "xaxis": {"title": {"text": "k"}, "range": [curves.ks[0] - 0.6, curves.ks[-1] + 0.6]},
        "yaxis": {"visible": bool(found)},
        "showlegend": False,
        "shapes": shapes,
    }
    return {"traces": traces, "layout": layout}


def confusion_map(
    counts: NDArray[np.int64], groups: Sequence[str], values: Sequence[str], column: str
) -> go.Figure:
    """Clusters by values: the share of each cluster, the count in words; the rare values in one."""
    counts, values = fewer_values(counts, values)
    sizes = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure = go.Figure(
        go.Heatmap(
            z=counts / sizes,
            x=[plain(value) for value in values],
            y=[plain(name) for name in groups],
            text=counts,
            texttemplate="%{text:,}" if counts.size <= 400 else None,
            customdata=counts,
            hovertemplate="%{y} · %{x}: %{customdata:,} items, %{z:.1%} of the cluster"
            "<extra></extra>",
            colorscale=theme.colorscale(),
            zmin=0,
            zmax=1,
            colorbar={"title": {"text": "share of the cluster", "side": "right"}, "thickness": 12},
        )
    )
    figure.update_yaxes(autorange="reversed", type="category", title="cluster")
    figure.update_xaxes(type="category", title=column, tickangle=-40)
    figure.update_layout(height=180 + 27 * max(6, len(groups)), margin=MARGIN)
    return figure


def fewer_values(
    counts: NDArray[np.int64], values: Sequence[str]
) -> tuple[NDArray[np.int64], list[str]]:
    """The most frequent values, the others summed: a table that can be read."""
    if len(values) <= MOST_VALUES:
        return counts, list(values)
    order = np.argsort(-counts.sum(axis=0), kind="stable")
    kept, rest = order[: MOST_VALUES - 1], order[MOST_VALUES - 1 :]
    table = np.column_stack([counts[:, kept], counts[:, rest].sum(axis=1)])
    return table, [*(values[place] for place in kept), f"other ({len(rest):,} more)"]


def step_figure(
    points: NDArray[np.float32], step: Step, bounds: Bounds, before: Step | None
) -> dict[str, Any]:
    """Points in the colours of their clusters, centres, the way they went, and Voronoi edges."""
    colours = [theme.category_style(int(label))[0] for label in step.labels]
    x, y = _plain(points[:, 0]), _plain(points[:, 1])
    edge_x: list[float | None] = []
    edge_y: list[float | None] = []
    for (x0, y0), (x1, y1) in voronoi_edges(step.centers, _wider(bounds)).tolist():
        edge_x += [x0, x1, None]
        edge_y += [y0, y1, None]
    traces: list[dict[str, Any]] = [
        {
            "type": "scattergl", "mode": "markers", "name": "items", "x": x, "y": y,
            "marker": {"size": 6, "color": colours, "opacity": 0.75}, "hoverinfo": "skip",
        },
        {
            "type": "scatter", "mode": "lines", "name": "borders", "x": edge_x, "y": edge_y,
            "line": {"color": theme.OTHER, "width": 1.5}, "hoverinfo": "skip",
        },
    ]  # fmt: skip
    moved = before is not None and step.kind == "update"
    way_x: list[float | None] = []
    way_y: list[float | None] = []
    if moved and before is not None:
        for old, new in zip(before.centers.tolist(), step.centers.tolist(), strict=True):
            way_x += [old[0], new[0], None]
            way_y += [old[1], new[1], None]
    traces.append(
        {
            "type": "scatter", "mode": "lines", "name": "moved", "x": way_x, "y": way_y,
            "line": {"color": theme.CATEGORICAL[3], "width": 2.5}, "hoverinfo": "skip",
        }
    )  # fmt: skip
    centers = step.centers
    traces.append(
        {
            "type": "scatter", "mode": "markers", "name": "centres",
            "x": _plain(centers[:, 0]), "y": _plain(centers[:, 1]),
            "marker": {
                "size": 17, "symbol": "x", "line": {"color": "#111111", "width": 1.5},
                "color": [theme.category_style(place)[0] for place in range(len(centers))],
            },
            "hovertemplate": "centre %{pointNumber}<extra></extra>",
        }
    )  # fmt: skip
    hidden = {"showticklabels": False, "title": None}
    layout = {
        "height": 500,
        "margin": {"l": 4, "r": 4, "t": 8, "b": 4},
        "xaxis": {**hidden, "range": list(bounds[:2])},
        "yaxis": {**hidden, "range": list(bounds[2:]), "scaleanchor": "x"},
        "showlegend": False,
    }
    return {"traces": traces, "layout": layout}


def objective_figure(steps: Sequence[Step], place: int) -> dict[str, Any]:
    """The objective after each step so far, by the kind of the step."""
    marks = {"seeding": theme.OTHER, "assign": theme.CATEGORICAL[0], "update": theme.CATEGORICAL[1]}
    done = steps[: place + 1]
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter", "mode": "lines", "x": list(range(len(done))), "hoverinfo": "skip",
            "y": [one.objective for one in done], "line": {"color": theme.OTHER, "width": 1},
            "showlegend": False,
        }
    ]  # fmt: skip
    for kind, colour in marks.items():
        at = [number for number, one in enumerate(done) if one.kind == kind]
        traces.append(
            {
                "type": "scatter", "mode": "markers", "name": kind, "x": at,
                "y": [done[number].objective for number in at],
                "marker": {"color": colour, "size": 8},
                "hovertemplate": "step %{x}: %{y:.5g}<extra>" + kind + "</extra>",
            }
        )  # fmt: skip
    layout = {
        "height": 260,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "xaxis": {"title": {"text": "step"}, "range": [-0.5, max(8, len(steps)) - 0.5]},
        "yaxis": {"title": {"text": "objective J (log scale)"}, "type": "log"},
        "legend": {"orientation": "h", "y": 1, "yanchor": "bottom"},
    }
    return {"traces": traces, "layout": layout}


def _wider(bounds: Bounds) -> Bounds:
    """The frame and as much again on each side: one scale for both axes may show more than it."""
    x0, x1, y0, y1 = bounds
    return 2 * x0 - x1, 2 * x1 - x0, 2 * y0 - y1, 2 * y1 - y0


def frame_of(points: NDArray[np.float32], margin: float = 0.06) -> Bounds:
    """(x0, x1, y0, y1) around points on a plane."""
    low, high = points.min(axis=0).astype(float), points.max(axis=0).astype(float)
    pad = np.maximum((high - low) * margin, 1e-6)
    x0, y0 = (low - pad).tolist()
    x1, y1 = (high + pad).tolist()
    return x0, x1, y0, y1


def _line(
    name: str, ks: Sequence[int], values: Sequence[float], colour: str, dash: str
) -> dict[str, Any]:
    finite = [None if value != value or abs(value) == np.inf else value for value in values]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": list(ks[: len(values)]),
        "y": finite,
        "line": {"color": colour, "width": 2, "dash": dash},
        "marker": {"size": 5, "color": colour},
        "hovertemplate": "k = %{x}: %{y:.4g}<extra>" + name + "</extra>",
    }


def _upright(x: float, colour: str, dash: str) -> Mapping[str, Any]:
    return {
        "type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper",
        "line": {"color": colour, "width": 1, "dash": dash}, "layer": "below",
    }  # fmt: skip


def _plain(values: NDArray[Any]) -> list[float]:
    """Numbers with the digits that a screen can show: they travel as text."""
    return [float(f"{value:.5g}") for value in values.tolist()]
