"""What am I looking at? The Clusters page, part by part."""

from __future__ import annotations

import streamlit as st

from explorer.clustering.choose_k import BOOTSTRAPS, REFERENCES, SEEDS
from explorer.clustering.validity import EXACT_ITEMS
from explorer.space import EmbeddingSpace
from explorer.ui.cluster_results import HDBSCAN, Chosen
from explorer.ui.explained import ICON, TITLE


def clusters_explained(space: EmbeddingSpace, chosen: Chosen, part: str) -> None:
    """Formula, this view's numbers, cost, the usual mistake."""
    with st.expander(TITLE, icon=ICON):
        {
            "Space and map": _space_and_map,
            "How many?": _how_many,
            "Against a column": _against,
            "Step by step": _steps,
        }.get(part, _clusters)(space, chosen)


def _clusters(space: EmbeddingSpace, chosen: Chosen) -> None:
    n, d = len(space), space.dimensions
    if chosen.method == HDBSCAN:
        st.latex(r"d_{reach}(a, b) = \max\{\, core_m(a),\ core_m(b),\ \|a - b\| \,\}")
        st.markdown(
            f"core is the distance of an item to its m-th nearest, itself counted; here m = "
            f"{chosen.min_samples}. The tree of shortest such distances is cut where groups of at "
            f"least {chosen.min_cluster_size} items last longest (Campello, Moulavi & Sander 2013; "
            "McInnes, Healy & Astels 2017). Items in no group are noise. The tree is ours, the cut "
            "that of the package scikit-learn.\n\n"
            f"**Cost**: O(n² d) time, here n = {n:,} and d = {d}; O(n) memory.\n\n"
            "**The usual mistake**: to expect that most items end in a cluster. In hundreds of "
            "dimensions few are dense by comparison; much noise is a finding, not a failure."
        )
        return
    kind = (
        "The vectors count at length 1, and so do centres: the squared distance is 2 - 2 cos "
        "(spherical k-means, Dhillon & Modha 2001). "
        if chosen.spherical
        else ""
    )
    st.latex(r"J = \sum_{i=1}^{n} \| x_i - c_{l_i} \|^2")
    st.markdown(
        f"k-means looks for {chosen.k} centres c and a label l for each of the {n:,} items that "
        "make J small (Lloyd 1982; first centres by k-means++, Arthur & Vassilvitskii 2007). "
        f"{kind}"
        "**Variance explained** is 1 - J / J₁, where J₁ is J with one cluster. **Silhouette**: "
        "(b - a) / max(a, b) of each item, a the mean distance to its own cluster and b to the "
        f"next (Rousseeuw 1987); exact up to {EXACT_ITEMS:,} items, above for a stated sample. "
        "Calinski–Harabasz (1974) and Davies–Bouldin (1979) compare scatter inside with distance "
        "between.\n\n"
        f"**Cost**: O(n k d) a round, here {n:,} × {chosen.k} × {d}; O(n + k d) memory beside the "
        "data.\n\n"
        "**The usual mistake**: to take clusters for kinds that were found. k-means divides any "
        "cloud into k parts; look under *How many?* whether points without clusters do as well, "
        "and at the silhouette: below 0.1 the parts are slices of one cloud."
    )


def _space_and_map(space: EmbeddingSpace, chosen: Chosen) -> None:
    st.latex(
        r"\mathrm{ARI} = \frac{\sum_{ij} \binom{n_{ij}}{2} - E}{\tfrac12\left[\sum_i "
        r"\binom{a_i}{2} + \sum_j \binom{b_j}{2}\right] - E}, \qquad E = \frac{\sum_i "
        r"\binom{a_i}{2} \sum_j \binom{b_j}{2}}{\binom n2}"
    )
    st.markdown(
        "n_ij counts items in cluster i of the space and j of the map, a and b are the sums of "
        "rows and columns (Hubert & Arabie 1985). 1: the same clusters; 0: what chance gives. The "
        f"space has {space.dimensions} dimensions, the map 2: the same method with the same "
        "settings sees other groups there. Labels of the map are paired with those of the space so "
        "that most items keep theirs (Kuhn 1955).\n\n"
        "**Cost**: clustering the map is O(n k) a round; the comparison O(n).\n\n"
        "**The usual mistake**: to draw a line around a blob on the picture and call it a group. "
        "Blobs of UMAP are partly made by UMAP, and its gaps have no length. Compare with how far "
        "k-means agrees with itself from another seed: only what is below that is the map's doing."
    )


def _how_many(space: EmbeddingSpace, chosen: Chosen) -> None:
    st.latex(
        r"\mathrm{Gap}(k) = \frac1B \sum_{b=1}^{B} \log W^*_{kb} - \log W_k, \qquad "
        r"\hat k = \min\{k : \mathrm{Gap}(k) \ge \mathrm{Gap}(k+1) - s_{k+1}\}"
    )
    st.markdown(
        f"W is the inertia; W* that of B = {REFERENCES} sets of points spread uniformly over the "
        "box along the principal axes that holds the items (Tibshirani, Walther & Hastie 2001)"
        f"{', brought to length 1 like the items' if chosen.spherical else ''}. Stability: the "
        f"mean adjusted Rand index of every two of {SEEDS} runs from different seeds, and of "
        f"{BOOTSTRAPS} resamples with replacement (Hennig 2007).\n\n"
        f"**Cost**: {2 * (SEEDS + BOOTSTRAPS) + REFERENCES - 1} runs of k-means for each k, on "
        f"{min(len(space), EXACT_ITEMS):,} items; silhouettes O(n² d) once for all k.\n\n"
        "**The usual mistake**: to ask one measure. Silhouette, Calinski–Harabasz and the elbow "
        "name a k for any data, uniform points too; only a curve that leaves the dashed one says "
        "that something is there."
    )


def _against(space: EmbeddingSpace, chosen: Chosen) -> None:
    st.latex(
        r"\mathrm{NMI} = \frac{2\, I(C; L)}{H(C) + H(L)}, \qquad \mathrm{purity} = \frac1n "
        r"\sum_c \max_l n_{cl}"
    )
    st.markdown(
        "C are the clusters, L the values of the column, I their mutual information and H entropy "
        "(Manning, Raghavan & Schütze 2008, 16.3). Numbers are cut into four quarters.\n\n"
        "**Cost**: O(n), and O(n) for each of 20 shuffles.\n\n"
        "**The usual mistake**: to quote purity or NMI alone. Both grow with the number of "
        "clusters, for labels dealt at random too; subtract what the shuffled ones reach. And a "
        "column that was made from these very vectors agrees with them by construction."
    )


def _steps(space: EmbeddingSpace, chosen: Chosen) -> None:
    st.latex(
        r"l_i \leftarrow \arg\min_j \| x_i - c_j \|, \qquad "
        r"c_j \leftarrow \frac{1}{|\{i : l_i = j\}|} \sum_{i : l_i = j} x_i"
    )
    st.markdown(
        "Each line is the best answer to half of the question: labels for given centres, centres "
        "for given labels (Lloyd 1982). So J never rises, and as there are finitely many labels, "
        "the turns end. The grey lines are the edges of the Voronoi cells: where two centres are "
        "equally near.\n\n"
        "**Cost**: O(n k) a step on a plane.\n\n"
        "**The usual mistake**: to read the end as the answer. It is a local minimum, and k-means "
        "can only draw straight borders halfway between centres: half moons and groups of uneven "
        "size are cut in the wrong places, whatever the seed."
    )
