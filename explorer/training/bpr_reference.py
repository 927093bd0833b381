"""BPR's step in plain NumPy: the one to read, and what runs where Numba is not installed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.space import FloatArray

IdArray = NDArray[np.int32]


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
    """One step for each (user, item, other), one after another, in place; the summed loss.

    users : (users, d), items : (items, d), biases : (items,) are changed
    other : items the users did not meet; a pair with a negative number is passed over
    rates : (m,) each step's learning rate
    item_bias : whether the biases learn, too

    The loss is -ln sigmoid(x) before the step, without the regularisation.
    """
    loss = 0.0
    for u, i, j, rate in zip(user, item, other, rates, strict=True):
        if j < 0:
            continue
        U, V, W = users[u].copy(), items[i].copy(), items[j].copy()
        x = biases[i] - biases[j] + U @ (V - W)
        g = 1 / (1 + np.exp(x))  # 1 - sigmoid(x)
        users[u] += rate * (g * (V - W) - regularization * U)
        items[i] += rate * (g * U - regularization * V)
        items[j] += rate * (-g * U - regularization * W)
        if item_bias:
            biases[i] += rate * (g - regularization * biases[i])
            biases[j] += rate * (-g - regularization * biases[j])
        loss += float(np.logaddexp(0, -x))
    return loss
