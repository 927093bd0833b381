"""Trainers of embeddings, ours: each is advanced a slice at a time (`progress.Trainer`).

`OBJECTIVES` are those that learn words from a corpus, by the name the command line gives them.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class Objective:
    """How words are learned from a corpus: classes of `module`, imported when first needed.

    title : the name on screen
    summary : what it learns from, in one line
    module : under explorer.training
    trainer : the name of a class made as `Trainer(corpus, settings)`
    settings : the name of its frozen dataclass of settings
    """

    title: str
    summary: str
    module: str
    trainer: str
    settings: str

    def load_class(self, name: str) -> Any:
        return getattr(import_module(f"explorer.training.{self.module}"), name)

    def make_settings(self, **chosen: Any) -> Any:
        """Its settings; ExplorerError where one is out of range."""
        return self.load_class(self.settings)(**chosen)

    def make_trainer(self, corpus: Any, settings: Any) -> Any:
        """A `progress.Trainer` at its start."""
        return self.load_class(self.trainer)(corpus, settings)


OBJECTIVES: dict[str, Objective] = {
    "sgns": Objective(
        "Skip-gram (SGNS)",
        "Each word predicts the words around it; random words are told apart from them.",
        "sgns",
        "SgnsTrainer",
        "SgnsSettings",
    ),
    "cbow": Objective(
        "CBOW",
        "The words around a gap, averaged, predict the word in it.",
        "sgns",
        "CbowTrainer",
        "CbowSettings",
    ),
    "subword": Objective(
        "Subwords (fastText)",
        "Skip-gram in which a word is the mean of its character n-grams, so unknown words get "
        "vectors too.",
        "subwords",
        "SubwordTrainer",
        "SubwordSettings",
    ),
    "glove": Objective(
        "GloVe",
        "Inner products of two words' vectors learn the logarithm of how often they meet.",
        "glove",
        "GloveTrainer",
        "GloveSettings",
    ),
    "ppmi": Objective(
        "PPMI + SVD",
        "How much more often than by chance words meet, in a table that is factorised.",
        "ppmi_svd",
        "PpmiTrainer",
        "PpmiSettings",
    ),
}
