"""A map in three dimensions, to be turned by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.plots import theme
from explorer.plots.map import Colouring
from explorer.plots.neighbors import plain
from explorer.plots.sampling import stratified_sample
from explorer.space import FloatArray, IntArray

MOST_DRAWN = 10_000  # points that turn smoothly


def drawn_in_3d(n: int, colours: Colouring, always: Sequence[int], seed: int = 0) -> IntArray:
    """(m,) rows to draw in three dimensions: all of up to 10,000, of more a stratified sample.

    always : rows that are drawn whatever the sample
    """
    if n <= MOST_DRAWN:
        return np.arange(n)
    sample = stratified_sample(np.arange(n), colours.codes, MOST_DRAWN, seed=seed)
    return np.union1d(sample, np.asarray(always, dtype=np.int64))


def figure_in_3d(
    coordinates: FloatArray,
    rows: IntArray,
    names: Sequence[str],
    colours: Colouring,
    axes: Sequence[str],
    focus: int | None,
    near: Sequence[int],
) -> dict[str, Any]:
    """Points in three dimensions, to be turned by hand, for `live_figure`.

    coordinates : (n, 3)
    rows, names : of the points drawn; names (m,)
    focus, near : row of the item in focus, and of its true neighbours, linked by lines
    """
    points = np.round(coordinates[rows].astype(np.float64), 4)
    size = 4 if len(rows) <= 2_000 else 2.5
    traces = [
        _cloud(points[part], [names[i] for i in np.flatnonzero(part).tolist()], size, look, title)
        for part, look, title in _groups(colours, rows)
    ]
    if focus is not None:
        traces += _links_in_3d(coordinates, focus, near)
    axis = {"showticklabels": False, "showbackground": False, "gridcolor": "rgba(128,128,128,0.25)"}
    scene = {
        letter + "axis": {**axis, "title": {"text": title, "font": {"size": 11}}}
        for letter, title in zip("xyz", axes, strict=True)
    }
    layout = {
        "height": 620, "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "scene": {**scene, "aspectmode": "data", "uirevision": "kept"},
        "showlegend": colours.kind == "category",
        "legend": {"itemsizing": "constant", "font": {"size": 11}},
        "hovermode": "closest",
    }  # fmt: skip
    return {"traces": traces, "layout": layout}


def _groups(
    colours: Colouring, rows: IntArray
) -> list[tuple[NDArray[np.bool_], dict[str, Any], str]]:
    """Which points belong together, how they look, and what the legend calls them."""
    every = np.ones(len(rows), dtype=bool)
    if colours.codes is not None:
        codes = colours.codes[rows]
        return [
            (codes == place, {"color": entry["colour"], "symbol": entry["symbol"]}, entry["name"])
            for place, entry in enumerate(colours.entries)
            if (codes == place).any()
        ]
    if colours.values is not None:
        values = np.nan_to_num(colours.values[rows].astype(np.float64)).tolist()
        scale = {
            "color": values, "colorscale": theme.colorscale(), "cmin": colours.low,
            "cmax": colours.high, "colorbar": {"title": {"text": colours.title}, "len": 0.6},
        }  # fmt: skip
        return [(every, scale, colours.title)]
    return [(every, {"color": theme.CATEGORICAL[0]}, "items")]


def _cloud(
    points: NDArray[Any], names: Sequence[str], size: float, look: dict[str, Any], title: str
) -> dict[str, Any]:
    x, y, z = points.T.tolist()
    return {
        "type": "scatter3d", "mode": "markers", "x": x, "y": y, "z": z, "name": plain(title),
        "text": [plain(name) for name in names], "hoverinfo": "text",
        "marker": {"size": size, "opacity": 0.7, **look},
    }  # fmt: skip


def _links_in_3d(coordinates: FloatArray, focus: int, near: Sequence[int]) -> list[dict[str, Any]]:
    ends = [row for other in near for row in (focus, other)]
    path = coordinates[ends].astype(np.float64).reshape(-1, 2, 3)
    broken: list[list[float | None]] = [
        [value for pair in path[:, :, axis].tolist() for value in (*pair, None)]
        for axis in range(3)
    ]
    here = coordinates[focus].astype(np.float64)[:, None].tolist()
    return [
        {
            "type": "scatter3d", "mode": "lines", "x": broken[0], "y": broken[1], "z": broken[2],
            "line": {"color": "rgba(128,128,128,0.9)", "width": 3}, "hoverinfo": "skip",
            "showlegend": False,
        },
        {
            "type": "scatter3d", "mode": "markers", "x": here[0], "y": here[1], "z": here[2],
            "marker": {"size": 9, "color": theme.CATEGORICAL[3], "symbol": "diamond-open"},
            "hoverinfo": "skip", "showlegend": False,
        },
    ]  # fmt: skip
