"""The settings of the visitor's UMAP maps, and the menu in which they are changed."""

from __future__ import annotations

from typing import Any, cast

import streamlit as st

from explorer.errors import ExplorerError
from explorer.projection.umap import UmapSettings
from explorer.projection.umap_learn import METRICS, UmapLearnSettings
from explorer.space import EmbeddingSpace
from explorer.ui.settings_form import settings_form

OURS, LEARN = "UMAP", "UMAP (umap-learn)"
ASK_ABOVE = {OURS: 200_000, LEARN: 20_000}  # items; a larger map is begun by a button
MOST_CATEGORIES = 1_000  # of a column that a map may be told


def chosen(name: str) -> UmapSettings | UmapLearnSettings:
    """The settings of the visitor's map of that name."""
    kept = st.session_state.get(_key(name))
    return cast("UmapSettings | UmapLearnSettings", kept) if kept is not None else _default(name)


def settings_menu(space: EmbeddingSpace, name: str) -> None:
    """A menu with a form; the map is made anew when it is sent."""
    with (
        st.popover("Settings", icon=":material/tune:"),
        st.form(f"umap_form_{name}", border=False),
    ):
        values = _ours() if name == OURS else _learn(space)
        if st.form_submit_button("Make the map", type="primary"):
            try:
                kind = UmapSettings if name == OURS else UmapLearnSettings
                st.session_state[_key(name)] = kind(**values)
            except ExplorerError as problem:
                st.error(str(problem))
            else:
                st.rerun()


def _key(name: str) -> str:
    return f"{name} settings"


def _default(name: str) -> UmapSettings | UmapLearnSettings:
    return UmapSettings() if name == OURS else UmapLearnSettings()


def _ours() -> dict[str, Any]:
    return settings_form(
        UmapSettings, key="umap", main=("neighbors", "min_dist", "metric", "epochs", "seed"),
        fixed=("components",),
    )  # fmt: skip


def _learn(space: EmbeddingSpace) -> dict[str, Any]:
    columns = [
        name for name in space.metadata.of_kind("category")
        if len(set(space.metadata[name].tolist())) <= MOST_CATEGORIES
    ]  # fmt: skip
    kind = st.selectbox(
        "Kind", ["plain", "densMAP", *(f"told: {name}" for name in columns)], key="learn_kind",
        help="densMAP keeps crowded places crowded; a map that is told a category draws its items "
        "together, whether the vectors do or not.",
    )  # fmt: skip
    return {
        "neighbors": st.number_input("Neighbours", 2, 200, 15, key="learn_neighbors"),
        "min_dist": st.number_input("Minimum distance", 0.0, 1.0, 0.1, 0.05, key="learn_min_dist"),
        "metric": st.selectbox("Metric", METRICS, key="learn_metric"),
        "seed": st.number_input("Seed", 0, 2**31 - 1, 1, key="learn_seed"),
        "densmap": kind == "densMAP",
        "told": kind.removeprefix("told: ") if kind.startswith("told: ") else "",
    }
