"""Neighbours: what is near, by which metric, and how near is that among all items?"""

import streamlit as st

from explorer.metrics import METRICS
from explorer.ui import explained, frame, neighbors_view, query
from explorer.ui.linked import linked
from explorer.ui.state import current

space = current.space()
metric = METRICS[current.view().metric]
st.title("Nearest neighbours", anchor=False)
query_side, count_side = st.columns(2, gap="large")
with query_side:
    asked = query.ask(space)
with count_side:
    linked("k", "neighbor_count", 10, lambda k: 1 <= k <= 100)
    k = st.slider("Neighbours shown", 1, 100, key="neighbor_count")
found = None  # the neighbours and the seconds that finding them took
if asked is not None:
    found = neighbors_view.find(space, asked, metric, k)
    if found is None:
        st.info("No item is left to search: take a condition away.", icon=":material/filter_alt:")
    else:
        nearest = found.value
        st.header(neighbors_view.heading(asked, metric, nearest), anchor=False)
        neighbors_view.charts(space, asked, metric, nearest)
        neighbors_view.table(space, asked, metric, nearest)
frame.status_line(space)
if asked is not None:
    explained.neighbors_explained(space, asked, metric, found)
