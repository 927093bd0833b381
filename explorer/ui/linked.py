"""Controls of a page whose value goes along with the link: read from it, and written to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import streamlit as st

from explorer.ui.state import address_bar, links

Value = TypeVar("Value", str, int, bool, list[str])


def linked(name: str, key: str, default: Value, valid: Callable[[Value], bool]) -> None:
    """To be called before the control with this key, which then takes its value from the session.

    name : of the parameter in the address
    valid : whether a value that came from an address may be set
    """
    if key not in st.session_state or address_bar.address_is_new():
        asked = st.query_params.get(name, "")[: links.MOST_CHARACTERS]
        value = from_text(asked, default) if name in st.query_params else None
        st.session_state[key] = value if value is not None and valid(value) else default
    shown = cast("Value | None", st.session_state[key])
    if shown is not None and shown != default:
        address_bar.keep_in_link(name, to_text(shown))


def to_text(value: str | int | bool | list[str]) -> str:
    """A value as it stands in an address: words as they are, switches as 1 and 0."""
    if isinstance(value, list):
        return ",".join(value)
    return str(int(value)) if isinstance(value, bool) else str(value)


def from_text(text: str, like: Value) -> Value | None:
    """The value that `to_text` wrote, of the type of `like`; None for anything else."""
    if isinstance(like, list):
        return [part for part in text.split(",") if part]
    if isinstance(like, bool):
        return text == "1" if text in ("0", "1") else None
    if isinstance(like, int):
        plain = text.removeprefix("-")
        return int(text) if plain.isascii() and plain.isdigit() and len(plain) < 10 else None
    return text
