"""Blocks cover every row once."""

import pytest

from explorer.blocks import BLOCK_BYTES, row_blocks


@pytest.mark.parametrize(("n", "width"), [(0, 3), (1, 1), (10_000, 300), (7, 10**9), (5, 0)])
def test_blocks_cover_all_rows_once_and_in_order(n, width):
    covered = [row for rows in row_blocks(n, width) for row in range(rows.start, rows.stop)]
    assert covered == list(range(n))


def test_a_block_is_as_large_as_asked_but_at_least_a_row():
    assert list(row_blocks(5, 1, block_bytes=8)) == [slice(0, 2), slice(2, 4), slice(4, 5)]
    assert list(row_blocks(2, 100, block_bytes=8)) == [slice(0, 1), slice(1, 2)]


def test_no_block_is_larger_than_the_default():
    assert all((rows.stop - rows.start) * 4 * 300 <= BLOCK_BYTES for rows in row_blocks(9_999, 300))
