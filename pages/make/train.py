"""Train: press Play and watch a space form."""

import streamlit as st

from explorer.ui import train_view, training_explained, training_session, training_sources

st.title("Train", anchor=False)
training = training_session.current()
controls = st.container()
with st.expander("What is learned, from what, and how", expanded=training is None):
    plan = training_sources.plan()
with controls:
    train_view.play_button(plan)
if training is not None:
    train_view.live(training)
    train_view.ended(training)
else:
    st.info(
        "Press Play: the items start at random places, and each step pulls together those that "
        "keep the same company. The loss falls, the map moves, the neighbours settle.",
        icon=":material/play_arrow:",
    )
training_explained.training_explained(training)
