"""BPR's step in plain NumPy: the one to read, and what runs where Numba is not installed."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.space import FloatArray
from explorer.training import draws

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


def draw_unmet(
    key: np.uint64,
    numbers: NDArray[np.int64],
    user: IdArray,
    starts: NDArray[np.int64],
    met: IdArray,
    items: int,
    tries: int,
) -> IdArray:
    """(m,) an item that each user has not met, drawn evenly; -1 after `tries` draws in vain.

    numbers : (m,) the examples' numbers; with the key they settle every draw
    starts, met : user u met the items met[starts[u]:starts[u + 1]], in rising order
    """
    drawn = np.full(len(user), -1, dtype=np.int32)
    for at, (number, u) in enumerate(zip(numbers.tolist(), user.tolist(), strict=True)):
        known: Any = met[starts[u] : starts[u + 1]]
        counters = number * tries + np.arange(tries)
        candidates = draws.whole_numbers(key, counters, items)
        new = candidates[~np.isin(candidates, known)]
        if len(new):
            drawn[at] = new[0]
    return drawn
