"""Glossary: every term with its formula, its cost and the usual mistake."""

import streamlit as st

from explorer.learn.glossary import TOPICS
from explorer.ui import glossary_view

st.title("Glossary", anchor=False)
count = sum(map(len, TOPICS.values()))
st.caption(f"{count} terms: formula, shapes, cost, the usual mistake, the source, where to try it")
text = glossary_view.search()
glossary_view.entries(glossary_view.shown_terms(text), opened=bool(text.strip()))
