"""Names and numbers as a page prints them."""

from __future__ import annotations

from explorer.plain_numbers import even_number as even_number
from explorer.plain_numbers import number as number

SPECIAL = "\\`*_{}[]()<>#+-.!|~$:&"


def literal(text: str, most: int = 300) -> str:
    """Text that Streamlit's Markdown shows to the letter, cut at `most` characters."""
    text = " ".join(text.split())
    text = text if len(text) <= most else text[: most - 1] + "…"
    return "".join(f"\\{sign}" if sign in SPECIAL else sign for sign in text)
