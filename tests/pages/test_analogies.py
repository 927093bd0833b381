"""The page of analogies and axes: every part of it, and what it says to a slip of the pen."""

import pytest

from tests.pages.conftest import opened
from tests.pages.test_metrics import said

PAGE = "pages/explore/analogies.py"
PARTS = ("Expression", "Odd one out", "Between two", "Axes", "Poles", "Directions", "Prototypes")


def part(app, name):
    app.segmented_control(key="analogies_part").set_value(name).run()
    assert not app.exception


@pytest.mark.parametrize("space", ["small-world", "digits"])
def test_every_part_opens_with_an_example_and_explains_itself(app, space):
    opened(app, PAGE, space=space)
    for name in PARTS:
        part(app, name)
        assert not app.error, name
        assert "usual mistake" in said(app)
        assert "exact search" in said(app)


def test_king_minus_man_plus_woman_is_queen(app):
    opened(app, PAGE, space="small-world")
    assert "The first answer is **queen**" in said(app)


def test_an_answer_that_is_an_input_is_told_with_what_dropping_it_changes(app):
    opened(app, PAGE, space="small-world")
    app.text_input(key="expression_small-world").set_value("king + queen").run()
    assert "which was asked with. Dropping them puts" in said(app)


def test_the_rank_of_an_expected_answer_is_told_both_ways(app):
    opened(app, PAGE, space="small-world")
    app.text_input(key="expression_small-world").set_value("paris - france + italy").run()
    app.text_input(key="expected_small-world").set_value("rome").run()
    assert "**rome** has rank **" in said(app)
    assert "**1 with them dropped**" in said(app)


@pytest.mark.parametrize("method", ["3CosMul", "PairDirection"])
def test_the_other_methods_answer_too(app, method):
    opened(app, PAGE, space="small-world")
    app.segmented_control(key="analogy_method").set_value(method).run()
    app.toggle(key="keep_inputs").set_value(True).run()
    assert not app.exception
    assert not app.error
    assert f"Answers by {method}" in said(app)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("king - quen", "Did you mean queen"),
        ("king - - man", "character 8: expected an item"),
        ("", "expected an item, found the end"),
        ("king - king", "cancels out"),
        ("__import__('os').system('true')", "character"),
        ("<script>alert(1)</script>", "expected +, - or the end"),
    ],
)
def test_a_slip_is_answered_in_one_sentence_and_the_page_stays(app, text, answer):
    opened(app, PAGE, space="small-world")
    app.text_input(key="expression_small-world").set_value(text).run()
    assert not app.exception
    assert len(app.error) == 1
    assert answer in said(app)
    assert "exact search" in said(app)


def test_the_odd_one_out_is_named(app):
    opened(app, PAGE, space="small-world")
    part(app, "Odd one out")
    assert "paris is the odd one out" in said(app)
    app.text_area(key="odd_small-world").set_value("cat\ndog").run()
    assert "three items or more" in said(app)


def test_half_way_between_two_items_lie_items(app):
    opened(app, PAGE, space="small-world")
    part(app, "Between two")
    assert "50% of the way from paris to rome" in said(app)
    app.segmented_control(key="path").set_value("arc").run()
    assert "The point has length 1" in said(app)


def test_axes_say_how_much_they_miss_beside_a_random_plane(app):
    opened(app, PAGE, space="small-world")
    part(app, "Axes")
    assert "a random plane would miss 96%" in said(app)
    app.text_area(key="axis_x_small-world").set_value("man - man").run()
    assert "point the same way" in said(app)


def test_parallel_pairs_are_told_from_shuffled_ones(app):
    opened(app, PAGE, space="small-world")
    part(app, "Directions")
    assert "p = 0.005: these pairs share a direction" in said(app)
    app.text_area(key="directions_small-world").set_value(
        "cat - paris\none - king\nred - big"
    ).run()
    assert "adds nothing that chance would not give" in said(app)


def test_prototypes_classify_beside_the_largest_group(app):
    opened(app, PAGE, space="digits")
    part(app, "Prototypes")
    assert "fall to the prototype of their own group" in said(app)
    assert "Always naming the largest group would reach 10.2%" in said(app)
    table = app.dataframe[0].value
    assert len(table) == 10
    assert table["accuracy"].between(0.5, 1).all()


def test_groups_can_be_typed(app):
    opened(app, PAGE, space="small-world")
    part(app, "Prototypes")
    app.selectbox(key="groups_small-world").set_value("(groups typed below)").run()
    assert "100.0% fall to the prototype" in said(app)
    app.text_area(key="typed_groups_small-world").set_value("animals: cat\nnothing").run()
    assert "Line 2, 'nothing'" in said(app)


def test_items_without_a_value_are_in_no_group(app):
    opened(app, PAGE, space="small-world")
    part(app, "Prototypes")
    app.selectbox(key="groups_small-world").set_value("gender").run()
    assert sorted(app.dataframe[0].value["group"]) == ["feminine", "masculine"]
