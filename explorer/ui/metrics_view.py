"""The Metrics page: one query under several metrics, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from explorer.metric_comparison import THREE, Comparison
from explorer.metrics import METRICS
from explorer.neighbors import Neighbors
from explorer.plots import metrics as charts
from explorer.space import EmbeddingSpace
from explorer.ui import cached, cached_metrics
from explorer.ui.export import export_menu
from explorer.ui.figure import show_figure
from explorer.ui.focus_panel import entries
from explorer.ui.linked import linked
from explorer.ui.list_component import item_list
from explorer.ui.python_lines import opening_lines
from explorer.ui.state import current
from explorer.ui.text import even_number, literal, number


def metric_controls(space: EmbeddingSpace) -> tuple[tuple[str, ...], int, bool, bool]:
    """The page's settings: metrics, k, whether to centre, whether to normalise."""
    which, many, switches = st.columns([3.9, 2.8, 3.3], vertical_alignment="bottom")
    linked("metrics", "compared_metrics", list(THREE), lambda names: set(names) <= METRICS.keys())
    chosen = which.multiselect(
        "Metrics", list(METRICS), key="compared_metrics",
        format_func=lambda name: METRICS[name].title.split()[0],
    )  # fmt: skip
    most = min(30, len(space) - 1)
    k = 1
    if most > 1:
        linked("k", "compared_k", min(10, most), lambda k: 1 <= k <= most)
        k = many.slider("Neighbours (k)", 1, most, key="compared_k")
    linked("centred", "compare_centred", False, _any)
    linked("normalised", "compare_normalised", False, _any)
    both = switches.container(horizontal=True)
    centre = both.toggle(
        "Centre", key="compare_centred", help="Subtract the mean vector from every vector."
    )
    normalise = both.toggle(
        "Normalise", key="compare_normalised",
        help="Stretch every vector to length 1 (after centring, where both are on).",
    )  # fmt: skip
    return tuple(name for name in METRICS if name in chosen), k, centre, normalise


def _any(value: bool) -> bool:
    return True


def training_banner(space: EmbeddingSpace, row: int, k: int) -> None:
    """Where the metric of the sidebar is not the one of the training: what that changes."""
    own, used = space.trained_with, current.view().metric
    if own not in METRICS or own == used or len(space) < 2:
        return
    meant = cached.neighbors(space, row, own, k).value.indices[0].tolist()
    found = cached.neighbors(space, row, used, k).value.indices[0].tolist()
    gone = space.items.take([hit for hit in meant if hit not in found])
    come = space.items.take([hit for hit in found if hit not in meant])
    changed = (
        f"Of the {len(meant)} nearest, {len(gone)} are lost ({_some(gone)}) and as many others "
        f"come in ({_some(come)})."
        if gone
        else f"The {len(meant)} nearest of this item are the same items all the same."
    )
    st.warning(
        f"This space was trained with the {METRICS[own].title.lower()}, the sidebar searches by "
        f"{METRICS[used].title.lower()}. {changed}",
        icon=":material/rule:",
    )


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(literal(name) for name in names[:4])
    return shown + (", …" if len(names) > 4 else "")


def identity(space: EmbeddingSpace, row: int, normalised: bool) -> None:
    """||a - b||^2 against 2 - 2 cos, with the numbers of the focus and its nearest by cosine."""
    other = int(cached.neighbors(space, row, "cosine", 1).value.indices[0, 0])
    a, b = (space.vectors[one].astype(np.float64) for one in (row, other))
    square = float(((a - b) ** 2).sum())
    lengths = float(np.linalg.norm(a)) * float(np.linalg.norm(b))
    cosine = float(a @ b) / lengths if lengths > 0 else 0.0
    sign = "=" if abs(square - (2 - 2 * cosine)) < 1e-4 else r"\neq"
    st.latex(
        rf"\begin{{aligned}} \|a-b\|^2 &= {number(square)} \\ "
        rf"{sign} \quad 2 - 2\cos(a,b) &= 2 - 2\cdot {number(cosine)} = {number(2 - 2 * cosine)} "
        r"\end{aligned}"
    )
    names = f"a = {literal(space.items[row])}, b = {literal(space.items[other])}"
    st.caption(
        f"{names}. On unit vectors the two sides are equal: cosine, dot product and Euclidean "
        "distance (and the angle) order all items alike. Manhattan distance does not join them."
        if normalised
        else f"{names}. Norms differ here, so the two sides do too, and so may the orders. Switch "
        "**Normalise** on and the metrics come together."
    )


def heading(space: EmbeddingSpace, row: int, found: Comparison) -> None:
    """Whose neighbours these are, and how many all metrics share."""
    shared = int(found.found.all(axis=0).sum())
    st.header(
        f"The {found.k} nearest to {literal(space.items[row])}: {shared} shared by all "
        f"{len(found.metrics)}",
        anchor=False,
    )
    legend()


def legend() -> None:
    """What the dots before the names and the two bars mean."""
    dots = "".join(
        f'<span style="white-space:nowrap"><span style="color:{colour};margin:0 5px 0 0">'
        f"{charts.SIGN[colour]}</span>{meaning}</span>"
        for colour, meaning in charts.MEANING.items()
    )
    st.html(
        '<div style="display:flex;flex-wrap:wrap;gap:4px 18px;font-size:0.875rem;opacity:.85">'
        f"{dots}<span>upper bar: score · lower bar: norm, as a share of the longest shown</span>"
        "</div>"
    )


def columns(space: EmbeddingSpace, found: Comparison) -> None:
    """A list of hits for each metric; a click looks at the item."""
    found_by = dict(zip(found.union.tolist(), found.found.sum(axis=0).tolist(), strict=True))
    longest = float(space.norms[found.union].max()) or 1.0
    for column, place in zip(
        st.columns(len(found.metrics), gap="medium"), range(len(found.metrics)), strict=True
    ):
        metric = METRICS[found.metrics[place]]
        rows = found.hits[place].tolist()
        at = {row: index for index, row in enumerate(found.union.tolist())}
        scores = found.scores[place][[at[row] for row in rows]]
        shown = entries(space, Neighbors(found.hits[[place]], scores[None], metric.name))
        for entry, row in zip(shown, rows, strict=True):
            norm = float(space.norms[row])
            colour = charts.mark_of(found_by[row], len(found.metrics))
            entry |= {
                "mark": {
                    "colour": colour,
                    "text": charts.MEANING[colour],
                    "sign": charts.SIGN[colour],
                },
                "note": f"norm {even_number(norm)}",
                "second": {"share": norm / longest, "text": f"norm {number(norm)}"},
            }
        with column:
            st.markdown(f"**{metric.title}**")
            item_list(shown, key=f"hits_{metric.name}", label=f"Nearest by {metric.title}")
            mean = float(space.norms[found.hits[place]].mean())
            st.caption(f"mean norm of these hits: {number(mean)}")


def bump(space: EmbeddingSpace, found: Comparison) -> None:
    """Each item's rank from column to column."""
    st.markdown("**Where does each hit stand by the other metrics?**")
    show_figure(
        charts.bump_chart(space.items.take(found.union.tolist()), found), key="bump",
        alt=f"Ranks of {len(found.union)} items by {len(found.metrics)} metrics; "
        f"{int(found.found.all(axis=0).sum())} are among the {found.k} nearest by all of them.",
    )  # fmt: skip


def agreement_table(space: EmbeddingSpace, found: Comparison) -> None:
    """overlap@k, rank-biased overlap and tau of every two metrics, a random space beside them."""
    chance = cached_metrics.chance_agreements(len(space), space.dimensions, found.k, found.metrics)
    st.markdown("**How far do they agree on this query?**")
    lines = [
        f"| | overlap@{found.k} | RBO | tau |",
        "| :-- | --: | --: | --: |",
    ]
    for pair, agreement in found.agreements().items():
        names = " · ".join(_short(name) for name in pair)
        random = chance[pair]
        cells = (
            f"**{_two(getattr(agreement, name))}** ({_two(getattr(random, name))})"
            for name in ("overlap", "rbo", "tau")
        )
        lines.append(f"| {names} | {' | '.join(cells)} |")
    st.markdown("\n".join(lines))
    st.caption(
        f"In brackets: the mean of 20 queries in a random space of {min(len(space), 20_000):,} × "
        f"{space.dimensions} normal numbers, seed 0. Overlap: share of the {found.k} nearest that "
        "both find. RBO, rank-biased overlap (p = 0.9), weighs the top more. Kendall's tau: 1 "
        "where all hits of either stand in one order, -1 where in the opposite one."
    )


def _short(name: str) -> str:
    return METRICS[name].title.split()[0].lower()


def _two(value: float) -> str:
    return "–" if value != value else f"{value:.2f}"


def comparison_table(space: EmbeddingSpace, found: Comparison) -> dict[str, list[Any]]:
    """item, norm, and the rank and score by each metric, of all hits."""
    table: dict[str, list[Any]] = {
        "item": space.items.take(found.union.tolist()),
        "norm": space.norms[found.union].tolist(),
    }
    for place, name in enumerate(found.metrics):
        table[f"rank by {name}"] = found.ranks[place].tolist()
        table[name] = found.scores[place].tolist()
    return table


def export(
    space: EmbeddingSpace, found: Comparison, row: int, *, centre: bool, normalise: bool
) -> None:
    """The table of all hits, and the lines of Python."""
    steps = [name for name, on in (("centred", centre), ("normalized", normalise)) if on]
    lines = [opening_lines(current.space())]
    if steps:
        lines.append(f"from explorer import {', '.join(steps)}")
        lines += [f"space = {step}(space)" for step in steps]
    lines += [
        "from explorer.metric_comparison import compare_metrics",
        f"row = space.row({space.items[row]!r})",
        f"found = compare_metrics(space.vectors, row, {found.k}, {found.metrics!r})",
        "found.agreements()",
    ]
    export_menu(
        lambda: comparison_table(space, found), name=f"{space.name}-metrics", key="metrics",
        python="\n".join(lines),
    )  # fmt: skip
