"""Charts of neighbours: how near each is, and how near that is among all items."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from explorer.metrics import Metric
from explorer.plots import theme

ACCENT, QUIET = theme.CATEGORICAL[1], theme.OTHER


def _layout(figure: go.Figure, height: int) -> go.Figure:
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        showlegend=False,
        bargap=0.25,
        hoverlabel={"align": "left"},
    )
    return figure


def score_bars(names: Sequence[str], scores: NDArray[np.float64], metric: Metric) -> go.Figure:
    """One horizontal bar a neighbour, the nearest on top."""
    places = [f"{place + 1}" for place in range(len(names))]
    labels = [name if len(name) <= 24 else name[:23] + "…" for name in names]
    figure = go.Figure(
        go.Bar(
            x=scores,
            y=places,
            orientation="h",
            marker={"color": theme.CATEGORICAL[0]},
            text=[label.replace("<", "<\u200b") for label in labels],
            textposition="auto",
            hovertemplate="%{text}: %{x:.4f}<extra></extra>",
        )
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, title="rank")
    figure.update_xaxes(title=metric.title)
    return _layout(figure, 60 + 24 * max(3, len(names)))


def score_histogram(
    edges: NDArray[np.float64],
    counts: NDArray[np.int64],
    marked: Sequence[float],
    baseline: float,
    metric: Metric,
) -> go.Figure:
    """All items by their score to the query, with the neighbours and a random pair marked.

    edges : (b + 1,) bin borders; counts : (b,) items in each
    marked : the neighbours' scores, drawn as ticks
    baseline : the median score of two random items, drawn as a dashed line
    """
    middles = (edges[:-1] + edges[1:]) / 2
    figure = go.Figure(
        go.Bar(
            x=middles,
            y=counts,
            width=np.diff(edges),
            marker={"color": QUIET, "line": {"width": 0}},
            hovertemplate="%{x:.4f}: %{y:,} items<extra></extra>",
        )
    )
    figure.add_scatter(
        x=list(marked),
        y=[0.8] * len(marked),
        mode="markers",
        marker={"symbol": "line-ns-open", "size": 16, "color": ACCENT, "line": {"width": 2}},
        hovertemplate="a neighbour: %{x:.4f}<extra></extra>",
    )
    figure.add_vline(
        baseline, line={"dash": "dash", "width": 1.5}, annotation={"text": "two random items"}
    )
    figure.update_xaxes(title=metric.title)
    figure.update_yaxes(title="items (log)", type="log", rangemode="tozero", dtick=1)
    figure = _layout(figure, 300)
    figure.update_layout(bargap=0)
    return figure
