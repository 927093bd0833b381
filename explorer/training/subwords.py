"""Skip-gram over subwords, as fastText trains: a word is the mean of itself and its n-grams.

So words that are spelled alike start alike, and a word that was never seen gets a vector from its
n-grams. Bojanowski, Grave, Joulin & Mikolov, "Enriching word vectors with subword information",
TACL 2017.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from explorer.composer import Subwords
from explorer.errors import ExplorerError
from explorer.ngrams import mean_of_pieces, word_pieces
from explorer.space import EmbeddingSpace, FloatArray
from explorer.training.corpus import Corpus
from explorer.training.held_out import HeldOut
from explorer.training.prediction import PredictionSettings, PredictionTrainer
from explorer.training.setting import setting


@dataclass(frozen=True)
class SubwordSettings(PredictionSettings):
    """The choices of skip-gram over subwords."""

    learning_rate: float = setting(0.05, "size of the first steps", above=0)
    shortest: int = setting(3, "characters of the shortest n-grams", least=1, most=20)
    longest: int = setting(6, "characters of the longest n-grams", least=1, most=20)
    buckets: int = setting(
        200_000, "rows that n-grams are hashed to; each takes memory", least=1, most=10_000_000
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.longest < self.shortest:
            raise ExplorerError(
                f"longest must be at least shortest, {self.shortest}; got {self.longest}."
            )


class SubwordTrainer(PredictionTrainer):
    """Skip-gram with negative sampling over subwords.

    inputs : a row for each word, then one for each bucket of n-grams
    """

    kind, title, settings_class = "subwords", "skip-gram over subwords", SubwordSettings

    def __init__(self, corpus: Corpus, settings: SubwordSettings | None = None) -> None:
        chosen = SubwordSettings() if settings is None else settings
        self._pieces = word_pieces(corpus.words, chosen.shortest, chosen.longest, chosen.buckets)
        super().__init__(corpus, chosen)

    def _input_rows(self) -> int:
        return len(self.corpus.words) + int(self.settings.buckets)

    def _kernel(self) -> Callable[..., None]:
        from explorer.training.subword_kernels import train_subwords

        return partial(train_subwords, *self._pieces)

    def _hidden(self, examples: HeldOut) -> FloatArray:
        words, place = np.unique(examples.one_context(), return_inverse=True)
        rows, starts = self._pieces
        means = [self.inputs[rows[starts[w] : starts[w + 1]]].mean(axis=0) for w in words.tolist()]
        hidden: FloatArray = np.stack(means)[place]
        return hidden

    def rows_of(self, word: int) -> NDArray[np.int32]:
        """The input rows of which a word is the mean: its own, then its n-grams'."""
        rows, starts = self._pieces
        own: NDArray[np.int32] = rows[starts[word] : starts[word + 1]]
        return own

    def vectors(self) -> FloatArray:
        """(n, d) float32, each word's mean as it is now."""
        means = mean_of_pieces(self.inputs, self._pieces)
        return means[:, : self.settings.dimensions].copy()

    def composer(self) -> Subwords:
        """Vectors for unknown words, as the n-grams are now."""
        ngrams = self.inputs[len(self.corpus.words) :, : self.settings.dimensions].copy()
        return Subwords(ngrams, self.settings.shortest, self.settings.longest)

    def space(self) -> EmbeddingSpace:
        """The words with their vectors as they are now, and a composer for others."""
        return replace(super().space(), composer=self.composer())
