"""What to tell the visitor once, at the top of the next page drawn."""

from __future__ import annotations

from typing import cast

import streamlit as st


def notify(message: str) -> None:
    """Tell the visitor something at the top of the next page drawn."""
    st.session_state.setdefault("notices", []).append(message)


def take() -> list[str]:
    """Things to tell the visitor now: taken from the list when read."""
    return cast("list[str]", st.session_state.pop("notices", []))
