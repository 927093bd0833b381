"""Parts of a page of which only the chosen one is computed (st.tabs would run them all)."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st


def section(names: Sequence[str], *, key: str) -> str:
    """Let the visitor choose a part of the page; the first is chosen at the start."""
    chosen = st.segmented_control(
        "Part of the page", names, default=names[0], key=key, label_visibility="collapsed"
    )
    return chosen or names[0]
