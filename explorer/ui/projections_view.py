"""The Projections page: several maps of one space, side by side and scored.

The parts are imported when they are shown: what draws charts takes half a second to import, and
the first part draws none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from explorer.space import EmbeddingSpace
from explorer.ui import filtered, projections_scores, projections_settings, projections_table
from explorer.ui.map_marks import NEIGHBORS
from explorer.ui.map_view import DrawnMap
from explorer.ui.projections_controls import neighborhood, painted
from explorer.ui.projections_legend import legend_of
from explorer.ui.projections_panels import Panel, draw_panels, panels
from explorer.ui.selection_table import selection_table
from explorer.ui.state import current, narrowing
from explorer.ui.text import literal


def of_a_part(space: EmbeddingSpace) -> None:
    """What a filter means for the maps of this page."""
    if filtered.origin(space) is not None:
        st.caption(
            f"Of the {len(space):,} items that the filter leaves: every map but a stored one is "
            "computed anew, for them alone. The Map page shows them in their places among all "
            f"{len(filtered.whole(space)):,}."
        )


def side_by_side(space: EmbeddingSpace) -> None:
    """The maps, painted, and their scores in one table."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        score = painted()
        k = neighborhood(space)
        projections_settings.add_menu(space)
    shown = panels(space)
    found = projections_scores.all_scored(space, shown)
    paints, colours = projections_scores.paints(space, shown, found, score, k)
    if colours.kind == "none" and score:
        st.caption("The maps are painted as soon as all items are scored.")
    draw_panels(space, shown, paints, projections_scores.nearest_rows(found))
    legend_of(colours)
    _marks_told(space)
    _selection(space, shown)
    st.markdown("**How far can each be trusted?**")
    projections_table.score_table(space, shown, k)
    projections_table.export(space, shown, k)


def _marks_told(space: EmbeddingSpace) -> None:
    """What the lines and rings mean."""
    focus = current.view().focus
    told = (
        f"Lines lead from **{literal(focus)}** to its {min(NEIGHBORS, len(space) - 1)} true "
        "neighbours, by the metric of the sidebar; red dashed rings are near on that map alone. "
        if focus and len(space) > 1
        else ""
    )
    st.caption(
        f"{told}Point at a dot to see its own true neighbours on every map; click it to look."
    )


def _selection(space: EmbeddingSpace, shown: list[Panel]) -> None:
    """The table of what was drawn around, below the maps."""
    selection = narrowing.any_selection()
    for panel in shown:
        if selection is None or panel.map is None or panel.choice.drawn_on != selection.map:
            continue
        selection_table(space, DrawnMap(replace(panel.map, name=selection.map), ""), selection)
        return


def _item_by_item(space: EmbeddingSpace) -> None:
    from explorer.ui.projections_points import worst_points

    worst_points(space)


def _distances(space: EmbeddingSpace) -> None:
    from explorer.ui.projections_distances import distances

    distances(space, neighborhood(space))


def _morph(space: EmbeddingSpace) -> None:
    from explorer.ui.projections_morph import moving

    moving(space)


def _in_3d(space: EmbeddingSpace) -> None:
    from explorer.ui.projections_3d import in_3d

    in_3d(space)


def _components(space: EmbeddingSpace) -> None:
    from explorer.ui.projections_pca import components

    components(space)


def _johnson_lindenstrauss(space: EmbeddingSpace) -> None:
    from explorer.ui.projections_jl import johnson_lindenstrauss

    johnson_lindenstrauss(space)


def _other_seeds(space: EmbeddingSpace) -> None:
    from explorer.ui.projections_seeds import other_seeds

    other_seeds(space)


PARTS: dict[str, Callable[[EmbeddingSpace], None]] = {
    "Side by side": side_by_side,
    "Item by item": _item_by_item,
    "Distances": _distances,
    "One into the other": _morph,
    "3-D": _in_3d,
    "Components": _components,
    "Johnson–Lindenstrauss": _johnson_lindenstrauss,
    "Other seeds": _other_seeds,
}
