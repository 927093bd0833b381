"""The map of a space as one figure: what `EmbeddingSpace.map` gives a notebook."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from explorer.metrics import get_metric
from explorer.neighbors import neighbors_of
from explorer.plots import map_file
from explorer.plots.map import colouring, drawn_points
from explorer.projection.placed import SEED, placed
from explorer.space import EmbeddingSpace

HEIGHT = 620


def space_map(
    space: EmbeddingSpace, name: str = "", *, colour: str | None = None, focus: str = "",
    pins: Sequence[str] = (), k: int = 10, metric: str = "cosine", seed: int = SEED,
) -> go.Figure:  # fmt: skip
    """See `EmbeddingSpace.map`."""
    found = placed(space, name, seed=seed)
    if colour is None:
        colour = next(iter(space.metadata.of_kind("category")), "")
    colours = colouring(space.metadata, colour)
    drawn = drawn_points(found.coordinates, colours)
    row = space.row(focus) if focus else None
    near = neighbors_of(space, focus, min(k, len(space) - 1), metric=metric) if focus else None
    how_many = f"drawn {len(drawn.rows):,} of {len(space):,}"
    shown = map_file.described(
        space, found, drawn.rows, colours, how_many=how_many, metric=get_metric(metric),
        focus=row, neighbors=[] if near is None else near.indices[0].tolist(),
        pins=[space.row(pin) for pin in pins],
    )  # fmt: skip
    figure = go.Figure(map_file.map_figure(shown))
    figure.update_layout(
        height=HEIGHT,
        margin_t=70,
        title={
            "text": map_file.to_the_letter(shown.title),
            "subtitle": {
                "text": map_file.to_the_letter(f"{space.provenance}; {found.note}; {how_many}")
            },
        },
    )
    return figure
