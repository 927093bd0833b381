"""One pass of GloVe's AdaGrad over some cells, compiled; `glove.adagrad_numpy` is its twin.

A word's row holds its vector and, right behind it, the sums of the vector's squared gradients, so
that both come from memory together. The row a few cells ahead is asked for while this one is
worked on: the cells come in random order, which is what the quality needs, and the memory's delay
is hidden all the same.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.kernel_cache import njit
from explorer.machine_kernels import LANES, prefetch_to_write

AHEAD = 3  # cells
CLIP = np.float32(100)  # as in the reference program, where rare steps explode


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")  # type: ignore[untyped-decorator]
def adagrad(
    rows: NDArray[np.int32],
    columns: NDArray[np.int32],
    logs: NDArray[np.float32],
    weights: NDArray[np.float32],
    words: NDArray[np.float32],
    contexts: NDArray[np.float32],
    word_biases: NDArray[np.float32],
    context_biases: NDArray[np.float32],
    rate: np.float32,
) -> float:
    """A step for each cell in turn; returns the sum of their losses before their steps.

    words, contexts : (n, 2, w) vectors, and the sums of their squared steps; w a multiple of 16
    word_biases, context_biases : (n, 2) likewise
    """
    width = words.shape[2]
    cells = rows.shape[0]
    row_bytes = 2 * width * 4
    before = np.empty(width, dtype=np.float32)
    total = 0.0
    for cell in range(cells):
        if cell + AHEAD < cells:
            word_at = words.ctypes.data + rows[cell + AHEAD] * row_bytes
            context_at = contexts.ctypes.data + columns[cell + AHEAD] * row_bytes
            for offset in range(0, row_bytes, LANES * 4):
                prefetch_to_write(word_at + offset)
                prefetch_to_write(context_at + offset)
        i, j = rows[cell], columns[cell]
        word, word_squares = words[i, 0], words[i, 1]
        context, context_squares = contexts[j, 0], contexts[j, 1]
        product = np.float32(0)
        for k in range(width):
            product += word[k] * context[k]
        error = product + word_biases[i, 0] + context_biases[j, 0] - logs[cell]
        step = weights[cell] * error
        total += np.float64(step) * np.float64(error)
        step = rate * min(CLIP, max(-CLIP, step))
        for k in range(width):
            before[k] = word[k]
            change = step * context[k]
            word[k] -= change / np.sqrt(word_squares[k])
            word_squares[k] += change * change
        for k in range(width):
            change = step * before[k]
            context[k] -= change / np.sqrt(context_squares[k])
            context_squares[k] += change * change
        word_biases[i, 0] -= step / np.sqrt(word_biases[i, 1])
        word_biases[i, 1] += step * step
        context_biases[j, 0] -= step / np.sqrt(context_biases[j, 1])
        context_biases[j, 1] += step * step
    return 0.5 * total
