"""What a training looks like: its loss, and who stood near a word at which moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from explorer.plots import theme
from explorer.training.progress import Progress

MOST_POINTS = 400  # of a curve: more cannot be told apart, and cost time twice a second


def loss_curve(history: Sequence[Progress], *, replayed: float | None = None) -> dict[str, Any]:
    """Training loss and held-out loss against the passes over the data.

    replayed : the epoch that is looked at again, marked by a line

    The curve is the mean over equal stretches of at most 400, so no slice is left out of it.
    """
    train = _thinned([(one.epoch, one.loss) for one in history if one.loss is not None])
    held = [(one.epoch, one.held_out) for one in history if one.held_out is not None]
    traces = [_line("training", train, theme.CATEGORICAL[0], "lines")]
    if held:
        traces.append(_line("held out", held, theme.CATEGORICAL[1], "lines+markers"))
    layout = {
        "height": 240,
        "margin": {"l": 8, "r": 8, "t": 28, "b": 8},
        "xaxis": {"title": {"text": "epoch"}, "rangemode": "tozero"},
        "yaxis": {"title": {"text": "loss"}},
        "legend": {"orientation": "h", "x": 1, "xanchor": "right", "y": 1, "yanchor": "bottom"},
        "showlegend": True,
        "shapes": [] if replayed is None else [_upright(replayed)],
    }
    return {"traces": traces, "layout": layout}


def _upright(epoch: float) -> dict[str, Any]:
    line = {"color": theme.OTHER, "width": 1.5, "dash": "dot"}
    return {"type": "line", "x0": epoch, "x1": epoch, "yref": "paper", "y0": 0, "y1": 1,
            "line": line}  # fmt: skip


def _line(
    name: str, points: Sequence[tuple[float, float | None]], colour: str, mode: str
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": mode,
        "name": name,
        "x": [x for x, _ in points],
        "y": [y for _, y in points],
        "line": {"color": colour, "width": 2},
        "marker": {"size": 5},
        "hovertemplate": "epoch %{x:.2f}: %{y:.4f}<extra>" + name + "</extra>",
    }


def _thinned(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    step = -(-len(points) // MOST_POINTS) or 1
    stretches = [points[at : at + step] for at in range(0, len(points), step)]
    return [(part[-1][0], sum(loss for _, loss in part) / len(part)) for part in stretches]
