"""The Data page's tab for texts that have no vectors yet."""

from __future__ import annotations

import pytest

from explorer.ui import texts_view
from tests.pages.conftest import opened

DATA = "pages/space/data.py"


def test_pasted_texts_become_the_space_that_is_looked_at(app):
    pytest.importorskip("wordllama", reason="pip install wordllama")
    app = opened(app, DATA)
    app.text_area(key="texts_pasted").set_value("A calm harbour.\n\nShips in port.\nBake a cake.")
    app.run()
    app.button(key="texts_make").click().run()
    assert not app.exception
    assert not app.error
    assert "3 texts, 256 dimensions" in app.warning[0].value
    assert "1 blank texts" in app.warning[1].value


def test_a_column_of_a_table_becomes_a_space_and_a_wrong_one_is_named(app):
    pytest.importorskip("wordllama", reason="pip install wordllama")
    app = opened(app, DATA)
    table = ("reviews.csv", b"stars,review\n5,a fine book\n1,a dull film\n", "text/csv")
    app.file_uploader(key="texts_file").set_value(table).run()
    app.text_input(key="texts_column").set_value("words").run()
    app.button(key="texts_make").click().run()
    assert "column 'words' is not there" in app.error[0].value
    app.text_input(key="texts_column").set_value("review").run()
    app.button(key="texts_make").click().run()
    assert "2 texts, 256 dimensions" in app.warning[0].value


def test_without_the_package_the_tab_names_the_command_that_installs_it(app, monkeypatch):
    monkeypatch.setattr(texts_view.model, "is_installed", lambda: False)
    app = opened(app, DATA)
    assert any("pip install wordllama" in one.value for one in app.info)
