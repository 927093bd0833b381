"""Skip-gram over subwords at full speed (Numba): the word in the middle predicts its context."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.kernel_cache import njit
from explorer.machine_kernels import prefetch_row_far
from explorer.training.borrowed_kernels import borrowed
from explorer.training.cbow_kernels import close_mean, open_mean
from explorer.training.sentence_kernels import (
    Scratch,
    Work,
    draw_context,
    open_sentence,
    prefetch_outputs,
)
from explorer.training.tile_kernels import OUTPUTS
from explorer.training.window_kernels import (
    LOSS_EVERY,
    close_window,
    load_output,
    open_window,
    step,
    store_output,
)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def train_subwords(
    pieces: NDArray[np.int32],
    starts: NDArray[np.int64],
    work: Work,
    epoch: int,
    first: int,
    last: int,
    scratch: Scratch,
) -> None:
    """Train on the sentences from `first` on and before `last`.

    pieces, starts : word w has the input rows pieces[starts[w]:starts[w + 1]]

    The mean of the middle word's rows learns to tell each context word from the window's negatives.
    """
    pieces, starts = borrowed(pieces), borrowed(starts)
    work, scratch = borrowed(work), borrowed(scratch)
    words, l2 = scratch.words, work.plan.l2
    mean = (np.int64(1),)
    for sentence in range(first, last):
        n, rate = open_sentence(work, epoch, sentence, scratch)
        for i in range(n):
            prefetch_outputs(work, i + 1, n, scratch)
            if i + 1 < n:
                for p in range(starts[words[i + 1]], starts[words[i + 1] + 1]):
                    prefetch_row_far(work.inputs, pieces[p])
            around = draw_context(work, i, n, scratch)
            if around == 0:
                continue
            own = pieces[starts[words[i]] : starts[words[i] + 1]]
            open_mean(scratch.hidden, work.inputs, own, len(own))
            count = open_window(work, -1, i, scratch)
            lossy = (sentence + i) % LOSS_EVERY == 0
            for j in range(around):
                place = _aim_at(scratch.context[j], count, scratch)
                if place == 0:
                    load_output(work, 0, scratch)
                step(scratch.hidden, mean, count, rate, l2, lossy and j == 0, scratch)
                if place == 0:
                    store_output(work, 0, scratch)
                _count_again(work, place, i, scratch)
            close_window(work, 1, count, scratch)
            close_mean(scratch.hidden, work.inputs, own, len(own))


@njit(cache=True, nogil=True, inline="always")  # type: ignore[untyped-decorator]
def _aim_at(target: int, count: int, scratch: Scratch) -> Any:
    """Make a word the one to be told from the rest; its place among the outputs.

    That is 0, unless it is one of the negatives: then that place is the target's for this step.
    """
    scratch.rows[0] = target
    place = count - 1
    while scratch.rows[place] != target:
        place -= 1
    tile, column = place // OUTPUTS, place % OUTPUTS
    scratch.weight[0, 0] = 0
    scratch.weight[tile, column] = 1
    scratch.label[tile, column] = 1
    return place


@njit(cache=True, nogil=True, inline="always")  # type: ignore[untyped-decorator]
def _count_again(work: Work, place: int, i: int, scratch: Scratch) -> None:
    """Undo `_aim_at`: the place counts as often as it was drawn."""
    tile, column = place // OUTPUTS, place % OUTPUTS
    scratch.label[tile, column] = 0
    scratch.weight[tile, column] = 0
    for k in range(work.plan.negatives):
        if scratch.draws[i, k] == scratch.rows[place] and place > 0:
            scratch.weight[tile, column] += 1
