"""How far each map can be trusted: scores computed in the background, a sample of items first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from explorer.computation import Computation, OnProgress
from explorer.faithfulness import (
    Faithfulness,
    fitting_ks,
    measure_faithfulness,
    random_layout,
    rows_to_score,
)
from explorer.metric_comparison import sampled_rows
from explorer.plots.map import Colouring
from explorer.space import EmbeddingSpace, FloatArray, IntArray
from explorer.ui import cached, projections_maps, state
from explorer.ui.map_choice import MapChoice
from explorer.ui.maps import ShownMap
from explorer.ui.projections_draw import NEIGHBORS, Paint
from explorer.ui.projections_panels import Panel

FIRST_ROWS = 500  # items scored before all are: a first answer within a second
RANDOM = "Random layout"
PAINTS = {
    "trustworthiness": "False neighbours",
    "continuity": "Missing neighbours",
    "preservation": "Neighbours lost",
}
WORST_SHARE = 98  # percentile at which the scale of a painted score ends
Run = Computation[Faithfulness]


@dataclass(frozen=True, eq=False)
class Scored:
    """The scores of one map: those there are, and the run that makes better ones.

    title : the map's
    found : by a sample at first, None before that
    run : of all items, or of a large space's larger sample; its progress, and why it failed
    """

    title: str
    found: Faithfulness | None
    run: Run

    @property
    def final(self) -> bool:
        """True when nothing better is to come."""
        return self.run.finished or self.run.given_up


def scored(space: EmbeddingSpace, shown: ShownMap) -> Scored:
    """The scores of a map so far; asking begins what is missing."""
    return _scored(space, shown.key, shown.name, lambda: shown.coordinates)


def random_scored(space: EmbeddingSpace) -> Scored:
    """The scores of a layout that knows nothing, seed 0."""
    return _scored(space, "random layout", RANDOM, lambda: random_layout(len(space)))


def _scored(space: EmbeddingSpace, key: str, title: str, coordinates: object) -> Scored:
    metric = state.view().metric
    last = rows_to_score(len(space))
    final = _ask(space, f"{key} {metric} all", coordinates, metric, last)
    if final.state == "done":
        return Scored(title, final.result(), final)
    found = None
    if len(last) > FIRST_ROWS:
        first = sampled_rows(len(space), FIRST_ROWS)
        sample = _ask(space, f"{key} {metric} sample", coordinates, metric, first)
        found = sample.result() if sample.state == "done" else None
    return Scored(title, found, final)


def _ask(space: EmbeddingSpace, key: str, coordinates: object, metric: str, rows: IntArray) -> Run:
    def compute(report: OnProgress) -> Faithfulness:
        points = cast(FloatArray, coordinates())  # type: ignore[operator]
        return measure_faithfulness(
            space.vectors, {"": np.ascontiguousarray(points)}, fitting_ks(len(space)),
            metric=metric, rows=rows, norms=space.norms, on_progress=report,
        )[""]  # fmt: skip

    return projections_maps.runs().ask(
        f"scores {space.digest} {key}", compute, projections_maps.asker()
    )


def all_scored(space: EmbeddingSpace, shown: list[Panel]) -> list[Scored]:
    """The scores of the maps shown, then of PCA if it is none of them, then of a random layout."""
    if len(space) < 3:
        return []
    maps = [panel.map for panel in shown if panel.map is not None]
    plain = projections_maps.projected(space, MapChoice("PCA"))
    if isinstance(plain, ShownMap) and all(one.key != plain.key for one in maps):
        maps.append(replace(plain, name="PCA (baseline)"))
    return [*(scored(space, one) for one in maps), random_scored(space)]


def nearest_rows(found: list[Scored]) -> IntArray | None:
    """(n, 10) every item's nearest in the space, where some map's scores know them all."""
    for one in found:
        if one.found is not None and not one.found.ranks.sampled:
            return one.found.ranks.in_space[:, :NEIGHBORS].astype(np.int64)
    return None


# --- Painted on the map ------------------------------------------------------------------------


def paints(
    space: EmbeddingSpace, shown: list[Panel], found: list[Scored], score: str, k: int
) -> tuple[dict[str, Paint], Colouring]:
    """For each map how it is painted, and the colours that the legend tells.

    score : one of PAINTS, or "" for the metadata column of the sidebar. All maps share one scale:
        1 minus the score, so that what is wrong is bright.
    """
    column = state.view().colour
    plain = cached.colouring(space.metadata.digest, column, space.metadata)
    paint = Paint(plain, f"{space.metadata.digest if column else ''}:{column}")
    by_text = {panel.choice.text: paint for panel in shown}
    if score not in PAINTS:
        return by_text, plain
    known = {
        panel.choice.text: one.found
        for panel, one in zip([p for p in shown if p.map is not None], found, strict=False)
        if one.found is not None and one.run.state == "done"
    }
    title = f"{PAINTS[score]}, k = {k}"
    if not known:
        return by_text, Colouring("none", title)
    wrong = {text: 1 - one.per_point(score, k) for text, one in known.items()}
    high = max(float(np.percentile(values, WORST_SHARE)) for values in wrong.values()) or 1.0
    colours = Colouring("number", title, low=0.0, high=high)
    metric = state.view().metric
    for text, one in known.items():
        ranks = one.ranks
        values = np.full(len(space), np.nan, dtype=np.float32)
        values[ranks.rows] = wrong[text]
        key = f"{metric}:{score}:{k}:{high:.4g}"
        by_text[text] = Paint(
            replace(colours, values=values), key, ranks.rows if ranks.sampled else None
        )
    return by_text, colours
