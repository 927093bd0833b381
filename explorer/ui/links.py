"""A view as URL parameters and back: a pure pair of functions.

?space=digits&map=UMAP&metric=cosine&colour=digit&focus=3+·+17&pins=…&pins=…&maps=PCA&maps=…

What comes from a URL is untrusted: only the known names are read, each is capped in length, and
whether a value exists is for the state module to decide, which has the space at hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from explorer.ui.map_choice import MOST_MAPS
from explorer.ui.view import MOST_PINS, View

NAMES = ("space", "metric", "map", "colour", "focus")
MOST_CHARACTERS = 200


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
    return {
        name: values
        for name, values in params.items()
        if all(len(value) <= MOST_CHARACTERS for value in values)
    }


def from_params(params: Mapping[str, Sequence[str]]) -> tuple[dict[str, str], list[str]]:
    """The values that a URL asks for, and its pins; unknown parameters are ignored.

    Of a repeated parameter the last counts, as in Streamlit; `pins` may repeat (and `maps`, see
    maps_from).
    """
    asked = {}
    for name in NAMES:
        values = [value for value in params.get(name, ()) if len(value) <= MOST_CHARACTERS]
        if values:
            asked[name] = values[-1]
    pins = [pin for pin in params.get("pins", ()) if 0 < len(pin) <= MOST_CHARACTERS]
    return asked, list(dict.fromkeys(pins))[:MOST_PINS]


def maps_from(params: Mapping[str, Sequence[str]]) -> list[str]:
    """The maps that a URL asks to see side by side, as texts; `maps` may repeat."""
    texts = [text for text in params.get("maps", ()) if 0 < len(text) <= MOST_CHARACTERS]
    return list(dict.fromkeys(texts))[:MOST_MAPS]
