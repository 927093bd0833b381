"""The benchmarks' own measuring."""

import time

import pytest

from benchmarks.measure import anonymous_bytes, fresh_process, interleave, table


def test_candidates_run_in_turn_and_the_first_run_is_not_counted():
    order = []
    seconds = interleave(
        {"a": lambda: order.append("a"), "b": lambda: (order.append("b"), time.sleep(0.01))}, 3
    )
    assert order == ["a", "b"] * 4
    assert seconds["b"] > 0.009


def test_a_fresh_process_tells_its_own_peak_and_can_import_the_program():
    kept = bytearray(200_000_000)  # ours must not count
    run = fresh_process("import sys, explorer; print(sys.argv[1])", "hello")
    assert run.output == "hello"
    assert 5_000_000 < run.peak_bytes < len(kept)
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        fresh_process("1 / 0")


def test_a_table_lines_up_its_columns():
    text = table([{"name": "a", "ms": 1.23456}, {"name": "bcd", "ms": 12345.6}], "Title")
    assert text.splitlines() == [
        "Title",
        "name      ms",
        "----  ------",
        "a       1.23",
        "bcd   12,346",
    ]


@pytest.mark.skipif(anonymous_bytes() == 0, reason="this system does not tell")
def test_own_memory_grows_by_what_is_allocated():
    before = anonymous_bytes()
    kept = bytearray(b"x") * 50_000_000
    assert anonymous_bytes() - before > 0.9 * len(kept)
