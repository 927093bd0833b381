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
