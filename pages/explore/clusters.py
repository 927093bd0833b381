"""Clusters: which groups are there, are they in the space or only in the picture, and how many?"""

import streamlit as st

from explorer.ui import (
    cluster_column_view,
    cluster_count_view,
    cluster_maps_view,
    cluster_results,
    cluster_settings,
    cluster_steps_view,
    clusters_view,
    explained_clusters,
    frame,
)
from explorer.ui.faults import shielded
from explorer.ui.sections import section
from explorer.ui.state import current

PARTS = {
    "Clusters": clusters_view.clusters,
    "Space and map": cluster_maps_view.space_and_map,
    "How many?": cluster_count_view.how_many,
    "Against a column": cluster_column_view.against_column,
    "Step by step": cluster_steps_view.step_by_step,
}

space = current.space()
st.title("Clusters", anchor=False)
part = section(list(PARTS), key="clusters_part")
note = ""
if len(space) < cluster_settings.FEWEST:
    st.info("This space has too few items: clusters are looked for among three at least.")
else:
    own = part == "Step by step"  # has settings of its own
    chosen = cluster_results.Chosen() if own else cluster_settings.controls(space)
    with shielded():
        note = PARTS[part](space, chosen)
    frame.status_line(space, more=note)
    explained_clusters.clusters_explained(space, chosen, part)
