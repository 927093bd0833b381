"""Train: press Play and watch a space form; or train several times and compare."""

import streamlit as st

from explorer.ui import (
    experiments_session,
    experiments_view,
    train_view,
    training_explained,
    training_session,
    training_sources,
)
from explorer.ui.experiments import EXPERIMENTS
from explorer.ui.sections import section

ONE = "One training"

st.title("Train", anchor=False)
part = section([ONE, *EXPERIMENTS], key="train_part")
experiments_session.touch()
training = training_session.current()
if part in EXPERIMENTS:
    experiments_view.show(EXPERIMENTS[part])
else:
    controls = st.container()
    begun = 0 if training is None else training.number  # it closes when one begins
    with st.expander(
        "What is learned, from what, and how", expanded=not begun, key=f"train_plan_{begun}"
    ):
        plan = training_sources.plan()
    with controls:
        train_view.play_button(plan)
    if training is not None:
        train_view.live(training)
        train_view.ended(training)
    else:
        st.info(
            "Press Play: the items start at random places, and each step pulls together those "
            "that keep the same company. The loss falls, the map moves, the neighbours settle.",
            icon=":material/play_arrow:",
        )
    training_explained.training_explained(training, plan)
