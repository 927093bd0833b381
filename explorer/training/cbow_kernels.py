"""CBOW at full speed (Numba): the mean of the context predicts the word in the middle."""

from __future__ import annotations

from typing import Any

import numpy as np

from explorer.kernel_cache import njit
from explorer.training.borrowed_kernels import borrowed
from explorer.training.row_kernels import add_row, copy_row, mean_row
from explorer.training.sentence_kernels import (
    Matrix,
    Scratch,
    Work,
    draw_context,
    open_sentence,
    prefetch_first,
    prefetch_next,
)
from explorer.training.window_kernels import LOSS_EVERY, close_window, open_window, step


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def train_cbow(work: Work, epoch: int, first: int, last: int, scratch: Scratch) -> None:
    """Train on the sentences from `first` on and before `last`.

    The mean of the context's input rows takes one step, and all of them go with it.
    """
    work, scratch = borrowed(work), borrowed(scratch)
    l2, context = work.plan.l2, scratch.context
    mean = (np.int64(1),)
    for sentence in range(first, last):
        n, rate = open_sentence(work, epoch, sentence, scratch)
        prefetch_first(work, n, scratch)
        for i in range(n):
            prefetch_next(work, i, n, scratch)
            around = draw_context(work, i, n, scratch)
            if around == 0:
                continue
            count = open_window(work, scratch.words[i], i, scratch)
            open_mean(scratch.hidden, work.inputs, context, around)
            lossy = (sentence + i) % LOSS_EVERY == 0
            step(scratch.hidden, mean, count, rate, l2, lossy, scratch)
            close_window(work, 0, count, scratch)
            close_mean(scratch.hidden, work.inputs, context, around)


@njit(cache=True, nogil=True, inline="always")  # type: ignore[untyped-decorator]
def open_mean(hidden: Matrix, matrix: Matrix, rows: Any, count: int) -> None:
    """hidden[0] = hidden[1] = the mean of some rows."""
    mean_row(hidden, 0, matrix, rows, count)
    copy_row(hidden, 1, hidden, 0)


@njit(cache=True, nogil=True, inline="always")  # type: ignore[untyped-decorator]
def close_mean(hidden: Matrix, matrix: Matrix, rows: Any, count: int) -> None:
    """Each of the rows moves as their mean did: the error is not divided among them (word2vec)."""
    add_row(hidden, 1, hidden, 0, np.float32(-1))
    for j in range(count):
        add_row(matrix, rows[j], hidden, 1, np.float32(1))
