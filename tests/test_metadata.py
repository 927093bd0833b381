"""Metadata columns: four kinds of values, whatever they arrive as."""

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.metadata import Metadata, categories, category_codes


def column(values):
    return Metadata({"c": values})["c"]


@pytest.mark.parametrize(
    ("values", "dtype", "stored"),
    [
        ([1, 2], np.int64, [1, 2]),
        (np.array([1, 2], dtype=np.uint8), np.int64, [1, 2]),
        (np.array([2**63], dtype=np.uint64), np.float64, [2.0**63]),
        (np.array([0.5], dtype=np.float16), np.float64, [0.5]),
        ([True, False], np.bool_, [True, False]),
        (["a", "b"], object, ["a", "b"]),
        (["a", None], object, ["a", ""]),
        (["a", float("nan")], object, ["a", ""]),
        ([True, None], object, ["True", ""]),
        ([b"a", b"\xc3\xa9"], object, ["a", "é"]),
        (np.array([b"a"]), object, ["a"]),
        (np.array(["2024-05-01T10:30", "NaT"], "M8[m]"), object, ["2024-05-01T10:30", ""]),
        (["NaT", "nan"], object, ["NaT", "nan"]),
        ([], np.float64, []),
    ],
)  # fmt: skip
def test_what_arrives_is_stored_as_one_of_four_types(values, dtype, stored):
    assert column(values).dtype == dtype
    assert column(values).tolist() == stored


def test_missing_numbers_stay_numbers():
    assert column([1, None, 3]).dtype == np.float64
    assert np.array_equal(column([1, None, 3]), [1, np.nan, 3], equal_nan=True)


def test_columns_are_read_only_and_the_callers_array_stays_writable():
    mine = np.array([1, 2])
    with pytest.raises(ValueError, match="read-only"):
        column(mine)[0] = 5
    mine[0] = 7


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([0.5, 1.5], "number"),
        (list(range(20)), "category"),
        (list(range(21)), "number"),
        ([True, False], "category"),
        (["red", "blue"] * 30, "category"),
        ([f"sentence {i}" for i in range(60)], "text"),
        ([f"word {i}" for i in range(15)], "category"),
    ],
)
def test_the_kind_tells_how_to_draw_a_column(values, kind):
    assert Metadata({"c": values}).kind("c") == kind


def test_of_kind_keeps_the_order_of_the_columns():
    metadata = Metadata({"b": [0.5], "a": [1.5], "t": [True]})
    assert metadata.of_kind("number") == ["b", "a"]
    assert metadata.of_kind("number", "category") == ["b", "a", "t"]


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ExplorerError, match="each of 2 items; column 'b' holds 3"):
        Metadata({"a": [1, 2], "b": [1, 2, 3]})


def test_two_dimensional_columns_are_refused():
    with pytest.raises(ExplorerError, match=r"got shape \(2, 2\)"):
        Metadata({"a": [[1, 2], [3, 4]]})


def test_a_record_holds_plain_python_values():
    record = Metadata({"n": [1, 2], "x": [0.5, 1.5], "t": ["a", "b"], "f": [True, False]}).record(1)
    assert record == {"n": 2, "x": 1.5, "t": "b", "f": False}
    assert [type(value) for value in record.values()] == [int, float, str, bool]


def test_take_keeps_columns_and_picks_rows():
    taken = Metadata({"n": [1, 2, 3], "t": ["a", "b", "c"]}).take([2, 0])
    assert taken.rows == 2
    assert taken.record(0) == {"n": 3, "t": "c"}


def test_with_column_adds_or_replaces_and_leaves_the_original():
    first = Metadata({"n": [1, 2]})
    second = first.with_column("t", ["a", "b"]).with_column("n", [8, 9])
    assert list(first) == ["n"]
    assert second.record(0) == {"n": 8, "t": "a"}
    assert Metadata().with_column("n", [1, 2]).rows == 2


def test_the_digest_depends_on_names_values_and_types():
    columns = [{"a": [1, 2]}, {"a": [2, 1]}, {"b": [1, 2]}, {"a": [1.0, 2.0]}, {"a": ["1", "2"]}]
    assert len({Metadata(one).digest for one in columns}) == len(columns)
    assert Metadata({"a": [1]}).digest == Metadata({"a": np.array([1])}).digest


def test_categories_are_sorted_by_how_many_rows_they_have():
    names, codes, counts = categories(column(["b", "a", "b", "c"]))
    assert names == ["b", "a", "c"]  # a and c tie, in their own order
    assert codes.tolist() == [0, 1, 0, 2]
    assert counts.tolist() == [2, 1, 1]


def test_missing_categories_are_a_category_of_their_own():
    names, codes, _ = categories(column(["a", None, "a"]))
    assert names == ["a", ""]
    assert codes.tolist() == [0, 1, 0]


def test_an_empty_cell_has_no_category_to_be_told():
    assert category_codes(column(["b", None, "b", "a"])).tolist() == [0, -1, 0, 2]
    assert category_codes(column([3, 3, 0])).tolist() == [0, 0, 1]


def test_numbers_with_fractions_have_no_categories():
    with pytest.raises(ValueError, match="fractions"):
        categories(column([0.5, float("nan")]))
