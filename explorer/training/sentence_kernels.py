"""What the kernels of training by prediction do for each sentence and each word of it (Numba).

`prediction_reference` says the same in plain NumPy. Every sentence draws from a random sequence of
its own, so where a run is interrupted does not matter.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from explorer.kernel_cache import njit
from explorer.machine_kernels import prefetch_row_far
from explorer.training.draws_kernels import scrambled

Matrix = NDArray[np.float32]
MULTIPLIER, INCREMENT = np.uint64(6364136223846793005), np.uint64(1442695040888963407)  # Knuth
TWO_24 = np.float32(1 / (1 << 24))


class Text(NamedTuple):
    """ids (N,), offsets (S + 1,) : the corpus
    skip (S,) : sentences held out of training
    keep (V,) : the chance of a word to stay when frequent ones are thinned out
    """

    ids: NDArray[np.int32]
    offsets: NDArray[np.int64]
    skip: NDArray[np.bool_]
    keep: NDArray[np.float32]


class Noise(NamedTuple):
    """Walker's alias table: take one of V words evenly; keep it with chance `share`, else `other`.

    share : (V,) float32
    other : (V,) int32
    """

    share: NDArray[np.float32]
    other: NDArray[np.int32]


class Plan(NamedTuple):
    """window, negatives, epochs, l2, seed : the settings
    rate, last_rate : of learning, at the start and at the end; it falls in a straight line
    """

    window: int
    negatives: int
    epochs: int
    rate: float
    last_rate: float
    l2: float
    seed: int


class Work(NamedTuple):
    """What all threads of one training share; the matrices are written to without locks."""

    text: Text
    noise: Noise
    plan: Plan
    inputs: Matrix
    outputs: Matrix


class Scratch(NamedTuple):
    """Room of one thread; no cache line of it belongs to another's.

    state : (1,) of the random numbers
    words : as many as the longest sentence has
    draws : (longest sentence, negatives) int32
    context : (2 window,)
    rows, weight, label : (tiles, 16): the outputs of a window, as `open_window` leaves them
    scores : (2, 16)
    buffer : (6 tiles, width), aligned; the outputs of a window
    hidden : (2, width), aligned; a mean of input rows as it was, and as it becomes
    report : (3,) float64: sum of losses, pairs they are of, scores out of bounds
    """

    state: NDArray[np.uint64]
    words: NDArray[np.int32]
    draws: NDArray[np.int32]
    context: NDArray[np.int32]
    rows: NDArray[np.int64]
    weight: NDArray[np.float32]
    label: NDArray[np.float32]
    scores: NDArray[np.float32]
    buffer: Matrix
    hidden: Matrix
    report: NDArray[np.float64]


@njit(cache=True, nogil=True, inline="always")  # type: ignore[untyped-decorator]
def _random(state: NDArray[np.uint64]) -> Any:
    """The next 64 bits of a linear congruential generator, the high ones best."""
    state[0] = state[0] * MULTIPLIER + INCREMENT
    return state[0]


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def seed_of(seed: int, epoch: int, sentence: int) -> Any:
    """64 bits well mixed from three numbers."""
    z = np.uint64(seed)
    for part in (np.uint64(epoch), np.uint64(sentence)):
        z = scrambled(z ^ part)
    return z


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def draw_noise(noise: Noise, state: NDArray[np.uint64]) -> Any:
    """One word, as often as the noise distribution says."""
    bits = _random(state)
    word = ((bits >> np.uint64(32)) * np.uint64(noise.share.shape[0])) >> np.uint64(32)
    chance = np.float32((bits >> np.uint64(8)) & np.uint64(0xFFFFFF)) * TWO_24
    other = noise.other[word]  # read in any case: a branch here is foreseen half of the time
    return np.int32(word) if chance < noise.share[word] else other


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def open_sentence(work: Work, epoch: int, sentence: int, scratch: Scratch) -> Any:
    """(how many words subsampling leaves of a sentence, the learning rate)

    The words stand in scratch.words, the negatives of all of them in scratch.draws. Of a sentence
    that is held out no word is left.
    """
    text, plan, state = work.text, work.plan, scratch.state
    share = (epoch + text.offsets[sentence] / text.offsets[-1]) / plan.epochs
    rate = np.float32(plan.rate - (plan.rate - plan.last_rate) * share)
    if text.skip[sentence]:
        return 0, rate
    state[0] = seed_of(plan.seed, epoch, sentence)
    n = 0
    for at in range(text.offsets[sentence], text.offsets[sentence + 1]):
        word = text.ids[at]
        chance = np.float32(_random(state) >> np.uint64(40)) * TWO_24
        if chance < text.keep[word]:
            scratch.words[n] = word
            n += 1
    for i in range(n):
        for k in range(plan.negatives):
            scratch.draws[i, k] = draw_noise(work.noise, state)
    return n, rate


@njit(cache=True, nogil=True, inline="always")  # type: ignore[untyped-decorator]
def draw_context(work: Work, i: int, n: int, scratch: Scratch) -> int:
    """The words around word i of n, within a random part of the window; how many there are."""
    bits = _random(scratch.state) >> np.uint64(32)
    reach: Any = np.int64((bits * np.uint64(work.plan.window)) >> np.uint64(32)) + 1
    count = 0
    for j in range(max(0, i - reach), min(n, i + reach + 1)):
        if j != i:
            scratch.context[count] = scratch.words[j]
            count += 1
    return count


@njit(cache=True, nogil=True, inline="always")  # type: ignore[untyped-decorator]
def prefetch_outputs(work: Work, i: int, n: int, scratch: Scratch) -> None:
    """Ask for the output rows of window i, if there is one."""
    if i < n:
        prefetch_row_far(work.outputs, scratch.words[i])
        for k in range(work.plan.negatives):
            prefetch_row_far(work.outputs, scratch.draws[i, k])


@njit(cache=True, nogil=True, inline="always")  # type: ignore[untyped-decorator]
def prefetch_first(work: Work, n: int, scratch: Scratch) -> None:
    """Ask for what window 0 of a sentence of n words needs."""
    for i in range(min(work.plan.window + 1, n)):
        prefetch_row_far(work.inputs, scratch.words[i])
    prefetch_outputs(work, 0, n, scratch)


@njit(cache=True, nogil=True, inline="always")  # type: ignore[untyped-decorator]
def prefetch_next(work: Work, i: int, n: int, scratch: Scratch) -> None:
    """Ask for what window i + 1 needs besides what window i had."""
    prefetch_outputs(work, i + 1, n, scratch)
    entering = i + work.plan.window + 1
    if entering < n:
        prefetch_row_far(work.inputs, scratch.words[entering])
