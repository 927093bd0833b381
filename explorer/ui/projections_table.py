"""Every score of every map in one table, with those of PCA and of a random layout beside them."""

from __future__ import annotations

from typing import Any

import streamlit as st

from explorer.faithfulness import Faithfulness
from explorer.space import EmbeddingSpace
from explorer.ui import projections_scores
from explorer.ui.export import add_metadata, export_menu
from explorer.ui.projections_panels import Panel
from explorer.ui.projections_python import scoring_lines
from explorer.ui.projections_scores import Scored
from explorer.ui.text import literal

TICK = 0.5  # seconds between looks at scores that are being computed


def score_table(space: EmbeddingSpace, shown: list[Panel], k: int) -> None:
    """The table; it fills by itself while scores arrive."""
    found = projections_scores.all_scored(space, shown)
    if not found:
        st.info("This space has too few items: a map of two cannot be wrong.")
        return
    waiting = not all(one.final for one in found)
    st.fragment(_table, run_every=TICK if waiting else None)(space, shown, k, waiting)


def _table(space: EmbeddingSpace, shown: list[Panel], k: int, waiting: bool) -> None:
    found = projections_scores.all_scored(space, shown)
    if waiting and all(one.final for one in found):
        st.rerun()  # the maps can be painted now
    ks = next((one.found.ks for one in found if one.found is not None), (k,))
    titles = [
        f"Trustworthiness, k = {k}",
        f"Continuity, k = {k}",
        *(f"Neighbours kept, k = {one}" for one in ks),
        "Distances, rank correlation",
        "Distances, linear correlation",
        "Stress, any scale",
        "Stress, monotone",
    ]
    columns = [titles, *(_cells(one, k, ks) for one in found)]
    lines = [["", *(literal(one.title) for one in found)], [":--", *["--:"] * len(found)]]
    lines += map(list, zip(*columns, strict=True))
    st.markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))
    failed = next((one.run.error for one in found if one.run.error), None)
    if failed:
        st.error(literal(failed, 300))
    shares = [one.run.progress for one in found if not one.final]
    if shares:
        done = sum(shares) / len(shares)
        making = any(not panel.given_up for panel in shown)
        st.progress(
            0.0 if making else done,
            "All items are scored when every map is there; shown: a sample of 500" if making
            else f"All items are being scored, {done:.0%}; shown: a sample of 500",
        )  # fmt: skip
    known = next((one.found for one in found if one.found is not None), None)
    if known is not None:
        st.caption(
            f"{literal(known.note)}. 1 is perfect for all but stress, where 0 is. In the last "
            "column a layout that knows nothing, seed 0: what a score has by chance."
        )


def _cells(one: Scored, k: int, ks: tuple[int, ...]) -> list[str]:
    """The scores of one map, as they stand below each other."""
    if one.found is None:
        return ["…"] * (len(ks) + 6)
    found, place = one.found, one.found.ks.index(k)
    by_k = [("trustworthiness", found.trustworthiness), ("continuity", found.continuity)]
    cells = [f"**{values[place]:.3f}**{_error(found, name, k)}" for name, values in by_k]
    cells += [
        f"{kept:.3f}{_error(found, 'preservation', size)}"
        for size, kept in zip(ks, found.preservation.tolist(), strict=True)
    ]
    more = (found.spearman, found.pearson, found.scale_free_stress, found.monotone_stress)
    return [*cells, *("–" if value != value else f"{value:.3f}" for value in more)]


def _error(found: Faithfulness, score: str, k: int) -> str:
    """ " ± 0.012" where only a sample was scored."""
    error = found.standard_error(score, k)
    return f" ± {error:.3f}" if error > 0 else ""


# --- Export ------------------------------------------------------------------------------------


def scores_columns(found: list[Scored]) -> dict[str, list[Any]]:
    """One row a map, one column a score."""
    known = [(one.title, one.found) for one in found if one.found is not None]
    table: dict[str, list[Any]] = {"map": [title for title, _ in known]}
    for name in ("trustworthiness", "continuity", "preservation"):
        for place, k in enumerate(known[0][1].ks if known else ()):
            table[f"{name}@{k}"] = [float(getattr(one, name)[place]) for _, one in known]
    for name in ("spearman", "pearson", "scale_free_stress", "monotone_stress"):
        table[name] = [float(getattr(one, name)) for _, one in known]
    table["items scored"] = [len(one.ranks.rows) for _, one in known]
    return table


def point_columns(space: EmbeddingSpace, found: list[Scored], k: int) -> dict[str, list[Any]]:
    """One row an item: its scores on each map, and its metadata."""
    known = [(one.title, one.found) for one in found if one.found is not None and one.final]
    if not known:
        return {"item": []}
    rows = known[0][1].ranks.rows
    table: dict[str, list[Any]] = {"item": space.items.take(rows.tolist())}
    for title, one in known:
        for name in ("trustworthiness", "continuity", "preservation"):
            table[f"{title}: {name}@{k}"] = one.per_point(name, k).tolist()
    return add_metadata(table, space.metadata.take(rows))


def export(space: EmbeddingSpace, shown: list[Panel], k: int) -> None:
    """The scores of the maps, and of every item, as files; and the lines of Python."""
    found = projections_scores.all_scored(space, shown)
    python = scoring_lines(space, k)
    with st.container(horizontal=True):
        export_menu(
            lambda: scores_columns(found), name=f"{space.name}-scores", key="map_scores",
            python=python, label="Scores",
        )  # fmt: skip
        export_menu(
            lambda: point_columns(space, found, k), name=f"{space.name}-points", key="map_points",
            python=python, label="Per item",
        )  # fmt: skip
