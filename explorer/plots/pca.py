"""Charts of principal components: the scree plot with its cumulative share, and loadings."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from explorer.plots import theme
from explorer.plots.neighbors import MARGIN
from explorer.projection.pca_report import Loadings, Spectrum

SHOWN = 300  # components drawn at most: the later ones cannot be told from the axis


def scree_figure(
    spectrum: Spectrum, shuffled: Spectrum | None = None, *, share: float = 0.9
) -> go.Figure:
    """The share of variance along each component as bars, and their sum as a line.

    shuffled : the baseline, as a dotted line
    share : of the variance, marked with the components that hold it
    """
    count = min(SHOWN, len(spectrum.variances))
    places = np.arange(1, count + 1)
    figure = go.Figure(
        go.Bar(
            x=places, y=spectrum.explained[:count], name="one component",
            marker={"color": theme.CATEGORICAL[0], "line": {"width": 0}},
            hovertemplate="component %{x}: %{y:.2%}<extra></extra>",
        )
    )  # fmt: skip
    if shuffled is not None:
        figure.add_scatter(
            x=places, y=shuffled.explained[:count], name="columns shuffled", mode="lines",
            line={"color": theme.OTHER, "width": 2, "dash": "dot"},
            hovertemplate="component %{x} of shuffled columns: %{y:.2%}<extra></extra>",
        )  # fmt: skip
    figure.add_scatter(
        x=places, y=spectrum.cumulative[:count], name="together", mode="lines", yaxis="y2",
        line={"color": theme.CATEGORICAL[1], "width": 2.5},
        hovertemplate="first %{x}: %{y:.1%}<extra></extra>",
    )  # fmt: skip
    needed = spectrum.components_for(share)
    if needed is not None and needed <= count:
        figure.add_vline(
            needed, line={"dash": "dash", "width": 1.5, "color": theme.OTHER},
            annotation_text=f"{share:.0%} in {needed:,}", annotation_position="top left",
        )  # fmt: skip
    figure.update_xaxes(title="component")
    figure.update_layout(
        height=320,
        margin=MARGIN,
        bargap=0.15,
        yaxis={"title": "share of the variance", "tickformat": ".0%", "rangemode": "tozero"},
        yaxis2={
            "title": "together", "overlaying": "y", "side": "right", "range": [0, 1.02],
            "tickformat": ".0%", "showgrid": False,
        },
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    )  # fmt: skip
    return figure


def scree_alt(spectrum: Spectrum, *, share: float = 0.9) -> str:
    """The scree plot in words."""
    needed = spectrum.components_for(share)
    told = f"{needed:,} components hold" if needed is not None else "more than these hold"
    return (
        f"Variance of {len(spectrum.variances):,} components: the first has "
        f"{float(spectrum.explained[0]):.1%} of it; {told} {share:.0%}."
    )


def loadings_figure(loadings: Loadings, component: int) -> go.Figure:
    """The dimensions that weigh most in a component (from 0), the heaviest on top."""
    places = np.arange(len(loadings.dimensions))
    names = [f"dimension {dimension:,}" for dimension in loadings.dimensions.tolist()]
    colours = [theme.CATEGORICAL[0 if weight >= 0 else 1] for weight in loadings.weights.tolist()]
    figure = go.Figure(
        go.Bar(
            x=loadings.weights, y=places, orientation="h", marker={"color": colours},
            customdata=names, hovertemplate="%{customdata}: %{x:.3f}<extra></extra>",
        )
    )  # fmt: skip
    figure.update_yaxes(
        autorange="reversed", showgrid=False, tickvals=places,
        ticktext=[f"{name}  " for name in names],
    )  # fmt: skip
    figure.update_xaxes(title=f"weight in component {component + 1:,}", zeroline=True)
    figure.update_layout(height=70 + 22 * max(4, len(names)), margin=MARGIN, bargap=0.3)
    return figure


def loadings_alt(loadings: Loadings, component: int) -> str:
    """The loadings in words."""
    told = ", ".join(
        f"{dimension:,} ({weight:+.2f})"
        for dimension, weight in zip(
            loadings.dimensions.tolist(), loadings.weights.tolist(), strict=True
        )
    )
    return f"Dimensions that weigh most in component {component + 1:,}: {told}."
