"""Distances on each map over those in the space, and scores over the size of the neighbourhood."""

from __future__ import annotations

import streamlit as st

from explorer.faithfulness import BY_K, Faithfulness
from explorer.faithfulness.stress import rising_curve
from explorer.plots import faithfulness as charts
from explorer.space import EmbeddingSpace
from explorer.ui import projections_scores
from explorer.ui.figure import show_figure
from explorer.ui.linked import linked
from explorer.ui.projections_panels import panels
from explorer.ui.projections_scores import Scored
from explorer.ui.text import literal, number

TICK = 0.5
TITLES = {
    "trustworthiness": "Trustworthiness",
    "continuity": "Continuity",
    "preservation": "Neighbours kept",
}


def distances(space: EmbeddingSpace, k: int) -> None:
    """A Shepard diagram for each map; the scores for every k; how they spread over the items."""
    found = projections_scores.all_scored(space, panels(space))
    known = [one for one in found if one.found is not None]
    if not known:
        _waiting(space)
        return
    st.markdown("**Do distances on the map mean anything?** Pairs of items, drawn at random")
    in_a_row = min(3, len(known))
    for start in range(0, len(known), in_a_row):
        for column, one in zip(
            st.columns(in_a_row, gap="medium"), known[start : start + in_a_row], strict=False
        ):
            assert one.found is not None
            with column:
                _shepard(one.title, one.found)
    st.caption(
        f"{literal(known[0].found.note if known[0].found else '')}. A map that keeps distances "
        "puts all pairs on one rising line; the line drawn is the rising curve nearest to them "
        "(Kruskal 1964), and stress says how far they are from it."
    )
    scores = {one.title: one.found for one in known if one.found is not None}
    st.markdown("**Over the size of the neighbourhood**")
    for column, (score, title) in zip(st.columns(3, gap="medium"), TITLES.items(), strict=True):
        with column:
            st.markdown(title)
            baselines = tuple(
                one.title for one in known if one.title.startswith(("Random layout", "PCA (base"))
            )
            chart = charts.scores_by_k(scores, score, baselines=baselines)
            show_figure(chart, key=f"by_k_{score}", alt=charts.scores_alt(scores, score))
    _spread(scores, k)
    if not all(one.final for one in found):
        _waiting(space)


def _shepard(title: str, found: Faithfulness) -> None:
    st.markdown(
        f"**{literal(title)}**  \nrank correlation {number(found.spearman)}, linear "
        f"{number(found.pearson)}"
    )
    figure = charts.shepard_figure(found.shepard, curve=rising_curve(found.shepard))
    show_figure(figure, key=f"shepard_{title}", alt=charts.shepard_alt(found.shepard))


def _spread(scores: dict[str, Faithfulness], k: int) -> None:
    linked("spread", "spread_of", "preservation", BY_K.__contains__)
    chosen = st.segmented_control(
        "Item by item", list(BY_K), key="spread_of",
        format_func=lambda name: TITLES[name],
    ) or "preservation"  # fmt: skip
    values = {title: found.per_point(chosen, k) for title, found in scores.items()}
    title = f"{TITLES[chosen]} of an item, k = {k}"
    show_figure(
        charts.point_distribution(values, title=title), key="spread",
        alt=charts.point_alt(values, title),
    )  # fmt: skip


@st.fragment(run_every=TICK)
def _waiting(space: EmbeddingSpace) -> None:
    found: list[Scored] = projections_scores.all_scored(space, panels(space))
    if not found:
        st.info("This space has too few items, or no map is there yet.")
        return
    if all(one.final for one in found):
        st.rerun()
    st.progress(sum(one.run.progress for one in found) / len(found), "Items are being scored …")
