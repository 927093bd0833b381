"""How many clusters? Seven measures over k, each beside points that have no clusters."""

from __future__ import annotations

from typing import Any

import streamlit as st

from explorer.clustering.choose_k import MEASURES, REFERENCES, SEEDS, Curves
from explorer.plots.clusters import curve
from explorer.space import EmbeddingSpace
from explorer.ui import background, cluster_measures, cluster_settings
from explorer.ui.cluster_results import Chosen
from explorer.ui.export import export_menu
from explorer.ui.figure_component import live_figure
from explorer.ui.python_lines import opening_lines
from explorer.ui.text import number

ACROSS = 3
MOST = (12, 20, 40)


def how_many(space: EmbeddingSpace, chosen: Chosen) -> str:
    """The curves as they grow, and the k that each speaks for."""
    said, pick = st.columns([6, 2.4], vertical_alignment="bottom")
    most = pick.segmented_control(
        "Up to k", MOST, default=MOST[1], key="most_k", help="Larger k take longer."
    ) or MOST[1]  # fmt: skip
    curves, run = cluster_measures.curves_of(space, chosen, most)
    if not curves.ks:
        st.info("This space has too few items to choose between numbers of clusters.")
        return ""
    items = (
        f"all {curves.of:,} items" if curves.measured == curves.of
        else f"{curves.measured:,} of {curves.of:,} items, drawn with seed 0"
    )  # fmt: skip
    said.markdown(
        f"k-means {'by cosine ' if chosen.spherical else ''}on {items}. **Grey, dashed**: as many "
        "points spread evenly over the same region, which have no clusters. Where blue runs beside "
        "grey, the clusters are made by k-means, not found by it."
    )
    every = None if run.finished or run.given_up else background.TICK
    st.fragment(_curves, run_every=every)(space, chosen, most)
    return f"curves of {items}, {SEEDS} seeds, {REFERENCES} uniform references"


def _curves(space: EmbeddingSpace, chosen: Chosen, most: int) -> None:
    """The curves so far; looks again while they grow."""
    curves, run = cluster_measures.curves_of(space, chosen, most, moment=0.0)
    background.bar(
        run, "Curves", key="curves",
        again=lambda: cluster_measures.begin_curves_again(space, chosen, most),
    )  # fmt: skip
    names = list(MEASURES)
    grid = st.container(key="stacked_curves")
    for at in range(0, len(names), ACROSS):
        row = names[at : at + ACROSS]
        columns = grid.columns(ACROSS, gap="medium")
        for column, name in zip(columns, row, strict=False):
            with column:
                live_figure(
                    curve(name, curves, chosen.k), key=f"curve_{name}", alt=_alt(name, curves)
                )
                late = "" if curves.found.get(name) else " Measured last, for all k at once."
                st.caption(MEASURES[name].meaning + (late if name == "silhouette" else ""))
        if len(row) == 1:  # the last: room for two beside it
            with columns[1]:
                _verdict(curves)
            with columns[2]:
                _take(space, chosen, curves)


def _verdict(curves: Curves) -> None:
    """What each measure speaks for."""
    st.markdown("**They speak for k =**")
    favoured = {name: curves.favoured(name) for name in MEASURES}
    lines = [
        f"- {MEASURES[name].title}: **{k if k is not None else _none(name, curves)}**"
        for name, k in favoured.items()
    ]
    st.markdown("\n".join(lines))


def _take(space: EmbeddingSpace, chosen: Chosen, curves: Curves) -> None:
    """Buttons that go on with one of these k, and the export."""
    favoured = {curves.favoured(name) for name in MEASURES} - {None}
    known = sorted(k for k in favoured if k is not None)
    if known:
        st.markdown("**Go on with**")
        row = st.container(horizontal=True, gap="small")
        for k in known:
            if row.button(
                f"k = {k}", key=f"take_k_{k}", on_click=cluster_settings.set_k, args=(k,)
            ):
                st.rerun()  # the whole page, of which this is a part that runs alone
    if curves.finished and len(known) > 1:
        st.caption("The measures differ: no single k is in the data. Take the one that serves you.")
    export_menu(
        lambda: curve_table(curves), name=f"{space.name}-how-many", key="curves",
        python=(
            f"{opening_lines(space)}\n"
            "from explorer import normalized\n"
            "from explorer.clustering.choose_k import measure_curves, sampled_points\n"
            f"vectors = {'normalized(space)' if chosen.spherical else 'space'}.vectors\n"
            "some = vectors[sampled_points(vectors)]\n"
            f"*_, curves = measure_curves(some, {list(curves.ks)}, spherical={chosen.spherical}, "
            f"seed={chosen.seed})"
        ),
    )  # fmt: skip


def _none(name: str, curves: Curves) -> str:
    measured = len(curves.found.get(name, ())) == len(curves.ks)
    return f"above {curves.ks[-1]}, if any" if measured and name == "gap" else "…"


def _alt(name: str, curves: Curves) -> str:
    values = curves.found.get(name, ())
    if not values:
        return f"{MEASURES[name].title}: not measured yet."
    return (
        f"{MEASURES[name].title} from k = {curves.ks[0]} ({number(values[0])}) to "
        f"k = {curves.ks[len(values) - 1]} ({number(values[-1])})."
    )


def curve_table(curves: Curves) -> dict[str, list[Any]]:
    """k and every measure, with its baseline; measures that are not ready are left out."""
    count = min((len(values) for values in curves.found.values()), default=0)
    table: dict[str, list[Any]] = {"k": list(curves.ks[:count])}
    for name, values in curves.found.items():
        table[name] = list(values[:count])
        if name != "gap":
            table[f"{name}, uniform points"] = list(curves.baseline[name][:count])
    table["gap, s"] = list(curves.gap_errors[:count])
    return table
