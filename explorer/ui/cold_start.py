"""The first visit of a server that has just started, when it comes by a link to one of the pages.

Until `st.navigation` has been called once in a process, Streamlit takes any folder named `pages/`
for its legacy multipage mode: it looks for the address among the files that lie directly in that
folder, and shows "Page not found" when there is none (1.67, PagesManager.uses_pages_directory). So
every address has a file there, and all that it does is to start the app; the app's own navigation
then finds the page. After that first visit these files are never run.
"""

from __future__ import annotations

import runpy

from explorer.app_files import ENTRY


def run_app() -> None:
    """Run the entry script in place of the file that called."""
    runpy.run_path(str(ENTRY))
