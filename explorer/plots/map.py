"""What the map shows of a space: which points, in which colours, with which names and labels.

Everything is computed here from arrays and handed on as bytes (see packing.py) and small dicts; the
map component draws it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from explorer.metadata import Metadata, categories
from explorer.plots import theme
from explorer.plots.density import density
from explorer.plots.packing import pack
from explorer.plots.sampling import MOST_DRAWN, SAMPLE, in_view, stratified_sample
from explorer.space import FloatArray, IntArray

View = tuple[float, float, float, float]
MOST_PICTURE_BYTES = 8 << 20


@dataclass(frozen=True, eq=False)
class Colouring:
    """One value an item, ready to draw.

    kind : "none", "category" (codes into `entries`) or "number" (values from `low` to `high`)
    entries : name, count, colour and marker of each category, the most frequent first
    """

    kind: Literal["none", "category", "number"]
    title: str = ""
    codes: NDArray[np.uint8] | None = None
    entries: tuple[dict[str, Any], ...] = ()
    values: FloatArray | None = None
    low: float = 0.0
    high: float = 1.0

    def legend(self) -> dict[str, Any] | None:
        """What the component needs to draw a legend."""
        if self.kind == "category":
            return {"kind": "category", "title": self.title, "entries": list(self.entries)}
        if self.kind == "number":
            scale = {"low": self.low, "high": self.high, "scale": theme.colorscale()}
            return {"kind": "number", "title": self.title, **scale}
        return None


def colouring(metadata: Metadata, column: str) -> Colouring:
    """Colours by a metadata column; "" or an unknown column gives one colour.

    Names stand by frequency, whole numbers in their own order. More than 20 categories: the 19
    largest and "other". Numbers: from the 1st to the 99th
    percentile, so that one far value does not take the whole scale.
    """
    if column not in metadata:
        return Colouring("none")
    if metadata.kind(column) == "number":
        values = np.asarray(metadata[column], dtype=np.float64)
        finite = values[np.isfinite(values)]
        if not len(finite):
            return Colouring("none", column)
        low, high = np.percentile(finite, [1, 99])
        if low == high:
            low, high = float(finite.min()), float(finite.max())
        return Colouring(
            "number", column, values=values.astype(np.float32), low=float(low), high=float(high)
        )
    names, codes, counts = categories(metadata[column])
    shown = len(names)
    if shown <= theme.MOST_COLOURS and metadata[column].dtype != object:
        names, codes, counts = _by_value(metadata[column])
    if shown > theme.MOST_COLOURS:
        shown = theme.MOST_COLOURS - 1
        codes = np.minimum(codes, shown)
    entries = []
    for place in range(shown):
        colour, symbol = theme.category_style(place)
        name = names[place] or "(empty)"
        entry = {"name": name, "count": int(counts[place]), "colour": colour, "symbol": symbol}
        entries.append(entry)
    if shown < len(names):
        rest = int(counts[shown:].sum())
        name = f"other ({len(names) - shown:,} more)"
        entries.append({"name": name, "count": rest, "colour": theme.OTHER, "symbol": "circle"})
    return Colouring("category", column, codes=codes.astype(np.uint8), entries=tuple(entries))


def _by_value(
    column: NDArray[Any],
) -> tuple[list[str], NDArray[np.int64], NDArray[np.int64]]:
    """Categories that are numbers, in their own order: 0 to 9, not the most frequent first."""
    values, codes, counts = np.unique(column, return_inverse=True, return_counts=True)
    return [str(value) for value in values.tolist()], codes.reshape(-1), counts.astype(np.int64)


def whole_view(coordinates: FloatArray, margin: float = 0.05) -> View:
    """(x0, x1, y0, y1) that holds every point with a margin."""
    low = coordinates[:, :2].min(axis=0).astype(float)
    high = coordinates[:, :2].max(axis=0).astype(float)
    pad = np.maximum((high - low) * margin, 1e-6 + np.abs(high) * 1e-6)
    return (
        float(low[0] - pad[0]),
        float(high[0] + pad[0]),
        float(low[1] - pad[1]),
        float(high[1] + pad[1]),
    )


@dataclass(frozen=True, eq=False)
class Drawn:
    """The points that one picture shows.

    rows : their rows in the space, ascending
    in_view : how many points the view holds; more than len(rows) when a sample is shown
    sampled : True when a density picture lies underneath
    """

    rows: IntArray
    in_view: int
    sampled: bool


def drawn_points(
    coordinates: FloatArray, colours: Colouring, view: View | None = None, *, seed: int = 0
) -> Drawn:
    """All points in view, or above MOST_DRAWN of them a stratified sample."""
    rows = np.arange(len(coordinates)) if view is None else in_view(coordinates, view)
    if len(rows) <= MOST_DRAWN:
        return Drawn(rows, len(rows), False)
    codes = None if colours.codes is None else colours.codes[rows]
    return Drawn(stratified_sample(rows, codes, SAMPLE, seed=seed), len(rows), True)


def pack_points(key: str, coordinates: FloatArray, drawn: Drawn, place: str = "") -> bytes:
    """x, y and (for a part of the space) row of the points drawn.

    place : where several maps stand on a page, what the names of this one's stores begin with
    """
    shown = coordinates[drawn.rows, :2].astype(np.float32)
    arrays: dict[str, Any] = {"x": shown[:, 0], "y": shown[:, 1]}
    if len(drawn.rows) < len(coordinates):
        arrays["row"] = drawn.rows.astype(np.int32)
    return pack(f"{place}points", key, arrays)


def pack_colours(key: str, colours: Colouring, drawn: Drawn, place: str = "") -> bytes | None:
    """The category code or the value of the points drawn; None for one colour."""
    if colours.codes is not None:
        return pack(f"{place}colour", key, {"code": colours.codes[drawn.rows]})
    if colours.values is not None:
        return pack(f"{place}colour", key, {"value": colours.values[drawn.rows]})
    return None


def pack_names(key: str, names: list[str], place: str = "") -> bytes:
    """The names of the points drawn, a line each (a line break inside a name becomes a space)."""
    text = "\n".join(name.replace("\n", " ") for name in names)
    return pack(f"{place}names", key, {"text": text})


def pack_pictures(
    key: str, images: NDArray[np.uint8], drawn: Drawn, place: str = ""
) -> bytes | None:
    """Pixels of the points drawn, grey or RGB; None when they are more than 8 MB."""
    channels = 1 if images.ndim == 3 else images.shape[3]
    if len(drawn.rows) * images[0].size > MOST_PICTURE_BYTES:
        return None
    shape = [images.shape[1], images.shape[2], channels]
    return pack(f"{place}pictures", key, {"pixels": images[drawn.rows]}, {"shape": shape})


def pack_density(key: str, coordinates: FloatArray, view: View, place: str = "") -> bytes:
    """Log density of all points in view."""
    levels = density(coordinates, view)
    return pack(
        f"{place}density", key, {"level": levels},
        {"shape": list(levels.shape), "bounds": list(view)},
    )  # fmt: skip


def pack_near(key: str, rows: NDArray[np.integer[Any]]) -> bytes:
    """(n, k) rows of every item's nearest in the space, for the lines that follow the pointer."""
    return pack("near", key, {"rows": rows.astype(np.int32)}, {"k": int(rows.shape[1])})


def pack_selected(key: str, rows: IntArray, n: int) -> bytes:
    """Which of n items are selected, for all maps of a page."""
    chosen = np.zeros(n, dtype=np.uint8)
    chosen[rows] = 1
    return pack("selected", key, {"chosen": chosen})


def region_labels(
    coordinates: FloatArray, colours: Colouring, most: int = 20
) -> list[dict[str, Any]]:
    """A name for the middle of each category: its members' median, moved to the nearest member.

    The median of a ring lies outside it, the nearest member does not.
    """
    if colours.codes is None:
        return []
    labels = []
    for place, entry in enumerate(colours.entries[:most]):
        members = coordinates[colours.codes == place][:, :2]
        if not len(members) or entry["colour"] == theme.OTHER:
            continue
        middle = np.median(members, axis=0)
        nearest = members[np.argmin(((members - middle) ** 2).sum(axis=1))]
        labels.append({"name": entry["name"], "x": float(nearest[0]), "y": float(nearest[1])})
    return labels


def points_at(coordinates: FloatArray, rows: list[int], names: list[str]) -> list[dict[str, Any]]:
    """Rows with their place and name, for the layer above the map."""
    return [
        {"row": row, "name": name, "x": float(coordinates[row, 0]), "y": float(coordinates[row, 1])}
        for row, name in zip(rows, names, strict=True)
    ]
