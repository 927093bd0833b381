"""From one map to another: how the neighbourhood of the focus has to move."""

from __future__ import annotations

import numpy as np
import streamlit as st

from explorer.alignment import aligned, unit_spread
from explorer.plots.morph import morph_figure
from explorer.space import EmbeddingSpace, FloatArray, IntArray
from explorer.ui import cached
from explorer.ui.figure import show_figure
from explorer.ui.linked import linked
from explorer.ui.maps import ShownMap
from explorer.ui.projections_draw import near_on_map
from explorer.ui.projections_panels import panels
from explorer.ui.state import current, picked
from explorer.ui.text import literal


def moving(space: EmbeddingSpace) -> None:
    """The focus, its neighbours in the space and on both maps, moving between the maps."""
    there = {one.choice.title(): one.map for one in panels(space) if one.map is not None}
    focus = picked.focus_row()
    if len(there) < 2 or focus is None or len(space) < 3:
        st.info(
            "Choose an item (press / and type a name)." if focus is None
            else "Put two maps side by side first."
        )  # fmt: skip
        return
    left, middle, right = st.columns([3, 3, 3], vertical_alignment="bottom")
    names = list(there)
    key = f"morph_from_{'|'.join(names)}"
    linked("from", key, names[0], names.__contains__)
    first = left.selectbox("From", names, key=key)
    others = [name for name in names if name != first]
    key = f"morph_to_{'|'.join(others)}"
    linked("to", key, others[0], others.__contains__)
    second = middle.selectbox("To", others, key=key)
    k = most = min(30, len(space) - 1)
    if most > 2:
        key = f"morph_k_{most}"
        linked("k", key, min(12, most), range(2, most + 1).__contains__)
        k = right.slider("Neighbours (k)", 2, most, key=key)
    metric = current.view().metric
    true = cached.neighbors(space, focus, metric, k).value.indices[0]
    rows, kinds = neighborhood(focus, true, there[first], there[second], k)
    before, after, moved, chance = aligned_places(
        there[first].coordinates, there[second].coordinates, rows
    )
    figure = morph_figure(
        before, after, space.items.take(rows.tolist()), kinds, (first, second)
    )  # fmt: skip
    both = sum(kind == "true" for kind in kinds)
    show_figure(
        figure, key="morph",
        alt=f"{space.items[focus]} and {len(rows) - 1} others move from their places on the map "
        f"{first} to those on {second}: {moved:.2f} on average, by chance {chance:.2f}.",
    )  # fmt: skip
    st.markdown(
        f"**{literal(space.items[focus])}** and {len(rows) - 1} others: its {both} nearest in the "
        f"space, and those that lie among the {k} nearest on one of the maps alone. Turned, "
        f"mirrored and scaled onto each other, an item still moves {moved:.2f} on average, in "
        f"units of the neighbourhood's spread; were the places of the second map dealt out at "
        f"random, {chance:.2f}."
    )


def neighborhood(
    focus: int, true: IntArray, first: ShownMap, second: ShownMap, k: int
) -> tuple[IntArray, list[str]]:
    """The rows that move, the focus first, and what each is: see `morph_figure`."""
    kinds = {focus: "focus"} | dict.fromkeys(true.tolist(), "true")
    beside = {name: near_on_map(one.key, focus, k, one).tolist()
              for name, one in (("first", first), ("second", second))}  # fmt: skip
    for row in beside["first"]:
        kinds.setdefault(row, "both" if row in beside["second"] else "first")
    for row in beside["second"]:
        kinds.setdefault(row, "second")
    return np.array(list(kinds)), list(kinds.values())


def aligned_places(
    first: FloatArray, second: FloatArray, rows: IntArray
) -> tuple[np.ndarray, np.ndarray, float, float]:
    """(m, 2) places on both maps, Procrustes-aligned; how far an item moves, and by chance."""
    before = unit_spread(first[rows])
    after = aligned(second[rows], before)
    shuffled = aligned(second[np.random.default_rng(0).permutation(rows)], before)
    moved, chance = (
        float(np.linalg.norm(places - before, axis=1).mean()) for places in (after, shuffled)
    )
    return before, after, moved, chance
