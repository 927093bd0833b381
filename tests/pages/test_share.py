"""Share on every page; the report that its views go into."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from explorer.ui import report
from tests.pages.conftest import APP, opened

NEIGHBORS, REPORT = "pages/explore/neighbors.py", "pages/share/report.py"
PAGES = sorted(
    page for page in re.findall(r'st\.Page\("(pages/[^"]+)"', APP.read_text(encoding="utf-8"))
)


def add(app, page=NEIGHBORS, note=""):
    app.switch_page(page).run()
    app.button(key="share").click().run()
    app.text_area(key="share_note").set_value(note)
    app.button(key="share_add").click().run()
    assert not app.exception
    return app


@pytest.mark.parametrize("page", PAGES, ids=lambda page: Path(page).stem)
def test_every_page_offers_its_link(app, page):
    app = opened(app, page)
    app.button(key="share").click().run()
    assert not app.exception
    links = [one.value for one in app.code if "space=digits" in one.value]
    assert links or page.startswith("pages/learn/")


def test_figures_tables_and_lines_of_a_page_go_into_the_report(app):
    app = add(opened(app, NEIGHBORS), note="Near ones.")
    (entry,) = app.session_state["report"]
    assert (entry.title, entry.note) == ("Neighbours", "Near ones.")
    assert len(entry.figures) == 2
    assert [table.rows for table in entry.tables] == [10]
    assert entry.facts[0].startswith("Space: digits, 1,797 items x 64 dimensions")
    assert "neighbors_of(space" in entry.python[0]
    assert entry.link.startswith("neighbors?space=digits")


def test_the_map_goes_in_with_its_method(app):
    app = opened(app, "pages/explore/map.py")
    app.button(key="share").click().run()
    app.button(key="share_add").click().run()
    assert not app.exception
    (entry,) = app.session_state["report"]
    assert "3 · 164 and its 10 nearest" in entry.figures[0].title
    assert any(fact.startswith("Map: ") for fact in entry.facts)


def test_views_are_moved_noted_and_taken_out(app):
    app = add(add(opened(app, NEIGHBORS), note="one"), page="pages/explore/metrics.py", note="two")
    app.switch_page(REPORT).run()
    app.button(key="report_down_0").click().run()
    assert [one.note for one in app.session_state["report"]] == ["two", "one"]
    app.text_area(key="report_note_2").set_value("second, now first").run()
    app.button(key="report_out_1").click().run()
    assert [one.note for one in app.session_state["report"]] == ["second, now first"]
    assert not app.exception


def test_an_empty_report_says_how_it_is_filled(app):
    app = opened(app, REPORT)
    assert "press Share" in app.info[0].value


def test_a_report_has_bounds(app, monkeypatch):
    monkeypatch.setattr(report, "MOST_ENTRIES", 1)
    app = add(opened(app, NEIGHBORS))
    app = add(app)
    assert "A report holds 1 views" in app.session_state["share_told"]
    assert len(app.session_state["report"]) == 1
