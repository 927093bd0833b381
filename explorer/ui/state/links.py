"""A view as URL parameters and back: a pure pair of functions.

?space=digits&map=UMAP&metric=cosine&colour=digit&focus=3+·+17&pins=…&pins=…&maps=PCA&maps=…
&where=["digit","is","3"]&where=…

What comes from a URL is untrusted: only the known names are read, each is capped in length, and
whether a value exists is for `address_bar` to decide, which has the space at hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from explorer.ui.map_choice import MOST_MAPS
from explorer.ui.state.view import MOST_FILTERS, MOST_PINS, View

NAMES = ("space", "metric", "map", "colour", "focus")
MOST_CHARACTERS = 200
MOST_OF_FILTER = 1_000  # characters: a filter may name many values


def to_params(view: View, default: View) -> dict[str, list[str]]:
    """Parameters for what differs from the default view; the space always, so that links last."""
    params = {"space": [view.space]}
    for name in NAMES[1:]:
        value = getattr(view, name)
        if value != getattr(default, name):
            params[name] = [value]
    if view.pins:
        params["pins"] = list(view.pins)
    if view.maps:
        params["maps"] = list(view.maps)
    if view.where:
        params["where"] = list(view.where)
    return {
        name: values
        for name, values in params.items()
        if all(len(value) <= _longest(name) for value in values)
    }


def _longest(name: str) -> int:
    return MOST_OF_FILTER if name == "where" else MOST_CHARACTERS


def from_params(params: Mapping[str, Sequence[str]]) -> tuple[dict[str, str], list[str]]:
    """The values that a URL asks for, and its pins; unknown parameters are ignored.

    Of a repeated parameter the last counts, as in Streamlit; `pins` may repeat (and `maps` and
    `where`, see below).
    """
    asked = {}
    for name in NAMES:
        values = [value for value in params.get(name, ()) if len(value) <= MOST_CHARACTERS]
        if values:
            asked[name] = values[-1]
    return asked, _several(params, "pins", MOST_PINS)


def maps_from(params: Mapping[str, Sequence[str]]) -> list[str]:
    """The maps that a URL asks to see side by side, as texts; `maps` may repeat."""
    return _several(params, "maps", MOST_MAPS)


def where_from(params: Mapping[str, Sequence[str]]) -> list[str]:
    """The conditions on metadata that a URL asks for, as texts; `where` may repeat."""
    return _several(params, "where", MOST_FILTERS)


def _several(params: Mapping[str, Sequence[str]], name: str, most: int) -> list[str]:
    texts = [text for text in params.get(name, ()) if 0 < len(text) <= _longest(name)]
    return list(dict.fromkeys(texts))[:most]
