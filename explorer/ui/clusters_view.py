"""The first part of the Clusters page: the map in their colours, their numbers, what to do."""

from __future__ import annotations

from typing import Any

import streamlit as st

from explorer.clustering.groups import Groups
from explorer.plots.clusters import cluster_colouring
from explorer.plots.map import Colouring
from explorer.space import EmbeddingSpace
from explorer.ui import background, cluster_measures, cluster_names, cluster_results
from explorer.ui.cluster_cards import card_grid
from explorer.ui.cluster_map import cluster_map, map_of_view
from explorer.ui.cluster_results import Chosen, Clusters
from explorer.ui.export import export_menu
from explorer.ui.python_lines import opening_lines
from explorer.ui.state import colouring, picked
from explorer.ui.text import literal, number

MAP, HEIGHT = "cluster_map", "min(66vh, 680px)"


def clusters(space: EmbeddingSpace, chosen: Chosen) -> str:
    """Clusters on the map, their measures, a card for each; what the status line says of them."""
    found = clusters_or_progress(space, chosen)
    if found is None:
        shown = map_of_view(space)
        drawn = cluster_map(space, shown, Colouring("none"), "none", name=MAP, height=HEIGHT)
        return f"no clusters yet · map: {literal(shown.note)} · {drawn}"
    if not found.count:
        st.info(
            "All items are noise at these settings: no group is dense enough. Ask for fewer items "
            "of a cluster or for a core, or take k-means."
        )
        return found.note
    named = cluster_names.groups(space, chosen, found)
    picture, panel = st.columns([7, 3], gap="medium")
    with picture:
        drawn = _map(space, found, named)
    if found.preview:
        return f"{found.note} · {drawn}"
    with panel:
        _numbers(space, chosen, found)
        _focus(space, found, named)
        _whole(space, chosen, found, named)
    card_grid(space, chosen, found, named)
    return f"{found.note} · {drawn}"


def clusters_or_progress(space: EmbeddingSpace, chosen: Chosen) -> Clusters | None:
    """The clusters; before they are there a preview of them, or None, below how far they are."""
    found, run = cluster_results.clusters_of(space, chosen)
    sketch = None
    if found is None and not run.given_up:
        sketch = cluster_results.preview_of(space, chosen)
    background.waiting(
        run, cluster_results.title(chosen), key="clusters", first=sketch,
        again=lambda: cluster_results.begin_again(space, chosen),
    )  # fmt: skip
    if found is None and sketch is not None:
        found = background.result(sketch)
        if found is not None:
            st.caption(f"Shown meanwhile: a {literal(found.note)}.")
    return found


def _map(space: EmbeddingSpace, found: Clusters, named: Groups) -> str:
    shown = map_of_view(space)
    codes = named.codes(found.labels)
    only = cluster_names.isolated(found)
    colours = cluster_colouring(codes, named.names, only=None if only is None else codes == only)
    text = cluster_map(
        space, shown, colours, f"{found.key} {named} {only}", name=MAP, height=HEIGHT
    )  # fmt: skip
    if only is not None:
        said, button = st.columns([4, 1], vertical_alignment="center")
        said.markdown(f"Only **{literal(named.names[only])}** is in colour.")
        button.button(
            "Show all",
            key="show_all",
            on_click=cluster_names.isolate,
            args=(found, None),
            width="stretch",
        )
    return f"map: {literal(shown.note)} · {text}"


def _numbers(space: EmbeddingSpace, chosen: Chosen, found: Clusters) -> None:
    """How tight and how far apart the clusters are, beside the same labels dealt at random."""
    vectors = cluster_results.points(space, chosen.spherical)
    here, chance = cluster_measures.shapes(found.key, vectors, found.labels)
    noise = f", {found.noise:,} items in none" if found.noise else ""
    st.header(f"{found.count} clusters{noise}", anchor=False)
    run = cluster_measures.widths(found.key, vectors, found.labels)
    silhouettes = ["…", "…"]
    sampled = ""
    known = background.result(run)
    if known is not None:
        silhouettes = [f"{one.mean:.3f}" for one in known]
        asked = len(known[0].rows)
        if asked < len(space) - found.noise:
            sampled = f"; silhouettes of {asked:,} items, each held against all {len(space):,}"
    lines = [
        "| | here | dealt at random |",
        "| :-- | --: | --: |",
        f"| variance explained | {here.explained:.1%} | {chance.explained:.1%} |",
        f"| silhouette | {' | '.join(silhouettes)} |",
        f"| Calinski–Harabasz | {number(here.calinski)} | {number(chance.calinski)} |",
        f"| Davies–Bouldin | {number(here.davies)} | {number(chance.davies)} |",
    ]
    st.markdown("\n".join(lines))
    st.caption(
        f"At random: the same labels, shuffled with seed 0{sampled}. Davies–Bouldin: small is good."
    )
    background.waiting(
        run, "Silhouettes", key="widths",
        again=lambda: cluster_measures.widths_again(found.key, vectors, found.labels),
    )  # fmt: skip


def _focus(space: EmbeddingSpace, found: Clusters, named: Groups) -> None:
    """Where the item in focus is."""
    row = picked.focus_row()
    if row is None:
        return
    group = int(named.codes(found.labels)[row])
    where = "in no cluster (noise)" if group < 0 else f"in **{literal(named.names[group])}**"
    said, button = st.columns([3, 2], vertical_alignment="center")
    said.markdown(f"**{literal(space.items[row])}** is {where}.")
    if group >= 0:
        button.button(
            "Isolate it", key="isolate_focus", width="stretch",
            on_click=cluster_names.isolate, args=(found, group),
        )  # fmt: skip


def _whole(space: EmbeddingSpace, chosen: Chosen, found: Clusters, named: Groups) -> None:
    """What is done with all of them: merge, name by number again, colour every page, export."""
    with st.popover("Merge clusters", icon=":material/merge:", width="stretch"):
        together = st.multiselect(
            "Make one group of", range(len(named)), key=f"merge_{found.key}_{len(named)}",
            format_func=lambda group: named.names[group],
        )  # fmt: skip
        name = st.text_input("Name (may be left empty)", key="merge_name", max_chars=60)
        st.button(
            "Merge", key="merge", type="primary", disabled=len(together) < 2,
            on_click=_merge, args=(found, named, tuple(together), name),
        )  # fmt: skip
    if cluster_names.are_changed(found):
        st.button(
            "Undo names and mergers", key="split", icon=":material/undo:", width="stretch",
            on_click=cluster_names.undo_changes, args=(found,),
        )  # fmt: skip
    column = cluster_names.column_name(chosen)
    known = column in space.metadata
    st.button(
        "Take the column away" if known else "Use as a column on every page",
        key="as_column", icon=":material/palette:", width="stretch",
        help=f"Adds the metadata column “{column}”: maps can be coloured by it, searches "
        "restricted to it, and other columns held against it.",
        on_click=colouring.set_column,
        args=(column, None if known else named.column(found.labels)),
    )  # fmt: skip
    export_menu(
        lambda: label_table(space, found, named), name=f"{space.name}-clusters", key="labels",
        python=f"{opening_lines(space)}\n{chosen.python()}",
        label="Export labels",
    )  # fmt: skip


def label_table(space: EmbeddingSpace, found: Clusters, named: Groups) -> dict[str, list[Any]]:
    """item, cluster (by number, 1 the largest) and group (by name) of every item."""
    return {
        "item": list(space.items),
        "cluster": [label + 1 if label >= 0 else None for label in found.labels.tolist()],
        "group": named.column(found.labels).tolist(),
    }


def _merge(found: Clusters, named: Groups, together: tuple[int, ...], name: str) -> None:
    cluster_names.change_groups(found, lambda: named.merged(together, name))
    st.session_state["merge_name"] = ""
    cluster_names.isolate(found, None)
