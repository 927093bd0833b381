"""Numbers as people read them."""

import pytest

from explorer.plain_numbers import even_number, number


@pytest.mark.parametrize(
    ("value", "short", "even"),
    [
        (0.83214, "0.8321", "0.8321"),
        (-0.5, "-0.5000", "-0.5000"),
        (2.05, "2.05", "2.050"),
        (3, "3", "3.000"),
        (-12.3, "-12.3", "-12.30"),
        (999.96, "1000", "1000"),
        (1234.5, "1,234", "1,234"),
        (0.00012, "0.00012", "0.00012"),
        (1.23e9, "1.23e+09", "1.23e+09"),
        (0, "0.0000", "0.0000"),
        (float("nan"), "nan", "nan"),
        (float("-inf"), "-inf", "-inf"),
    ],
)
def test_four_digits_plain_where_that_is_readable(value, short, even):
    assert number(value) == short
    assert even_number(value) == even
