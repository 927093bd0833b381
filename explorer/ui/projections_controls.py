"""What several parts of the Projections page are asked with."""

from __future__ import annotations

from typing import cast

import streamlit as st

from explorer.faithfulness import fitting_ks
from explorer.space import EmbeddingSpace
from explorer.ui.linked import linked
from explorer.ui.projections_scores import PAINTS
from explorer.ui.state import current

FIRST_K = 15


def painted() -> str:
    """The score that paints the maps, or "" for the metadata column of the sidebar."""
    names = {"": current.view().colour or "one colour", **PAINTS}
    linked("paint", "projections_paint", "", names.__contains__)
    chosen = st.segmented_control(
        "Paint the maps by", list(names), key="projections_paint",
        format_func=lambda name: names[name],
    )  # fmt: skip
    return chosen or ""


def neighborhood(space: EmbeddingSpace) -> int:
    """k, the size of the neighbourhoods that are compared: a control."""
    ks, first, key = _offered(space)
    linked("k", key, first, ks.__contains__)
    st.segmented_control("Neighbours (k)", list(ks), key=key)
    return current_k(space)


def current_k(space: EmbeddingSpace) -> int:
    """k as it is chosen, 15 at first."""
    _, first, key = _offered(space)
    return cast(int, st.session_state.get(key) or first)


def _offered(space: EmbeddingSpace) -> tuple[tuple[int, ...], int, str]:
    """The k to choose from, the first of them to be shown, and the control's key."""
    ks = tuple(fitting_ks(len(space))) or (1,)
    return ks, FIRST_K if FIRST_K in ks else ks[-1], f"projections_k_{ks[-1]}"
