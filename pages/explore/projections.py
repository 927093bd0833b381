"""Projections: what does each map keep, and where does it mislead?"""

import streamlit as st

from explorer.ui import frame, projections_explained, projections_view
from explorer.ui.faults import shielded
from explorer.ui.projections_controls import current_k
from explorer.ui.sections import section
from explorer.ui.state import current, shown_maps

space = current.space()
st.title("Projections", anchor=False)
part = section(list(projections_view.PARTS), key="projections_part")
projections_view.of_a_part(space)
with shielded():  # what is wrong in one part leaves the rest of the page standing
    projections_view.PARTS[part](space)
maps = ", ".join(one.title() for one in shown_maps.compared_maps())
frame.status_line(space, more=f"maps: {maps}")
projections_explained.projections_explained(space, part, current_k(space))
