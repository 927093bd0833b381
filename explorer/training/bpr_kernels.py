"""BPR's step in Numba, a hundred times `bpr_reference`, which says what it does."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from explorer.kernel_cache import njit
from explorer.space import FloatArray

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
