"""A form for a trainer's settings, drawn from the fields of their dataclass and its hints."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import Field, fields
from typing import Any

import streamlit as st

from explorer.ui.linked import linked_default

WIDTH = 170  # pixels of a control
LARGEST = 1 << 53  # whole numbers beyond are not told apart by a browser


def settings_form(
    settings: type, *, key: str, main: Sequence[str], fixed: Collection[str] = (),
    in_link: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """The values chosen for a settings dataclass whose fields are made by `training.setting`.

    main : the fields shown at once, in this order; the rest stands under "More settings"
    fixed : fields that the page sets itself
    in_link : whether what is chosen goes along with the link, under the fields' names
    """
    known = {one.name: one for one in fields(settings) if one.name not in fixed}
    first = [name for name in main if name in known]
    chosen = _row(known, first, key, in_link)
    rest = [name for name in known if name not in first]
    if rest:
        with st.expander("More settings"):
            chosen |= _row(known, rest, key, in_link)
    return chosen


def _row(
    known: dict[str, Field[Any]], names: Sequence[str], key: str, in_link: bool
) -> dict[str, Any]:
    """Controls beside each other, as many as there is room for."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        return {name: _control(known[name], f"{key}_{name}", in_link) for name in names}


def _control(one: Field[Any], key: str, in_link: bool) -> Any:
    told = one.metadata
    default: Any = one.default
    label = one.name.replace("_", " ").capitalize()
    if in_link:
        default, key = linked_default(one.name, key, default, lambda value: _allowed(one, value))
    options: dict[str, Any] = {"key": key, "help": told.get("hint"), "width": WIDTH}
    if told.get("choices"):
        choices = list(told["choices"])
        return st.selectbox(label, choices, choices.index(default), **options)
    if isinstance(default, bool):
        return st.checkbox(label, default, **options)
    if isinstance(default, int):
        bounds = _whole(told["least"]), _whole(told["most"])
        return st.number_input(label, *bounds, default, step=1, **options)
    if isinstance(default, float):
        least = _bound(max(told["least"], told["above"]))
        step = 10.0 ** math.floor(math.log10(default)) if default > 0 else 0.01
        return st.number_input(
            label, least, _bound(told["most"]), default, step=step, format="%g", **options
        )
    return default


def _allowed(one: Field[Any], value: Any) -> bool:
    """Whether a value that came from an address may be chosen."""
    told = one.metadata
    if told.get("choices"):
        return bool(value in told["choices"])
    if isinstance(value, bool):
        return True
    return bool(told["above"] < value and told["least"] <= value <= told["most"])


def _whole(bound: float) -> int | None:
    return int(bound) if abs(bound) < LARGEST else None


def _bound(bound: float) -> float | None:
    return float(bound) if math.isfinite(bound) else None
