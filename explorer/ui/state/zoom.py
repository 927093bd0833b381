"""Where the visitor zoomed to on a map, and numbers as a browser sends them."""

from __future__ import annotations

from typing import cast

import streamlit as st


def viewport() -> tuple[float, float, float, float] | None:
    """(x0, x1, y0, y1) that the visitor zoomed to on a sampled map; None for the whole."""
    return cast("tuple[float, float, float, float] | None", st.session_state.get("viewport"))


def set_viewport(bounds: object) -> None:
    """Remember where the visitor zoomed to; None for the whole map."""
    values = numbers(bounds)
    good = len(values) == 4 and values[0] < values[1] and values[2] < values[3]
    st.session_state["viewport"] = tuple(values) if good else None


def numbers(values: object) -> list[float]:
    """Finite numbers from what a browser sent; nothing where it is something else."""
    if not isinstance(values, list | tuple):
        return []
    kept = [float(value) for value in values if isinstance(value, int | float)]
    return kept if len(kept) == len(values) and all(abs(v) < 1e30 for v in kept) else []


def corners(polygon: object) -> tuple[tuple[float, float], ...]:
    """The corners [[x, y], …] that a browser sent; none where it is something else."""
    if not isinstance(polygon, list | tuple) or len(polygon) > 1_000:
        return ()
    pairs = [numbers(pair) for pair in polygon]
    return tuple((pair[0], pair[1]) for pair in pairs if len(pair) == 2)
