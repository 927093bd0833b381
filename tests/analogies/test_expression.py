"""The grammar: what it reads, what it refuses and where; nothing makes it fail otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.analogies.expression import ExpressionError, parse


def weights(text, items=()):
    return {term.item: term.weight for term in parse(text, lambda name: name in items)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("king", {"king": 1}),
        ("king - man + woman", {"king": 1, "man": -1, "woman": 1}),
        ("king-man+woman", {"king": 1, "man": -1, "woman": 1}),
        ("0.5*paris + rome", {"paris": 0.5, "rome": 1}),
        ("paris*0.5 + rome / 4", {"paris": 0.5, "rome": 0.25}),
        ("2 * 3 * a", {"a": 6}),
        ("-a + .5*b", {"a": -1, "b": 0.5}),
        ("a - (b - c)", {"a": 1, "b": -1, "c": 1}),
        ("2*(a - 3*(b + c)) / 4", {"a": 0.5, "b": -1.5, "c": -1.5}),
        ("a + a - b", {"a": 2, "b": -1}),
        ("a - a", {"a": 0}),
        ("new york - usa", {"new york": 1, "usa": -1}),
        ('"rock \'n\' roll" + "a-b"', {"rock 'n' roll": 1, "a-b": 1}),
        ("'2*3' - x", {"2*3": 1, "x": -1}),
        ("7 - 3 + 12", {"7": 1, "3": -1, "12": 1}),
        ("2*7 - 3", {"7": 2, "3": -1}),
        ("3 · 164 - 5 · 12", {"3 · 164": 1, "5 · 12": -1}),
        ("2 * 3 · 164", {"3 · 164": 2}),
        ("1e2*a", {"a": 100}),
        ("könig − mann × 2", {"könig": 1, "mann": -2}),
    ],
)
def test_an_expression_is_a_sum_of_items_times_numbers(text, expected):
    assert weights(text) == expected


def test_a_piece_that_the_space_holds_is_one_item_whatever_signs_are_in_it():
    items = {"vice-president", "'s", "o'brien", "1/2", "c++"}
    assert weights("(vice-president+usa)", items) == {"vice-president": 1, "usa": 1}
    assert weights("'s - o'brien", items) == {"'s": 1, "o'brien": -1}
    assert weights("2*1/2 + c++", items) == {"1/2": 2, "c++": 1}
    assert weights("vice-president") == {"vice": 1, "president": -1}


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("", 1, "expected an item, found the end"),
        ("king - ", 8, "expected an item, found the end"),
        ("king - + woman", 8, "expected an item, found '+'"),
        ("(king - man", 12, "expected a ) for the ( of character 1"),
        ("king) - man", 5, "expected +, - or the end"),
        ("king * queen", 8, "items can be added, not multiplied"),
        ("king / (man)", 8, "expected a number"),
        ('king - "man', 8, "has no end"),
        ('king - ""', 8, "missing between the quotes"),
        ("1e9*king", 1, "1,000,000 at most"),
        ("king / 0", 8, "1,000,000 at most"),
        ("a b 'c'", 5, "expected +, - or the end"),
        ("2 * + a", 5, "expected an item"),
    ],
)
def test_a_fault_is_told_with_its_place(text, place, says):
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert f"character {place}:" in str(caught.value)
    assert says in str(caught.value)


def test_length_depth_and_number_of_items_are_bounded():
    for text in ("a" * 3000, "(" * 500 + "a" + ")" * 500, "+".join(f"i{n}" for n in range(300))):
        with pytest.raises(ExpressionError, match="at most"):
            parse(text)


def read(text, is_item=lambda name: False):
    """The terms, or the place of the fault."""
    try:
        return parse(text, is_item), 0
    except ExpressionError as error:
        return (), error.place


@given(st.text(alphabet="ab 12.e*/+-()\"'·−\t\n×", max_size=60))
def test_any_text_of_signs_is_read_or_refused_with_a_place_within_it(text):
    terms, place = read(text, lambda name: "-" in name)
    assert 0 <= place <= len(text)
    assert len({term.item for term in terms}) == len(terms)


@given(st.text(max_size=200))
def test_any_text_at_all_is_read_or_refused_in_a_sentence(text):
    terms, place = read(text)
    assert terms or 0 <= place <= len(text)


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(-9, 9)), min_size=1, max_size=8))
def test_what_is_written_out_is_read_back(parts):
    text = " + ".join(f"{abs(w)}*({'-' if w < 0 else ''}{name})" for name, w in parts)
    expected: dict[str, float] = {}
    for name, weight in parts:
        expected[name] = expected.get(name, 0) + weight
    assert weights(text) == expected
