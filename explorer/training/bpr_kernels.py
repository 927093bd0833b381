"""BPR's step in Numba, a hundred times `bpr_reference`, which says what it does."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from explorer.space import FloatArray
from explorer.training.draws_kernels import whole_number

IdArray = NDArray[np.int32]
ANY_ORDER = {"reassoc", "contract"}  # of sums, so that they fill the vector units; NaN stays NaN


@njit(cache=True, nogil=True, fastmath=ANY_ORDER)  # type: ignore[untyped-decorator]
def bpr_steps(
    users: FloatArray,
    items: FloatArray,
    biases: FloatArray,
    user: IdArray,
    item: IdArray,
    other: IdArray,
    rates: FloatArray,
    regularization: np.float32,
    item_bias: bool,
) -> float:
    loss = 0.0
    one = np.float32(1)
    for s in range(user.shape[0]):
        u, i, j, rate = user[s], item[s], other[s], rates[s]
        if j < 0:
            continue
        x = biases[i] - biases[j]
        for c in range(users.shape[1]):
            x += users[u, c] * (items[i, c] - items[j, c])
        g = one / (one + np.exp(x))  # 1 - sigmoid(x); 0 where the exponential is infinite
        shrink, step = one - rate * regularization, rate * g
        for c in range(users.shape[1]):
            a, v, w = users[u, c], items[i, c], items[j, c]
            users[u, c] = shrink * a + step * (v - w)
            items[i, c] = shrink * v + step * a
            items[j, c] = shrink * w - step * a
        if item_bias:
            biases[i] = shrink * biases[i] + step
            biases[j] = shrink * biases[j] - step
        loss += math.log1p(math.exp(-abs(x))) + max(-x, 0.0)
    return loss


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def draw_unmet(
    key: np.uint64,
    numbers: NDArray[np.int64],
    user: IdArray,
    starts: NDArray[np.int64],
    met: IdArray,
    items: int,
    tries: int,
) -> IdArray:
    drawn = np.full(user.shape[0], -1, dtype=np.int32)
    for s in range(user.shape[0]):
        for attempt in range(tries):
            candidate = whole_number(key, numbers[s] * tries + attempt, items)
            low, high = starts[user[s]], starts[user[s] + 1]
            while low < high:  # the first of the user's items that is not smaller
                middle = (low + high) // 2
                if met[middle] < candidate:
                    low = middle + 1
                else:
                    high = middle
            if low == starts[user[s] + 1] or met[low] != candidate:
                drawn[s] = candidate
                break
    return drawn
