"""The kernels that count ranks, called once on a few rows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def _ranks() -> None:
    from explorer.faithfulness import measure_faithfulness

    for can_be_written in (True, False):  # Numba tells them apart; those of a space are fixed
        vectors = np.random.default_rng(1).standard_normal((120, 8), dtype=np.float32)
        flat = np.ascontiguousarray(vectors[:, :2])
        vectors.setflags(write=can_be_written)
        for metric in ("cosine", "dot", "euclidean"):
            measure_faithfulness(vectors, {"map": flat}, (10,), metric=metric)


TASKS: dict[str, Callable[[], None]] = {"ranks": _ranks}
