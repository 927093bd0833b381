"""Parts of a page of which only the chosen one is computed (st.tabs would run them all)."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from explorer.ui.linked import linked


def section(names: Sequence[str], *, key: str) -> str:
    """Let the visitor choose a part of the page; the first is chosen at the start."""
    linked("part", key, names[0], names.__contains__)
    chosen = st.segmented_control(
        "Part of the page", names, key=key, label_visibility="collapsed", required=True
    )
    return chosen or names[0]
