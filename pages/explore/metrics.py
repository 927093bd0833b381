"""Metrics: do they find the same neighbours, and where do they part?"""

import streamlit as st

from explorer.ui import (
    cached_metrics,
    disagreement_view,
    explained_metrics,
    frame,
    metrics_view,
    softmax_view,
)
from explorer.ui.sections import section
from explorer.ui.state import current, picked

SIDE, SPACE, SOFTMAX = "Side by side", "Where do they disagree most?", "Softmax"

original = current.space()
row = picked.focus_row()
st.title("Metrics side by side", anchor=False)
metrics, k, centre, normalise = metrics_view.metric_controls(original)
space = cached_metrics.derived(original, centre=centre, normalise=normalise)
part = section([SIDE, SPACE, SOFTMAX], key="metrics_part")
found = None
if len(space) < 3:
    st.info("This space has too few items: metrics are compared on three at least.")
elif len(metrics) < 2:
    st.info("Choose two metrics at least.")
elif part == SPACE:
    disagreement_view.disagreement(space, k, metrics)
elif row is None:
    st.info("Press / and type a name, or click a dot on the map.")
elif part == SOFTMAX:
    softmax_view.softmax_view(space, row, metrics)
else:
    found = cached_metrics.comparison(space, row, k, metrics)
    metrics_view.training_banner(space, row, k)
    metrics_view.heading(space, row, found.value)
    metrics_view.columns(space, found.value)
    picture, numbers = st.columns([6, 5], gap="large")
    with picture:
        metrics_view.bump(space, found.value)
    with numbers:
        metrics_view.agreement_table(space, found.value)
        metrics_view.identity(space, row, normalise)
        metrics_view.export(space, found.value, row, centre=centre, normalise=normalise)
frame.status_line(space, more=f"compared: {', '.join(metrics)}")
explained_metrics.metrics_explained(space, metrics, k, found)
