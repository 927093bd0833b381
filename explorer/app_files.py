"""Where the app's own files lie: streamlit_app.py, pages/, data/ and .streamlit/.

In a checkout they stand beside the package. An installed wheel carries them inside it, in
explorer/app, where setup.py has put them.
"""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
CARRIED = PACKAGE / "app"
FOLDER = CARRIED if CARRIED.is_dir() else PACKAGE.parent
ENTRY = FOLDER / "streamlit_app.py"
DATA = FOLDER / "data"
