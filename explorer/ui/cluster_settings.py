"""What is clustered and how: the controls at the top of the Clusters page."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.space import EmbeddingSpace
from explorer.ui.cluster_results import HDBSCAN, K_MEANS, Chosen
from explorer.ui.linked import linked, linked_default
from explorer.ui.state import current

FEWEST = 3  # items of which clusters are looked for
MOST_CLUSTERS = 60
FIRST_K = 12
MOST_SEED = 2**31 - 1
METHOD = "cluster_method"
K, KEPT_K = "cluster_k", "clusters_kept_k"
BY_ANGLE = ("cosine", "angular")


def controls(space: EmbeddingSpace) -> Chosen:
    """Method, number of clusters, seed; the metric of the sidebar says how is measured."""
    spherical = current.view().metric in BY_ANGLE
    how, many, more = st.columns([4, 5, 3.4], vertical_alignment="bottom")
    linked("method", METHOD, K_MEANS, [K_MEANS, HDBSCAN].__contains__)
    method = how.segmented_control(
        "Method", [K_MEANS, HDBSCAN], key=METHOD,
        help="k-means divides all items into k clusters. HDBSCAN finds dense groups, as many as "
        "there are, and leaves the rest as noise.",
    ) or K_MEANS  # fmt: skip
    if method == HDBSCAN:
        return _density(space, spherical, many, more)
    k = _number_of_clusters(space, many)
    with more.popover("More settings", icon=":material/tune:", width="stretch"):
        first, key = linked_default("seed", "cluster_seed", 0, lambda seed: 0 <= seed <= MOST_SEED)
        seed = st.number_input("Seed", 0, MOST_SEED, first, key=key)
        first, key = linked_default("starts", "cluster_starts", 1, range(1, 21).__contains__)
        starts = st.number_input(
            "Starts", 1, 20, first, key=key,
            help="How often k-means begins anew; the tightest clusters are kept.",
        )  # fmt: skip
        _measured(spherical)
    return Chosen(K_MEANS, k, int(seed), int(starts), spherical=spherical)


def set_k(k: int) -> None:
    """Look at k clusters."""
    st.session_state[KEPT_K] = k
    st.session_state.pop(K, None)
    st.session_state[METHOD] = K_MEANS


def _number_of_clusters(space: EmbeddingSpace, place: DeltaGenerator) -> int:
    """The slider of k; its value is kept while another part of the page is looked at."""
    most = min(MOST_CLUSTERS, len(space) - 1)
    if most == 2:
        return 2
    if K not in st.session_state and KEPT_K in st.session_state:
        st.session_state[K] = st.session_state[KEPT_K]
    linked("k", K, FIRST_K, range(2, MOST_CLUSTERS + 1).__contains__)
    st.session_state[K] = min(int(st.session_state[K]), most)
    k = int(place.slider("Clusters (k)", 2, most, key=K))
    st.session_state[KEPT_K] = k
    return k


def _density(
    space: EmbeddingSpace, spherical: bool, many: DeltaGenerator, more: DeltaGenerator
) -> Chosen:
    most = max(3, min(500, len(space) // 2))
    key = f"cluster_least_{most}"
    linked("least", key, min(25, most), range(2, most + 1).__contains__)
    size = many.slider(
        "Least items of a cluster", 2, most, key=key,
        help="Smaller groups are noise, or a part of a larger cluster.",
    )  # fmt: skip
    with more.popover("More settings", icon=":material/tune:", width="stretch"):
        most = min(100, len(space))
        first, key = linked_default(
            "core", f"cluster_samples_{most}", min(5, most), range(1, most + 1).__contains__
        )
        samples = st.number_input(
            "Items for a core", 1, most, first, key=key,
            help="How many near items, itself counted, make an item dense. More: more noise.",
        )  # fmt: skip
        _measured(spherical)
    return Chosen(
        HDBSCAN, min_cluster_size=int(size), min_samples=int(samples), spherical=spherical
    )


def _measured(spherical: bool) -> None:
    metric = current.view().metric
    if spherical:
        st.caption("By cosine, the sidebar's metric: vectors count at length 1.")
    elif metric == "euclidean":
        st.caption("By Euclidean distance, the sidebar's metric.")
    else:
        st.caption(
            f"The sidebar's metric is {metric}; clusters are made by Euclidean distance, or by "
            "cosine with the metric cosine."
        )
