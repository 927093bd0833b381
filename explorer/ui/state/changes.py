"""Whether the visitor changed something in this run, which is newer than the address then."""

from __future__ import annotations

import streamlit as st


def note() -> None:
    """Something that the address tells has been changed."""
    st.session_state["changed"] = True


def take() -> bool:
    """Whether something was changed since this was asked last."""
    return bool(st.session_state.pop("changed", False))
