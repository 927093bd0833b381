"""Charts of arithmetic with items: parallelogram, axes, poles, and what chance gives."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from explorer.plots import theme
from explorer.plots.names import sides
from explorer.plots.neighbors import MARGIN, plain

INPUT, ANSWER, POINT = theme.CATEGORICAL[0], theme.CATEGORICAL[2], theme.CATEGORICAL[1]
ROOM = (480, 400)  # pixels of a square picture in half a page


def parallelogram(
    inputs: NDArray[np.floating], answers: NDArray[np.floating], point: NDArray[np.floating],
    input_names: Sequence[str], answer_names: Sequence[str], arrows: Sequence[tuple[int, int]],
) -> go.Figure:  # fmt: skip
    """The items of an expression, the point it names and the answers, on a map of these alone.

    inputs : (m, 2), answers : (k, 2), point : (2,) map coordinates
    arrows : pairs of places in `inputs`; -1 is the point: [(0, 1), (2, -1)] for a to b, c to point
    """
    named = np.concatenate([inputs, answers])
    around = sides(
        named, [*input_names, *answer_names], room=ROOM, unnamed=point[None], square=True
    )
    figure = go.Figure()
    for start, end in arrows:
        tail, head = inputs[start], point if end < 0 else inputs[end]
        figure.add_annotation(
            x=head[0], y=head[1], ax=tail[0], ay=tail[1], xref="x", yref="y", axref="x",
            ayref="y", showarrow=True, arrowhead=2, arrowwidth=2, standoff=8, startstandoff=8,
            arrowcolor=POINT if end < 0 else INPUT, opacity=0.8, text="",
        )  # fmt: skip
    for places, names, beside, colour, symbol, title in (
        (answers, answer_names, around[len(inputs) :], ANSWER, "circle", "answers"),
        (inputs, input_names, around[: len(inputs)], INPUT, "square", "items asked with"),
        (point[None], ["the point asked for"], None, POINT, "x", "the point asked for"),
    ):
        figure.add_scatter(
            x=places[:, 0], y=places[:, 1], mode="markers+text", name=title,
            text=None if beside is None else [plain(name) for name in names],
            textposition=beside, cliponaxis=False,
            marker={"size": 12, "color": colour, "symbol": symbol},
            customdata=[plain(name) for name in names],
            hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
    _square(figure, np.concatenate([inputs, answers, point[None]]))
    figure.update_layout(
        height=460, margin=MARGIN,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    )  # fmt: skip
    return figure


def _square(figure: go.Figure, points: NDArray[np.floating]) -> None:
    """Room around the points for their names, and one scale for both axes."""
    low, high = points.min(axis=0), points.max(axis=0)
    pad = 0.16 * max(float((high - low).max()), 1e-6)
    figure.update_xaxes(
        range=[low[0] - pad, high[0] + pad], showticklabels=False, zeroline=False, title=None
    )
    figure.update_yaxes(
        range=[low[1] - pad, high[1] + pad], showticklabels=False, zeroline=False, title=None,
        scaleanchor="x",
    )  # fmt: skip


def axes_map(
    coordinates: NDArray[np.floating], residual: NDArray[np.floating], names: Sequence[str],
    x_ends: tuple[str, str], y_ends: tuple[str, str],
) -> go.Figure:  # fmt: skip
    """Items on two axes of meaning; the colour is the share of each that the axes miss."""
    few = len(names) <= 60
    beside = sides(coordinates, names, room=(560, 440), marker=10) if few else None
    figure = go.Figure(
        go.Scatter(
            x=coordinates[:, 0], y=coordinates[:, 1], mode="markers+text" if few else "markers",
            text=[plain(name) for name in names], textposition=beside, cliponaxis=False,
            customdata=residual,
            marker={
                "size": 10, "color": residual, "colorscale": theme.colorscale(), "cmin": 0,
                "cmax": 1, "line": {"width": 1, "color": theme.OTHER},
                "colorbar": {"title": {"text": "missed"}, "tickformat": ".0%", "thickness": 12},
            },
            hovertemplate="%{text}: (%{x:.3f}, %{y:.3f}), missed %{customdata:.0%}<extra></extra>",
        )
    )  # fmt: skip
    reach = 1.25 * max(float(np.abs(coordinates).max(initial=0)), 0.05)
    for update, (low, high) in ((figure.update_xaxes, x_ends), (figure.update_yaxes, y_ends)):
        update(
            title=f"← {plain(low)}    {plain(high)} →", range=[-reach, reach], zeroline=True,
            zerolinewidth=1,
        )  # fmt: skip
    figure.update_layout(height=520, margin=MARGIN, showlegend=False)
    return figure


def polar(names: Sequence[str], cosines: Sequence[float], baseline: float) -> go.Figure:
    """One item's cosine to each pole, as a closed line; the circle is two random items."""
    closed = [*range(len(names)), 0]
    angles = [360 * place / len(names) for place in range(len(names))]
    figure = go.Figure()
    around = list(np.linspace(0, 360, 73))
    lowest = min(0.0, *cosines, baseline)
    figure.add_scatterpolar(
        r=[baseline] * len(around), theta=around, mode="lines", name="two random items",
        line={"dash": "dash", "width": 1.5, "color": theme.OTHER}, hoverinfo="skip",
    )  # fmt: skip
    figure.add_scatterpolar(
        r=[cosines[place] for place in closed], theta=[angles[place] for place in closed],
        mode="lines+markers", fill="toself", name="cosine to each pole",
        line={"color": theme.CATEGORICAL[0], "width": 2}, marker={"size": 8},
        text=[plain(names[place]) for place in closed],
        hovertemplate="%{text}: %{r:.4f}<extra></extra>",
    )  # fmt: skip
    figure.update_layout(
        height=460,
        margin={"l": 60, "r": 60, "t": 40, "b": 30},
        polar={
            "bgcolor": "rgba(0,0,0,0)",
            "radialaxis": {"range": [lowest, max(0.1, *cosines) * 1.05], "gridcolor": "#88888855"},
            "angularaxis": {
                "tickvals": angles, "ticktext": [plain(name) for name in names],
                "gridcolor": "#88888855",
            },
        },
        legend={"orientation": "h", "y": -0.08},
    )  # fmt: skip
    return figure


def against_random(
    value: float, random: NDArray[np.floating], *, title: str, what: str
) -> go.Figure:
    """A number as a line beside the histogram of what chance gives."""
    figure = go.Figure(
        go.Histogram(
            x=random, nbinsx=30, marker={"color": theme.OTHER}, name="at random",
            hovertemplate="%{x}: %{y} draws<extra></extra>",
        )
    )  # fmt: skip
    figure.add_vline(
        value, line={"width": 3, "color": theme.CATEGORICAL[1]},
        annotation_text=what, annotation_position="top",
    )  # fmt: skip
    low, high = min(value, float(random.min())), max(value, float(random.max()))
    pad = 0.08 * max(high - low, 1e-6)
    figure.update_xaxes(title=title, range=[low - pad, high + pad])
    figure.update_yaxes(title="random draws")
    figure.update_layout(height=300, margin=MARGIN, showlegend=False, bargap=0.05)
    return figure


def share_bars(names: Sequence[str], values: Sequence[float], *, title: str) -> go.Figure:
    """One horizontal bar a name, in the order given, from the top."""
    places = np.arange(len(names))
    figure = go.Figure(
        go.Bar(
            x=list(values), y=places, orientation="h", marker={"color": theme.CATEGORICAL[0]},
            customdata=[plain(name) for name in names],
            hovertemplate="%{customdata}: %{x:.4f}<extra></extra>",
        )
    )  # fmt: skip
    figure.update_yaxes(
        autorange="reversed", showgrid=False, tickvals=places,
        ticktext=[f"{plain(name)}  " for name in names],
    )  # fmt: skip
    figure.update_xaxes(title=title)
    figure.update_layout(height=70 + 24 * max(4, len(names)), margin=MARGIN, bargap=0.3)
    return figure
