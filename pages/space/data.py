"""Data: open vectors, see what they are and what loading met, take them away in other formats."""

import streamlit as st

from explorer.ui import data_view, explained, frame, texts_view
from explorer.ui.state import current

st.title("Data", anchor=False)
left, right = st.columns([4, 6], gap="large")
with left:
    of_vectors, of_texts = st.tabs(["Vectors", "Own texts"])
    with of_vectors:
        data_view.open_form()
    with of_texts:
        texts_view.texts_form()
    data_view.space_list()
space = current.space()
with right:
    data_view.summary(space)
    data_view.problems(space)
    data_view.preview(space)
    data_view.derive(space)
    data_view.export(space)
frame.status_line(space)
explained.data_explained(space)
