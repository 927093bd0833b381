"""The spaces that open without a file, by name. The first is what opens when nothing is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from explorer.bundled.digits import open_digits
from explorer.bundled.english import open_english
from explorer.bundled.small_world import open_small_world
from explorer.errors import ExplorerError
from explorer.space import EmbeddingSpace


@dataclass(frozen=True)
class Bundled:
    """One bundled space, and what a first look at it should show.

    name : the key, short enough for a link
    title : as a menu shows it
    description : one sentence: what it is, and what its vectors are not
    open : makes the space, in a few hundredths of a second
    default_focus : the item to look at first
    colour : the metadata column that colours the map
    map : the stored map to show first
    """

    name: str
    title: str
    description: str
    open: Callable[[], EmbeddingSpace]
    default_focus: str
    colour: str
    map: str


_BUNDLED = (
    Bundled(
        name="english",
        title="English words",
        description=(
            "20,000 frequent English words, real vectors: trained here by skip-gram on 12 million "
            "words of an encyclopedia, so they know what such a text says, and no more."
        ),
        open=open_english,
        default_focus="king",
        colour="topic",
        map="UMAP",
    ),
    Bundled(
        name="digits",
        title="Handwritten digits",
        description=(
            "1,797 handwritten digits of 8 x 8 pixels, real data: each vector is the picture "
            "itself, 64 grey values that no model has learned from."
        ),
        open=open_digits,
        default_focus="3 · 164",
        colour="digit",
        map="UMAP",
    ),
    Bundled(
        name="small-world",
        title="Small world of words",
        description=(
            "530 English words with made-up vectors, built from known directions (gender, plural, "
            "capital, degree, kind) plus noise, so that every answer can be checked."
        ),
        open=open_small_world,
        default_focus="queen",
        colour="kind",
        map="PCA",
    ),
)

DEFAULT = _BUNDLED[0].name


def bundled() -> dict[str, Bundled]:
    """The bundled spaces by name, the default first."""
    return {entry.name: entry for entry in _BUNDLED}


def open_bundled(name: str = DEFAULT) -> EmbeddingSpace:
    """Open a bundled space; an unknown name is answered with the list of those there are."""
    spaces = bundled()
    if name not in spaces:
        raise ExplorerError(f"{name!r} is no bundled space; there are {', '.join(spaces)}.")
    return spaces[name].open()
