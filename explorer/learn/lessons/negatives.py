"""Lesson 4: negative sampling, and why random words are drawn by frequency to the power 3/4."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from explorer.learn.examples import nearest
from explorer.learn.lesson import Exercise, Lesson, Scene, Step
from explorer.learn.pictures import Bars, Grid, Lines
from explorer.learn.questions import Option, Question, closest, mixed
from explorer.learn.wording import big, named, tex
from explorer.neighbors.all_scores import all_scores
from explorer.space import IntArray
from explorer.training.noise import keep_chance, noise_distribution

K = 5  # random words with each true pair, as in word2vec
DRAWN = 1_000
COMMON = 100  # the most frequent words
SAMPLE = 0.001  # above this share of the text words are thinned out
EXPONENTS = {"0: all alike": 0.0, "3/4": 0.75, "1: as the text": 1.0}
TOP = 6
POINTS = 120  # of a curve over ranks

Float64Array = NDArray[np.float64]


def what_it_spares(scene: Scene) -> Exercise:
    """Inner products of one example: with all items, and with a true and five random ones."""
    space = scene.space
    n = len(space)
    whole, few = _microseconds(scene)
    return Exercise(
        mixed(
            f"To learn one pair with a softmax over all {n:,} words, the model needs a product "
            f"with each of them. With negative sampling and {K} random words, how many products?",
            f"{1 + K}",
            Option(f"{K}", "The true word is scored, too."),
            Option(f"{n - 1:,}", "The other words are left out: that is what is spared."),
            Option(f"{n // K:,}", "Random words are drawn anew for each pair, not dealt out."),
        ),
        f"{1 + K} in place of {n:,}: here {few:,.1f} µs in place of {whole:,.0f} µs for one pair.",
        "The question is made easier: not which of all words stands here, but is it this one or "
        "a random one. That is enough to learn vectors from.",
        r"-\log \frac{e^{u_o \cdot h}}{\sum_{j=1}^{n} e^{u_j \cdot h}} \;\to\; "
        r"-\log \sigma(u_o \cdot h) - \sum_{j=1}^{K} \log \sigma(-u_j \cdot h), \quad "
        rf"{big(n)} \to {1 + K}",
        Bars(
            f"Products for one pair: {n:,} with the softmax, {1 + K} with negative sampling.",
            ["softmax over all words", "negative sampling"],
            [n, 1 + K],
            "products (log scale)",
            marked=(1,),
            log=True,
        ),
        "times are the best of 5, measured on this server with the vectors of this space",
    )


def as_in_the_text(scene: Scene) -> Exercise:
    """The share of draws that fall on the most frequent words when drawn as the text does."""
    counts, names = _counts(scene), scene.space.items
    chances = noise_distribution(counts, 1.0)
    order = np.argsort(-counts, kind="stable")
    share = float(chances[order[:COMMON]].sum())
    levels = (COMMON / len(counts), 0.3, 0.5, 0.8)
    first = names[int(order[0])]
    texts = (f"{levels[0]:.1%}: their share of the vocabulary", "About 30%", "About half",
             "About 80%")  # fmt: skip
    mistakes = (
        "They are few of the words, but they fill much of any text.",
        "Word counts fall like 1 / rank (Zipf), but another share comes out here.",
        "Word counts fall like 1 / rank (Zipf), but another share comes out here.",
        "The many rare words together take more than that.",
    )
    return Exercise(
        Question(
            f"Random words could simply be drawn as often as they stand in the text. How many of "
            f"them are then among the {COMMON} most frequent words?",
            tuple(map(Option, texts, mistakes)),
            closest(share, levels),
        ),
        f"{share:.0%} of the draws; {named(first)} alone takes {chances[order[0]]:.1%}.",
        "A text is full of few words. Told apart from these again and again, the model learns "
        "little that is new about the thousands of others.",
        rf"P(w) = \frac{{f(w)}}{{\sum_v f(v)}}, \quad P({tex(first)}) = "
        rf"{chances[order[0]]:.4f}",
        Bars(
            f"The chance of the {TOP} most frequent words to be drawn.",
            names.take(order[:TOP].tolist()),
            chances[order[:TOP]].tolist(),
            "chance to be drawn as the text does",
        ),
        f"counts of all {len(counts):,} items, as this space tells them; exact",
    )


def to_the_power(scene: Scene) -> Exercise:
    """How the power 3/4 changes the odds of a frequent against a rare word."""
    counts, names = _counts(scene), scene.space.items
    order = np.argsort(-counts, kind="stable")
    common, rare = int(order[0]), int(order[-1])
    odds = float(counts[common] / counts[rare])
    softened = noise_distribution(counts)
    new_odds = float(softened[common] / softened[rare])
    levels = (odds, odds**0.75, odds**0.5, 1.0)
    mistakes = (
        "That is the power 1: the odds as they are in the text.",
        "The power is another one.",
        "That is the power 1/2, the square root.",
        "That is the power 0: all words alike.",
    )
    return Exercise(
        Question(
            f"{named(names[common])} is {odds:,.0f} times as frequent as {named(names[rare])}. "
            "Drawn by frequency to the power 3/4, how many times as often does it come?",
            tuple(
                Option(f"{level:,.0f} times" if level > 1 else "As often", mistake)
                for level, mistake in zip(levels, mistakes, strict=True)
            ),
            closest(np.log(new_odds), np.log(levels).tolist()),
        ),
        f"{new_odds:,.0f} times. {named(names[common])} goes from "
        f"{noise_distribution(counts, 1.0)[common]:.2%} of the draws to {softened[common]:.2%}.",
        "A power below 1 takes from the frequent and gives to the rare, and keeps their order. "
        "That 3/4 works best was found by trying; there is no proof of it.",
        r"P(w) = \frac{f(w)^{3/4}}{\sum_v f(v)^{3/4}}, \quad "
        rf"{big(odds)}^{{3/4}} = {big(new_odds)}",
        Lines(
            "The chance to be drawn over the rank of a word, for three powers.",
            _by_rank(counts),
            "rank of the word (log scale)",
            "chance to be drawn",
            log="xy",
        ),
        f"counts of all {len(counts):,} items; exact",
    )


def one_word(scene: Scene) -> Exercise:
    """The item's own chance: more or fewer draws than in the text?"""
    counts, row = _counts(scene), scene.row
    plain, softened = (noise_distribution(counts, power)[row] for power in (1.0, 0.75))
    ratio = float(softened / plain)
    turning = _turning_point(counts)
    place = int((counts > counts[row]).sum()) + 1
    options = (
        Option("More often than it stands in the text", "Only words rarer than some point gain."),
        Option("Less often", "Only words more frequent than some point lose."),
        Option("As often", "That would be a word just at the turning point."),
    )
    return Exercise(
        Question(
            f"{named(scene.item)} is number {place:,} of {len(counts):,} words by frequency. "
            "With the power 3/4, how often is it drawn?",
            options,
            2 if abs(ratio - 1) < 0.02 else 0 if ratio > 1 else 1,
        ),
        f"In {DRAWN:,} draws it is expected {DRAWN * softened:.3g} times, in place of "
        f"{DRAWN * plain:.3g}: {ratio:.2f} times as often. The first {turning:,} words lose.",
        "What frequent words lose is shared by all others. So each rare word is met as a random "
        "word now and then, and is pushed away from where it does not belong.",
        rf"\frac{{P_{{3/4}}({tex(scene.item)})}}{{P_1({tex(scene.item)})}} = "
        rf"\frac{{{softened:.3g}}}{{{plain:.3g}}} = {ratio:.2f}",
        Grid(
            f"Expected draws of {named(scene.item)} in {DRAWN:,}, for three powers.",
            ["draws expected"],
            list(EXPONENTS),
            np.array([[DRAWN * noise_distribution(counts, power)[row]
                       for power in EXPONENTS.values()]]),
            digits=3,
        ),
        f"counts of all {len(counts):,} items; expectations, nothing is drawn",
    )  # fmt: skip


def by_accident(scene: Scene) -> Exercise:
    """The chance that one of K random words is a true neighbour of the item."""
    counts = _counts(scene)
    near = nearest(scene, 10)
    chances = noise_distribution(counts)
    once = float(chances[near].sum())
    accident = float(1 - (1 - once) ** K)
    levels = (0.0005, 0.01, 0.2)
    options = (
        Option("About once in 2,000 pairs", "Ten words of many: but some of these are frequent."),
        Option("About once in 100 pairs", "It depends on how frequent these ten are."),
        Option("In every fifth pair", "That needs neighbours among the most frequent words."),
    )
    names = scene.space.items.take(near)
    return Exercise(
        Question(
            f"A random word may by accident be one that belongs to {named(scene.item)}. How often "
            f"is one of its 10 nearest among the {K} words drawn?",
            options,
            closest(np.log(max(accident, 1e-9)), np.log(levels).tolist()),
        ),
        f"In {accident:.2%} of its pairs, once in {1 / max(accident, 1e-9):,.0f}.",
        "Such accidents push away what is alike, but true pairs pull it back far more often. On a "
        "vocabulary of a few dozen words they would do harm.",
        rf"1 - \left(1 - {once:.5f}\right)^{{{K}}} = {accident:.5f}",
        Bars(
            f"How often each of the 10 nearest of {named(scene.item)} is drawn.",
            names,
            (1e6 * chances[near]).tolist(),
            "times in a million draws",
        ),
        f"10 nearest by cosine among all {len(counts):,}, exact",
    )


def thinned_out(scene: Scene) -> Exercise:
    """How many of 100 occurrences of the most frequent word stay in the text."""
    counts, names = _counts(scene), scene.space.items
    keep = keep_chance(counts, SAMPLE)
    order = np.argsort(-counts, kind="stable")
    common = int(order[0])
    kept = 100 * float(keep[common])
    levels = (100.0, 50.0, 20.0, 5.0)
    mistakes = (
        "Then frequent words would fill nearly every window.",
        "The more frequent a word, the fewer are kept.",
        "The more frequent a word, the fewer are kept.",
        "So few are kept only of a word that is a large part of the text.",
    )
    touched = int((keep < 1).sum())
    ranks = _ranks(len(counts))
    share = counts[common] / counts.sum()
    return Exercise(
        Question(
            "There is a second trick: frequent words are passed over at random. Of 100 "
            f"{named(names[common])} in the text, how many are kept?",
            tuple(
                Option(f"About {level:.0f}", mistake)
                for level, mistake in zip(levels, mistakes, strict=True)
            ),
            closest(np.log(kept), np.log(levels).tolist()),
        ),
        f"{kept:.0f}. Only the {touched:,} most frequent of {len(counts):,} words are thinned out "
        "at all.",
        "A word that stands everywhere says little of the words beside it. Leaving most of them "
        "out saves time, and lets windows reach further words that say more.",
        rf"\sqrt{{t / f}} + t / f = \sqrt{{{SAMPLE} / {share:.4f}}} + {SAMPLE} / {share:.4f} = "
        rf"{keep[common]:.3f}",
        Lines(
            "The share of a word's occurrences that is kept, over its rank.",
            {"kept": ((ranks + 1).tolist(), keep[order[ranks]].tolist())},
            "rank of the word (log scale)",
            "share kept",
            log="x",
        ),
        f"counts of all {len(counts):,} items; threshold t = {SAMPLE:g}",
    )


def quiz_power(scene: Scene) -> Question:
    """A word 16 times as frequent is drawn 8 times as often."""
    chances = noise_distribution(np.array([16, 1]))
    odds = float(chances[0] / chances[1])
    return mixed(
        "One word is 16 times as frequent as another. With the power 3/4, how many times as often "
        "is it drawn?",
        f"{odds:.0f} times",
        Option("12 times", "16 times 3/4 is 12, but 3/4 is the power."),
        Option("16 times", "That is the power 1."),
        Option("4 times", "That is the power 1/2."),
    )


def quiz_products(scene: Scene) -> Question:
    """Products with 15 random words."""
    wanted = 15
    products = 1 + wanted
    return mixed(
        f"How many products does one pair take with {wanted} random words?",
        f"{products}",
        Option(f"{len(scene.space):,}", "That is the softmax over all words."),
        Option(f"{wanted}", "The true word is scored, too."),
        Option(f"{2 * wanted}", "Each random word is scored once."),
    )


def quiz_draws(scene: Scene) -> Question:
    """Which word is drawn more often than it stands in the text?"""
    counts, names = _counts(scene), scene.space.items
    gain = noise_distribution(counts) / noise_distribution(counts, 1.0)
    order = np.argsort(-counts, kind="stable")
    rows = order[[0, 1, 2, -1]].tolist()
    best = rows[int(np.argmax(gain[rows]))]
    return mixed(
        "Which of these words gains most by the power 3/4?",
        names[best],
        *(
            Option(names[row], f"It is drawn {gain[row]:.2f} times as often as by the power 1.")
            for row in rows
            if row != best
        ),
    )


def quiz_kept(scene: Scene) -> Question:
    """Is the rarest word ever passed over?"""
    counts = _counts(scene)
    rarest = int(np.argmin(counts))
    kept = 100 * float(keep_chance(counts, SAMPLE)[rarest])
    return mixed(
        f"Of 100 {named(scene.space.items[rarest])} in the text, how many are kept?",
        f"{kept:.0f}",
        Option("3", "Only words of more than a thousandth of the text are thinned out."),
        Option("50", "Only words of more than a thousandth of the text are thinned out."),
    )


def _misses(scene: Scene) -> str:
    space = scene.space
    told = "frequency" in space.metadata.of_kind("number")
    if told and len(space) > 2 * COMMON and space.metadata["frequency"].min() > 0:
        return ""
    return (
        f"This lesson needs to know how often each word comes, of more than {2 * COMMON} words; "
        f"{space.name} does not tell."
    )


def _counts(scene: Scene) -> Float64Array:
    """(n,) how often each item comes, in whatever unit the space tells it."""
    return scene.space.metadata["frequency"].astype(np.float64)


def _ranks(n: int) -> IntArray:
    """Places, from the most frequent on, evenly on a logarithmic scale."""
    return np.unique(np.geomspace(1, n, POINTS).astype(np.int64)) - 1


def _by_rank(counts: Float64Array) -> dict[str, tuple[list[float], list[float]]]:
    order = np.argsort(-counts, kind="stable")
    ranks = _ranks(len(counts))
    return {
        f"power {name}": (
            (ranks + 1).tolist(), noise_distribution(counts, power)[order[ranks]].tolist()
        )
        for name, power in EXPONENTS.items()
    }  # fmt: skip


def _turning_point(counts: Float64Array) -> int:
    """How many words are drawn less often with the power 3/4 than with the power 1."""
    return int((noise_distribution(counts) < noise_distribution(counts, 1.0)).sum())


def _microseconds(scene: Scene) -> tuple[float, float]:
    """All products of one item, and those with six rows; best of five."""
    space = scene.space
    query, rows = space.vectors[scene.row], list(range(1 + K))
    best = [float("inf")] * 2
    for _ in range(5):
        begun = time.perf_counter()
        all_scores(space.vectors, query, "dot", norms=space.norms)
        between = time.perf_counter()
        space.vectors[rows] @ query
        took = between - begun, time.perf_counter() - between
        best = [min(pair) for pair in zip(best, took, strict=True)]
    return best[0] * 1e6, best[1] * 1e6


LESSON = Lesson(
    key="negative",
    title="Negative sampling and f to the power 3/4",
    promise="See why a handful of random words replaces a whole vocabulary, and which ones.",
    minutes=12,
    goals=(
        "Say what a softmax over all words costs, and what negative sampling asks instead.",
        "Work out how the power 3/4 changes the odds of frequent and rare words.",
        "Tell drawing random words apart from thinning out frequent ones.",
    ),
    steps=(
        Step(
            "What it spares",
            "Which word stands beside this one? To give each word of the vocabulary its chance, "
            "all scores have to be computed and added up: a softmax.",
            what_it_spares,
            "With ten million pairs to learn, multiply both numbers by ten million.",
        ),
        Step(
            "As in the text?",
            "Negative sampling draws a few random words for each true pair. The question is which "
            "ones.",
            as_in_the_text,
            "Count the words of a page: how many of them are the, of, and, in?",
        ),
        Step(
            "To the power 3/4",
            "So word2vec draws by f to the power 3/4, with f how often the word comes.",
            to_the_power,
            "Ask for 16 to the power 3/4 without a computer: the square root, twice, then cubed.",
        ),
        Step(
            "One word",
            "The chances still add up to 1, so that some words must gain what others lose.",
            one_word,
            "Search a rare and a frequent word: on which side of the turning point do they lie?",
        ),
        Step(
            "By accident",
            "Nobody checks whether a random word is truly a stranger.",
            by_accident,
            "For which words is this chance largest? For those whose neighbours are frequent.",
        ),
        Step(
            "Thinned out",
            "Frequent words are not only drawn as random words: they also stand in nearly every "
            "window as true ones.",
            thinned_out,
            "Not to be mixed up: the power 3/4 is for random words, thinning is for true ones.",
        ),
    ),
    quiz=(quiz_power, quiz_products, quiz_draws, quiz_kept),
    misses=_misses,
    page="train",
)
