"""The value of a control goes into the address and comes back."""

import math

from hypothesis import given
from hypothesis import strategies as st

from explorer.ui.linked import from_text, to_text

names = st.text(min_size=1, max_size=20).filter(lambda name: "," not in name)


@given(st.one_of(st.integers(-(10**8), 10**8), st.booleans(), st.text(), st.lists(names)))
def test_every_value_comes_back_from_its_text(value):
    assert from_text(to_text(value), value) == value


@given(st.integers(-(10**6), 10**6))
def test_a_decimal_comes_back_as_it_was_chosen(hundredths):
    assert from_text(to_text(hundredths / 100), 0.0) == hundredths / 100


def test_what_a_slider_adds_up_stands_in_the_link_as_it_is_read():
    assert to_text(0.1 + 0.2) == "0.3"


@given(st.text())
def test_what_is_no_number_and_no_switch_is_none(text):
    number = from_text(text, 0)
    assert number is None or str(number) == text.removeprefix("+").lstrip() or int(text) == number
    assert from_text(text, False) in (None, True, False)
    decimal = from_text(text, 0.5)
    assert decimal is None or math.isfinite(decimal)
