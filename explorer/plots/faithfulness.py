"""Charts of a map's faithfulness: distances on both sides, scores over k, scores item by item.

Each comes with a sentence that says what it shows, for those who cannot see it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from explorer.faithfulness.baselines import PCA_MAP, RANDOM
from explorer.faithfulness.report import Faithfulness
from explorer.faithfulness.shepard import Shepard
from explorer.faithfulness.stress import RisingCurve
from explorer.metrics import get_metric
from explorer.plots import theme
from explorer.plots.neighbors import MARGIN, plain

Float64Array = NDArray[np.float64]

CELLS = 60  # of the Shepard diagram, across and up
CORNERS = 300  # points of a curve that is drawn
BINS = 40  # of scores that take many values
TITLES = {
    "trustworthiness": "trustworthiness",
    "continuity": "continuity",
    "preservation": "neighbours kept",
}
LEGEND: dict[str, Any] = {
    "orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0,
}  # fmt: skip


def shepard_figure(found: Shepard, *, curve: RisingCurve | None = None) -> go.Figure:
    """How many pairs lie where, the distance in the space across and on the map upwards.

    curve : of `rising_curve`, drawn over them
    """
    counts, across, up = np.histogram2d(found.in_space, found.on_map, bins=CELLS)
    filled = np.where(counts > 0, counts, np.nan).T
    figure = go.Figure(
        go.Heatmap(
            x=(across[:-1] + across[1:]) / 2,
            y=(up[:-1] + up[1:]) / 2,
            z=np.log1p(filled),
            customdata=filled,
            colorscale=[(0, _faded(0.12)), (1, _faded(1))],
            showscale=False,
            hoverongaps=False,
            hovertemplate="%{x:.3g} in the space, %{y:.3g} on the map: %{customdata:,} pairs"
            "<extra></extra>",
        )
    )
    if curve is not None:
        x, y = _corners(curve)
        figure.add_scatter(
            x=x, y=y, mode="lines", line={"color": theme.CATEGORICAL[1], "width": 2.5},
            name="nearest rising curve", hovertemplate="curve: %{y:.3g}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title=_distance(found.metric), zeroline=False, showgrid=False)
    figure.update_yaxes(title="distance on the map", zeroline=False, showgrid=False)
    figure.update_layout(height=320, margin=MARGIN, showlegend=False)
    return figure


def shepard_alt(found: Shepard) -> str:
    """The Shepard diagram in words."""
    return (
        f"Distances on the map over distances in the space, {found.pairs.note}: "
        f"rank correlation {found.spearman:.2f}, linear correlation {found.pearson:.2f}."
    )


def scores_by_k(
    scores: Mapping[str, Faithfulness],
    score: str,
    *,
    baselines: Sequence[str] = (RANDOM, PCA_MAP),
) -> go.Figure:
    """A line for each map over the size of the neighbourhood; baselines in grey, dashed.

    score : one of BY_K
    """
    figure = go.Figure()
    colours = iter(theme.CATEGORICAL * (1 + len(scores) // len(theme.CATEGORICAL)))
    dashes = iter(("dot", "dash", "dashdot") * (1 + len(scores) // 3))
    for name, found in scores.items():
        baseline = name in baselines
        figure.add_scatter(
            x=list(found.ks),
            y=getattr(found, score),
            name=plain(name),
            mode="lines+markers",
            line={"color": theme.OTHER, "width": 2, "dash": next(dashes)}
            if baseline
            else {"color": next(colours), "width": 2.5},
            marker={"size": 6 if baseline else 8},
            hovertemplate=f"{plain(name)}, k = %{{x}}: %{{y:.3f}}<extra></extra>",
        )
    ks = sorted({k for found in scores.values() for k in found.ks})
    values = np.concatenate([getattr(found, score) for found in scores.values()])
    lowest, highest = float(values.min()), float(values.max())
    from_to = (
        (0, min(1.02, max(0.1, 1.15 * highest)))
        if score == "preservation"
        else (max(0, min(0.45, lowest - 0.05)), 1.02)
    )
    figure.update_xaxes(
        title="neighbours (k)", type="log", tickvals=ks, ticktext=list(map(str, ks))
    )
    figure.update_yaxes(title=TITLES[score], range=from_to)
    figure.update_layout(height=300, margin=MARGIN, legend=LEGEND)
    return figure


def scores_alt(scores: Mapping[str, Faithfulness], score: str) -> str:
    """The lines in words."""
    parts = []
    for name, found in scores.items():
        values = getattr(found, score).tolist()
        told = ", ".join(
            f"{value:.3f} at k = {k}" for k, value in zip(found.ks, values, strict=True)
        )
        parts.append(f"{name} {told}")
    return f"{TITLES[score].capitalize()}: {'; '.join(parts)}."


def point_distribution(values: Mapping[str, Float64Array], *, title: str) -> go.Figure:
    """What share of the items has which score, a line for each map; the first one filled."""
    figure = go.Figure()
    everything = np.concatenate(list(values.values()))
    levels = np.unique(np.round(everything, 9))
    few = len(levels) <= BINS + 20
    edges = (
        np.concatenate([levels[:1] - 1e-6, (levels[:-1] + levels[1:]) / 2, levels[-1:] + 1e-6])
        if few
        else np.linspace(everything.min(), everything.max(), BINS + 1)
    )
    middles = levels if few else (edges[:-1] + edges[1:]) / 2
    for place, (name, points) in enumerate(values.items()):
        counts, _ = np.histogram(points, bins=edges)
        colour = theme.CATEGORICAL[place % len(theme.CATEGORICAL)]
        figure.add_scatter(
            x=middles, y=counts / max(1, len(points)), name=plain(name), mode="lines",
            customdata=counts, line={"color": colour, "width": 2, "shape": "hvh"},
            fill="tozeroy" if place == 0 else None,
            hovertemplate=f"{plain(name)}, %{{x:.3f}}: %{{customdata:,}} items (%{{y:.1%}})"
            "<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title=title)
    figure.update_yaxes(title="share of the items", tickformat=".0%", rangemode="tozero")
    figure.update_layout(height=300, margin=MARGIN, legend=LEGEND)
    return figure


def point_alt(values: Mapping[str, Float64Array], title: str) -> str:
    """The distributions in words: lower quartile, median and upper quartile of each map."""
    parts = []
    for name, points in values.items():
        low, middle, high = np.percentile(points, [25, 50, 75])
        parts.append(f"{name} median {middle:.3f}, half of the items from {low:.3f} to {high:.3f}")
    return f"{title}: {'; '.join(parts)}."


def _faded(opacity: float) -> str:
    red, green, blue = (int(theme.CATEGORICAL[0][at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def _distance(metric: str) -> str:
    names = {"cosine": "1 - cosine in the space", "dot": "minus the dot product in the space"}
    return names.get(metric, f"{get_metric(metric).title} in the space")


def _corners(curve: RisingCurve) -> tuple[Float64Array, Float64Array]:
    """The points where a curve of many steps turns, thinned to those that can be told apart."""
    level = curve.on_map
    turns = np.flatnonzero(np.diff(level) != 0)
    kept = np.unique(np.concatenate([[0], turns, turns + 1, [len(level) - 1]]))
    if len(kept) > CORNERS:
        kept = kept[np.unique(np.linspace(0, len(kept) - 1, CORNERS).astype(np.int64))]
    return curve.in_space[kept], level[kept]
