"""Notices in the browser that the server was started anew, and opens the page at its last view."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from explorer.ui import background
from explorer.ui.component_data import as_json

_reconnect = st.components.v2.component(
    "reconnect", js=(Path(__file__).parent / "reconnect.js").read_text(encoding="utf-8")
)


def reconnect() -> None:
    """Tell the page which session it shows."""
    _reconnect(key="reconnect", data=as_json({"session": background.asker()}))
