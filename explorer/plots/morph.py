"""A neighbourhood that moves from its places on one map to those on another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from explorer.plots import theme
from explorer.plots.names import sides
from explorer.plots.neighbors import plain

Float64Array = NDArray[np.float64]

ROOM = (900, 420)  # pixels of the picture, about
STEPS = 24  # pictures between one map and the other
STEP_MILLISECONDS = 60
TRUE, FIRST_ONLY, SECOND_ONLY = theme.CATEGORICAL[2], theme.CATEGORICAL[3], theme.CATEGORICAL[1]


def morph_figure(
    first: Float64Array,
    second: Float64Array,
    names: Sequence[str],
    kinds: Sequence[str],
    titles: tuple[str, str],
) -> go.Figure:
    """A neighbourhood that moves from its places on one map to those on another.

    first, second : (m, 2) aligned places; row 0 is the item in focus
    names : of the m items
    kinds : of each: "focus", "true" (near in the space), else "first", "second" or "both": near
        on that map, or on both maps, alone
    titles : of the two maps
    """
    both = np.concatenate([first, second])
    low, high = both.min(axis=0), both.max(axis=0)
    beside = [
        sides(at, names, room=ROOM, font=11, unnamed=[low, high], square=True)
        for at in (first, second)
    ]
    figure = go.Figure(
        data=_morph_traces(first, names, kinds, titles, beside[0]),
        frames=[
            go.Frame(
                data=_morph_traces(
                    (1 - share) * first + share * second, names, kinds, titles,
                    beside[int(share > 0.5)],
                ),
                name=str(step),
            )
            for step, share in enumerate(_ease(np.linspace(0, 1, STEPS + 1)))
        ],
    )  # fmt: skip
    pad = 0.12 * float((high - low).max() or 1.0)
    hidden = {"showgrid": True, "zeroline": False, "showticklabels": False, "title": None}
    forth, back = list(range(STEPS + 1)), list(range(STEPS, -1, -1))
    figure.update_layout(
        height=520, margin={"l": 8, "r": 8, "t": 8, "b": 8},
        xaxis={**hidden, "range": [low[0] - pad, high[0] + pad]},
        yaxis={**hidden, "range": [low[1] - pad, high[1] + pad], "scaleanchor": "x"},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 1, "xanchor": "right"},
        updatemenus=[
            {
                "type": "buttons", "direction": "left", "x": 0, "y": 1.02, "xanchor": "left",
                "yanchor": "bottom", "showactive": False,
                "buttons": [
                    _button(f"▶ to {plain(titles[1])}", forth),
                    _button(f"◀ to {plain(titles[0])}", back),
                ],
            }
        ],
        sliders=[_slider(titles)],
    )  # fmt: skip
    return figure


def _ease(shares: Float64Array) -> Float64Array:
    """Slow at both ends, so that the eye can follow."""
    eased: Float64Array = shares * shares * (3 - 2 * shares)
    return eased


def _button(label: str, steps: Sequence[int]) -> dict[str, Any]:
    motion = {
        "frame": {"duration": STEP_MILLISECONDS, "redraw": False}, "mode": "immediate",
        "transition": {"duration": 0}, "fromcurrent": False,
    }  # fmt: skip
    return {"label": label, "method": "animate", "args": [[str(step) for step in steps], motion]}


def _slider(titles: tuple[str, str]) -> dict[str, Any]:
    still = {
        "frame": {"duration": 0, "redraw": False}, "mode": "immediate",
        "transition": {"duration": 0},
    }  # fmt: skip
    steps = [
        {"label": "", "method": "animate", "args": [[str(step)], still]}
        for step in range(STEPS + 1)
    ]
    steps[0]["label"], steps[-1]["label"] = plain(titles[0]), plain(titles[1])
    return {
        "steps": steps,
        "x": 0.02,
        "len": 0.96,
        "pad": {"t": 8},
        "currentvalue": {"visible": False},
    }


def _morph_traces(
    places: Float64Array, names: Sequence[str], kinds: Sequence[str], titles: tuple[str, str],
    beside: Sequence[str],
) -> list[Any]:  # fmt: skip
    looks = {
        "true": (TRUE, "near in the space"),
        "first": (FIRST_ONLY, f"near on {plain(titles[0])} alone"),
        "second": (SECOND_ONLY, f"near on {plain(titles[1])} alone"),
        "both": (theme.OTHER, "near on both maps alone"),
    }
    lines: list[float | None] = []
    heights: list[float | None] = []
    for place, kind in zip(places, kinds, strict=True):
        if kind == "true":
            lines += [float(places[0, 0]), float(place[0]), None]
            heights += [float(places[0, 1]), float(place[1]), None]
    traces: list[Any] = [
        go.Scatter(
            x=lines, y=heights, mode="lines", line={"color": TRUE, "width": 1}, hoverinfo="skip",
            showlegend=False,
        )
    ]  # fmt: skip
    for kind, (colour, meaning) in looks.items():
        rows = [row for row, one in enumerate(kinds) if one == kind]
        traces.append(
            go.Scatter(
                x=places[rows, 0], y=places[rows, 1], mode="markers+text", name=meaning,
                text=[plain(names[row]) for row in rows],
                textposition=[beside[row] for row in rows], textfont={"size": 11},
                marker={"size": 9, "color": colour}, hoverinfo="text",
            )
        )  # fmt: skip
    traces.append(
        go.Scatter(
            x=places[:1, 0], y=places[:1, 1], mode="markers+text",
            text=[f"<b>{plain(names[0])}</b>"], textposition=beside[0],
            textfont={"size": 14}, showlegend=False, hoverinfo="text",
            marker={"size": 14, "color": "rgba(0,0,0,0)", "line": {"width": 3, "color": TRUE}},
        )
    )  # fmt: skip
    return traces
