"""The same map with other seeds: which items have a place of their own, and which wander."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import numpy as np
import streamlit as st

from explorer.plots import faithfulness as charts
from explorer.plots.map import Colouring, points_at
from explorer.projection.seed_stability import SeedStability, seed_stability
from explorer.projection.umap import FEWEST, UmapSettings
from explorer.space import EmbeddingSpace
from explorer.ui import projections_maps, umap_jobs
from explorer.ui.export import add_metadata, export_menu
from explorer.ui.figure import show_figure
from explorer.ui.item_table import item_table
from explorer.ui.linked import linked
from explorer.ui.map_choice import MapChoice
from explorer.ui.maps import ShownMap
from explorer.ui.projections_draw import Paint, draw_map
from explorer.ui.projections_legend import legend_of
from explorer.ui.python_lines import opening_lines
from explorer.ui.state import picked, shown_maps
from explorer.ui.text import literal, number
from explorer.ui.umap_jobs import HeldMap

TICK = 0.5  # seconds between looks at the maps
BEGIN_UP_TO = 3_000  # items; the maps of more are begun by a button
MOST = 8  # seeds
WORST = 200
BRIGHT = 98  # percentile of the spread at which the scale ends
SHARED = {"near": None, "selected": None}


def other_seeds(space: EmbeddingSpace) -> None:
    """The seeds asked for, their progress, and how far each item wanders."""
    if len(space) < FEWEST:
        st.info(f"UMAP needs at least {FEWEST} items; this space has {len(space)}.")
        return
    asked = _asked()
    if not _begun(space, asked):
        st.info(f"{len(asked)} maps of {len(space):,} items, one after another, take a while.")
        st.button("Begin", type="primary", key="begin_seeds", on_click=_begin, args=(space, asked))
        return
    held = [cast(HeldMap, umap_jobs.held(space, one)) for one in asked]
    failed = next((one for one in held if one.state in ("failed", "cancelled")), None)
    if failed is not None:
        st.warning(literal(failed.error or "A map was cancelled.", 300))
        st.button("Begin again", key="begin_seeds", on_click=_begin, args=(space, asked))
    elif all(one.coordinates is not None for one in held):
        _wandering(space, asked, held)
    else:
        _progress(held)


def _asked() -> list[UmapSettings]:
    """The settings of each map: those of the first UMAP that is shown, with other seeds."""
    starts = ["PCA", "random"]
    linked("seeds", "seed_count", 4, range(2, MOST + 1).__contains__)
    linked("start", "seed_start", "PCA", starts.__contains__)
    with st.container(horizontal=True, gap="large"):
        count = st.slider("Seeds", 2, MOST, key="seed_count", width=280)
        start = st.segmented_control(
            "Start", starts, key="seed_start",
            help="From PCA all seeds begin with one broad shape; from random places each with its "
            "own.",
        )  # fmt: skip
    shown = (one for one in shown_maps.compared_maps() if one.method == "UMAP")
    first = projections_maps.umap_settings(next(shown, MapChoice("UMAP")))
    assert isinstance(first, UmapSettings)
    return [replace(first, seed=seed, start=start or "PCA") for seed in range(1, count + 1)]


def _begun(space: EmbeddingSpace, asked: list[UmapSettings]) -> bool:
    """Whether all maps are there or under way; those of a small space are begun by asking."""
    if all(umap_jobs.held(space, one) is not None for one in asked):
        return True
    if len(space) > BEGIN_UP_TO and not all(umap_jobs.on_disk(space, one) for one in asked):
        return False
    _begin(space, asked)
    return True


def _begin(space: EmbeddingSpace, asked: list[UmapSettings]) -> None:
    for one in asked:
        umap_jobs.begin(space, one)


@st.fragment(run_every=TICK)
def _progress(held: list[HeldMap]) -> None:
    if all(one.finished for one in held):
        st.rerun()
    done = sum(one.finished for one in held)
    share = sum(one.progress for one in held) / len(held)
    st.progress(share, f"{done} of {len(held)} maps are there")
    for one in held:
        if not one.finished:
            st.caption(literal(f"seed {one.settings.seed}: {one.words}"))
    if st.button("Cancel", key="cancel_seeds"):
        for one in held:
            if not one.finished:
                one.cancel()
        st.rerun()


@st.cache_resource(max_entries=8, show_spinner="Laying the maps on each other …")
def _laid(key: str, _maps: list[Any]) -> SeedStability:
    return seed_stability(_maps)


def _wandering(space: EmbeddingSpace, asked: list[UmapSettings], held: list[HeldMap]) -> None:
    key = " ".join(one.key for one in held)
    found = _laid(key, [one.coordinates for one in held])
    st.markdown(
        f"Over {len(held)} seeds an item wanders by **{found.typical:.2f}** of the map's radius "
        f"(median); were the places dealt out at random, by {found.typical_baseline:.2f}. The map "
        "shows each item where it is on average."
    )
    picture, side = st.columns([6, 5], gap="medium")
    with picture:
        _map(space, found, key, held)
    with side:
        values = {f"{len(held)} seeds": found.spread, "dealt at random": found.baseline}
        figure = charts.point_distribution(values, title="spread, in radii of the map")
        show_figure(
            figure, key="seed_spread", alt=charts.point_alt(values, "Spread, in radii of the map")
        )
        _table(space, found)
    names = literal(str(asked[0]))
    st.caption(f"{names}, and seeds 2 to {len(asked)}; turned onto their mean (Gower 1975).")
    export_menu(
        lambda: _columns(space, found), name=f"{space.name}-seeds", key="seeds",
        python=_python(space, asked),
    )  # fmt: skip


def _map(space: EmbeddingSpace, found: SeedStability, key: str, held: list[HeldMap]) -> None:
    high = float(np.percentile(found.spread, BRIGHT)) or 1.0
    values = found.spread.astype(np.float32)
    colours = Colouring("number", "spread over seeds", values=values, high=high)
    shown = ShownMap(
        "Mean over seeds", f"mean {key}", found.mean.astype(np.float32),
        ("mean of the maps, 1", "mean of the maps, 2"),
        f"the mean of {len(held)} UMAP maps, laid on each other",
    )  # fmt: skip
    focus = picked.focus_row()
    places: list[dict[str, object]] = []
    for one, laid in zip(held, found.maps, strict=True):
        if focus is not None:
            places += points_at(laid, [focus], [f"seed {one.settings.seed}"])
    draw_map(
        space, MapChoice("UMAP"), shown, 0, Paint(colours, "spread"), SHARED,
        height="min(60vh, 580px)", places=places,
    )  # fmt: skip
    legend_of(colours)
    if focus is not None:
        name = literal(space.items[focus])
        st.caption(
            f"Dashed rings: where each seed puts **{name}**, which wanders by "
            f"{number(float(found.spread[focus]))}."
        )


def _table(space: EmbeddingSpace, found: SeedStability) -> None:
    rows = found.order()[:WORST]
    table = {"item": space.items.take(rows.tolist()), "spread": found.spread[rows].tolist()}

    st.markdown(f"**The {len(rows)} items that wander most**; tick one to look at it")
    item_table(
        table, rows, height=240, key="wanderers",
        column_config={"spread": st.column_config.NumberColumn(format="%.3f")},
    )  # fmt: skip


def _columns(space: EmbeddingSpace, found: SeedStability) -> dict[str, list[Any]]:
    """One row an item: its mean place, its spread, its metadata."""
    table: dict[str, list[Any]] = {
        "item": list(space.items),
        "x": found.mean[:, 0].tolist(),
        "y": found.mean[:, 1].tolist(),
        "spread": found.spread.tolist(),
    }
    return add_metadata(table, space.metadata)


def _python(space: EmbeddingSpace, asked: list[UmapSettings]) -> str:
    return (
        f"{opening_lines(space)}\n"
        "from explorer.projection.seed_stability import maps_by_seed, seed_stability\n"
        "from explorer.projection.umap import UmapSettings\n"
        f"settings = UmapSettings(**{asked[0].as_dict()})\n"
        f"maps = maps_by_seed(space.vectors, settings, range(1, {len(asked) + 1}))\n"
        "seed_stability(maps).spread"
    )
