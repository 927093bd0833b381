"""Charts of several trainings beside each other; each says in words what it shows.

They are drawn in place while runs come in, so they are plain traces and layouts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from explorer.plots import theme
from explorer.plots.neighbors import plain

LONGEST = 44  # of a name in a legend
SPREAD = 0.5  # of a line, over which the marks of one run are spread
LEGEND = {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"}
MARGIN = {"l": 8, "r": 12, "t": 34, "b": 8}
BANDS = 10  # of a log axis of frequencies


class Chart(NamedTuple):
    """What Plotly draws, and the same in a sentence."""

    traces: list[dict[str, Any]]
    layout: dict[str, Any]
    alt: str


@dataclass(frozen=True)
class Series:
    """One value a run, maybe with an interval; `baseline` is drawn as what it is compared with."""

    name: str
    values: Sequence[float | None]
    low: Sequence[float] = ()
    high: Sequence[float] = ()
    baseline: bool = False


def scores_chart(labels: Sequence[str], series: Sequence[Series]) -> Chart:
    """A line for each run, a dot with its interval for each list; baselines as grey crosses.

    series : each with one value a label; a baseline belongs to the series before it
    """
    traces = []
    lists = [one for one in series if not one.baseline]
    heights: list[float] = []
    for one in series:
        if not one.baseline:
            place = len(heights)
            heights.append(SPREAD * ((place + 0.5) / len(lists) - 0.5))
        colour = theme.OTHER if one.baseline else theme.CATEGORICAL[len(heights) - 1]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": _legend(one.name),
                "x": list(one.values),
                "y": [line + heights[-1] for line in range(len(labels))],
                "marker": {"color": colour, "size": 9, "symbol": "x" if one.baseline else "circle"},
                "error_x": _error(one),
                "showlegend": _is_first(one, series),
                "hovertemplate": "%{x:.3f}<extra>" + _legend(one.name) + "</extra>",
            }
        )
    layout = {
        "height": 90 + 62 * len(labels),
        "margin": MARGIN,
        "xaxis": {"title": {"text": "correlation or accuracy"}},
        "yaxis": _one_line_each(labels),
        "legend": LEGEND,
        "showlegend": True,
    }
    return Chart(traces, layout, f"Scores with 95% intervals. {_told(labels, lists)}")


def bars_chart(labels: Sequence[str], values: Sequence[float], *, title: str, unit: str) -> Chart:
    """A bar for each run, its number beside it."""
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": list(values),
        "y": list(range(len(labels))),
        "marker": {"color": theme.CATEGORICAL[0]},
        "text": [f"{_short(value)} {unit}" for value in values],
        "textposition": "outside",
        "cliponaxis": False,
        "hoverinfo": "skip",
    }
    most = max(values, default=0.0)
    layout = {
        "height": 74 + 30 * len(labels),
        "margin": MARGIN,
        "title": {"text": title, "font": {"size": 14}, "x": 0, "xref": "paper"},
        "xaxis": {"range": [0, 1.6 * most or 1.0], "nticks": 4},
        "yaxis": _one_line_each(labels),
        "showlegend": False,
        "bargap": 0.3,
    }
    return Chart([trace], layout, f"{title}. {_told(labels, [Series(unit, values)])}")


def _one_line_each(labels: Sequence[str]) -> dict[str, Any]:
    """An axis of names, the first on top."""
    return {
        "tickvals": list(range(len(labels))),
        "ticktext": [plain(label) for label in labels],
        "range": [len(labels) - 0.5, -0.5],
        "showgrid": False,
    }


def lines_chart(
    places: Sequence[float], series: Sequence[Series], *, across: str, up: str
) -> Chart:
    """Values over the number of dimensions, on a logarithmic axis; baselines are dashed."""
    traces = []
    coloured = 0
    for one in series:
        colour = theme.OTHER if one.baseline else theme.CATEGORICAL[coloured]
        coloured += not one.baseline
        traces.append(
            {
                "type": "scatter",
                "mode": "lines" if one.baseline else "lines+markers",
                "name": _legend(one.name),
                "x": list(places),
                "y": list(one.values),
                "line": {"color": colour, "width": 2, "dash": "dash" if one.baseline else "solid"},
                "marker": {"size": 7},
                "error_y": _error(one),
                "showlegend": _is_first(one, series),
                "hovertemplate": "%{x}: %{y:.4g}<extra>" + _legend(one.name) + "</extra>",
            }
        )
    layout = {
        "height": 280,
        "margin": MARGIN,
        "xaxis": {
            "title": {"text": across},
            "type": "log",
            "tickvals": list(places),
            "ticktext": [f"{place:g}" for place in places],
        },
        "yaxis": {"title": {"text": up}},
        "legend": LEGEND,
        "showlegend": len(series) > 1,
    }
    lines = [one for one in series if not one.baseline]
    return Chart(traces, layout, f"{up} over {across}. {_told([f'{x:g}' for x in places], lines)}")


def stability_histogram(overlaps: NDArray[np.float64], random: NDArray[np.float64]) -> Chart:
    """Words by the share of their neighbours that two trainings have in common on average."""
    edges = np.linspace(0, 1, 21)
    shares, chances = (
        np.histogram(some, edges)[0] / max(1, len(some)) for some in (overlaps, random)
    )
    middles = ((edges[1:] + edges[:-1]) / 2).tolist()
    traces = [
        {
            "type": "bar",
            "name": "these trainings",
            "x": middles,
            "y": shares.tolist(),
            "width": 0.045,
            "marker": {"color": theme.CATEGORICAL[0]},
            "hovertemplate": "overlap about %{x:.2f}: %{y:.1%} of the words<extra></extra>",
        },
        {
            "type": "scatter",
            "mode": "lines",
            "name": "random spaces",
            "x": middles,
            "y": chances.tolist(),
            "line": {"color": theme.CATEGORICAL[1], "width": 2, "shape": "hvh"},
            "hovertemplate": "random, overlap about %{x:.2f}: %{y:.1%}<extra></extra>",
        },
    ]
    layout = {
        "height": 300,
        "margin": MARGIN,
        "xaxis": {"title": {"text": "mean overlap of neighbours"}, "range": [0, 1]},
        "yaxis": {"title": {"text": "share of the words"}, "tickformat": ".0%"},
        "legend": LEGEND,
        "showlegend": True,
    }
    alt = (
        f"Histogram of {len(overlaps):,} words: on average {overlaps.mean():.2f} of the neighbours "
        f"are found again, between random spaces {random.mean():.2f}."
    )
    return Chart(traces, layout, alt)


def stability_by_frequency(
    overlaps: NDArray[np.float64], frequency: NDArray[np.int64], names: Sequence[str]
) -> Chart:
    """Each word's overlap over how often it comes, and the mean of tenths of the words."""
    order = np.argsort(frequency, kind="stable")
    tenths = np.array_split(order, min(BANDS, len(order)))
    traces = [
        {
            "type": "scatter",
            "mode": "markers",
            "name": "a word",
            "x": frequency.tolist(),
            "y": overlaps.tolist(),
            "text": [plain(name) for name in names],
            "marker": {"size": 5, "opacity": 0.4, "color": theme.CATEGORICAL[0]},
            "hovertemplate": "%{text}: %{x:,} times, overlap %{y:.2f}<extra></extra>",
        },
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": "mean of a tenth of the words",
            "x": [float(np.median(frequency[part])) for part in tenths],
            "y": [float(overlaps[part].mean()) for part in tenths],
            "line": {"color": theme.CATEGORICAL[1], "width": 2.5},
            "hovertemplate": "about %{x:,} times: %{y:.2f}<extra></extra>",
        },
    ]
    layout = {
        "height": 300,
        "margin": MARGIN,
        "xaxis": {"title": {"text": "how often the word comes"}, "type": "log"},
        "yaxis": {"title": {"text": "mean overlap"}, "range": [-0.03, 1.03]},
        "legend": LEGEND,
        "showlegend": True,
    }
    rare, frequent = (float(overlaps[part].mean()) for part in (tenths[0], tenths[-1]))
    alt = (
        f"Overlap over frequency for {len(names):,} words: {rare:.2f} for the rarest tenth, "
        f"{frequent:.2f} for the most frequent."
    )
    return Chart(traces, layout, alt)


def _is_first(one: Series, series: Sequence[Series]) -> bool:
    """Series of one name share the place in the legend."""
    return next(other for other in series if other.name == one.name) is one


def _legend(name: str) -> str:
    name = name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"
    return name.replace("&", "&amp;").replace("<", "&lt;")


def _error(one: Series) -> dict[str, Any]:
    if not one.low:
        return {"visible": False}
    return {
        "type": "data",
        "symmetric": False,
        "array": [high - (value or 0) for high, value in zip(one.high, one.values, strict=True)],
        "arrayminus": [(value or 0) - low for low, value in zip(one.low, one.values, strict=True)],
        "thickness": 1.5,
        "width": 4,
    }


def _told(labels: Sequence[str], series: Sequence[Series]) -> str:
    """ "pairs: SGNS 0.93, CBOW 0.76." for each series."""
    return " ".join(
        f"{one.name}: "
        + ", ".join(
            f"{label} {_short(value)}" for label, value in zip(labels, one.values, strict=True)
        )
        + "."
        for one in series
    )


def _short(value: float | None) -> str:
    if value is None:
        return "none"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
