"""Charts of neighbours: how near each is, and how near that is among all items."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from explorer.metrics import Metric
from explorer.neighbor_list import NeighborList
from explorer.plots import theme

LONGEST = 22
MARGIN = {"l": 8, "r": 8, "t": 24, "b": 8}


def plain(text: str) -> str:
    """A name that Plotly shows to the letter, cut to fit: it would read tags in it."""
    text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return text.replace("&", "&amp;").replace("<", "&lt;")


def score_bars(names: Sequence[str], scores: NDArray[np.float64], metric: Metric) -> go.Figure:
    """One horizontal bar a neighbour, the nearest on top."""
    places = np.arange(len(names))
    figure = go.Figure(
        go.Bar(
            x=scores,
            y=places,
            orientation="h",
            marker={"color": theme.CATEGORICAL[0]},
            customdata=[plain(name) for name in names],
            hovertemplate="%{customdata}: %{x:.4f}<extra></extra>",
        )
    )
    labels = [f"{plain(name)}  " for name in names]
    figure.update_yaxes(
        autorange="reversed", showgrid=False, tickvals=places, ticktext=labels, title=None
    )
    figure.update_xaxes(title=metric.title)
    figure.update_layout(height=70 + 24 * max(4, len(names)), margin=MARGIN, bargap=0.3)
    return figure


def neighbor_figure(found: NeighborList) -> go.Figure:
    """A bar for each neighbour, and a line at the score of two random items."""
    figure = score_bars(found.items, np.array(found.scores), found.metric)
    figure.add_vline(found.baseline, line={"dash": "dash", "width": 2})
    figure.add_annotation(
        x=found.baseline, y=0, yref="paper", yanchor="bottom", showarrow=False,
        text="two random items",
    )  # fmt: skip
    title = found.title.replace(found.asked, plain(found.asked), 1)
    figure.update_layout(title=title, margin_t=50)
    return figure


def score_histogram(
    edges: NDArray[np.float64],
    counts: NDArray[np.int64],
    marked: Sequence[float],
    baseline: float,
    metric: Metric,
) -> go.Figure:
    """All items by their score to the query, with the neighbours and a random pair marked.

    edges : (b + 1,) bin borders; counts : (b,) items in each
    marked : the neighbours' scores, drawn as ticks on the axis
    baseline : the median score of two random items, drawn as a dashed line
    """
    figure = go.Figure(
        go.Bar(
            x=(edges[:-1] + edges[1:]) / 2,
            y=counts,
            width=np.diff(edges),
            marker={"color": theme.OTHER, "opacity": 0.5, "line": {"width": 0}},
            hovertemplate="%{x:.4f}: %{y:,} items<extra></extra>",
        )
    )
    figure.add_scatter(
        x=list(marked),
        y=[0] * len(marked),
        yaxis="y2",
        mode="markers",
        marker={
            "symbol": "line-ns-open",
            "size": 26,
            "color": theme.CATEGORICAL[1],
            "line": {"width": 2},
        },
        cliponaxis=False,
        hovertemplate="a neighbour: %{x:.4f}<extra></extra>",
    )
    figure.add_vline(baseline, line={"dash": "dash", "width": 2, "color": theme.CATEGORICAL[3]})
    figure.add_annotation(
        x=baseline, y=1, yref="paper", yanchor="bottom", showarrow=False, text="two random items"
    )
    figure.update_xaxes(title=metric.title)
    figure.update_layout(
        height=310,
        margin=MARGIN,
        bargap=0,
        showlegend=False,
        yaxis={"title": "items (log scale)", "type": "log", "dtick": 1},
        yaxis2={"overlaying": "y", "range": [0, 1], "visible": False},
    )
    return figure
