"""Map: where does everything lie, and what is near the item I look at?"""

import streamlit as st

from explorer.ui import explained, focus_panel, frame, map_view, selection_table
from explorer.ui.state import current

space = current.space()
picture, panel = st.columns([7, 3], gap="medium")
with picture:
    drawn = map_view.map_of(space)
with panel:
    focus_panel.focus_panel(space)
selection_table.selection_table(space, drawn)
map_view.below(space, drawn)
frame.status_line(space, shown_map=drawn.map, drawn=drawn.text)
explained.map_explained(space, drawn.map)
