"""The items picked out: the focus and the pins."""

from __future__ import annotations

from explorer.ui.state import current
from explorer.ui.state.view import MOST_PINS


def focus_row() -> int | None:
    """The row of the focused item."""
    focus = current.view().focus
    return current.space().items.get(focus) if focus else None


def set_focus(row: int | None) -> None:
    """Look at the item in this row; None for none."""
    shown = current.space()
    if row is None:
        current.change(focus="")
    elif 0 <= row < len(shown):
        current.change(focus=shown.items[row])


def set_focus_name(name: str) -> None:
    """Look at the item of that name, which a filter may hide."""
    if name in current.whole_space().items:
        current.change(focus=name)


def pinned_rows() -> list[int]:
    """The rows of the pinned items, in the order in which they were pinned."""
    items = current.space().items
    rows = (items.get(pin) for pin in current.view().pins)
    return [row for row in rows if row is not None]


def toggle_pin(row: int) -> None:
    """Pin an item or take its pin away; the oldest pin makes room for a ninth."""
    name = current.space().items[row]
    pins = current.view().pins
    kept = tuple(pin for pin in pins if pin != name)
    current.change(pins=kept if name in pins else (*kept, name)[-MOST_PINS:])
