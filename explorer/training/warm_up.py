"""The kernels of each trainer, called once on tiny data; a task is named like its objective."""

from __future__ import annotations

from collections.abc import Callable

TEXT = "the cat sat on the mat\nthe dog sat on the log\na cat met a dog\n" * 20


def _words(objective: str) -> Callable[[], None]:
    def compile_kernels() -> None:
        from explorer.training import OBJECTIVES
        from explorer.training.corpus import corpus_of_text

        chosen = OBJECTIVES[objective]
        corpus = corpus_of_text(TEXT, min_count=1)
        _run(chosen.make_trainer(corpus, chosen.make_settings(dimensions=4)))

    return compile_kernels


def _corpus() -> None:
    from explorer.training.corpus import corpus_of_text

    corpus_of_text(TEXT, min_count=1)


def _bpr() -> None:
    from explorer.training.bpr import BprSettings, BprTrainer
    from explorer.training.toy_ratings import toy_ratings

    _run(BprTrainer(toy_ratings(20), BprSettings(dimensions=4, epochs=1)))


def _als() -> None:
    from explorer.training.als import AlsSettings, AlsTrainer
    from explorer.training.toy_ratings import toy_ratings

    _run(AlsTrainer(toy_ratings(20), AlsSettings(dimensions=4, epochs=1)))


def _transe() -> None:
    from explorer.training.toy_family import toy_family
    from explorer.training.transe import TransESettings, TransETrainer

    _run(TransETrainer(toy_family(2), TransESettings(dimensions=4, epochs=1)))


def _complex() -> None:
    from explorer.training.complex import ComplExSettings, ComplExTrainer
    from explorer.training.toy_family import toy_family

    _run(ComplExTrainer(toy_family(2), ComplExSettings(dimensions=4, epochs=1)))


def _run(trainer: object) -> None:
    while not trainer.done:  # type: ignore[attr-defined]
        trainer.advance()  # type: ignore[attr-defined]


TASKS: dict[str, Callable[[], None]] = {
    "corpus": _corpus,
    "sgns": _words("sgns"),
    "bpr": _bpr,
    "glove": _words("glove"),
    "ppmi": _words("ppmi"),
    "subword": _words("subword"),
    "cbow": _words("cbow"),
    "als": _als,
    "transe": _transe,
    "complex": _complex,
}
