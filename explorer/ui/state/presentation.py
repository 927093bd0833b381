"""Whether all is drawn larger, for people at the far end of a room."""

from __future__ import annotations

import streamlit as st

from explorer.ui.state import changes

PARAMETER = "present"  # in the address


def presenting() -> bool:
    """Whether all is drawn larger."""
    return bool(st.session_state.get("presenting"))


def set_presenting(on: bool) -> None:
    st.session_state["presenting"] = on
    changes.note()
