"""Item by item: who lies beside whom by mistake, the worst first."""

from __future__ import annotations

from typing import Any

import streamlit as st

from explorer.faithfulness import Faithfulness, worst_false, worst_missing
from explorer.space import EmbeddingSpace
from explorer.ui import projections_scores
from explorer.ui.item_table import item_table
from explorer.ui.linked import linked
from explorer.ui.projections_controls import neighborhood
from explorer.ui.projections_draw import draw_map
from explorer.ui.projections_legend import legend_of
from explorer.ui.projections_panels import Panel, mount_shared, panels
from explorer.ui.projections_scores import PAINTS, Scored
from explorer.ui.text import literal, number

WORST = 200
TICK = 0.5


def worst_points(space: EmbeddingSpace) -> None:
    """One map painted by its mistakes, and the table of the items it wrongs most."""
    there = {panel.choice.title(): panel for panel in panels(space) if panel.map is not None}
    if not there or len(space) < 3:
        st.info("No map is there yet." if len(space) >= 3 else "This space has too few items.")
        return
    last, of = list(there)[-1], f"worst_of_{'|'.join(there)}"
    linked("of", of, last, there.__contains__)
    linked("mistake", "worst_by", "trustworthiness", PAINTS.__contains__)
    with st.container(horizontal=True, gap="medium"):
        title = st.segmented_control("Map", list(there), key=of) or last
        score = st.segmented_control(
            "Mistake", list(PAINTS), key="worst_by",
            format_func=lambda name: PAINTS[name],
        ) or "trustworthiness"  # fmt: skip
        k = neighborhood(space)
    panel = there[title]
    assert panel.map is not None
    found = projections_scores.all_scored(space, list(there.values()))
    mine = next(one for one in found if one.key == panel.map.key)
    paints, colours = projections_scores.paints(space, [panel], found, score, k)
    keys = mount_shared(space, [panel], projections_scores.nearest_rows(found))
    picture, table = st.columns([6, 5], gap="medium")
    with picture:
        draw_map(
            space, panel.choice, panel.map, 0, paints[panel.choice.text], keys,
            height="min(64vh, 620px)",
        )  # fmt: skip
        legend_of(colours)
    with table:
        if mine.final and mine.found is not None:
            _worst(space, panel, mine.found, score, k, found[-1].found)
        else:
            _waiting(space, list(there.values()), panel.map.key)


def _worst(
    space: EmbeddingSpace, panel: Panel, found: Faithfulness, score: str, k: int,
    chance: Faithfulness | None,
) -> None:  # fmt: skip
    points = found.per_point(score, k)
    places = found.worst(score, k, WORST)
    rows = found.ranks.rows[places]
    table: dict[str, list[Any]] = {
        "item": space.items.take(rows.tolist()),
        PAINTS[score].lower(): (1 - points[places]).tolist(),
    }
    if score != "continuity":
        worst = worst_false(found.ranks, k)
        table["near here by mistake"] = _names(space, worst.rows[places].tolist())
        table["its rank in the space"] = worst.ranks[places].tolist()
    if score != "trustworthiness":
        worst = worst_missing(found.ranks, k)
        table["torn away"] = _names(space, worst.rows[places].tolist())
        table["its rank on the map"] = worst.ranks[places].tolist()

    mean = number(float(1 - points.mean()))
    by_chance = ""
    if chance is not None:
        by_chance = f"; on a random layout {number(float(1 - chance.per_point(score, k).mean()))}"
    st.markdown(
        f"**The {len(rows)} items that {literal(panel.choice.title())} wrongs most**, of "
        f"{len(points):,} scored; tick one to look at it. Mean {mean}{by_chance}."
    )
    item_table(
        table, rows, height=470, key="worst_points",
        column_config={
            PAINTS[score].lower(): st.column_config.ProgressColumn(
                min_value=0, max_value=1, format="%.3f"
            )
        },
    )  # fmt: skip


def _names(space: EmbeddingSpace, rows: list[int]) -> list[str]:
    return ["" if row < 0 else space.items[row] for row in rows]


def _waiting(space: EmbeddingSpace, shown: list[Panel], key: str) -> None:
    @st.fragment(run_every=TICK)
    def look() -> None:
        found: list[Scored] = projections_scores.all_scored(space, shown)
        mine = next(one for one in found if one.key == key)
        if mine.final:
            st.rerun()
        st.progress(mine.run.progress, "Every item is being scored …")

    look()
