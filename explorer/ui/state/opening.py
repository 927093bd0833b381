"""Another space is looked at, put on the visitor's shelf, or taken off it."""

from __future__ import annotations

from dataclasses import replace

from explorer.errors import ExplorerError
from explorer.space import EmbeddingSpace
from explorer.ui import held
from explorer.ui.state import current, narrowing, spaces
from explorer.ui.state.zoom import set_viewport


def set_space(name: str) -> None:
    """Look at another space: its own first view; the selection and the viewport go."""
    if name not in spaces.names():
        raise ExplorerError(f"No space named {name!r} is open here.")
    current.look_at_first(name)
    narrowing.forget_selection()
    set_viewport(None)


def add_space(new: EmbeddingSpace) -> str:
    """Put a space on the visitor's shelf and look at it; the name it got, distinct from others."""
    own = spaces.shelf()
    taken = {*own, *spaces.on_server()}
    name, number = new.name, 2
    while name in taken:
        name, number = f"{new.name} ({number})", number + 1
    held.check_room(own.values(), new)
    own[name] = replace(new, name=name)
    held.shelves().add(own[name])
    set_space(name)
    return name


def close_space(name: str) -> None:
    """Take a space off the visitor's shelf."""
    spaces.shelf().pop(name, None)
    if current.view().space == name:
        set_space(next(iter(spaces.on_server())))
