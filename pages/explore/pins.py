"""Pins: what do the items that I keep in view have in common?"""

import streamlit as st

from explorer.ui import frame, pins_view, state

space = state.space()
st.title("Pins compared", anchor=False)
rows = state.pinned_rows()
if len(rows) < 2:
    st.info(
        "Pin two items or more: press p, or the star beside a name.", icon=":material/keep:"
    )  # fmt: skip
else:
    pins_view.compared(space, rows)
frame.status_line(space)
