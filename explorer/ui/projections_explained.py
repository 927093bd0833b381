"""What am I looking at? The Projections page, part by part."""

from __future__ import annotations

import math
from collections.abc import Callable

import streamlit as st

from explorer.faithfulness.preservation import random_preservation
from explorer.faithfulness.trustworthiness import random_trustworthiness
from explorer.projection import PROJECTIONS
from explorer.projection.johnson_lindenstrauss import johnson_lindenstrauss_dimensions
from explorer.space import EmbeddingSpace
from explorer.ui.explained import ICON, TITLE
from explorer.ui.state import shown_maps


def projections_explained(space: EmbeddingSpace, part: str, k: int) -> None:
    """The formulas of a part with this view's numbers, the cost, the usual mistake.

    k : the size of neighbourhoods
    """
    with st.expander(TITLE, icon=ICON):
        _PARTS[part](space, k)


def _maps(space: EmbeddingSpace, k: int) -> None:
    n, d = len(space), space.dimensions
    for method in dict.fromkeys(one.method for one in shown_maps.compared_maps()):
        if method in PROJECTIONS:
            st.markdown(f"**{method}**: {PROJECTIONS[method].description}")
            st.latex(PROJECTIONS[method].formula)
    if any(one.method == "t-SNE" for one in shown_maps.compared_maps()):
        st.markdown("**t-SNE**: keeps who is near whom; sizes and gaps of groups mean nothing.")
        st.latex(
            r"\min_y \sum_{i \neq j} p_{ij} \log\frac{p_{ij}}{q_{ij}}, \quad "
            r"q_{ij} \propto (1 + \|y_i - y_j\|^2)^{-1}"
        )
    st.markdown(
        f"Each dot is one of {n:,} items with {d} numbers each, and no flat map can keep them all. "
        "Lines lead from the focus to its true neighbours; red dashed rings are **false** "
        "neighbours: near here, not in the space. Point at a dot: its true neighbours are linked "
        "on every map at once."
    )
    _scores(space, k)
    st.markdown(
        "**Cost**: PCA O(n d² + d³), random projection O(n d), UMAP and t-SNE about O(n log n) for "
        "each round; the scores O(n² d), in the background, a sample of 500 items first.\n\n"
        "**The usual mistake**: to pick the prettier map. See what the scores of a random layout "
        "and of PCA are first, and which kind of neighbour you care for."
    )


def _scores(space: EmbeddingSpace, k: int) -> None:
    n = len(space)
    if n < 3:  # nobody can be a wrong neighbour
        return
    st.latex(
        r"T(k) = 1 - \frac{2}{nk(2n-3k-1)} \sum_i \sum_{j \in U_k(i)} (r(i,j) - k), \qquad "
        r"C(k) = 1 - \frac{2}{nk(2n-3k-1)} \sum_i \sum_{j \in V_k(i)} (\hat r(i,j) - k)"
    )
    chance = f"{random_trustworthiness(n, k):.3f}" if 2 * k < n else "about a half"
    st.markdown(
        "Trustworthiness T falls with the false neighbours U (near on the map, of rank r in the "
        "space), continuity C with the missing ones V (near in the space, of rank r̂ on the map); "
        f"Venna & Kaski 2001. With n = {n:,} and k = {k} a random layout has {chance} on both, and "
        f"keeps {random_preservation(n, k):.2%} of the neighbours."
    )


def _points(space: EmbeddingSpace, k: int) -> None:
    _scores(space, k)
    st.markdown(
        "The score of the map is the mean over its items; here is each item's own part, as 1 minus "
        "it, so that what is wrong is bright. An item has as many false as missing neighbours; "
        "what differs is from how far they come.\n\n"
        "**Cost**: O(n² d) once for each map; for more than 25,000 items a sample of 5,000, each "
        "ranked among all.\n\n"
        "**The usual mistake**: to trust a map everywhere because its mean is high, or nowhere "
        "because it is low. Most maps are right in places: look where."
    )


def _distances(space: EmbeddingSpace, k: int) -> None:
    st.latex(
        r"\text{stress} = \min_b \sqrt{\frac{\sum (d_p - b\,e_p)^2}{\sum d_p^2}}, \qquad "
        r"\text{monotone} = \min_{f \nearrow} \sqrt{\frac{\sum (e_p - f(d_p))^2}{\sum e_p^2}}"
    )
    st.markdown(
        "d is the distance of a pair in the space, e on the map, b one factor for the whole map "
        "(its unit means nothing), f any rising curve (Shepard 1962, Kruskal 1964).\n\n"
        "**Cost**: O(p d) for p pairs, drawn with seed 0.\n\n"
        "**The usual mistake**: to ask a map that keeps neighbourhoods for distances. UMAP and "
        "t-SNE give them up on purpose; PCA keeps the large ones best."
    )


def _morph(space: EmbeddingSpace, k: int) -> None:
    st.latex(r"\min_{Q^\top Q = I} \|A Q - B\|_F: \quad Q = U V^\top, \; A^\top B = U S V^\top")
    st.markdown(
        "Both neighbourhoods are centred, scaled to one spread and turned (or mirrored) onto each "
        "other (Procrustes; Schönemann 1966), because where a map puts its axes means nothing. "
        "What still moves is what the two maps disagree on.\n\n"
        "**Cost**: a few thousandths of a second.\n\n"
        "**The usual mistake**: to compare two maps by eye as they lie. One may be the other in a "
        "mirror."
    )


def _in_3d(space: EmbeddingSpace, k: int) -> None:
    st.latex(PROJECTIONS["PCA"].formula)
    st.markdown(
        f"A third axis holds more, but the screen is flat: what you see is again two dimensions of "
        f"the {space.dimensions}, chosen by your hand.\n\n"
        "**Cost**: as for two dimensions; drawing is what limits it, so at most 10,000 points are "
        "drawn.\n\n"
        "**The usual mistake**: to take depth for distance. Turn the cloud before believing that "
        "two points touch."
    )


def _components(space: EmbeddingSpace, k: int) -> None:
    st.latex(
        r"C = \tfrac{1}{n-1} \sum_i (x_i - \bar x)(x_i - \bar x)^\top = V \Lambda V^\top, \qquad "
        r"\text{share}_m = \frac{\lambda_1 + \dots + \lambda_m}{\lambda_1 + \dots + \lambda_d}"
    )
    st.markdown(
        f"The eigenvectors of the covariance of the {space.dimensions} dimensions, by eigenvalue "
        "(Pearson 1901; Jolliffe 2002).\n\n"
        "**Cost**: O(n d² + d³) time, O(d²) memory beside the data.\n\n"
        "**The usual mistake**: to name a component after the items at one end. Look at both ends, "
        "and ask whether the third would have been named alike in another sample; components of "
        "nearly the same variance turn into each other."
    )


def _jl(space: EmbeddingSpace, k: int) -> None:
    n = len(space)
    st.latex(
        r"m \ge \frac{4 \ln n}{\varepsilon^2/2 - \varepsilon^3/3} \;\Rightarrow\; "
        r"(1-\varepsilon)\|x-y\|^2 \le \|R^\top x - R^\top y\|^2 \le (1+\varepsilon)\|x-y\|^2"
    )
    st.markdown(
        f"For {n:,} items and ε = 0.1 that is m = {johnson_lindenstrauss_dimensions(n, 0.1):,}, "
        f"whatever the number of dimensions; ln n = {math.log(n):.1f} grows slowly, 1/ε² fast. "
        "(Johnson & Lindenstrauss 1984, the bound by Dasgupta & Gupta 2003; sparse directions by "
        "Achlioptas 2003 and Li, Hastie & Church 2006.)\n\n"
        "**Cost**: O(n d m) to project, nothing to fit.\n\n"
        "**The usual mistake**: to think that the lemma excuses flat maps. It is about tens to "
        "thousands of dimensions; in two, it promises nothing."
    )


def _stability(space: EmbeddingSpace, k: int) -> None:
    st.latex(
        r"s_i^2 = \frac{1}{s - 1} \sum_r \| y_i^{(r)} Q_r - \bar y_i \|^2, \quad "
        r"\bar y_i = \frac{1}{s} \sum_r y_i^{(r)} Q_r"
    )
    st.markdown(
        "The same vectors and settings, other seeds. Each map is turned onto the others "
        "(Procrustes), and what is left is how far each item wanders, in units of the map's "
        "spread. Items that wander have no place of their own: the map had to put them "
        "somewhere.\n\n"
        "**Cost**: one UMAP for each seed; the neighbour graph is computed once.\n\n"
        "**The usual mistake**: to explain where a group lies when another seed puts it elsewhere. "
        "What stays together under all seeds is worth explaining."
    )


_PARTS: dict[str, Callable[[EmbeddingSpace, int], None]] = {
    "Side by side": _maps,
    "Item by item": _points,
    "Distances": _distances,
    "One into the other": _morph,
    "3-D": _in_3d,
    "Components": _components,
    "Johnson–Lindenstrauss": _jl,
    "Other seeds": _stability,
}
