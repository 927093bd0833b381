"""Skip-gram and CBOW with negative sampling: word2vec's two ways to learn words by prediction.

Skip-gram (SGNS): each word of the context predicts the word in the middle, on its own. It is slower
and better for rare words. CBOW: the mean of the context predicts it. Mikolov, Chen, Corrado & Dean,
"Efficient estimation of word representations in vector space", 2013.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from explorer.space import FloatArray
from explorer.training.held_out import HeldOut
from explorer.training.prediction import PredictionSettings, PredictionTrainer
from explorer.training.setting import setting


@dataclass(frozen=True)
class SgnsSettings(PredictionSettings):
    """The choices of skip-gram with negative sampling."""


@dataclass(frozen=True)
class CbowSettings(PredictionSettings):
    """The choices of CBOW; it takes larger steps, for it takes fewer."""

    learning_rate: float = setting(0.05, "size of the first steps", above=0)


class SgnsTrainer(PredictionTrainer):
    """Skip-gram with negative sampling.

    SgnsTrainer(read_corpus("text.txt"), SgnsSettings(dimensions=50)).advance()
    """

    kind, title, settings_class = "sgns", "skip-gram", SgnsSettings

    def _kernel(self) -> Callable[..., None]:
        from explorer.training.skip_gram_kernels import train_skip_gram

        kernel: Callable[..., None] = train_skip_gram
        return kernel

    def _hidden(self, examples: HeldOut) -> FloatArray:
        rows: FloatArray = self.inputs[examples.one_context()]
        return rows


class CbowTrainer(PredictionTrainer):
    """Continuous bag of words with negative sampling."""

    kind, title, settings_class = "cbow", "CBOW", CbowSettings

    def _kernel(self) -> Callable[..., None]:
        from explorer.training.cbow_kernels import train_cbow

        kernel: Callable[..., None] = train_cbow
        return kernel

    def _hidden(self, examples: HeldOut) -> FloatArray:
        return examples.mean_context(self.inputs)
