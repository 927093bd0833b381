"""BPR: items a user met are to score above items the user did not meet.

For a user u, an item i they met and an item j they did not, drawn at random:

    x = b_i - b_j + U_u . (V_i - V_j)         how much higher i scores than j
    loss = -ln sigmoid(x) + L/2 (|U_u|^2 + |V_i|^2 + |V_j|^2 + b_i^2 + b_j^2)

and one step down its gradient; g = 1 - sigmoid(x) is the share of surprise:

    U_u += rate (g (V_i - V_j) - L U_u)    V_i += rate ( g U_u - L V_i)    b_i += rate ( g - L b_i)
                                           V_j += rate (-g U_u - L V_j)    b_j += rate (-g - L b_j)

Rendle, Freudenthaler, Gantner & Schmidt-Thieme, BPR: Bayesian personalized ranking from implicit
feedback, UAI 2009.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError
from explorer.space import FloatArray
from explorer.training import bpr_reference, draws
from explorer.training.factorization import (
    FactorizationTrainer,
    random_vectors,
    restored_interactions,
)
from explorer.training.interactions import Interactions
from explorer.training.setting import check_settings, setting
from explorer.training.stepwise import decayed

TRIES = 100  # draws of an item before a user counts as one who met everything
HELD_OUT_PAIRS = 20_000  # at most so many are measured each epoch
NEGATIVES, HELD_OUT_NEGATIVES = 1, 2  # streams of random numbers


@dataclass(frozen=True)
class BprSettings:
    """The choices of BPR; ExplorerError for one out of range."""

    dimensions: int = setting(32, "numbers in each vector", least=1, most=1024)
    epochs: int = setting(100, "passes over all pairs", least=1, most=10_000)
    learning_rate: float = setting(0.1, "size of the first steps; falls to zero", above=0)
    regularization: float = setting(0.02, "pull of every number towards zero", least=0)
    item_bias: bool = setting(False, "popularity in a number of its own, the last of each vector")
    seed: int = setting(1, "start of all random numbers", least=0)

    def __post_init__(self) -> None:
        check_settings(self)


class Factors(NamedTuple):
    """users : (users, d), items : (items, d), biases : (items,), all float32."""

    users: FloatArray
    items: FloatArray
    biases: FloatArray


class BprTrainer(FactorizationTrainer):
    """Bayesian personalised ranking of the items for each user.

    With `item_bias` an item's vector ends in its bias and a user's in 1, so that their dot product
    is the score; without, the items' lengths have to carry popularity.
    """

    kind = "BPR"
    objective = "BPR"
    settings: BprSettings

    def __init__(
        self,
        interactions: Interactions,
        settings: BprSettings = BprSettings(),
        held_out: Interactions | None = None,
    ) -> None:
        super().__init__(interactions, settings, held_out, len(interactions))
        users, items, d = len(interactions.users), len(interactions.items), settings.dimensions
        if np.diff(interactions.starts).min() == items:
            raise ExplorerError(
                f"Every user of {interactions.source} has all {items:,} items, so that none can "
                "rank below another. Raise the threshold, or take more items."
            )
        self.factors = Factors(
            random_vectors(users, d, 0.1, (settings.seed, 0)),
            random_vectors(items, d, 0.1, (settings.seed, 1)),
            np.zeros(items, dtype=np.float32),
        )
        self._steps, self._drawer = bpr_stepper(), draws.outside_drawer()
        self._key = draws.stream(settings.seed, NEGATIVES)
        self._order: tuple[int, NDArray[np.int64]] = (-1, np.empty(0, np.int64))
        none = np.empty(0, np.int32)  # both kernels are compiled before the first slice
        self._run(none, none, self._draw(self._key, np.arange(0), none), np.empty(0, np.float32))

    @property
    def rate(self) -> float:
        """The learning rate of this moment."""
        return float(decayed(self.settings.learning_rate, np.array(self.examples), self.total))

    def _train(self, count: int) -> tuple[int, float]:
        pairs, m = self.interactions, len(self.interactions)
        epoch, at = divmod(self.examples, m)
        if self._order[0] != epoch:
            shuffled = np.random.default_rng((self.settings.seed, 2, epoch)).permutation(m)
            self._order = epoch, shuffled
        rows = self._order[1][at : at + count]
        numbers = self.examples + np.arange(len(rows))
        user = pairs.user[rows]
        other = self._draw(self._key, numbers, user)
        rates = decayed(self.settings.learning_rate, numbers, self.total)
        return len(rows), self._run(user, pairs.item[rows], other, rates)

    def _draw(
        self, key: np.uint64, numbers: NDArray[np.int64], user: NDArray[np.int32]
    ) -> NDArray[np.int32]:
        """(m,) an item that each user has not met, settled by the key and the numbers."""
        pairs = self.interactions
        drawn: NDArray[np.int32] = self._drawer(
            key, numbers, user, pairs.starts, pairs.item, len(pairs.items), TRIES
        )
        return drawn

    def _run(self, user: Any, item: Any, other: Any, rates: FloatArray) -> float:
        chosen = self.settings
        loss: float = self._steps(
            *self.factors, user, item, other, rates, np.float32(chosen.regularization),
            chosen.item_bias,
        )  # fmt: skip
        return loss

    def _held_out_loss(self) -> float | None:
        """Mean -ln sigmoid(x), each held-out pair against one item not met in training."""
        held = self.held_out
        if held is None or len(held) == 0:
            return None
        part = slice(None, None, 1 + len(held) // HELD_OUT_PAIRS)
        user, item = held.user[part], held.item[part]
        key = draws.stream(self.settings.seed, HELD_OUT_NEGATIVES)
        other = self._draw(key, np.arange(len(user)), user)
        known = other >= 0
        user, item, other = user[known], item[known], other[known]
        users, items, biases = self.factors
        x = np.einsum("ij,ij->i", users[user], items[item] - items[other])
        x = x + biases[item] - biases[other]
        return float(np.mean(np.logaddexp(0, -x.astype(np.float64)))) if len(x) else None

    def vectors(self) -> FloatArray:
        """(items, d) the items' factors; with `item_bias` (items, d + 1), the bias last."""
        _, items, biases = self.factors
        return np.column_stack([items, biases]) if self.settings.item_bias else items.copy()

    def user_vectors(self) -> FloatArray:
        """(users, d) the users' factors; with `item_bias` (users, d + 1), a 1 last."""
        users = self.factors.users
        ones = np.ones(len(users), dtype=np.float32)
        return np.column_stack([users, ones]) if self.settings.item_bias else users.copy()

    def _parameters(self) -> dict[str, NDArray[Any]]:
        return self.factors._asdict()

    @classmethod
    def _restored(cls, about: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Self:
        train, held_out = restored_interactions(about, arrays)
        return cls(train, BprSettings(**about["settings"]), held_out)


def bpr_stepper() -> Callable[..., float]:
    """Numba's `bpr_steps` where it is installed."""
    try:
        from explorer.training import bpr_kernels
    except ImportError:
        return bpr_reference.bpr_steps
    fast: Callable[..., float] = bpr_kernels.bpr_steps
    return fast
