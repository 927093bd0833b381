"""Random projection and what is promised of it: Johnson & Lindenstrauss, beside this very space."""

from __future__ import annotations

import math
from typing import Any, NamedTuple, cast

import streamlit as st

from explorer.computation import OnProgress
from explorer.plots import johnson_lindenstrauss as charts
from explorer.projection.distortion import (
    Distortions,
    cosines_kept,
    pca_by_dimension,
    pca_distortions,
    random_by_dimension,
    random_distortions,
)
from explorer.projection.johnson_lindenstrauss import (
    johnson_lindenstrauss_dimensions,
    johnson_lindenstrauss_epsilon,
    pairs_at_risk,
)
from explorer.projection.pca import pca
from explorer.projection.random_projection import Kind
from explorer.projection.savings import Savings, measured_savings
from explorer.space import EmbeddingSpace
from explorer.ui import background, cached
from explorer.ui.export import export_menu
from explorer.ui.figure import show_figure
from explorer.ui.linked import linked
from explorer.ui.map_marks import NEIGHBORS
from explorer.ui.python_lines import opening_lines
from explorer.ui.state import current, picked
from explorer.ui.text import literal, number
from explorer.ui.timed import duration

DRAWS = 5
KINDS = {"gaussian": "Gaussian", "sparse": "sparse"}
MOST_SEED = 1_000_000


class Measured(NamedTuple):
    """Distortions in m dimensions, random draws first; and the worst over many m, by name."""

    distortions: list[Distortions]
    curves: charts.Measured


def johnson_lindenstrauss(space: EmbeddingSpace) -> None:
    """The bound, the distances measured at m dimensions, the cosines of some pairs, the savings."""
    if len(space) < 3:
        st.info("This space has too few items: three have distances to compare.")
        return
    epsilon, m, kind, seed = _controls(space)
    _bound(space, epsilon, m)
    measured = _distortions(space, m, kind, seed)
    if measured is not None:
        _measured(space, measured, epsilon, m)
        _two_dimensions(space, kind, seed, epsilon)
    left, right = st.columns([6, 5], gap="large")
    with left:
        _cosines(space, m, kind, seed)
    with right:
        _savings(space, m, kind)


def _controls(space: EmbeddingSpace) -> tuple[float, int, Kind, int]:
    first, second = st.columns(2, gap="large")
    linked("epsilon", "jl_epsilon", 0.3, lambda asked: 0.05 <= asked <= 0.95)
    epsilon = first.slider("Distortion allowed (ε)", 0.05, 0.95, step=0.05, key="jl_epsilon")
    options = _steps(space)
    nearest = min(options, key=lambda step: abs(step - min(64, space.dimensions // 2)))
    linked("m", f"jl_m_{options[-1]}", nearest, options.__contains__)
    m = second.select_slider("Dimensions kept (m)", options, key=f"jl_m_{options[-1]}")
    linked("directions", "jl_kind", "gaussian", KINDS.__contains__)
    linked("seed", "jl_seed", 1, range(MOST_SEED + 1).__contains__)
    with st.container(horizontal=True, gap="medium"):
        kind = st.segmented_control(
            "Directions", list(KINDS), key="jl_kind", format_func=lambda name: KINDS[name],
        ) or "gaussian"  # fmt: skip
        seed = st.number_input("Seed", 0, MOST_SEED, key="jl_seed", width=140)
    return epsilon, int(m), cast(Kind, kind), int(seed)


def _steps(space: EmbeddingSpace) -> list[int]:
    """Numbers of dimensions to choose from, up to four times those of the space."""
    most = max(8, min(4 * space.dimensions, 2_000))
    steps = sorted({2, 3, *(2**i for i in range(2, 12)), space.dimensions})
    return [step for step in steps if step <= most]


def _bound(space: EmbeddingSpace, epsilon: float, m: int) -> None:
    n, d = len(space), space.dimensions
    needed = johnson_lindenstrauss_dimensions(n, epsilon)
    promised = johnson_lindenstrauss_epsilon(n, m)
    at_m = (
        f"at m = {m} every pair is promised to stay within 1 ± {promised:.2f}"
        if math.isfinite(promised)
        else f"m = {m} is too few for any promise on all pairs"
    )
    compared = "fewer than" if needed < d else "more than" if needed > d else "as many as"
    st.markdown(
        f"For **{n:,} items** and ε = {epsilon:.2f} the lemma asks for **m = {needed:,} "
        f"dimensions**, {compared} the {d} there are; {at_m}. Of single pairs at most "
        f"{pairs_at_risk(m, epsilon):.1%} may leave 1 ± {epsilon:.2f} there."
    )


def _distortions(space: EmbeddingSpace, m: int, kind: Kind, seed: int) -> Measured | None:
    def compute(report: OnProgress) -> Measured:
        drawn = random_distortions(
            space.vectors, m, kind=kind, draws=DRAWS, seed=seed, on_progress=report
        )
        axes = pca(space.vectors, min(space.vectors.shape)).axes
        found = [drawn]
        if m <= len(axes):
            found += [
                pca_distortions(space.vectors, m, drawn.pairs, axes=axes, rescaled=rescaled)
                for rescaled in (False, True)
            ]
        steps = _steps(space)
        few = [step for step in steps if step <= len(axes)]
        at_random = random_by_dimension(space.vectors, steps, drawn.pairs, kind=kind, seed=seed)
        by_pca = pca_by_dimension(space.vectors, few, axes, drawn.pairs)
        curves = {
            f"{KINDS[kind]} projection, worst pair": (steps, at_random.largest),
            "PCA rescaled, worst pair": (few, by_pca.largest),
        }
        return Measured(found, curves)

    key = f"distortions {space.digest} {m} {kind} {seed}"
    what = f"Distances in {m} dimensions"
    run = background.awaited(key, compute, what, name=f"distortions_{m}")
    return None if run is None else run.result()


def _measured(space: EmbeddingSpace, measured: Measured, epsilon: float, m: int) -> None:
    curve, histogram = st.columns(2, gap="large")
    found = measured.distortions
    drawn = found[0]
    with curve:
        st.markdown("**What is promised and what is measured, over m**")
        show_figure(
            charts.bound_curve(len(space), m, measured.curves), key="jl_bound",
            alt=charts.bound_alt(len(space), m),
        )  # fmt: skip
    with histogram:
        st.markdown(f"**Squared distances in {m} dimensions, over those in {space.dimensions}**")
        show_figure(
            charts.distortion_histogram(found, epsilon=epsilon), key="jl_histogram",
            alt=charts.distortion_alt(found, epsilon),
        )  # fmt: skip
    parts = [
        f"{_name(one)} {one.outside(epsilon):.1%} of the pairs outside 1 ± {epsilon:.2f}, half of "
        f"them within ± {one.quantile(0.5):.2f}, the worst at {one.largest().max():.2f}"
        for one in found
    ]
    st.markdown("Measured: " + "; ".join(parts) + ".")
    st.caption(
        f"{literal(drawn.pairs.note)}; {DRAWS} draws, seeds {drawn.seeds[0]} to {drawn.seeds[-1]}. "
        "PCA only ever shortens distances; rescaled, one factor brings the mean ratio to 1. PCA "
        "looks at the data and may do better on average; a random projection promises the same "
        "for any data, and for pairs that are yet to come."
    )
    export_menu(
        lambda: _columns(found), name=f"{space.name}-distances-{m}", key="jl",
        python=_python(space, m, drawn),
    )  # fmt: skip


def _name(one: Distortions) -> str:
    if one.method == "pca":
        return "PCA rescaled" if one.scale != 1 else "PCA"
    return f"{KINDS[one.method]} projection"


def _two_dimensions(space: EmbeddingSpace, kind: Kind, seed: int, epsilon: float) -> None:
    measured = _distortions(space, 2, kind, seed)
    if measured is None:
        return
    flat = measured.distortions
    drawn = flat[0]
    beside = f" (PCA, rescaled: {flat[-1].outside(epsilon):.0%})" if len(flat) > 1 else ""
    st.markdown(
        f"**And on a flat map?** In 2 dimensions {drawn.outside(epsilon):.0%} of the pairs leave "
        f"1 ± {epsilon:.2f}{beside}; half of the squared distances are wrong by more than "
        f"{drawn.quantile(0.5):.0%}. No map of two dimensions can be read with a ruler."
    )


def _cosines(space: EmbeddingSpace, m: int, kind: Kind, seed: int) -> None:
    st.markdown(f"**Cosines before and after**, {DRAWS} draws of {m} dimensions")
    focus = picked.focus_row()
    if focus is None:
        st.info("Press / and type a name: its neighbours and the pinned items are compared.")
        return
    near = cached.neighbors(space, focus, current.view().metric, min(5, NEIGHBORS)).value.indices[0]
    pinned = [row for row in picked.pinned_rows() if row != focus]
    far = [row for row in (0, len(space) // 2, len(space) - 1) if row != focus]
    others = list(dict.fromkeys([*pinned, *near.tolist(), *far]))
    kept = cosines_kept(
        space.vectors, [focus] * len(others), others, m, kind=kind, draws=DRAWS, seed=seed
    )
    table: dict[str, list[Any]] = {
        f"{space.items[focus]} and": space.items.take(others),
        "cosine": kept.before.tolist(),
        "after, mean": kept.after.mean(axis=0).tolist(),
        "from": kept.after.min(axis=0).tolist(),
        "to": kept.after.max(axis=0).tolist(),
    }
    plain = st.column_config.NumberColumn(format="%.3f")
    st.dataframe(
        table, hide_index=True, key="jl_cosines",
        column_config=dict.fromkeys(list(table)[1:], plain),
    )  # fmt: skip
    st.caption(
        f"The pinned items, the nearest of the focus, and three far ones (the first, middle and "
        f"last row). A right angle comes out at 0 ± {1 / math.sqrt(m):.2f}; parallel vectors stay "
        "parallel."
    )


def _savings(space: EmbeddingSpace, m: int, kind: Kind) -> None:
    st.markdown(f"**What {m} dimensions save**, measured on this machine")

    def compute(report: OnProgress) -> Savings:
        report(0.0)
        return measured_savings(space.vectors, m, kind=kind)

    key = f"savings {space.digest} {m} {kind}"
    run = background.awaited(key, compute, "Memory and time", name="savings")
    if run is None:
        return
    saved = run.result()
    st.markdown(
        f"| | {space.dimensions} dimensions | {m} dimensions | |\n| :-- | --: | --: | --: |\n"
        f"| memory | {saved.bytes_before / 1e6:,.1f} MB | {saved.bytes_after / 1e6:,.1f} MB | "
        f"× {saved.bytes_after / saved.bytes_before:.2f} |\n"
        f"| one search | {duration(saved.search_before)} | {duration(saved.search_after)} | "
        f"× {saved.search_after / saved.search_before:.2f} |"
    )
    st.caption(
        f"A search compares one item with all {len(space):,}, exactly: the mean of ten. To project "
        f"all once took {duration(saved.projection_seconds)}."
    )


def _columns(found: list[Distortions]) -> dict[str, list[Any]]:
    """One row a pair, one column a projection and draw: the ratios of squared distances."""
    pairs = found[0].pairs
    table: dict[str, list[Any]] = {"one": pairs.one.tolist(), "other": pairs.other.tolist()}
    for one in found:
        for number_of_draw, ratios in enumerate(one.ratios):
            seed = f", seed {one.seeds[number_of_draw]}" if one.seeds else ""
            table[f"{_name(one)}{seed}"] = ratios.tolist()
    return table


def _python(space: EmbeddingSpace, m: int, drawn: Distortions) -> str:
    return (
        f"{opening_lines(space)}\n"
        "from explorer.projection.distortion import pca_distortions, random_distortions\n"
        f"drawn = random_distortions(space.vectors, {m}, kind={drawn.method!r}, draws={DRAWS}, "
        f"seed={drawn.seeds[0]})\n"
        f"flat = pca_distortions(space.vectors, {m}, drawn.pairs)\n"
        f"drawn.largest(), flat.largest()  # {number(float(drawn.largest().max()))} here"
    )
