"""Training words beside gensim: words a second, quality on the same text, growth with the text.

The text is ../shared/data/corpus/enwik8-clean.txt.xz beside the repository, or else a random one of
the same word frequencies (then nothing is said of quality). Both programs get the same sentences,
vocabulary and settings, and only training is timed: no reading, no counting, no compiling.

gensim reads a file per worker here, its fastest way. In that mode each of w workers lowers its
learning rate by its own share of the whole text, so that with w > 1 the rate stops falling at 1 / w
of the way; on short runs the higher rate lifts the scores. Quality is therefore compared with
gensim's on one worker, whose schedule is ours.
"""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import available_cores, table, timed
from benchmarks.real_vectors import SHARED, TEXT
from explorer import EmbeddingSpace, Items, Provenance
from explorer.evaluation.analogy_accuracy import analogy_accuracy
from explorer.evaluation.lists import read_pairs, read_questions
from explorer.evaluation.word_similarity import word_similarity
from explorer.training import OBJECTIVES
from explorer.training.corpus import Corpus, corpus_of_text, read_corpus

SPEED = {  # words of the text, rounds
    "sgns": (12_000_000, 3), "cbow": (12_000_000, 3), "subword": (2_000_000, 3),
}  # fmt: skip
QUALITY_WORDS, SEEDS = 12_000_000, 3
GROWTH = (1_000_000, 4_000_000, 12_000_000)
SETTINGS: dict[str, Any] = {
    "dimensions": 100, "window": 5, "negatives": 5, "epochs": 1, "sample": 1e-3, "held_out": 0,
}  # fmt: skip
LISTS = {
    "WordSim-353": "EN-WS-353-ALL.txt",
    "SimLex-999": "EN-SIMLEX-999.txt",
    "analogies": "questions-words.txt",
}


def main(*parts: str) -> None:
    """Print the tables of these PARTS, or all."""
    corpus = whole_text()
    print(f"{available_cores()} cores; {corpus}\n", flush=True)
    for part in parts or PARTS:
        print(PARTS[part](corpus), end="\n\n", flush=True)


def whole_text() -> Corpus:
    """The real text where it is there, else words drawn by Zipf's law."""
    if TEXT.exists():
        return read_corpus(TEXT)
    ranks = np.random.default_rng(1).zipf(1.2, 12_000_000).clip(max=50_000)
    return corpus_of_text(" ".join(map("w{}".format, ranks.tolist())), name="Zipf's law")


def first_words(corpus: Corpus, words: int) -> Corpus:
    """The beginning of a text, with the vocabulary of all of it that comes there 5 times."""
    last = int(np.searchsorted(corpus.offsets, words)) if words < len(corpus) else corpus.sentences
    ids = corpus.ids[: corpus.offsets[last]]
    counts = np.bincount(ids, minlength=len(corpus.words))
    kept = np.argsort(-counts, kind="stable")[: int((counts >= 5).sum())]
    rank = np.full(len(counts), -1, dtype=np.int32)
    rank[kept] = np.arange(len(kept), dtype=np.int32)
    chosen = rank[ids] >= 0
    offsets = np.append(0, np.cumsum(chosen))[corpus.offsets[: last + 1]]
    return replace(
        corpus,
        words=tuple([corpus.words[word] for word in kept.tolist()]),
        counts=counts[kept],
        ids=rank[ids][chosen],
        offsets=offsets,
    )


def speed_table(corpus: Corpus, objective: str) -> str:
    """Ours and gensim in turn, with one thread and with two; each one's best of the rounds.

    The best, not the median: runs of less than a second catch whatever else the machine does.
    """
    words, rounds = SPEED[objective]
    corpus = first_words(corpus, words)
    seconds: dict[tuple[str, int], list[float]] = {}
    with sentences_file(corpus) as file:
        for _ in range(rounds):
            for threads in (1, 2):
                for program in ("ours", "gensim"):
                    if program == "gensim" and not _gensim():
                        continue
                    start = our_training if program == "ours" else gensim_training
                    train = start(corpus, objective, threads, 1, file)[0]
                    seconds.setdefault((program, threads), []).append(timed(train))
    best = {key: min(took) for key, took in seconds.items()}
    rows = [
        {
            "program": program,
            "threads": threads,
            "s": took,
            "words/s": len(corpus) / took,
            "ours is faster by": took / best["ours", threads],
        }
        for (program, threads), took in best.items()
    ]
    title = OBJECTIVES[objective].title
    size = f"{len(corpus):,} words, {len(corpus.words):,} different, 1 epoch"
    return table(rows, f"{title}, {size}, best of {rounds} rounds")


def growth_table(corpus: Corpus) -> str:
    """Ours alone, on ever more of the text: the cost of a word stays the same.

    Processor time is shown too, as other work on the machine changes it less.
    """
    rows = []
    for words in GROWTH:
        part = first_words(corpus, words)
        train = our_training(part, "sgns", 2, 1)[0]
        begun = time.process_time()
        took = timed(train)
        busy = time.process_time() - begun
        rows.append({"words": len(part), "different": len(part.words), "s": took,
                     "words/s": len(part) / took, "processor s": busy})  # fmt: skip
    return table(rows, "Skip-gram, 2 threads, 1 epoch: growth with the text")


def quality_table(corpus: Corpus) -> str:
    """Correlations and accuracy after one epoch: mean over the seeds, and their spread."""
    if not TEXT.exists():
        return f"No {TEXT.name} in ../shared/data/corpus: quality is not compared."
    corpus = first_words(corpus, QUALITY_WORDS)
    programs = {"ours, 1 thread": (our_training, 1), "ours, 2 threads": (our_training, 2)}
    if _gensim():
        programs["gensim, 1 thread"] = (gensim_training, 1)
    rows = []
    with sentences_file(corpus) as file:
        for name, (start, threads) in programs.items():
            scores = []
            for seed in range(1, SEEDS + 1):
                train, space = start(corpus, "sgns", threads, seed, file)
                train()
                scores.append(quality(space()))
            row: dict[str, Any] = {"program": name}
            for task in LISTS:
                values = [score[task] for score in scores]
                row[task] = f"{np.mean(values):.3f} ± {np.std(values, ddof=1):.3f}"
            rows.append(row)
    return table(rows, f"Skip-gram, {len(corpus):,} words, 1 epoch, {SEEDS} seeds")


def quality(space: EmbeddingSpace) -> dict[str, float]:
    """The scores of one space on the three lists."""
    scores = {}
    for task, file in LISTS.items():
        if task == "analogies":
            questions = read_questions(SHARED / "eval" / file)
            scores[task] = analogy_accuracy(space, questions, samples=1).accuracy
        else:
            pairs = read_pairs(SHARED / "eval" / file)
            scores[task] = word_similarity(space, pairs, samples=1).correlation
    return scores


def our_training(
    corpus: Corpus, objective: str, threads: int, seed: int, file: Path | None = None
) -> tuple[Any, Any]:
    """(a function that trains, one that gives the space)"""
    chosen = OBJECTIVES[objective].make_settings(**SETTINGS, threads=threads, seed=seed)
    trainer = OBJECTIVES[objective].make_trainer(corpus, chosen)

    def train() -> None:
        while not trainer.done:
            trainer.advance()

    return train, trainer.space


def gensim_training(
    corpus: Corpus, objective: str, threads: int, seed: int, file: Path
) -> tuple[Any, Any]:
    """The same with gensim: same sentences, settings and schedule."""
    models = _gensim()
    logging.getLogger("gensim").setLevel(logging.ERROR)
    ours = OBJECTIVES[objective].make_settings(**SETTINGS)
    chosen = {
        "vector_size": ours.dimensions, "window": ours.window, "negative": ours.negatives,
        "sample": ours.sample, "alpha": ours.learning_rate, "min_alpha": ours.last_rate,
        "sg": int(objective != "cbow"), "min_count": 1, "workers": threads, "seed": seed,
    }  # fmt: skip
    if objective == "subword":
        grams = {"min_n": ours.shortest, "max_n": ours.longest, "bucket": ours.buckets}
        model = models.FastText(**chosen, **grams)
    else:
        model = models.Word2Vec(**chosen)
    model.build_vocab(corpus_file=str(file))

    def train() -> None:
        model.train(
            corpus_file=str(file),
            total_words=model.corpus_total_words,
            total_examples=model.corpus_count,
            epochs=ours.epochs,
        )

    def space() -> EmbeddingSpace:
        vectors = model.wv.vectors
        return EmbeddingSpace("gensim", Items(model.wv.index_to_key), vectors, Provenance("gensim"))

    return train, space


@contextmanager
def sentences_file(corpus: Corpus) -> Iterator[Path]:
    """The corpus as text again, a sentence a line, rare words left out."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sentences.txt"
        words = np.array(corpus.words, dtype=object)
        with file.open("w", encoding="utf-8") as text:
            for start, end in zip(corpus.offsets[:-1], corpus.offsets[1:], strict=True):
                text.write(" ".join(words[corpus.ids[start:end]]) + "\n")
        yield file


def _gensim() -> Any:
    """gensim.models, or None where it is not installed."""
    try:
        from gensim import models
    except ImportError:
        return None
    return models


PARTS = {
    **{objective: partial(speed_table, objective=objective) for objective in SPEED},
    "growth": growth_table,
    "quality": quality_table,
}
