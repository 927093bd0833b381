"""Numbers as people read them."""

from __future__ import annotations


def number(value: float) -> str:
    """Four significant digits, plain where that is readable: 0.8321, 12.35, 1,234, 1.2e+09."""
    if value != value or abs(value) == float("inf"):
        return str(value)
    size = abs(value)
    if size != 0 and (size < 1e-3 or size >= 1e7):
        return f"{value:.3g}"
    if size >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4f}" if size < 1 else f"{value:.4g}"


def even_number(value: float) -> str:
    """The same with its last zeros, so that numbers of a list are equally long: 2.050, 12.30."""
    return f"{value:#.4g}".rstrip(".") if 1 <= abs(value) < 1000 else number(value)
