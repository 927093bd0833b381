"""A map that a visitor chose to see beside others: a method and its settings, as text and back.

    PCA                                  the default settings
    PCA;first=2;second=3                 what differs from them
    UMAP;neighbors=30;seed=2
    Columns;x=longitude;y=latitude       two metadata columns
    Stored;name=UMAP                     a map that came with the space

What comes from a link is untrusted: `from_text` gives None for anything but a known method with
settings in range. Whether a column or a stored map exists, the space must say (`fits`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, unquote

from explorer.projection.umap_learn import METRICS
from explorer.space import EmbeddingSpace

MOST_MAPS = 4


@dataclass(frozen=True)
class Option:
    """One setting: its default, its range or its words, and the line shown beside it."""

    default: Any
    hint: str
    least: float = 0
    most: float = 0
    words: tuple[str, ...] = ()


SEED = Option(1, "Fixes what is drawn at random.", 0, 2**31 - 1)
NEIGHBORS = Option(15, "Few show fine detail, many the broad shape.", 2, 200)
MIN_DIST = Option(0.1, "How tightly points may lie on the map.", 0.0, 1.0)
METHODS: Mapping[str, Mapping[str, Option]] = MappingProxyType(
    {
        "PCA": {
            "first": Option(1, "The component along x.", 1, 50),
            "second": Option(2, "The component along y.", 1, 50),
        },
        "UMAP": {
            "neighbors": NEIGHBORS,
            "min_dist": MIN_DIST,
            "epochs": Option(0, "Rounds of placing points; 0: as many as usual.", 0, 2_000),
            "seed": SEED,
            "metric": Option("cosine", "What near means.", words=("cosine", "euclidean")),
        },
        "UMAP (umap-learn)": {
            "neighbors": NEIGHBORS,
            "min_dist": MIN_DIST,
            "seed": SEED,
            "metric": Option("cosine", "What near means.", words=METRICS),
            "densmap": Option(
                "no", "densMAP: crowded places are crowded in the space too.", words=("no", "yes")
            ),
            "told": Option("", "A category that the map is told (supervised UMAP)."),
        },
        "Random projection": {
            "kind": Option(
                "gaussian",
                "Gaussian: every direction counts a little. Sparse: few dimensions, by chance.",
                words=("gaussian", "sparse"),
            ),
            "seed": Option(1, "Another seed is another draw.", 0, 2**31 - 1),
        },
        "t-SNE": {
            "perplexity": Option(
                30.0, "About how many neighbours each item keeps near.", 2.0, 200.0
            ),
            "seed": SEED,
        },
        "Columns": {
            "x": Option("", "The metadata column along x."),
            "y": Option("", "The metadata column along y."),
        },
        "Stored": {"name": Option("", "A map that came with the space.")},
    }
)  # fmt: skip


@dataclass(frozen=True)
class MapChoice:
    """A method and those of its settings that differ from the default, by name."""

    method: str
    changed: tuple[tuple[str, Any], ...] = ()

    def __getitem__(self, name: str) -> Any:
        return dict(self.changed).get(name, METHODS[self.method][name].default)

    @property
    def settings(self) -> dict[str, Any]:
        """All settings of the method."""
        return {name: self[name] for name in METHODS[self.method]}

    def having(self, **settings: Any) -> MapChoice:
        """The same method with some settings changed; each must be in range."""
        known = METHODS[self.method]
        wanted = {**self.settings, **settings}
        kept = tuple((name, wanted[name]) for name in known if wanted[name] != known[name].default)
        return replace(self, changed=kept)

    @property
    def text(self) -> str:
        """The choice for a link: "UMAP;neighbors=30"."""
        parts = [f"{name}={quote(str(value), safe=' ')}" for name, value in self.changed]
        return ";".join([self.method, *parts])

    @property
    def drawn_on(self) -> str:
        """The name under which a selection remembers it: the Map page's, where that shows it."""
        if self.method == "Stored":
            return str(self["name"])
        return self.text if self.method != "UMAP" else f"{self.text} (made here)"

    def title(self) -> str:
        """The choice for a heading: "UMAP, 30 neighbors"."""
        if self.method == "Stored":
            return f"{self['name']} (stored)"
        if self.method == "Columns":
            return f"{self['x']} × {self['y']}"
        if self.method == "PCA":
            first, second = self["first"], self["second"]
            return "PCA" if (first, second) == (1, 2) else f"PCA {first}, {second}"
        told = [
            value if name in ("kind", "metric") else f"{name.replace('_', ' ')} {value}"
            for name, value in self.changed
        ]
        return ", ".join([self.method, *told])


def from_text(text: str) -> MapChoice | None:
    """The choice that a text means; None where it means none."""
    method, *parts = text.split(";")
    if method not in METHODS or len(parts) > len(METHODS[method]):
        return None
    wanted: dict[str, Any] = {}
    for part in parts:
        name, equals, value = part.partition("=")
        known = METHODS[method].get(name)
        if not equals or known is None or name in wanted:
            return None
        read = _read(known, unquote(value))
        if read is None:
            return None
        wanted[name] = read
    choice = MapChoice(method).having(**wanted)
    same = method == "PCA" and choice["first"] == choice["second"]
    return None if same else choice


def _read(known: Option, text: str) -> Any:
    """The value that stands in a text, or None where it is out of range."""
    if isinstance(known.default, str):
        return text if not known.words or text in known.words else None
    try:
        value = type(known.default)(text)
    except ValueError:
        return None
    return value if known.least <= value <= known.most else None


def fits(choice: MapChoice, space: EmbeddingSpace) -> bool:
    """Whether a space has what the choice asks for: the component, the columns, the map."""
    if choice.method == "PCA":
        most = max(2, min(len(space), space.dimensions))
        return bool(max(choice["first"], choice["second"]) <= most)
    if choice.method == "Columns":
        columns = number_columns(space)
        return choice["x"] in columns and choice["y"] in columns
    if choice.method == "UMAP (umap-learn)":
        return choice["told"] in ("", *space.metadata.of_kind("category"))
    return choice.method != "Stored" or str(choice["name"]) in space.maps


def number_columns(space: EmbeddingSpace) -> list[str]:
    """The metadata columns that can be an axis."""
    return [name for name in space.metadata if space.metadata[name].dtype.kind in "if"]


def first_choices(space: EmbeddingSpace) -> tuple[MapChoice, ...]:
    """What a space is first shown by: PCA, and a stored map or a random projection beside it."""
    stored = [name for name in space.maps if name != "PCA"]
    stored.sort(key=lambda name: "umap" not in name.lower())
    second = (
        MapChoice("Stored").having(name=stored[0]) if stored else MapChoice("Random projection")
    )
    return MapChoice("PCA"), second
