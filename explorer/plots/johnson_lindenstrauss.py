"""Charts of random projection: what is promised over m, and what happened to the distances."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from explorer.plots import theme
from explorer.plots.neighbors import MARGIN, plain
from explorer.projection.distortion import Distortions
from explorer.projection.johnson_lindenstrauss import (
    johnson_lindenstrauss_dimensions,
    johnson_lindenstrauss_epsilon,
    ratio_density,
)

BINS = 60
FINEST = 0.05  # the smallest distortion drawn
LOWEST = 0.02  # below, the axis ends: at m = d PCA has no distortion at all
EPSILONS = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
NAMES = {"gaussian": "Gaussian projection", "sparse": "sparse projection", "pca": "PCA"}
LEGEND = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}

Measured = Mapping[str, tuple[ArrayLike, ArrayLike]]


def bound_curve(n: int, m_now: int, measured: Measured | None = None) -> go.Figure:
    """The distortion promised for n vectors over the dimensions m, both on log scales.

    m_now : drawn as a dashed line
    measured : by name, dimensions and the distortions reached there
    """
    figure = go.Figure()
    from_where = 24 * math.log(max(n, 2))
    most = max(johnson_lindenstrauss_dimensions(max(n, 2), FINEST), m_now)
    ms = np.unique(np.geomspace(from_where + 1, most, 120).astype(np.int64))
    figure.add_scatter(
        x=ms, y=[johnson_lindenstrauss_epsilon(max(n, 2), int(m)) for m in ms], mode="lines",
        name="promised for all pairs", line={"color": theme.CATEGORICAL[0], "width": 3},
        hovertemplate="m = %{x:,}: within 1 ± %{y:.3f}<extra></extra>",
    )  # fmt: skip
    for place, (name, (dimensions, epsilons)) in enumerate((measured or {}).items(), start=1):
        colour = theme.CATEGORICAL[place % len(theme.CATEGORICAL)]
        figure.add_scatter(
            x=np.asarray(dimensions), y=np.asarray(epsilons), name=plain_name(name),
            mode="lines+markers", line={"color": colour, "width": 2}, marker={"size": 7},
            hovertemplate=f"{plain_name(name)}, m = %{{x:,}}: %{{y:.3f}}<extra></extra>",
        )  # fmt: skip
    figure.add_vrect(
        x0=1, x1=from_where, fillcolor=theme.OTHER, opacity=0.15, line_width=0,
        annotation_text="nothing promised", annotation_position="bottom left",
    )  # fmt: skip
    figure.add_vline(m_now, line={"dash": "dash", "width": 1.5, "color": theme.OTHER})
    figure.update_xaxes(title="dimensions (m)", type="log", dtick=1, range=[0, math.log10(most)])
    highest = max([1.0, *(float(np.max(epsilons)) for _, epsilons in (measured or {}).values())])
    figure.update_yaxes(
        range=[math.log10(LOWEST), math.log10(1.3 * highest)],
        title="distortion (ε) of squared distances", type="log", tickvals=EPSILONS,
        ticktext=[f"{epsilon:g}" for epsilon in EPSILONS],
    )  # fmt: skip
    figure.update_layout(height=340, margin=MARGIN, legend=LEGEND)
    return figure


def bound_alt(n: int, m_now: int) -> str:
    """The bound in words."""
    promised = johnson_lindenstrauss_epsilon(n, m_now)
    now = (
        f"{promised:.2f} at {m_now:,} dimensions"
        if math.isfinite(promised)
        else f"nothing at {m_now:,} dimensions, too few"
    )
    tenth = johnson_lindenstrauss_dimensions(n, 0.1)
    return (
        f"The distortion promised for {n:,} vectors falls as dimensions rise: {now}; "
        f"0.1 needs {tenth:,}."
    )


def distortion_histogram(found: Sequence[Distortions], *, epsilon: float) -> go.Figure:
    """Squared distances after over before: the first filled, the others as outlines.

    Beside a Gaussian projection stands the curve that any has; 1 +- epsilon is shaded.
    """
    figure = go.Figure()
    low, high = _range(found)
    edges = np.linspace(low, high, BINS + 1)
    middles = (edges[:-1] + edges[1:]) / 2
    figure.add_vrect(
        x0=1 - epsilon, x1=1 + epsilon, fillcolor=theme.OTHER, opacity=0.15, line_width=0,
        annotation_text=f"1 ± {epsilon:g}", annotation_position="top left",
    )  # fmt: skip
    tallest = 0.0
    for place, one in enumerate(found):
        heights = np.histogram(one.ratios, bins=edges)[0] / one.ratios.size / np.diff(edges)
        name, tallest = _name(one), max(tallest, float(heights.max()))
        figure.add_scatter(
            x=middles, y=heights, name=name, mode="lines",
            line={"color": theme.CATEGORICAL[place], "width": 2.5, "shape": "hvh"},
            fill="tozeroy" if place == 0 else None,
            hovertemplate=f"{name}, ratio %{{x:.2f}}: density %{{y:.3f}}<extra></extra>",
        )  # fmt: skip
    gaussian = next((one for one in found if one.method == "gaussian"), None)
    if gaussian is not None:
        figure.add_scatter(
            x=middles, y=ratio_density(middles, gaussian.dimensions), mode="lines",
            name="as chance has it", line={"color": theme.OTHER, "width": 2, "dash": "dot"},
            hoverinfo="skip",
        )  # fmt: skip
    figure.add_vline(1, line={"dash": "dash", "width": 1.5, "color": theme.OTHER})
    figure.update_xaxes(title="squared distance after / before", range=[low, high])
    figure.update_yaxes(title="density of pairs", range=[0, 1.15 * tallest], showticklabels=False)
    figure.update_layout(height=340, margin=MARGIN, legend=LEGEND)
    return figure


def distortion_alt(found: Sequence[Distortions], epsilon: float) -> str:
    """The histogram in words."""
    parts = [
        f"{_name(one)} to {one.dimensions:,} dimensions: {one.outside(epsilon):.1%} of the pairs "
        f"outside 1 ± {epsilon:g}, half within ± {one.quantile(0.5):.2f}"
        for one in found
    ]
    return f"Squared distances after over before. {'; '.join(parts)}."


def plain_name(name: str) -> str:
    """As `plain`, with room for a sentence."""
    return " ".join(plain(word) for word in name.split())


def _range(found: Sequence[Distortions]) -> tuple[float, float]:
    """Where nearly all ratios lie, with 1 in view."""
    ratios: list[NDArray[np.float64]] = [np.quantile(one.ratios, [0.002, 0.998]) for one in found]
    low, high = min(float(one[0]) for one in ratios), max(float(one[1]) for one in ratios)
    return max(0.0, min(low, 0.9) - 0.05), max(high, 1.1) + 0.05


def _name(one: Distortions) -> str:
    stretched = one.method == "pca" and one.scale != 1
    return NAMES[one.method] + (", rescaled" if stretched else "")
