"""Implicit ALS: every cell of the users x items table is a guess of how sure we are of a liking.

A met pair (p = 1) counts 1 + alpha r, an unmet one (p = 0) counts 1:

    loss = sum over all u, i of c_ui (p_ui - x_u . y_i)^2 + L (sum |x_u|^2 + sum |y_i|^2)

With the items held fixed, each user's best vector solves one d x d system, and then the other way
round, so that the loss can only fall:

    (Y'Y + sum over met i of alpha r y_i y_i' + L I) x_u = sum over met i of c_ui y_i

Y'Y is made once for all users: the unmet cells cost nothing (Hu, Koren & Volinsky, Collaborative
filtering for implicit feedback datasets, ICDM 2008). Solved by Cholesky, exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError
from explorer.space import FloatArray
from explorer.training.als_reference import RowSolver, solve_rows
from explorer.training.factorization import (
    FactorizationTrainer,
    random_vectors,
    restored_interactions,
)
from explorer.training.interactions import Interactions
from explorer.training.setting import check_settings, setting

SUREST = 1e9  # alpha r, at most


@dataclass(frozen=True)
class AlsSettings:
    """The choices of implicit ALS; ExplorerError for one out of range."""

    dimensions: int = setting(32, "numbers in each vector", least=1, most=512)
    epochs: int = setting(10, "times users and items are solved for in turn", least=1, most=1000)
    alpha: float = setting(5.0, "how much surer a met pair is for each unit of rating", above=0)
    regularization: float = setting(5.0, "pull of every vector towards zero", above=0)
    use_ratings: bool = setting(False, "count a pair by its rating; else each counts once")
    seed: int = setting(1, "start of all random numbers", least=0)

    def __post_init__(self) -> None:
        check_settings(self)


@dataclass(frozen=True)
class Side:
    """One side of the table in compressed rows: user u met others[starts[u]:starts[u + 1]].

    extra : (m,) alpha r, how much more than 1 each met pair counts
    """

    starts: NDArray[np.int64]
    others: NDArray[np.int32]
    extra: FloatArray


class AlsTrainer(FactorizationTrainer):
    """Alternating least squares on implicit feedback. A rating is counted for both its sides."""

    kind = "implicit ALS"
    objective = "ALS"
    settings: AlsSettings

    def __init__(
        self,
        interactions: Interactions,
        settings: AlsSettings = AlsSettings(),
        held_out: Interactions | None = None,
    ) -> None:
        m = len(interactions)
        super().__init__(interactions, settings, held_out, 2 * m)
        users, items, d = len(interactions.users), len(interactions.items), settings.dimensions
        self._factors = (
            random_vectors(users, d, 0.1, (settings.seed, 0)),
            random_vectors(items, d, 0.1, (settings.seed, 1)),
        )
        strength = interactions.rating if settings.use_ratings else np.ones(m, np.float32)
        surest = settings.alpha * float(strength.max())
        if surest > SUREST:
            raise ExplorerError(
                f"alpha times the highest rating is {surest:.3g}, more than can be told from the "
                "unmet pairs' 1; lower alpha, or count each pair once (use_ratings off)."
            )
        extra = (settings.alpha * np.maximum(strength, 0)).astype(np.float32)
        by_item = np.lexsort((interactions.user, interactions.item))
        item_starts = np.concatenate([[0], np.cumsum(interactions.popularity)]).astype(np.int64)
        self._sides = (
            Side(interactions.starts, interactions.item, extra),
            Side(item_starts, interactions.user[by_item], extra[by_item]),
        )
        self._at = np.zeros(
            2, np.int64
        )  # the side being solved (0: users), and the next of its rows
        self._gram: tuple[int, NDArray[np.float64]] | None = None
        self._solve = row_solver()
        empty = Side(np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0, np.float32))
        self._solve_rows(empty, np.eye(d), self._factors[0][:0], self._factors[1], 0, 0)

    def _train(self, count: int) -> tuple[int, float]:
        """Solve the next rows that hold some `count` ratings."""
        number, row = self._at.tolist()
        side, solved, fixed = self._sides[number], self._factors[number], self._factors[1 - number]
        last = int(np.searchsorted(side.starts, side.starts[row] + count, side="right")) - 1
        last = min(max(last, row + 1), len(solved))
        loss = self._solve_rows(side, self._gram_of(fixed), solved, fixed, row, last)
        trained = int(side.starts[last] - side.starts[row])
        loss += (
            self.settings.regularization
            * float(np.trace(self._gram_of(fixed)))
            * (trained / len(self.interactions))
        )  # the other side's share, so that the two sides' losses are one function's
        self._at[1] = last
        if last == len(solved):
            self._at[:] = 1 - number, 0
            self._gram = None
        return trained, loss

    def _solve_rows(
        self, side: Side, gram: NDArray[np.float64], solved: Any, fixed: Any, row: int, last: int
    ) -> float:
        return self._solve(
            side.starts, side.others, side.extra, fixed, gram,
            float(self.settings.regularization), solved, row, last,
        )  # fmt: skip

    def _gram_of(self, fixed: FloatArray) -> NDArray[np.float64]:
        """Y'Y of the side held fixed, made once a half sweep."""
        number = int(self._at[0])
        if self._gram is None or self._gram[0] != number:
            wide = fixed.astype(np.float64)
            self._gram = number, wide.T @ wide
        return self._gram[1]

    def _held_out_loss(self) -> float | None:
        """Mean (1 - x.y)^2 of the held-out pairs."""
        held = self.held_out
        if held is None or len(held) == 0:
            return None
        users, items = self._factors
        score = np.einsum("ij,ij->i", users[held.user], items[held.item])
        return float(np.mean((1 - score.astype(np.float64)) ** 2))

    def vectors(self) -> FloatArray:
        return self._factors[1].copy()

    def user_vectors(self) -> FloatArray:
        return self._factors[0].copy()

    def _parameters(self) -> dict[str, NDArray[Any]]:
        return {"users": self._factors[0], "items": self._factors[1], "at": self._at}

    @classmethod
    def _restored(cls, about: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Self:
        train, held_out = restored_interactions(about, arrays)
        return cls(train, AlsSettings(**about["settings"]), held_out)


def row_solver() -> RowSolver:
    """Numba's `solve_rows` where it is installed."""
    try:
        from explorer.training.als_kernels import solve_rows as fast
    except ImportError:
        return solve_rows
    kernel: RowSolver = fast
    return kernel
