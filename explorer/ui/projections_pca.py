"""Principal components: how many it takes, and what each is about."""

from __future__ import annotations

from typing import Any

import streamlit as st

from explorer.computation import OnProgress
from explorer.plots import pca as charts
from explorer.projection.pca import PCA, pca
from explorer.projection.pca_report import (
    Spectrum,
    component_ends,
    largest_loadings,
    pca_spectrum,
    shuffled_spectrum,
)
from explorer.space import EmbeddingSpace
from explorer.ui import background
from explorer.ui.export import export_menu
from explorer.ui.figure import show_figure
from explorer.ui.linked import linked
from explorer.ui.list_component import item_list
from explorer.ui.python_lines import opening_lines
from explorer.ui.text import even_number, literal
from explorer.ui.timed import duration

SHARES = (0.5, 0.8, 0.9, 0.95, 0.99)
AXES = 20  # components whose ends can be looked at
ENDS = 12


def components(space: EmbeddingSpace) -> None:
    """The scree plot, how many components hold how much, and who lies at the ends of one."""
    found = _spectra(space)
    if found is None:
        return
    (spectrum, shuffled), seconds = found
    linked("share", "pca_share", 0.9, SHARES.__contains__)
    share = st.select_slider(
        "Share of the variance to keep", SHARES, key="pca_share",
        format_func=lambda value: f"{value:.0%}",
    )  # fmt: skip
    needed, by_chance = spectrum.components_for(share), shuffled.components_for(share)
    total = len(spectrum.variances)
    chance = f" (with each column shuffled: {by_chance})" if by_chance else ""
    st.markdown(
        f"**{needed} of {total} components** hold {share:.0%} of the variance{chance}. The first "
        f"two, which a flat map shows, hold {spectrum.cumulative[min(1, total - 1)]:.1%}."
    )
    figure = charts.scree_figure(spectrum, shuffled, share=share)
    show_figure(figure, key="scree", alt=charts.scree_alt(spectrum, share=share))
    st.caption(
        f"Exact, all {len(space):,} items, {duration(seconds)}. Grey: the same numbers with each "
        "column shuffled by itself, seed 0, so that no two dimensions have anything in common; "
        "components above it are more than chance (parallel analysis, Horn 1965)."
    )
    export_menu(
        lambda: spectrum_columns(spectrum, shuffled), name=f"{space.name}-components",
        key="spectrum", python=_python(space),
    )  # fmt: skip
    _one_component(space)


def _spectra(space: EmbeddingSpace) -> tuple[tuple[Spectrum, Spectrum], float] | None:
    def compute(report: OnProgress) -> tuple[Spectrum, Spectrum]:
        own = pca_spectrum(space.vectors, on_progress=lambda share: report(0.7 * share))
        return own, shuffled_spectrum(space.vectors)

    key = f"spectrum {space.digest}"
    run = background.awaited(key, compute, "All components", name="spectrum")
    return None if run is None else (run.result(), run.seconds or 0.0)


def _axes(space: EmbeddingSpace) -> PCA | None:
    count = min(AXES, space.dimensions, len(space))
    key = f"axes {space.digest} {count}"

    def compute(report: OnProgress) -> PCA:
        return pca(space.vectors, count, on_progress=report)

    run = background.awaited(key, compute, "The first components", name="axes")
    return None if run is None else run.result()


def _one_component(space: EmbeddingSpace) -> None:
    found = _axes(space)
    if found is None:
        return
    count = len(found.variances)
    number_chosen = 1
    if count > 1:
        key = f"pca_component_{count}"
        linked("component", key, 1, range(1, count + 1).__contains__)
        number_chosen = st.slider("Component", 1, count, key=key)
    component = number_chosen - 1
    ends = component_ends(found, component, min(ENDS, max(1, len(space) // 2)))
    low, high, weights = st.columns([3, 3, 4], gap="medium")
    for column, title, rows, along in (
        (low, "low", ends.low, ends.low_coordinates),
        (high, "high", ends.high, ends.high_coordinates),
    ):
        with column:
            st.markdown(f"**The {title} end of component {number_chosen}**")
            farthest = float(abs(along).max()) or 1.0
            entries: list[dict[str, Any]] = [
                {"row": row, "name": space.items[row], "score": even_number(value),
                 "share": abs(value) / farthest, "note": "", "pinned": False}
                for row, value in zip(rows.tolist(), along.tolist(), strict=True)
            ]  # fmt: skip
            item_list(entries, key=f"end_{title}", label=f"Items at the {title} end")
    with weights:
        st.markdown(f"**The dimensions that weigh most in component {number_chosen}**")
        loadings = largest_loadings(found, component, min(ENDS, space.dimensions))
        show_figure(
            charts.loadings_figure(loadings, component), key="loadings",
            alt=charts.loadings_alt(loadings, component),
        )  # fmt: skip
    st.caption(
        f"Component {number_chosen} holds {found.explained[component]:.2%} of the variance. Which "
        "end is called high is a convention: the largest loading is made positive. "
        f"{literal(space.name)}: click an item to look at it."
    )


def spectrum_columns(spectrum: Spectrum, shuffled: Spectrum) -> dict[str, list[Any]]:
    """One row a component."""
    count = len(spectrum.variances)
    return {
        "component": list(range(1, count + 1)),
        "variance": spectrum.variances.tolist(),
        "share": spectrum.explained.tolist(),
        "cumulative": spectrum.cumulative.tolist(),
        "share, shuffled": shuffled.explained.tolist()[:count],
    }


def _python(space: EmbeddingSpace) -> str:
    return (
        f"{opening_lines(space)}\n"
        "from explorer.projection.pca import pca\n"
        "from explorer.projection.pca_report import component_ends, pca_spectrum\n"
        "pca_spectrum(space.vectors).components_for(0.9)\n"
        "component_ends(pca(space.vectors, 2), component=0)"
    )
