"""Skip-gram at full speed (Numba): words of the context predict the word in the middle."""

from __future__ import annotations

from typing import Any

import numpy as np

from explorer.kernel_cache import njit
from explorer.training.borrowed_kernels import borrowed
from explorer.training.sentence_kernels import (
    Scratch,
    Work,
    draw_context,
    open_sentence,
    prefetch_first,
    prefetch_next,
)
from explorer.training.window_kernels import LOSS_EVERY, close_window, open_window, step


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def train_skip_gram(work: Work, epoch: int, first: int, last: int, scratch: Scratch) -> None:
    """Train on the sentences from `first` on and before `last`.

    Each context word's input row learns to tell the word in the middle from the negatives, which
    all context words of a window share; four of them at a time, then two, then one.
    """
    work, scratch = borrowed(work), borrowed(scratch)
    l2, inputs, context = work.plan.l2, work.inputs, scratch.context
    for sentence in range(first, last):
        n, rate = open_sentence(work, epoch, sentence, scratch)
        prefetch_first(work, n, scratch)
        for i in range(n):
            prefetch_next(work, i, n, scratch)
            around = draw_context(work, i, n, scratch)
            count = open_window(work, scratch.words[i], i, scratch)
            lossy = (sentence + i) % LOSS_EVERY == 0
            for j in range(0, around - 3, 4):
                four = (
                    *(_word(context, j), _word(context, j + 1)),
                    *(_word(context, j + 2), _word(context, j + 3)),
                )
                step(inputs, four, count, rate, l2, lossy and j == 0, scratch)
            if around & 2:
                j = around & ~3
                two = (_word(context, j), _word(context, j + 1))
                step(inputs, two, count, rate, l2, lossy and j == 0, scratch)
            if around & 1:
                one = (_word(context, around - 1),)
                step(inputs, one, count, rate, l2, lossy and around == 1, scratch)
            close_window(work, 0, count, scratch)


@njit(cache=True, nogil=True, inline="always")  # type: ignore[untyped-decorator]
def _word(context: Any, j: int) -> Any:
    return np.int64(context[j])
