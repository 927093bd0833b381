"""Which column is the vector, which one names the items."""

import pytest

from explorer.errors import VectorFileError
from explorer.formats.columns import (
    is_about_an_item,
    item_names,
    label_order,
    listed,
    numbered_classes,
    numbered_series,
    vector_columns,
)


def chosen(kinds, wanted=None):
    return vector_columns(kinds, wanted, "t.csv").names


def test_a_series_is_ordered_by_its_number_not_by_its_spelling():
    assert numbered_series(["x2", "x10", "x1", "count"]) == {"x": ["x1", "x2", "x10"]}


@pytest.mark.parametrize(
    "names", [("dim_0", "dim_1"), ("e[0]", "e[1]"), ("0", "1"), ("V1", "V2"), ("pc-1", "pc-2")]
)
def test_many_spellings_of_numbered_columns_are_one_series(names):
    assert chosen({"word": "text", "count": "number", **dict.fromkeys(names, "number")}) == names


def test_without_a_series_all_number_columns_but_those_about_an_item_are_the_vector():
    kinds = dict.fromkeys(["movieId", "year", "height", "width", "word_count"], "number")
    assert chosen(kinds) == ("height", "width")


@pytest.mark.parametrize("name", ["id", "movieId", "word_count", "Year", "Unnamed: 0", "title"])
def test_ids_counts_and_names_are_never_dimensions(name):
    assert is_about_an_item(name)


def test_a_column_of_lists_goes_before_number_columns():
    assert chosen({"id": "number", "x1": "number", "x2": "number", "v": "numbers"}) == ("v",)


def test_lists_of_fractions_go_before_lists_of_whole_numbers():
    assert chosen({"tokens": "whole numbers", "v": "numbers"}) == ("v",)
    assert chosen({"tokens": "whole numbers", "w": "text"}) == ("tokens",)


def test_several_columns_of_lists_are_an_error_that_names_them():
    with pytest.raises(VectorFileError, match=r"2 columns hold vectors: a, b. .*--vector"):
        chosen({"a": "numbers", "b": "numbers"})


def test_two_series_of_one_length_are_an_error_that_names_them():
    kinds = dict.fromkeys(["a1", "a2", "b1", "b2"], "number")
    with pytest.raises(VectorFileError, match=r"a \(a1 to a2\), b \(b1 to b2\)"):
        chosen(kinds)
    assert chosen(kinds, "b") == ("b1", "b2")


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("v", ("v",)),
        ("dim", ("dim_1", "dim_2")),
        ("dim_", ("dim_1", "dim_2")),
        ("len", ("length",)),
    ],
)
def test_the_wanted_vector_is_a_column_a_series_or_a_beginning(wanted, names):
    kinds = {"v": "numbers", "w": "numbers", "dim_2": "number", "dim_1": "number"}
    assert chosen({**kinds, "length": "number"}, wanted) == names


def test_an_unknown_wanted_vector_is_answered_with_the_columns():
    with pytest.raises(VectorFileError, match=r"'q'.*the columns are word, x"):
        chosen({"word": "text", "x": "number"}, "q")


def test_a_table_without_numbers_is_refused():
    with pytest.raises(VectorFileError, match=r"expected a column of vectors.*found a, b"):
        chosen({"a": "text", "b": "text"})


def test_known_names_are_tried_first_then_the_leftmost():
    assert label_order(["class", "title", "word"]) == ["word", "title", "class"]


def named(columns, texts, wanted=None):
    return item_names(columns, texts, wanted, "t.csv")


def test_a_column_of_classes_is_kept_and_the_items_are_called_by_class_and_row():
    found = named({"species": ["a", "a", "a", "b", "b"]}, ["species"])
    assert found.names == ["a · 0", "a · 1", "a · 2", "b · 3", "b · 4"]
    assert found.column is None


def test_a_column_that_names_goes_before_one_of_classes():
    found = named({"class": ["a"] * 3, "who": ["x", "y", "z"]}, ["class", "who"])
    assert (found.names, found.column) == (["x", "y", "z"], "who")


def test_words_may_repeat():
    assert named({"word": ["bank"] * 3}, ["word"]).names == ["bank"] * 3


def test_ids_name_the_items_where_no_text_does():
    assert named({"id": [7, 8], "score": [1, 2]}, []).names == ["7", "8"]
    assert named({"score": [1, 2]}, []).names is None


def test_the_wanted_label_is_taken_though_it_repeats():
    assert named({"class": ["a", "a", "a"], "word": ["x", "y", "z"]}, ["word"], "class").names == [
        "a",
        "a",
        "a",
    ]


def test_an_unknown_label_is_answered_with_the_columns():
    with pytest.raises(VectorFileError, match=r"no column 'q'.*there is word"):
        named({"word": ["a"]}, ["word"], "q")


def test_numbered_classes_are_distinct():
    assert numbered_classes(["7", "2", "7"]) == ["7 · 0", "2 · 1", "7 · 2"]


def test_long_lists_are_cut_and_counted():
    assert listed(list("abcdefghij")) == "a, b, c, d, e, f, g, h and 2 more"
