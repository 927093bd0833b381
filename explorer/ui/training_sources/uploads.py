"""What a visitor uploaded to train on, read once and kept in the session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import streamlit as st

T = TypeVar("T")


def read_once(slot: str, file: Any, choice: object, read: Callable[[], T]) -> T:
    """`read()` of an uploaded file, or what it gave for the same file and choice before.

    slot : the session keeps one result under it, the newest
    choice : whatever else the result depends on
    """
    key = (file.file_id, choice)
    held = st.session_state.get(slot)
    if held is None or held[0] != key:
        with st.spinner(f"Reading {file.name} …"):
            held = (key, read())
        st.session_state[slot] = held
    return cast(T, held[1])
