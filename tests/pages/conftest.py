"""Pages run by AppTest: everything but the browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

APP = Path(__file__).resolve().parents[2] / "streamlit_app.py"


@pytest.fixture
def app(tmp_path, monkeypatch) -> AppTest:
    """The app as a visitor first meets it, with caches in a folder of its own."""
    monkeypatch.setenv("EMBEDDING_EXPLORER_CACHE", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["streamlit_app.py"])
    return AppTest.from_file(str(APP), default_timeout=60)


def opened(app: AppTest, page: str, **params: str | list[str]) -> AppTest:
    """The app on one page, opened by a link with these parameters; the digits if no space is."""
    for name, value in {"space": "digits", **params}.items():
        app.query_params[name] = value
    app.run()
    if page != "pages/explore/map.py":
        app.switch_page(page).run()
    assert not app.exception
    return app
