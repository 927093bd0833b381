"""The Data page shows the limits, and over a limit offers a part of the file."""

from __future__ import annotations

import numpy as np
import pytest

from explorer import limits
from tests.hostile.contents import npy, spread
from tests.pages.conftest import opened
from tests.pages.test_pages import DATA, texts


@pytest.fixture
def tight(monkeypatch):
    """A server of small limits."""
    small = limits.Limits(cells=400, name_characters=1_000)
    monkeypatch.setattr("explorer.ui.data_view.upload_limits", lambda: small)
    server = limits.ServerLimits(session_spaces=2, session_bytes=8_000, server_bytes=10**9)
    monkeypatch.setattr("explorer.ui.held.server_limits", lambda: server)


def put(app, name: str, vectors: np.ndarray) -> None:
    file = (name, npy(vectors), "application/octet-stream")
    app.file_uploader(key="upload_vectors").set_value(file).run()
    app.button(key="upload_open").click().run()
    assert not app.exception


def test_the_limits_and_their_settings_are_shown(app):
    opened(app, DATA)
    shown = app.table[0].value.to_string()
    for words in ("300,000,000", "EMBEDDING_EXPLORER_CELLS", "EMBEDDING_EXPLORER_SERVER_BYTES"):
        assert words in shown


@pytest.mark.parametrize(
    ("button", "stated"),
    [("upload_first", "the first 100"), ("upload_sample", "a random sample of 100")],
)
def test_over_the_limit_a_stated_part_is_offered_and_opens(app, tight, button, stated):
    opened(app, DATA)
    put(app, "mine.npy", spread(500, 4))
    assert "the limit here is 400" in app.error[0].value.replace("\\", "")
    app.button(key=button).click().run()
    assert "100 × 4" in texts(app)
    assert stated in texts(app).replace("\\", "")
    assert not app.error


def test_a_space_too_many_is_refused_before_it_is_read(app, tight):
    opened(app, DATA)
    for number in range(2):
        put(app, f"v{number}.npy", spread(10, 4))
    put(app, "v3.npy", spread(10, 4))
    assert "2 own spaces are open, and the limit is 2" in app.error[0].value.replace("\\", "")


def test_a_space_too_large_for_what_is_left_is_offered_in_part(app, monkeypatch):
    server = limits.ServerLimits(session_bytes=3_000)
    monkeypatch.setattr("explorer.ui.held.server_limits", lambda: server)
    opened(app, DATA)
    put(app, "a.npy", spread(100, 4))
    put(app, "b.npy", spread(100, 4))
    said = app.error[0].value.replace("\\", "")
    assert "your own spaces hold 1.6 kB of at most 2.9 kB" in said
    app.button(key="upload_first").click().run()
    assert "87 × 4" in texts(app)
