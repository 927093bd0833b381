"""The navigation and the sidebar that all pages share, and nothing else."""

import streamlit as st

from explorer.app_files import PACKAGE
from explorer.ui.preload import preload_plotly

ICON = PACKAGE / "ui" / "icon.svg"  # our own: a named icon is fetched from a third party
st.set_page_config("Embedding Explorer", page_icon=str(ICON), layout="wide")
the_map = st.Page("pages/explore/map.py", title="Map", icon=":material/scatter_plot:", default=True)
page = st.navigation(
    {
        "Explore": [
            the_map,
            st.Page("pages/explore/projections.py", title="Projections", icon=":material/flip:"),
            st.Page("pages/explore/neighbors.py", title="Neighbours", icon=":material/hub:"),
            st.Page("pages/explore/metrics.py", title="Metrics", icon=":material/straighten:"),
            st.Page("pages/explore/analogies.py", title="Analogies & axes", icon=":material/add:"),
            st.Page("pages/explore/clusters.py", title="Clusters", icon=":material/bubble_chart:"),
            st.Page("pages/explore/pins.py", title="Pins", icon=":material/keep:"),
        ],
        "Make": [
            st.Page("pages/make/train.py", title="Train", icon=":material/model_training:"),
        ],
        "Learn": [
            st.Page("pages/learn/lessons.py", title="Lessons", icon=":material/school:"),
            st.Page("pages/learn/glossary.py", title="Glossary", icon=":material/menu_book:"),
        ],
        "Share": [
            st.Page("pages/share/report.py", title="Report", icon=":material/summarize:"),
        ],
        "Space": [
            st.Page("pages/space/data.py", title="Data", icon=":material/database:"),
        ],
    }
)
if page == the_map:
    preload_plotly()

from explorer.ui import frame, on_page, share, warm  # noqa: E402 (imports what takes time: after the preload)
from explorer.ui.faults import shielded  # noqa: E402
from explorer.ui.garbage import collect_now_and_then  # noqa: E402
from explorer.ui.login import require_login  # noqa: E402
from explorer.ui.state import address_bar  # noqa: E402
from explorer.ui.tour_component import tour  # noqa: E402

frame.styles()
with shielded():
    require_login()
    address_bar.read_link()
    frame.type_size()
    frame.sidebar()
    frame.notices()
    on_page.begin(page.title)
    page.run()
    if page == the_map:
        tour()
    address_bar.write_link()
    share.share_button(page.url_path)
warm.begin_soon()
collect_now_and_then()
