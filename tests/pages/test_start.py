"""What the first page imports: nothing that costs a visitor seconds before the map is there."""

from __future__ import annotations

import subprocess
import sys

from tests.pages.conftest import APP

SLOW = ("pandas", "pyarrow", "scipy", "sklearn", "numba", "umap", "h5py")
SCRIPT = """
import sys
from streamlit.testing.v1 import AppTest
sys.argv = ["streamlit_app.py"]
app = AppTest.from_file(sys.stdin.read(), default_timeout=60).run()
assert not app.exception and not app.error and app.header
print(*sys.modules)
"""


def test_the_first_page_imports_no_slow_package():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], input=str(APP), cwd=APP.parent,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "streamlit" in loaded
    assert not loaded.intersection(SLOW)
