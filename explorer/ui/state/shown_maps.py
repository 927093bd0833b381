"""The map that is shown, and those that stand side by side."""

from __future__ import annotations

from collections.abc import Sequence

from explorer.projection import PROJECTIONS
from explorer.space import EmbeddingSpace
from explorer.ui import map_choice
from explorer.ui.map_choice import MapChoice
from explorer.ui.state import current
from explorer.ui.state.zoom import set_viewport


def map_names(shown: EmbeddingSpace) -> list[str]:
    """The maps of a space: the computed ones, then those that its file brought."""
    return list(dict.fromkeys([*PROJECTIONS, *shown.maps]))


def set_map(name: str) -> None:
    if name in map_names(current.space()):
        current.change(map=name)
        set_viewport(None)


def compared_maps() -> tuple[MapChoice, ...]:
    """The maps that stand side by side on the Projections page: one to four, distinct."""
    chosen = map(map_choice.from_text, current.view().maps)
    shown = current.space()
    kept = [one for one in chosen if one is not None and map_choice.fits(one, shown)]
    return tuple(kept) or map_choice.first_choices(shown)


def set_compared_maps(choices: Sequence[MapChoice]) -> None:
    """Show these maps side by side; a map that is asked for twice is shown once."""
    texts = tuple(dict.fromkeys(one.text for one in choices))[: map_choice.MOST_MAPS]
    first = tuple(one.text for one in map_choice.first_choices(current.space()))
    current.change(maps=() if texts == first else texts)
