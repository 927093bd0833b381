"""The navigation and the sidebar that all pages share, and nothing else."""

import streamlit as st

from explorer.ui import frame, state
from explorer.ui.faults import shielded

st.set_page_config("Embedding Explorer", page_icon=str(frame.ICON), layout="wide")
page = st.navigation(
    {
        "Explore": [
            st.Page(
                "pages/explore/map.py", title="Map", icon=":material/scatter_plot:", default=True
            ),
            st.Page("pages/explore/neighbors.py", title="Neighbours", icon=":material/hub:"),
        ],
        "Space": [
            st.Page("pages/space/data.py", title="Data", icon=":material/database:"),
        ],
    }
)
frame.styles()
with shielded():
    state.read_link()
    frame.sidebar()
    frame.notices()
    page.run()
    state.write_link()
