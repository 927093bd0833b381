"""Conditions on metadata go into a link and come back; strangers' texts do no harm."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.filters import Condition, all_matching, from_text
from explorer.metadata import Metadata

words = st.text(max_size=20)
finite = st.floats(allow_nan=False, allow_infinity=False)
conditions = st.one_of(
    st.builds(Condition, words, values=st.lists(words, min_size=1, max_size=5).map(tuple)),
    st.builds(Condition, words, between=st.tuples(finite, finite)),
    st.builds(Condition, words, contains=st.text(min_size=1, max_size=20)),
)


@given(conditions)
def test_every_condition_comes_back_from_its_text(condition):
    assert from_text(condition.to_text()) == condition


@given(st.text(max_size=100))
def test_any_text_gives_a_condition_or_none(text):
    assert from_text(text) is None or isinstance(from_text(text), Condition)


@pytest.mark.parametrize(
    "text",
    ["", "3", "[]", '["a"]', '["a", "is"]', '["a", "from", 1, null]', '["a", "from", 1, 1e999]',
     '["a", "contains", ""]', '[["a"], "is", "b"]', '{"a": 1, "b": 2}', "[" * 5000],
)  # fmt: skip
def test_what_is_no_condition_is_none(text):
    assert from_text(text) is None


def test_conditions_hold_together():
    metadata = Metadata({"kind": ["a", "b", "a"], "size": [1.0, 2.0, np.nan]})
    both = [Condition("kind", values=("a",)), Condition("size", between=(0, 5))]
    assert all_matching(metadata, both).tolist() == [True, False, False]
