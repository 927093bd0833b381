"""Report: which views do I pass on, in which order, and what do I say of them?"""

import streamlit as st

from explorer.ui import report_view

st.title("Report", anchor=False)
report_view.report_list()
