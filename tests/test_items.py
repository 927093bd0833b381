"""Names: looked up, searched, suggested, and made distinct."""

import pytest

from explorer.errors import ExplorerError, UnknownItemError
from explorer.items import Items, number_duplicates
from explorer.packed_names import PackedNames

WORDS = ["king", "queen", "King Lear", "viking", "KING", "straße"]


def test_items_are_their_names_in_row_order():
    items = Items(WORDS)
    assert list(items) == WORDS
    assert len(items) == 6
    assert items[1] == "queen"
    assert items[-1] == "straße"
    assert items[1:3] == ("queen", "King Lear")
    assert "viking" in items
    assert "vik" not in items
    assert 3 not in items


def test_the_row_of_a_name_counts_case():
    assert Items(WORDS).row("KING") == 4
    assert Items(WORDS).get("KInG") is None


def test_an_unknown_name_is_answered_with_close_spellings():
    with pytest.raises(UnknownItemError) as raised:
        Items(["king", "queen"]).row("kings", "toy")
    assert str(raised.value) == "'kings' is not among the 2 items of toy. Did you mean king?"
    assert raised.value.suggestions == ("king",)


def test_names_given_twice_are_refused_when_a_row_is_looked_up():
    with pytest.raises(ExplorerError, match="3 rows have 2 names"):
        Items(["a", "b", "a"]).row("b")


def test_take_gives_names_in_the_order_of_the_rows():
    assert Items(WORDS).take([3, 0]) == ["viking", "king"]


@pytest.mark.parametrize("pack", [list, PackedNames.pack])
def test_search_puts_equal_names_first_then_beginnings_then_the_rest(pack):
    assert Items(pack(WORDS)).search("king") == [0, 4, 2, 3]


def test_an_exact_name_comes_before_those_that_differ_in_case():
    assert Items(WORDS).search("KING")[0] == 4


def test_search_folds_case_as_languages_do():
    assert Items(WORDS).search("STRASSE") == [5]


def test_search_ends_at_its_limit_and_ignores_blank_questions():
    assert Items(WORDS).search("king", limit=2) == [0, 4]
    assert Items(WORDS).search("king", limit=0) == []
    assert Items(WORDS).search("   ") == []
    assert Items(WORDS).search("emperor") == []


def test_a_name_that_holds_the_text_many_times_does_not_hide_the_next():
    assert Items(["a" * 500, "ba"]).search("a", limit=2) == [0, 1]


def test_names_with_line_breaks_and_blank_names_are_counted_as_one_row_each():
    items = Items(["", "two\nlines", " ", "lines"])
    assert items.search("lines") == [3, 1]
    assert items.search("two\nlines") == [1]


def test_searching_agrees_with_looking_at_every_name():
    names = [f"{a}{b}" for a in "xyzab" for b in ("", "a", "ab", "aab", "ba")]
    items = Items(dict.fromkeys(names))
    for wanted in ("a", "ab", "x", "za", "b"):
        assert sorted(items.search(wanted, 100)) == [i for i, n in enumerate(items) if wanted in n]


def test_suggestions_of_a_very_long_unknown_name_come_quickly():
    assert Items(WORDS).suggest("k" * 1_000_000) == []


def test_numbered_rows_are_named_by_their_number():
    items = Items.numbered(1_000_000)
    assert items.are_numbers
    assert items[123] == "123"
    assert items.row("999999") == 999_999
    assert items[2:4] == ("2", "3")


@pytest.mark.parametrize("name", ["1000000", "-1", "007", "1.0", "²", "9" * 5_000, "", "x"])
def test_what_is_not_the_number_of_a_row_is_no_name(name):
    assert Items.numbered(1_000_000).get(name) is None


def test_the_digest_depends_on_names_and_their_order():
    digests = {Items(names).digest for names in (["a", "b"], ["b", "a"], ["ab"], ["a", "b", "c"])}
    assert len(digests) == 4
    assert Items(["a", "b"]).digest == Items(["a", "b"]).digest
    assert Items(["a", "b"]).digest == Items(PackedNames.pack(["a", "b"])).digest


def test_the_repr_shows_the_first_names():
    assert repr(Items(WORDS)) == "Items(6: 'king', 'queen', 'King Lear', …)"


@pytest.mark.parametrize(
    ("names", "distinct", "renamed"),
    [
        (["a", "b"], ["a", "b"], []),
        (["a", "b", "a", "a"], ["a", "b", "a #2", "a #3"], [2, 3]),
        (["a", "a #2", "a"], ["a", "a #2", "a #3"], [2]),
        (["a", "a", "a #2"], ["a", "a #3", "a #2"], [1]),
        (["", ""], ["", " #2"], [1]),
        ([], [], []),
    ],
)
def test_repeated_names_are_numbered_and_no_name_is_taken_twice(names, distinct, renamed):
    found, rows = number_duplicates(names)
    assert list(found) == distinct
    assert rows == renamed
