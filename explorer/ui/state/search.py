"""What stands in the search box, and the items that it finds."""

from __future__ import annotations

from typing import cast

import streamlit as st

from explorer.ui.state import changes, current

MOST_HITS = 50


def query() -> str:
    """What stands in the search box."""
    return cast(str, st.session_state.get("query", ""))


def set_query(text: str) -> None:
    st.session_state["query"] = text[:200]
    changes.note()


def hits() -> list[int]:
    """Rows of at most 50 items whose name holds what stands in the search box."""
    return current.space().items.search(query(), MOST_HITS) if query().strip() else []
