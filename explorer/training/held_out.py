"""Pairs of words kept from training: does the loss fall on text that was not trained on?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from explorer.space import FloatArray, IntArray
from explorer.training.corpus import Corpus

LARGEST_SHARE = 0.01  # of the text's words
EXAMPLES = 2_000
SEED = 7  # the examples are the same whatever the training's own seed


def held_out_sentences(corpus: Corpus, words: int, seed: int) -> NDArray[np.bool_]:
    """(S,) True for random sentences of at most so many words, and 1 % of the text, together."""
    most = min(words, int(LARGEST_SHARE * len(corpus)))
    lengths = np.diff(corpus.offsets)
    order = np.random.default_rng([SEED, seed]).permutation(corpus.sentences)
    kept = np.cumsum(lengths[order]) <= most
    chosen = np.zeros(corpus.sentences, dtype=bool)
    chosen[order[kept]] = True
    return chosen


@dataclass(frozen=True, eq=False)
class HeldOut:
    """m words in the middle of a window, what stands around them, and random words.

    target : (m,) the word in the middle
    context : (m, 2 window) the words around it, -1 where there is none
    negatives : (m, k) random words; those equal to the target do not count
    """

    target: IntArray
    context: IntArray
    negatives: IntArray

    @classmethod
    def of(
        cls,
        corpus: Corpus,
        sentences: NDArray[np.bool_],
        window: int,
        negatives: int,
        noise: NDArray[np.float64],
    ) -> Self | None:
        """Some examples from these sentences; None where they hold none."""
        generator = np.random.default_rng(SEED)
        places = [*range(-window, 0), *range(1, window + 1)]
        targets, contexts = [], []
        for sentence in np.flatnonzero(sentences).tolist():
            words = corpus.ids[corpus.offsets[sentence] : corpus.offsets[sentence + 1]]
            if len(words) < 2:
                continue
            at = np.arange(len(words))[:, None] + places
            inside = (at >= 0) & (at < len(words))
            contexts.append(np.where(inside, words[at.clip(0, len(words) - 1)], -1))
            targets.append(words)
        if not targets:
            return None
        target, context = np.concatenate(targets), np.concatenate(contexts)
        some = generator.permutation(len(target))[:EXAMPLES]
        drawn = generator.choice(len(noise), (len(some), negatives), p=noise)
        return cls(target[some].astype(np.int64), context[some].astype(np.int64), drawn)

    def mean_context(self, inputs: FloatArray) -> FloatArray:
        """(m, width) the mean of the context's input rows."""
        there = self.context >= 0
        total = np.zeros((len(self.target), inputs.shape[1]), dtype=np.float32)
        for place in range(self.context.shape[1]):
            total += inputs[self.context[:, place]] * there[:, place, None]
        mean: FloatArray = total / there.sum(axis=1, dtype=np.float32)[:, None]
        return mean

    def one_context(self) -> IntArray:
        """(m,) one of the words around each target: the first there is, from a random place on."""
        width = self.context.shape[1]
        first = np.random.default_rng(SEED).integers(0, width, len(self.target))
        turned = (np.arange(width) + first[:, None]) % width
        around = np.take_along_axis(self.context, turned, axis=1)
        found: IntArray = around[np.arange(len(around)), (around >= 0).argmax(axis=1)]
        return found

    def loss(self, hidden: FloatArray, outputs: FloatArray) -> float:
        """Mean of -log σ(h · target) - Σ log σ(-h · negative)."""
        with np.errstate(over="ignore", invalid="ignore"):
            true = np.einsum("md,md->m", hidden, outputs[self.target])
            false = np.einsum("md,mkd->mk", hidden, outputs[self.negatives])
            counted = self.negatives != self.target[:, None]
            losses = np.logaddexp(0, -true) + (np.logaddexp(0, false) * counted).sum(axis=1)
        return float(losses.mean())
