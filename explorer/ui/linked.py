"""Controls of a page whose value goes along with the link: read from it, and written to it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from explorer.ui.state import address_bar, links

Value = TypeVar("Value", str, int, float, bool, list[str])


def linked(name: str, key: str, default: Value, valid: Callable[[Value], bool]) -> None:
    """To be called before the control with this key, which then takes its value from the session.

    name : of the parameter in the address
    valid : whether a value that came from an address may be set
    """
    if key not in st.session_state or address_bar.address_is_new():
        st.session_state[key] = _asked(name, default, valid)
    _keep(name, st.session_state[key], default)


def linked_default(
    name: str, key: str, default: Value, valid: Callable[[Value], bool]
) -> tuple[Value, str]:
    """The value to give a control as its default, and its key.

    For one that may stand in a closed menu, where it takes no value but its default: after another
    link, which may ask for another, a new control stands in its place.
    """
    slot = f"linked {key}"
    first, number = st.session_state.get(slot, (default, 0))
    own_key = f"{key} {number}" if number else key
    if address_bar.address_is_new():
        first = _asked(name, default, valid)
        if own_key in st.session_state:
            number += 1
            own_key = f"{key} {number}"
        st.session_state[slot] = first, number
    _keep(name, st.session_state.get(own_key, first), default)
    return first, own_key


def _asked(name: str, default: Value, valid: Callable[[Value], bool]) -> Value:
    """What the address asks for where that may be set, else the default."""
    if name not in st.query_params:
        return default
    value = from_text(st.query_params[name][: links.MOST_CHARACTERS], default)
    return value if value is not None and valid(value) else default


def _keep(name: str, value: Value | None, default: Value) -> None:
    """In the link stands what differs from the default."""
    if value is not None and value != default:
        address_bar.keep_in_link(name, to_text(value))


def to_text(value: str | int | float | bool | list[str]) -> str:
    """A value as it stands in an address: words as they are, switches as 1 and 0."""
    if isinstance(value, list):
        return ",".join(value)
    if isinstance(value, float):
        return f"{value:.10g}"  # what a slider adds up, without its last digits
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
    if isinstance(like, float):
        try:
            value = float(text)
        except ValueError:
            return None
        return value if math.isfinite(value) else None
    return text
