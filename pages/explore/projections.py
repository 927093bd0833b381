"""Projections: what does each map keep, and where does it mislead?"""

import streamlit as st

from explorer.ui import frame, projections_view, state
from explorer.ui.faults import shielded
from explorer.ui.sections import section

PARTS = {
    "Side by side": projections_view.side_by_side,
}

space = state.space()
st.title("Projections", anchor=False)
part = section(list(PARTS), key="projections_part")
with shielded():
    PARTS[part](space)
frame.status_line(space, more=" · ".join(one.title() for one in state.compared_maps()))
