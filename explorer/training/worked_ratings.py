"""One update of BPR: a user u, an item i they met and an item j they did not.

    x    = b_i - b_j + u · (v_i - v_j)         how much higher i scores than j
    loss = -log σ(x)                           and g = 1 - σ(x) is the error
    u   += rate (g (v_i - v_j) - L u)    v_i += rate (g u - L v_i)    v_j += rate (-g u - L v_j)

with L the regularisation, all with the old vectors.
"""

from __future__ import annotations

import numpy as np

from explorer.errors import ExplorerError
from explorer.training.bpr import BprTrainer
from explorer.training.prediction_reference import sigmoid
from explorer.training.worked_step import Choice, Moved, Score, Vector, WorkedExample

TRIES = 1_000


def loss_and_gradients(
    U: Vector, V: Vector, W: Vector, biases: Vector, pull: float
) -> tuple[float, tuple[Vector, Vector, Vector]]:
    """The score of item V above item W for user U, and the gradients by the three.

    biases : (2,) of V and of W
    pull : the regularisation, in the gradients alone
    """
    score = float(biases[0] - biases[1] + U @ (V - W))
    g = float(sigmoid(np.array(-score)))
    return score, (-g * (V - W) + pull * U, -g * U + pull * V, g * U + pull * W)


def work_pair(trainer: BprTrainer, choice: Choice, rate: float) -> WorkedExample:
    """The step of one user and two items, from the vectors as they are."""
    u, i, j = _rows(trainer, choice)
    factors, pull = trainer.factors, trainer.settings.regularization
    old = [row.astype(np.float64) for row in (factors.users[u], factors.items[i], factors.items[j])]
    biases = factors.biases[[i, j]].astype(np.float64)
    score, gradients = loss_and_gradients(old[0], old[1], old[2], biases, pull)
    error = float(sigmoid(np.array(-score)))
    new = [vector - rate * by for vector, by in zip(old, gradients, strict=True)]
    if trainer.settings.item_bias:
        biases = biases + rate * (np.array([error, -error]) - pull * biases)
    after = loss_and_gradients(new[0], new[1], new[2], biases, pull)[0]
    losses = np.logaddexp(0, [-score, -after]).tolist()
    names = (choice.target, choice.context[0], choice.negatives[0])
    pair = f"{names[1]} above {names[2]}"
    return WorkedExample(
        (Score(pair, 1.0, score, 1 - error, error, losses[0], after),),
        tuple(map(Moved, names, ("user", "item met", "item not met"), old, gradients, new)),
        rate,
        *losses,
    )


def _rows(trainer: BprTrainer, choice: Choice) -> tuple[int, int, int]:
    """User, item met and item not met by number, checked."""
    pairs = trainer.interactions
    if len(choice.context) != 1 or len(choice.negatives) != 1:
        raise ExplorerError("An example of BPR is a user, an item met and one not met.")
    u = pairs.users.row(choice.target, f"the users of {pairs.source}")
    i, j = (pairs.items.row(one, pairs.source) for one in (*choice.context, *choice.negatives))
    met = pairs.item[pairs.starts[u] : pairs.starts[u + 1]]
    for item, wanted in ((i, True), (j, False)):
        if (item in met) is not wanted:
            raise ExplorerError(
                f"In the training data {choice.target} has {'not ' if wanted else ''}met "
                f"{pairs.items[item]}; draw an example, or name another item."
            )
    return u, i, j


def draw_pair(trainer: BprTrainer, random: np.random.Generator) -> Choice:
    """A user with an item they met, and one they did not."""
    pairs = trainer.interactions
    for _ in range(TRIES):
        row = int(random.integers(len(pairs)))
        u, other = int(pairs.user[row]), int(random.integers(len(pairs.items)))
        if other not in pairs.item[pairs.starts[u] : pairs.starts[u + 1]]:
            met = pairs.items[int(pairs.item[row])]
            return Choice(pairs.users[u], (met,), (pairs.items[other],))
    raise ExplorerError(f"Nearly every user of {pairs.source} has met nearly every item.")
