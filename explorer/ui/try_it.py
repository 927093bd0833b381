"""Links from what is explained to the page where it can be tried."""

from __future__ import annotations

import streamlit as st

TRIED = {  # address of a page -> its file, its title
    "data": ("pages/space/data.py", "Data"),
    "neighbors": ("pages/explore/neighbors.py", "Neighbours"),
    "metrics": ("pages/explore/metrics.py", "Metrics"),
    "analogies": ("pages/explore/analogies.py", "Analogies & axes"),
    "projections": ("pages/explore/projections.py", "Projections"),
    "clusters": ("pages/explore/clusters.py", "Clusters"),
    "train": ("pages/make/train.py", "Train"),
}


def try_it(address: str) -> None:
    """A link to the page of that address."""
    file, title = TRIED[address]
    st.page_link(file, label=f"Try it: {title}", icon=":material/arrow_forward:")
