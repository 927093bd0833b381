"""Charts of metrics compared: ranks from column to column, disagreement, softmax."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from explorer.metric_comparison import Comparison
from explorer.metrics import get_metric
from explorer.plots import theme
from explorer.plots.neighbors import MARGIN, plain

Float64Array = NDArray[np.float64]

ALL, SOME, ONE = theme.CATEGORICAL[0], theme.CATEGORICAL[2], theme.CATEGORICAL[1]
MEANING = {ALL: "found by all", SOME: "found by some", ONE: "found by one alone"}
SIGN = {ALL: "●", SOME: "◐", ONE: "○"}  # so that colour is not the only sign
DASH = {ALL: "solid", SOME: "dash", ONE: "dot"}
WIDE = 0.62  # room for names beside the first and the last column


def mark_of(found_by: int, metrics: int) -> str:
    """The colour of an item by how many of the metrics find it."""
    return ALL if found_by == metrics else ONE if found_by == 1 else SOME


def bump_chart(names: Sequence[str], found: Comparison) -> go.Figure:
    """One column a metric, one line an item, from its place in one order to its place in the next.

    names : of the rows of `found.union`. The k nearest stand at their ranks; below a line follow
    the others in their order, each with its true rank in the circle.
    """
    count, k = len(found.metrics), found.k
    places = _places(found)
    marks = [mark_of(int(by), count) for by in found.found.sum(axis=0)]
    figure = go.Figure([
        _lines(colour, [item for item, mark in enumerate(marks) if mark == colour], names, places,
               found)
        for colour in (ALL, SOME, ONE)
    ])  # fmt: skip
    for x, side in ((0, "left"), (count - 1, "right")):
        figure.add_scatter(
            x=[x] * len(names), y=places[x], text=[plain(name) for name in names],
            mode="markers+text", textposition=f"middle {side}", cliponaxis=False,
            marker={"size": 21, "opacity": 0}, hoverinfo="skip", showlegend=False,
        )  # fmt: skip
    last = float(places.max())
    if last > k:
        figure.add_hline(k + 0.75, line={"dash": "dot", "width": 1, "color": theme.OTHER})
    figure.update_xaxes(
        range=[-WIDE, count - 1 + WIDE], tickvals=list(range(count)), side="top",
        ticktext=[get_metric(metric).title for metric in found.metrics],
        showgrid=False, zeroline=False, fixedrange=True,
    )  # fmt: skip
    figure.update_yaxes(range=[last + 0.7, 0.3], visible=False, fixedrange=True)
    figure.update_layout(
        height=int(110 + 25 * last),
        margin={"l": 4, "r": 4, "t": 40, "b": 4},
        legend={
            "orientation": "h", "y": 0, "yanchor": "top", "x": 0.5, "xanchor": "center",
            "itemsizing": "constant",
        },
        hovermode="closest",
    )  # fmt: skip
    return figure


def _lines(
    colour: str,
    items: Sequence[int],
    names: Sequence[str],
    places: Float64Array,
    found: Comparison,
) -> go.Scatter:
    """The lines of all items of one colour as one trace, a gap between two of them."""
    count = len(found.metrics)
    titles = [get_metric(metric).title for metric in found.metrics]
    across: list[int | None] = []
    heights: list[float | None] = []
    fills, ranks, hovers = [], [], []
    for item in items:
        across += [*range(count), None]
        heights += [*places[:, item].tolist(), None]
        fills += [colour if rank <= found.k else theme.OTHER for rank in found.ranks[:, item]]
        fills.append(colour)
        ranks += [*map(_short, found.ranks[:, item].tolist()), ""]
        hovers += [
            f"<b>{plain(names[item])}</b><br>{title}: rank {rank:,}, "
            f"score {score:.4g}<extra></extra>"
            for title, rank, score in zip(
                titles, found.ranks[:, item].tolist(), found.scores[:, item].tolist(), strict=True
            )
        ]
        hovers.append("")
    return go.Scatter(
        x=across or [None], y=heights or [None], mode="lines+markers+text", name=MEANING[colour],
        line={"color": colour, "width": 2.5, "dash": DASH[colour]},
        marker={"size": 21, "color": fills or colour},
        text=ranks, textfont={"color": "white", "size": 10}, hovertemplate=hovers,
        connectgaps=False,
    )  # fmt: skip


def _places(found: Comparison) -> Float64Array:
    """(m, u) heights: the rank of the k nearest, then a gap, then the others in their order."""
    places = found.ranks.astype(np.float64)
    for line in places:
        beyond = np.flatnonzero(line > found.k)
        order = beyond[np.argsort(line[beyond], kind="stable")]
        line[order] = found.k + 1.5 + np.arange(len(order))
    return places


def _short(rank: int) -> str:
    """1,234 -> 1k, so that it fits in a circle."""
    return str(rank) if rank < 1_000 else f"{rank // 1_000}k"


def overlap_histogram(
    overlaps: Float64Array, baseline: Float64Array, k: int, *, title: str
) -> go.Figure:
    """Items by how many of their k neighbours two metrics share; the random space as an outline.

    overlaps, baseline : shares from 0 to 1; both drawn as shares of their own number of items
    """
    figure = go.Figure()
    shared = np.arange(k + 1)
    counts = np.bincount(np.rint(overlaps * k).astype(int), minlength=k + 1)
    random = np.bincount(np.rint(baseline * k).astype(int), minlength=k + 1)
    figure.add_bar(
        x=shared, y=counts / max(1, counts.sum()), name="this space", customdata=counts,
        marker={"color": theme.CATEGORICAL[0]},
        hovertemplate="%{x} of " + str(k) + " shared: %{customdata:,} items (%{y:.1%})"
        "<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=shared, y=random / max(1, random.sum()), name="random space", mode="lines+markers",
        line={"color": theme.CATEGORICAL[1], "width": 2, "shape": "hvh"}, marker={"size": 5},
        hovertemplate="%{x} shared in a random space: %{y:.1%}<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(title=title, dtick=max(1, k // 10))
    figure.update_yaxes(title="share of the items", tickformat=".0%")
    figure.update_layout(
        height=320, margin=MARGIN, bargap=0.12,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    )  # fmt: skip
    return figure


def disagreement_scatter(
    values: NDArray[np.floating], disagreement: Float64Array, names: Sequence[str], *,
    title: str, k: int, logarithmic: bool = False,
) -> go.Figure:  # fmt: skip
    """Each item's disagreement over a number of it (its norm, its frequency), jittered a little."""
    jitter = np.random.default_rng(0).uniform(-0.3, 0.3, len(values)) / k
    figure = go.Figure(
        go.Scattergl(
            x=np.asarray(values, dtype=np.float32),
            y=(disagreement + jitter).astype(np.float32),
            mode="markers",
            marker={"size": 5, "opacity": 0.45, "color": theme.CATEGORICAL[0]},
            text=[plain(name) for name in names],
            hovertemplate="%{text}: %{x:.4g}<extra></extra>",
        )
    )
    figure.update_xaxes(title=title)
    if logarithmic:
        figure.update_xaxes(type="log", dtick=1)
    figure.update_yaxes(title=f"1 - overlap@{k}", range=[-0.06, 1.06])
    figure.update_layout(height=320, margin=MARGIN, showlegend=False)
    return figure


def probability_bars(names: Sequence[str], probabilities: Sequence[float], true: int) -> go.Figure:
    """Probabilities as bars, the largest on top; the true item in its own colour.

    true : its place in `names`, or -1
    """
    places = np.arange(len(names))
    colours = [theme.CATEGORICAL[1 if place == true else 0] for place in places.tolist()]
    colours[-1] = theme.OTHER
    figure = go.Figure(
        go.Bar(
            x=list(probabilities), y=places, orientation="h", marker={"color": colours},
            text=[f"{value:.3g}" for value in probabilities], textposition="outside",
            cliponaxis=False, customdata=[plain(name) for name in names],
            hovertemplate="%{customdata}: %{x:.4g}<extra></extra>",
        )
    )  # fmt: skip
    figure.update_yaxes(
        autorange="reversed", showgrid=False, tickvals=places,
        ticktext=[f"{plain(name)}  " for name in names],
    )  # fmt: skip
    figure.update_xaxes(title="probability", range=[0, 1.12], dtick=0.2)
    figure.update_layout(height=70 + 26 * len(names), margin=MARGIN, bargap=0.3)
    return figure


def entropy_lines(
    temperatures: Sequence[float], entropies: Mapping[str, Sequence[float]], now: float, most: float
) -> go.Figure:
    """Entropy in bits over the temperature for each metric; `most` is that of all alike."""
    figure = go.Figure()
    for place, (name, values) in enumerate(entropies.items()):
        figure.add_scatter(
            x=list(temperatures), y=list(values), name=get_metric(name).title, mode="lines",
            line={"color": theme.CATEGORICAL[place], "width": 2.5},
        )  # fmt: skip
    figure.add_hline(
        most, line={"dash": "dot", "width": 1.5, "color": theme.OTHER},
        annotation_text="all alike", annotation_position="bottom right",
    )  # fmt: skip
    figure.add_vline(now, line={"dash": "dash", "width": 1.5, "color": theme.OTHER})
    figure.update_xaxes(title="temperature", type="log", dtick=1)
    figure.update_yaxes(title="entropy (bits)", rangemode="tozero")
    figure.update_layout(
        height=340, margin=MARGIN,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    )  # fmt: skip
    return figure
