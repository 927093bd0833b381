"""How far each map can be trusted: scores computed in the background, a sample of items first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from explorer.computation import Computation, Computations, OnProgress
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
from explorer.ui import background, cached, projections_maps
from explorer.ui.map_choice import MapChoice
from explorer.ui.map_marks import NEIGHBORS
from explorer.ui.maps import ShownMap
from explorer.ui.projections_draw import Paint
from explorer.ui.projections_panels import Panel
from explorer.ui.state import current

FIRST_ROWS = 500  # items scored before all are: a first answer within a second
RANDOM = "Random layout"
PAINTS = {
    "trustworthiness": "False neighbours",
    "continuity": "Missing neighbours",
    "preservation": "Neighbours lost",
}
WORST_SHARE = 98  # percentile at which the scale of a painted score ends
Run = Computation[dict[str, Faithfulness]]  # by the keys of the maps


@st.cache_resource(show_spinner=False)
def server() -> Computations:
    """The scores of this server, one run at a time: each uses all cores, and holds some 20 MB for
    20,000 items of a map."""
    return Computations(at_once=1, most_kept=16)


@dataclass(frozen=True, eq=False)
class Scored:
    """The scores of one map, as far as they are known.

    key, title : the map's
    found : by a sample of the items at first, None before that
    run : the one that makes them, or better ones: its progress, and why it failed
    final : whether nothing better is to come
    """

    key: str
    title: str
    found: Faithfulness | None
    run: Run
    final: bool


@dataclass(frozen=True, eq=False)
class _Asked:
    """A map to score; its coordinates are made when they are needed."""

    key: str
    title: str
    make: Callable[[], FloatArray]


def all_scored(space: EmbeddingSpace, shown: list[Panel]) -> list[Scored]:
    """The scores of the maps shown, then of PCA if it is none of them, then of a random layout.

    Asking begins what is missing: a sample of the items for every map first; all items when no map
    is being made any more, for all maps in one pass.
    """
    if len(space) < 3:
        return []
    asked = [_asked(panel.map) for panel in shown if panel.map is not None]
    plain = projections_maps.projected(space, MapChoice("PCA"))
    if isinstance(plain, ShownMap) and all(one.key != plain.key for one in asked):
        asked.append(_asked(replace(plain, name="PCA (baseline)")))
    asked.append(_Asked("random layout", RANDOM, lambda: random_layout(len(space))))
    last = rows_to_score(len(space))
    if len(last) <= FIRST_ROWS:
        return [_scored(one, run, None) for one, run in _runs(space, asked, last, "all")]
    samples = _runs(space, asked, sampled_rows(len(space), FIRST_ROWS), "sample")
    making = any(not panel.given_up for panel in shown)
    if making or not all(run.finished for _, run in samples):  # a map in the making goes first
        return [replace(_scored(one, run, None), final=False) for one, run in samples]
    before = {one.key: run for one, run in samples}
    return [_scored(one, run, before[one.key]) for one, run in _runs(space, asked, last, "all")]


def _asked(shown: ShownMap) -> _Asked:
    return _Asked(shown.key, shown.name, lambda: shown.coordinates)


def _scored(one: _Asked, run: Run, before: Run | None) -> Scored:
    best = run if run.state == "done" else before
    found = best.result()[one.key] if best is not None and best.state == "done" else None
    return Scored(one.key, one.title, found, run, run.finished)


def _runs(
    space: EmbeddingSpace, asked: list[_Asked], rows: IntArray, how: str
) -> list[tuple[_Asked, Run]]:
    """The run that scores each map: maps that are asked for together share one pass over the space.

    The session remembers with which others a map was scored.
    """
    metric, known, me = current.view().metric, server(), background.asker()
    together: dict[str, str] = st.session_state.setdefault("scored_together", {})
    names = {one.key: f"{how} {space.digest} {metric} {one.key}" for one in asked}
    fresh = []
    for one in asked:
        run = known.find(together.get(names[one.key], ""))
        if run is None or run.wanted_anew(me):
            fresh.append(one)
        else:
            run.touch(me)
    if fresh:
        group = "scores " + " ".join(names[one.key] for one in fresh)
        known.ask(group, lambda report: _measure(space, fresh, rows, metric, report), me)
        together.update((names[one.key], group) for one in fresh)
    found = [(one, known.find(together[names[one.key]])) for one in asked]
    return [(one, run) for one, run in found if run is not None]


def _measure(
    space: EmbeddingSpace, asked: list[_Asked], rows: IntArray, metric: str, report: OnProgress
) -> dict[str, Faithfulness]:
    maps = {one.key: np.ascontiguousarray(one.make()) for one in asked}
    return measure_faithfulness(
        space.vectors, maps, fitting_ks(len(space)), metric=metric, rows=rows, norms=space.norms,
        on_progress=report,
    )  # fmt: skip


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
    column = current.view().colour
    plain = cached.colouring(space.metadata.digest, column, space.metadata)
    paint = Paint(plain, f"{space.metadata.digest if column else ''}:{column}")
    by_text = {panel.choice.text: paint for panel in shown}
    if score not in PAINTS:
        return by_text, plain
    final = {one.key: one.found for one in found if one.final and one.found is not None}
    known = {
        panel.choice.text: final[panel.map.key]
        for panel in shown
        if panel.map is not None and panel.map.key in final
    }
    title = f"{PAINTS[score]}, k = {k}"
    if not known:
        return by_text, Colouring("none", title)
    wrong = {text: 1 - one.per_point(score, k) for text, one in known.items()}
    high = max(float(np.percentile(values, WORST_SHARE)) for values in wrong.values()) or 1.0
    colours = Colouring("number", title, low=0.0, high=high)
    metric = current.view().metric
    for text, one in known.items():
        ranks = one.ranks
        values = np.full(len(space), np.nan, dtype=np.float32)
        values[ranks.rows] = wrong[text]
        key = f"{metric}:{score}:{k}:{high:.4g}"
        by_text[text] = Paint(
            replace(colours, values=values), key, ranks.rows if ranks.sampled else None
        )
    return by_text, colours
