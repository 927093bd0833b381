"""What one visitor looks at, as plain values: the part of the state that a link can carry."""

from __future__ import annotations

from dataclasses import dataclass

MOST_PINS = 8
MOST_FILTERS = 8


@dataclass(frozen=True)
class View:
    """A space, how it is measured and drawn, and the items looked at; items by name.

    colour : a metadata column, or "" for one colour
    focus : the item looked at, or ""
    pins : up to eight items kept in view
    maps : the maps that stand side by side, each as text (see map_choice.py); none: as first shown
    where : conditions on metadata that the items shown meet, each as text (see filters.py)
    """

    space: str
    metric: str = "cosine"
    map: str = "PCA"
    colour: str = ""
    focus: str = ""
    pins: tuple[str, ...] = ()
    maps: tuple[str, ...] = ()
    where: tuple[str, ...] = ()


@dataclass(frozen=True)
class Selection:
    """A set of items drawn around on a map.

    polygon : corners in map coordinates; the members are computed from it when they are needed
    map, space : the map and the space on which it was drawn: it means nothing on another
    """

    polygon: tuple[tuple[float, float], ...]
    map: str
    space: str
