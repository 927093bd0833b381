"""The steps of one window of a text, in training by prediction (Numba).

A window's output rows, the word and its negatives, stay in a small buffer while all that the window
has for input meets them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from explorer.kernel_cache import njit
from explorer.training.row_kernels import copy_row
from explorer.training.sentence_kernels import Matrix, Scratch, Work
from explorer.training.tile_kernels import OUTPUTS, error_tile, score_tile, update_tile

LOSS_EVERY = 32  # the loss is taken at the first step of one window in so many


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _collect(target: int, draws: Any, i: int, negatives: int, rows: Any, weight: Any) -> int:
    """The different output rows of window i, and how often each counts.

    A negative that is the target is left out; one that was drawn twice counts twice. It takes no
    `Scratch`: a call that is not inlined copies all that a tuple holds.
    """
    weight[:] = 0
    rows[0] = target
    weight[0, 0] = weight[0, OUTPUTS] = 1
    count = 1
    for k in range(negatives):
        row = draws[i, k]
        place = 0
        while place < count and rows[place] != row:
            place += 1
        if place == 0:
            continue
        if place == count:
            rows[count] = row
            count += 1
        tile, column = place // OUTPUTS, place % OUTPUTS
        weight[tile, column] += 1
        weight[tile, column + OUTPUTS] += 1
    return count


@njit(cache=True, nogil=True, inline="always")  # type: ignore[untyped-decorator]
def open_window(work: Work, target: int, i: int, scratch: Scratch) -> int:
    """Fill the buffer with the different output rows of window i, the target first; how many.

    A target of -1 is none: its place stays free.
    """
    count: int = _collect(
        target, scratch.draws, i, work.plan.negatives, scratch.rows, scratch.weight
    )
    for place in range(0 if target >= 0 else 1, count):
        load_output(work, place, scratch)
    return count


@njit(cache=True, nogil=True, inline="always")  # type: ignore[untyped-decorator]
def close_window(work: Work, first: int, count: int, scratch: Scratch) -> None:
    """Write the buffer back, from place `first` on."""
    for place in range(first, count):
        store_output(work, place, scratch)


@njit(cache=True, nogil=True, inline="always")  # type: ignore[untyped-decorator]
def load_output(work: Work, place: int, scratch: Scratch) -> None:
    copy_row(scratch.buffer, place, work.outputs, scratch.rows[place])


@njit(cache=True, nogil=True, inline="always")  # type: ignore[untyped-decorator]
def store_output(work: Work, place: int, scratch: Scratch) -> None:
    copy_row(work.outputs, scratch.rows[place], scratch.buffer, place)


@njit(cache=True, nogil=True, inline="always")  # type: ignore[untyped-decorator]
def step(
    matrix: Matrix, chosen: Any, count: int, rate: Any, l2: Any, lossy: bool, scratch: Scratch
) -> None:
    """One step: one, two or four rows of a matrix against the first `count` of the buffer."""
    buffer, scores, report = scratch.buffer, scratch.scores, scratch.report
    weight, label = scratch.weight, scratch.label
    for tile in range((count + OUTPUTS - 1) // OUTPUTS):
        score_tile(matrix, chosen, buffer, tile * OUTPUTS, scores)
        if lossy:
            _add_loss(tile, len(chosen), scratch)
        for pair in range((len(chosen) + 1) // 2):
            if error_tile(scores, pair, weight, label, tile, rate):
                report[2] += 1
        update_tile(matrix, chosen, buffer, tile * OUTPUTS, scores)
    if lossy:
        report[1] += len(chosen)
    if l2 > 0:
        factor = np.float32(1 - rate * l2)
        for row in chosen:
            _shrink(matrix, row, factor)
        for place in range(count):
            _shrink(buffer, place, factor)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _add_loss(tile: int, inputs: int, scratch: Scratch) -> None:
    """report[0] += Σ weight · log(1 + exp(∓score)) over the pairs of one tile."""
    weight, label = scratch.weight[tile], scratch.label[tile]
    for i in range(inputs):
        for k in range(OUTPUTS):
            if weight[k] > 0:
                score = np.float64(scratch.scores[i // 2, i % 2 * OUTPUTS + k])
                loss = np.log1p(np.exp(-abs(score))) + max(-score if label[k] > 0 else score, 0.0)
                scratch.report[0] += weight[k] * loss


@njit(cache=True, nogil=True, inline="always")  # type: ignore[untyped-decorator]
def _shrink(matrix: Matrix, row: int, factor: np.float32) -> None:
    for c in range(matrix.shape[1]):
        matrix[row, c] *= factor
