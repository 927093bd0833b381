"""What is looked at: the view, the space, and the part of it that the filters leave."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import streamlit as st

from explorer import catalog
from explorer.filters import Condition, from_text
from explorer.metadata import Metadata
from explorer.metrics import METRICS
from explorer.space import EmbeddingSpace
from explorer.ui import filtered
from explorer.ui.state import changes, spaces
from explorer.ui.state.view import View

MOST_LOOKED_AT = 8


def first_view(name: str) -> View:
    """How a space is first shown: bundled ones with their chosen focus, colour and map."""
    shown = spaces.named(name)
    known = catalog.bundled().get(name) if name not in spaces.shelf() else None
    if known is not None and len(shown):
        return View(name, map=known.map, colour=known.colour, focus=known.default_focus)
    colours = shown.metadata.of_kind("category")
    numbers = shown.metadata.of_kind("number")
    stored = [name for name in shown.maps if "umap" in name.lower()]
    return View(
        name,
        map=stored[0] if stored else "PCA",
        colour=(colours or numbers or [""])[0],
        focus=shown.items[0],
    )


def view() -> View:
    """What the visitor looks at."""
    if "view" not in st.session_state or st.session_state["view"].space not in spaces.names():
        st.session_state["view"] = first_view(spaces.names()[0])
    return cast(View, st.session_state["view"])


def look_at_first(name: str) -> None:
    """Look at a space as it is first shown."""
    st.session_state["view"] = first_view(name)
    changes.note()


def look_at(new: View) -> None:
    """Take this view; the item that it leaves comes first among those looked at."""
    old = view()
    if new.space == old.space and new.focus != old.focus:
        before = [old.focus, *looked_at()]
        kept = [name for name in dict.fromkeys(before) if name and name != new.focus]
        st.session_state.setdefault("looked_at", {})[old.space] = kept[:MOST_LOOKED_AT]
    st.session_state["view"] = new


def looked_at() -> list[str]:
    """The items looked at before the present one, the last first."""
    return list(st.session_state.get("looked_at", {}).get(view().space, ()))


def change(**values: Any) -> None:
    """Change these of the view; the visitor asked for it."""
    look_at(replace(view(), **values))
    changes.note()


def set_metric(metric: str) -> None:
    if metric in METRICS:
        change(metric=metric)


def whole_space() -> EmbeddingSpace:
    """The space that is looked at, without its filters."""
    return spaces.named(view().space)


def space() -> EmbeddingSpace:
    """The space that is looked at: what its filters leave; all of it where they leave nothing."""
    whole, conditions = whole_space(), filters()
    return (filtered.part(whole, conditions) or whole) if conditions else whole


def filters() -> tuple[Condition, ...]:
    """The conditions on metadata that the items shown meet."""
    found = (usable(text, whole_space().metadata) for text in view().where)
    return tuple(condition for condition in found if condition is not None)


def usable(text: str, metadata: Metadata) -> Condition | None:
    """A condition that this metadata can be asked; None for any other text."""
    condition = from_text(text)
    if condition is None or condition.column not in metadata:
        return None
    numbers = metadata[condition.column].dtype != object
    return condition if numbers or condition.between is None else None
