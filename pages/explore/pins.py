"""Pins: what do the items that I keep in view have in common?"""

import streamlit as st

from explorer.ui import explained, frame, pins_view
from explorer.ui.state import current, picked

space = current.space()
st.title("Pins compared", anchor=False)
rows = picked.pinned_rows()
if len(rows) < 2:
    st.info(
        "Pin two items or more: press p, or the star beside a name.", icon=":material/keep:"
    )  # fmt: skip
else:
    pins_view.compared(space, rows)
frame.status_line(space)
if len(rows) > 1:
    explained.pins_explained(space, rows)
