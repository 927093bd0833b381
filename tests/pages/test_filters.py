"""A filter of the sidebar holds on every page and always says how much it leaves."""

from __future__ import annotations

import pytest

from explorer.catalog import open_bundled
from tests.pages.conftest import opened
from tests.pages.test_pages import texts

SEVENS = '["digit", "is", "7"]'
PAGES = [f"pages/explore/{page}.py" for page in (
    "map", "neighbors", "metrics", "projections", "analogies", "clusters",
)]  # fmt: skip
MAP, NEIGHBORS = PAGES[:2]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_obeys_the_filter_of_a_link_and_says_n_of_n(app, page):
    count = int((open_bundled("digits").metadata["digit"] == 7).sum())
    said = texts(opened(app, page, where=SEVENS))
    assert f"{count} of 1,797** items pass the filter" in said
    assert f"{count} of 1,797 × 64" in said


def test_projections_say_that_maps_are_made_anew_of_what_the_filter_leaves(app):
    page = "pages/explore/projections.py"
    assert "computed anew" not in texts(opened(app, page))
    assert "computed anew, for them alone" in texts(opened(app, page, where=SEVENS))


def test_a_filter_chosen_in_the_sidebar_restricts_the_neighbors_and_goes_into_the_link(app):
    opened(app, NEIGHBORS)
    app.selectbox(key="filter_digits").set_value("digit").run()
    app.multiselect(key="filter_digits_digit").set_value(["7"]).run()
    assert set(app.dataframe[0].value["digit"]) == {7}
    assert "where digit is 7" in texts(app)
    assert app.query_params["where"] == SEVENS


def test_the_neighbors_of_an_item_that_the_filter_hides_are_among_those_that_pass(app):
    three = '["digit", "is", "3"]'
    opened(app, NEIGHBORS, where=SEVENS, focus="3 · 17" if "3 · 17" in open_bundled("digits").items
           else open_bundled("digits").items[3])  # fmt: skip
    assert "does not pass the filter" in texts(app)
    assert set(app.dataframe[0].value["digit"]) == {7}
    opened(app, MAP, where=three)
    assert not app.exception


def test_a_range_of_numbers_restricts_and_is_lifted_by_its_cross(app):
    opened(app, NEIGHBORS, space="small-world")
    space = open_bundled("small-world")
    column = space.metadata.of_kind("number")[0]
    app.selectbox(key="filter_small-world").set_value(column).run()
    middle = float(sorted(space.metadata[column].tolist())[len(space) // 2])
    app.number_input(key=f"filter_small-world_{column}_from").set_value(middle).run()
    assert (app.dataframe[0].value[column] >= middle).all()
    app.button(key=f"unfilter_{column}").click().run()
    assert "pass the filter" not in texts(app)
    assert "where" not in app.query_params


def test_a_filter_that_leaves_nothing_is_not_applied_and_says_so(app):
    opened(app, MAP, where='["digit", "is", "77"]')
    assert any("No item meets the filter" in one.value for one in app.main.warning)
    assert "**0 of 1,797** items pass the filter" in texts(app)
    assert "1,797 × 64" in texts(app)


def test_a_filter_of_a_link_that_does_not_fit_the_space_is_told(app):
    opened(app, MAP, where=["[1, 2", '["colour", "is", "red"]'])
    assert "which does not fit digits" in texts(app).replace("\\", "")
    assert "1,797 × 64" in texts(app)


def test_undo_brings_the_filter_before_back(app):
    opened(app, MAP, where=SEVENS)
    app.button(key="unfilter_digit").click().run()
    assert "pass the filter" not in texts(app)
    app.button(key="undo").click().run()
    assert "pass the filter" in texts(app)
