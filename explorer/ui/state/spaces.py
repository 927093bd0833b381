"""Which spaces this visitor can open: their own, the server's, and these with columns added."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import streamlit as st

from explorer import catalog
from explorer.space import EmbeddingSpace
from explorer.ui import cached
from explorer.ui.state import messages


def shelf() -> dict[str, EmbeddingSpace]:
    """The visitor's own spaces by name, the oldest first."""
    return cast("dict[str, EmbeddingSpace]", st.session_state.setdefault("shelf", {}))


def with_columns() -> dict[str, EmbeddingSpace]:
    """Spaces of the server to which this visitor has added columns, by name."""
    return cast("dict[str, EmbeddingSpace]", st.session_state.setdefault("with_columns", {}))


def on_server() -> dict[str, Callable[[], EmbeddingSpace]]:
    """Spaces of this server by name: the file of the command line first, then the bundled ones."""
    spaces: dict[str, Callable[[], EmbeddingSpace]] = {}
    opened, problem = cached.command_line_space()
    if problem and not st.session_state.get("told_problem"):
        st.session_state["told_problem"] = True
        messages.notify(problem)
    if opened is not None:
        spaces[opened.name] = lambda: opened
    for name in catalog.bundled():
        spaces.setdefault(name, lambda name=name: cached.bundled_space(name))  # type: ignore[misc]
    return spaces


def names() -> list[str]:
    """All spaces this visitor can open, their own first."""
    return list(dict.fromkeys([*shelf(), *on_server()]))


def named(name: str) -> EmbeddingSpace:
    """A space by name; the visitor's own hides a server's space of the same name."""
    own = shelf().get(name) or with_columns().get(name)
    return own if own is not None else on_server()[name]()
