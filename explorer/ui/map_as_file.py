"""A map of a page with its marks, as files and reports show it."""

from __future__ import annotations

from collections.abc import Sequence

from explorer.metrics import METRICS
from explorer.plots.map import Colouring
from explorer.plots.map_file import MapFile, described
from explorer.projection.placed import Placed
from explorer.space import EmbeddingSpace, IntArray
from explorer.ui.map_marks import Marks
from explorer.ui.maps import ShownMap
from explorer.ui.state import current


def map_as_file(
    space: EmbeddingSpace, shown: ShownMap, drawn: IntArray, colours: Colouring, marks: Marks, *,
    how_many: str, scores: Sequence[float] = (), python: str = "",
) -> MapFile:  # fmt: skip
    """Marks are drawn though a sample is.

    drawn : rows of the points; how_many : "drawn n of N"
    marks : as `map_marks.marks` gives them; scores : of its neighbours
    """
    focus = marks["focus"]
    return described(
        space, Placed(shown.name, shown.coordinates, shown.axes, shown.note), drawn, colours,
        how_many=how_many, metric=METRICS[current.view().metric],
        focus=None if focus is None else focus["row"],
        neighbors=[one["row"] for one in marks["neighbors"]], scores=scores,
        pins=[one["row"] for one in marks["pins"]], python=python,
    )  # fmt: skip
