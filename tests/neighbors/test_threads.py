"""Work side by side: results in order, nothing goes on after an error, BLAS limits put back."""

import numpy as np
import pytest
from threadpoolctl import ThreadpoolController

from explorer.neighbors.threads import in_turn, one_blas_thread


def blas_threads():
    np.ones((4, 4)) @ np.ones((4, 4))  # the library is loaded
    return [
        library.num_threads
        for library in ThreadpoolController().lib_controllers
        if library.user_api == "blas"
    ]


def test_results_come_in_the_order_of_the_parts():
    assert list(in_turn(lambda part: part * part, range(50))) == [i * i for i in range(50)]


def test_after_an_error_nothing_goes_on():
    begun = []

    def work(part):
        begun.append(part)
        if part == 3:
            raise ValueError("the third")

    with pytest.raises(ValueError, match="the third"):
        list(in_turn(work, range(5_000)))
    seen = len(begun)
    assert list(in_turn(lambda part: part, range(8))) == list(range(8))
    assert len(begun) == seen


def test_the_last_to_leave_lifts_the_blas_limit_whoever_entered_first():
    before = blas_threads()
    one, other = one_blas_thread(), one_blas_thread()
    one.__enter__()
    other.__enter__()
    assert set(blas_threads()) <= {1}
    one.__exit__(None, None, None)
    assert set(blas_threads()) <= {1}
    other.__exit__(None, None, None)
    assert blas_threads() == before
