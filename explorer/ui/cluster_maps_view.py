"""The same k in the space and on the map: people cluster the picture; what does that cost?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from explorer.clustering.agreement import confusion, matched, relabelled
from explorer.clustering.groups import Groups
from explorer.clustering.validity import Silhouettes
from explorer.plots.clusters import cluster_colouring
from explorer.space import EmbeddingSpace, IntArray
from explorer.ui import background, cluster_measures, cluster_results
from explorer.ui.cluster_map import cluster_map, map_of_view
from explorer.ui.cluster_results import HDBSCAN, Chosen, Clusters
from explorer.ui.clusters_view import clusters_or_progress
from explorer.ui.export import export_menu
from explorer.ui.item_table import item_table
from explorer.ui.map_view import python_of_map
from explorer.ui.maps import ShownMap
from explorer.ui.text import literal, number

MOST_ROWS = 500
HEIGHT = "min(56vh, 540px)"


def space_and_map(space: EmbeddingSpace, chosen: Chosen) -> str:
    """Two maps, one coloured by clusters of the space, the other by clusters of the picture."""
    found = clusters_or_progress(space, chosen)
    if found is None or found.preview:
        return "no clusters yet"
    shown = map_of_view(space)
    flat = replace(chosen, spherical=False)
    run = cluster_results.clusters_of_map(shown, flat)
    on_map = background.result(run)
    if on_map is None:
        background.waiting(
            run, f"The same on the map: {flat.title}", key="on_map",
            again=lambda: cluster_results.map_again(shown, flat),
        )  # fmt: skip
        return found.note
    counts = confusion(found.labels, on_map.labels)
    labels = relabelled(on_map.labels, matched(counts))
    changed = (labels != found.labels) & (labels >= 0) & (found.labels >= 0)
    _heading(space, chosen, found, on_map, changed)
    drawn = _maps(space, shown, found, on_map, labels, changed)
    left, right = st.columns([5, 6], gap="large")
    with left:
        _cost(space, chosen, shown, found, on_map)
    with right:
        _changed(space, chosen, flat, shown, found, labels, changed)
    return f"{found.note} · map: {literal(shown.note)}, clustered: {on_map.note} · {drawn}"


def _heading(
    space: EmbeddingSpace, chosen: Chosen, found: Clusters, on_map: Clusters, changed: Any
) -> None:
    both = int(((found.labels >= 0) & (on_map.labels >= 0)).sum())
    agreed, chance = cluster_measures.against(found.key, found.labels, on_map.key, on_map.labels)
    share = changed.sum() / max(1, both)
    st.header(
        f"{int(changed.sum()):,} of {both:,} items ({share:.0%}) are elsewhere on the map",
        anchor=False,
    )
    line = (
        f"Adjusted Rand index **{agreed.rand:.2f}** (shuffled: "
        f"{round(chance.mean.rand, 2) + 0:.2f} ± {chance.spread.rand:.2f}; the same clusters: 1)"
    )
    if chosen.method != HDBSCAN:
        other = replace(chosen, seed=chosen.seed + chosen.starts)
        _, run = cluster_results.clusters_of(space, other, place="other seed")
        again = background.result(run)
        if again is None:
            background.waiting(
                run, "The space from another seed", key="other_seed",
                again=lambda: cluster_results.begin_again(space, other),
            )  # fmt: skip
        else:
            self_agreed, _ = cluster_measures.against(
                found.key, found.labels, again.key, again.labels
            )
            line += (
                f". For scale: the space clustered again from another seed ({other.seed}) agrees "
                f"with itself to **{self_agreed.rand:.2f}**"
            )
    st.markdown(f"{line}. Colours are matched so that as many items as possible keep theirs.")


def _maps(
    space: EmbeddingSpace, shown: ShownMap, found: Clusters, on_map: Clusters, labels: IntArray,
    changed: Any,
) -> str:  # fmt: skip
    only = st.toggle("Only the items that are elsewhere in colour", key="only_changed")
    count = max(found.count, int(labels.max(initial=-1)) + 1)
    names = Groups.numbered(count).names
    mask = changed if only else None
    left, right = st.columns(2, gap="small")
    with left:
        st.markdown(f"**Clusters of the space**, all {space.dimensions} dimensions")
        colours = cluster_colouring(found.labels, names, only=mask)
        text = cluster_map(
            space, shown, colours, f"{found.key} {count} {only} {on_map.key}", name="space_side",
            height=HEIGHT, alone=False,
        )  # fmt: skip
    with right:
        st.markdown(f"**Clusters of the picture**, 2 dimensions ({literal(shown.name)})")
        colours = cluster_colouring(labels, names, only=mask)
        cluster_map(
            space, shown, colours, f"{on_map.key} {count} {only} {found.key}", name="map_side",
            height=HEIGHT, alone=False,
        )  # fmt: skip
    return text


def _cost(
    space: EmbeddingSpace, chosen: Chosen, shown: ShownMap, found: Clusters, on_map: Clusters
) -> None:
    """Both clusterings, measured in both places."""
    st.markdown("**What does clustering the picture cost?**")
    vectors = cluster_results.points(space, chosen.spherical)
    plane = np.ascontiguousarray(shown.coordinates[:, :2])
    lines = [
        "| | clusters of the space | clusters of the picture | dealt at random |",
        "| :-- | --: | --: | --: |",
    ]
    pending = False
    for where, points, place in (("space", vectors, found), ("picture", plane, on_map)):
        key = f"in the {where} {shown.key}"
        shapes = [
            cluster_measures.shapes(f"{key} {one.key}", points, one.labels)
            for one in (found, on_map)
        ]
        explained = [shapes[0][0], shapes[1][0], shapes[0 if place is found else 1][1]]
        lines.append(
            f"| variance explained in the {where} | "
            + " | ".join(f"{one.explained:.1%}" for one in explained) + " |"
        )  # fmt: skip
        runs = [
            cluster_measures.widths(
                f"{key} {one.key}", points, one.labels, place=f"{where} {number_}"
            )
            for number_, one in enumerate((found, on_map))
        ]
        known: list[tuple[Silhouettes, Silhouettes] | None] = [
            background.result(run) for run in runs
        ]
        cells = ["…" if one is None else f"{one[0].mean:.3f}" for one in known]
        last = known[0 if place is found else 1]
        cells.append("…" if last is None else f"{last[1].mean:.3f}")
        lines.append(f"| silhouette in the {where} | {' | '.join(cells)} |")
        for number_, run in enumerate(runs):
            if not pending and not run.finished:
                pending = True
                background.waiting(
                    run, f"Silhouettes in the {where}", key=f"widths_{where}_{number_}",
                    again=lambda: None,
                )  # fmt: skip
    st.markdown("\n".join(lines))
    st.caption(
        "Groups that look tight on the picture may be loose in the space: the map has drawn them "
        "together. Above 10,000 items silhouettes are those of a sample, each item held against "
        "all. At random: the labels of the same place, shuffled with seed 0."
    )


def _changed(
    space: EmbeddingSpace, chosen: Chosen, flat: Chosen, shown: ShownMap, found: Clusters,
    labels: IntArray, changed: Any,
) -> None:  # fmt: skip
    """The items whose cluster differs, those first that are most surely misplaced."""
    rows = np.flatnonzero(changed)
    if not len(rows):
        st.success("Every item is in the same cluster in both.")
        return
    vectors = cluster_results.points(space, chosen.spherical)
    margins = cluster_measures.margins(found.key, vectors, found.labels)
    rows = rows[np.argsort(-margins[rows], kind="stable")]

    def table(some: IntArray) -> dict[str, list[Any]]:
        return {
            "item": space.items.take(some.tolist()),
            "in the space": [str(one + 1) for one in found.labels[some].tolist()],
            "on the map": [str(one + 1) for one in labels[some].tolist()],
            "margin": margins[some].tolist(),
        }

    shown_rows = rows[:MOST_ROWS]
    title, menu = st.columns([4, 1.4], vertical_alignment="center")
    title.markdown("**Elsewhere on the map**, the surest first; tick one to look at it")
    with menu:
        export_menu(
            lambda: table(rows), name=f"{space.name}-elsewhere", key="elsewhere",
            python=(
                f"{python_of_map(space, shown)}\n{chosen.python()}\nin_space = labels\n"
                f"{flat.python_of('xy')}\n"
                "from explorer.clustering.agreement import agreement\n"
                "agreement(in_space, labels).rand"
            ),
        )  # fmt: skip
    item_table(
        table(shown_rows), shown_rows, height=300, key="changed_items",
        column_config={"margin": st.column_config.NumberColumn(format="%.3g")},
    )  # fmt: skip
    st.caption(
        f"{len(shown_rows):,} of {len(rows):,} listed. Margin: how much farther the next cluster's "
        f"centre is than its own, in the space (largest here {number(float(margins[rows[0]]))}; "
        "below 0: at the border in the space too)."
    )
