"""The metadata column that items are coloured by, and columns that the visitor made here."""

from __future__ import annotations

from typing import Any

from explorer.metadata import Metadata
from explorer.ui import filtered
from explorer.ui.state import current, narrowing, spaces


def set_colour(column: str) -> None:
    if column == "" or column in current.whole_space().metadata:
        current.change(colour=column)


def set_column(column: str, values: Any | None) -> None:
    """Give the space looked at one more metadata column, for this visitor alone.

    values : one for each item shown (those that a filter hides get none); None takes it away
    Every page can colour by it and be restricted to its values.
    """
    part = filtered.origin(current.space())
    if part is not None and values is not None:
        values = part.spread(values)
    shown, name = current.whole_space(), current.view().space
    columns = {one: shown.metadata[one] for one in shown.metadata if one != column}
    if values is not None:
        columns[column] = values
    changed = shown.with_metadata(Metadata(columns, rows=len(shown)))
    (spaces.shelf() if name in spaces.shelf() else spaces.with_columns())[name] = changed
    narrowing.set_filter(column, None)
    if values is not None or current.view().colour == column:
        set_colour(column if values is not None else "")
