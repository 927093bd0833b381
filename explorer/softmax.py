"""Scores become probabilities: softmax with a temperature, entropy, cross-entropy, overflow.

    p_i = exp(s_i / T) / sum_j exp(s_j / T)

T -> 0 gives all to the largest score, T -> infinity the same to each. Only differences of scores
count, so that the largest may be subtracted from all before exp: no number then overflows, and the
answer is the same (Blanchard, D. J. Higham & N. J. Higham, Accurately computing the log-sum-exp and
softmax functions, IMA Journal of Numerical Analysis 41, 2021).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.errors import ExplorerError

Float64Array = NDArray[np.float64]

LARGEST_EXPONENT = {"float32": 88.72, "float64": 709.78}  # exp of more than this overflows


def log_sum_exp(scores: ArrayLike) -> float:
    """log sum_i exp(s_i), by max + log sum exp(s_i - max): finite wherever the scores are.

    log_sum_exp([1000, 1000]) -> 1000 + log 2.
    """
    values = _finite(scores)
    largest = float(values.max())
    return largest + float(np.log(np.exp(values - largest).sum()))


def log_softmax(scores: ArrayLike, temperature: float = 1.0) -> Float64Array:
    """(n,) logarithms of the probabilities, s_i / T - log sum_j exp(s_j / T)."""
    scaled = _scaled(scores, temperature)
    logs: Float64Array = scaled - log_sum_exp(scaled)
    return logs


def softmax(scores: ArrayLike, temperature: float = 1.0) -> Float64Array:
    """(n,) probabilities that sum to 1. softmax([0, log 3]) -> [0.25, 0.75]."""
    return np.exp(log_softmax(scores, temperature))


def naive_softmax(scores: ArrayLike, temperature: float = 1.0) -> NDArray[np.float32]:
    """(n,) by the formula as it stands, in float32: inf / inf is NaN as soon as one exp overflows.

    Here to be seen failing; use `softmax`.
    """
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        exponentials = np.exp(_scaled(scores, temperature).astype(np.float32))
        shares: NDArray[np.float32] = exponentials / exponentials.sum()
    return shares


def entropy(probabilities: ArrayLike) -> float:
    """-sum p log2 p in bits, with 0 log 0 = 0: from 0 (certain) to log2 n (all alike)."""
    p = np.asarray(probabilities, dtype=np.float64)
    kept = p[p > 0]
    return max(0.0, float(-(kept * np.log2(kept)).sum()))


def cross_entropy(scores: ArrayLike, target: int, temperature: float = 1.0) -> float:
    """-log2 p[target] in bits: what a softmax loss charges when `target` was the true item.

    From the logarithms, so that it stays finite where p itself underflows to 0.
    """
    logs = log_softmax(scores, temperature)
    if not 0 <= target < len(logs):
        raise ExplorerError(f"The true item must be from 0 to {len(logs) - 1:,}; got {target:,}.")
    return max(0.0, float(-logs[target] / np.log(2)))


def _scaled(scores: ArrayLike, temperature: float) -> Float64Array:
    if not (temperature > 0 and np.isfinite(temperature)):
        raise ExplorerError(f"The temperature must be positive and finite; got {temperature:g}.")
    scaled: Float64Array = _finite(scores) / temperature
    return scaled


def _finite(scores: ArrayLike) -> Float64Array:
    values = np.asarray(scores, dtype=np.float64)
    if values.ndim != 1 or not len(values):
        raise ExplorerError(f"Softmax needs a list of scores; got shape {values.shape}.")
    if not np.isfinite(values).all():
        raise ExplorerError("Softmax needs finite scores; some are nan or inf.")
    return values
