"""Lesson 9: how many dimensions? Too few cannot hold what there is, too many hold noise."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from explorer.evaluation.analogy_accuracy import analogy_accuracy
from explorer.learn import toy
from explorer.learn.examples import needs_items, row_numbers
from explorer.learn.lesson import Exercise, Lesson, Scene, Step
from explorer.learn.pictures import Bars, Lines
from explorer.learn.questions import Option, Question, closest, mixed
from explorer.learn.wording import named
from explorer.neighbors import nearest_neighbors
from explorer.neighbors.graph import shared_rows
from explorer.projection.pca import pca
from explorer.projection.pca_report import Spectrum, pca_spectrum
from explorer.space import EmbeddingSpace, Provenance
from explorer.training.cooccurrence import count_cooccurrences
from explorer.training.ppmi_svd import positive_pmi
from explorer.training.toy_corpus import toy_corpus

K = 10
ASKED = 100  # items whose neighbours are searched at each number of dimensions
SIZES = (2, 5, 10, 20, 50, 100, 200, 400)  # dimensions that the toy words get
MADE = f"PPMI + SVD of the {toy.ABOUT}"
MILLION, DAY = 1_000_000, 300


def one_number(scene: Scene) -> Exercise:
    """The neighbours that stay when each item gets a single number."""
    kept = _kept(scene, (1,))[1]
    n = len(scene.space)
    return Exercise(
        Question(
            f"Let each item have one number only: its place along the direction in which the items "
            f"vary most. How many of its {K} nearest are still among its {K} nearest?",
            (
                Option("Most", "On a line each item has two sides, and few places beside it."),
                Option("About three", "Here one direction tells more than usual, or less."),
                Option("Hardly any", "Here one direction tells much of the story."),
            ),
            closest(kept * K, (8, 3, 0)),
        ),
        f"{kept * K:.2f} of {K} on average; by chance it would be {K * K / (n - 1):.2f}.",
        "On a line items with nothing in common come to lie side by side. Each new dimension is a "
        "new way of being apart.",
        rf"\mathbb R^{{{scene.space.dimensions}}} \to \mathbb R^1: \quad "
        rf"{kept * K:.2f} \text{{ of }} {K}",
        Bars(
            f"Neighbours kept on one number: {kept * K:.1f} of {K}.",
            ["on one number", "by chance"],
            [kept * K, K * K / (n - 1)],
            f"of the {K} nearest, on average",
            marked=(0,),
        ),
        _note(scene),
    )


def for_the_variance(scene: Scene) -> Exercise:
    """The components that hold 90% of the variance."""
    d = scene.space.dimensions
    spectrum, needed = _spectrum(scene)
    return Exercise(
        Question(
            f"The vectors have {d} dimensions. How many directions hold 90% of their variance?",
            (
                Option("Less than a fifth", "Few spaces are so flat; trained ones seldom are."),
                Option("Between a fifth and two thirds", "Compare with the curve."),
                Option("More than two thirds", "If all mattered alike it would be 90 of 100."),
            ),
            0 if needed < d / 5 else 1 if needed <= 2 * d / 3 else 2,
        ),
        f"{needed} of {d}. If all directions held as much it would be {int(np.ceil(0.9 * d))}.",
        "Directions are ordered by how much the items vary along them. A curve that bends early "
        "says that fewer dimensions would do; one that hardly bends, that training used them all.",
        rf"\frac{{\lambda_1 + \cdots + \lambda_{{{needed}}}}}"
        rf"{{\lambda_1 + \cdots + \lambda_{{{d}}}}} \ge 0.90",
        Lines(
            f"The share of the variance by the number of directions; 90% at {needed}.",
            {
                "this space": (
                    list(range(1, len(spectrum.cumulative) + 1)),
                    spectrum.cumulative.tolist(),
                ),
                "all alike": ([1, d], [1 / d, 1.0]),
            },
            "directions",
            "share of the variance",
            mark=(needed, "90%"),
        ),
        f"PCA of all {len(scene.space):,} items, exact",
    )


def for_the_neighbors(scene: Scene) -> Exercise:
    """The neighbours that those components keep."""
    d = scene.space.dimensions
    _, needed = _spectrum(scene)
    sizes = sorted({*(max(2, one) for one in row_numbers(min(d, len(scene.space)), 6)), needed, 2})
    kept = _kept(scene, sizes)
    return Exercise(
        Question(
            f"Those {needed} directions hold 90% of the variance. What share of the {K} nearest "
            "neighbours do they keep?",
            (
                Option("Also 90% or more", "Neighbours hang on small differences, which are lost."),
                Option("Between a half and 90%", "Compare with the curve."),
                Option("Less than half", "Most of what tells items apart is in the first of them."),
            ),
            0 if kept[needed] >= 0.9 else 1 if kept[needed] >= 0.5 else 2,
        ),
        f"{kept[needed]:.1%}, on average; 2 directions keep {kept[2]:.1%}.",
        "Variance is made by what is far apart, neighbours by what is near. What is left out is "
        "small, but so are the differences between the nearest.",
        rf"m = {needed}: \quad {kept[needed]:.3f}, \qquad m = 2: \quad {kept[2]:.3f}",
        Lines(
            f"Neighbours kept by the number of directions; {kept[needed]:.1%} at {needed}.",
            {"neighbours kept": (sizes, [kept[size] for size in sizes])},
            "directions",
            f"share of the {K} nearest",
            mark=(needed, "90% of the variance"),
        ),
        _note(scene),
    )


def too_small(scene: Scene) -> Exercise:
    """Analogies that toy words answer with few dimensions."""
    found = _by_size()
    best = max(found.values())
    enough = next(size for size in SIZES if found[size] >= 0.9 * best)
    return Exercise(
        Question(
            "Words are learned from a small text at several sizes. From how many dimensions on do "
            "they answer nine tenths of the analogies that the best size answers?",
            (
                Option("5", "Five must hold gender, plural, kinds, countries and roots."),
                Option("50", "Compare with the curve."),
                Option("400", "That is nearly as many as there are words: nothing is compressed."),
            ),
            closest(np.log(enough), [np.log(5), np.log(50), np.log(400)]),
        ),
        f"From {enough} on. With 5 dimensions {found[5]:.0%} are answered, at best {best:.0%}.",
        "Each thing that sets words apart wants a direction of its own. With too few, different "
        "things share a direction and are mixed up.",
        rf"d = 5: {found[5]:.2f}, \quad d = {enough}: {found[enough]:.2f}",
        _curve("Analogies answered rise steeply with the first dimensions.", found, enough),
        MADE,
        of_space=False,
    )


def too_large(scene: Scene) -> Exercise:
    """What the last dimensions add, or take away."""
    found = _by_size()
    best = max(SIZES, key=lambda size: found[size])
    last = SIZES[-1]
    change = found[last] - found[best]
    return Exercise(
        Question(
            f"The best of the sizes is {best}. What becomes of the answers at {last} dimensions?",
            (
                Option("More are right", "Then the best size would have been the largest."),
                Option("As many, within 2%", "The last directions are not silent: see the curve."),
                Option("Fewer are right", "Here the last directions do no harm."),
            ),
            closest(change, (0.1, 0.0, -0.1)) if abs(change) > 0.02 else 1,
        ),
        f"{found[last]:.0%} at {last}, against {found[best]:.0%} at {best}.",
        "The last directions hold what the text said by accident. All count alike in a cosine, so "
        "that noise drowns what the first ones know.",
        rf"d = {best}: {found[best]:.2f}, \quad d = {last}: {found[last]:.2f}",
        _curve("Analogies answered rise, and fall again with too many dimensions.", found, best),
        MADE,
        of_space=False,
    )


def what_it_costs(scene: Scene) -> Exercise:
    """Memory of a million vectors."""
    d = scene.space.dimensions
    sizes = (100, 300, 1_000, 3_000)
    numbers = [np.dtype(np.float32).itemsize * MILLION * size / 1e9 for size in sizes]
    ratio = numbers[2] / numbers[0]
    return Exercise(
        Question(
            "A million vectors of 1,000 dimensions in place of 100: how much longer does reading "
            "them once take, as each exact search must?",
            (
                Option("10 times", "Time is read off from bytes, and bytes grow with d."),
                Option("100 times", "Nothing is squared: a search reads n · d numbers."),
                Option("As long", "A search looks at every number of every vector."),
            ),
            closest(np.log10(ratio), (1, 2, 0)),
        ),
        f"{ratio:.0f} times: {numbers[2]:.1f} GB in place of {numbers[0]:.1f} GB. These "
        f"{len(scene.space):,} × {d} take {scene.space.vectors.nbytes / 1e6:,.1f} MB.",
        "A search is bound by how fast memory is read, and training by the same. A dimension that "
        "adds nothing is paid for in every search.",
        rf"4 \cdot n \cdot d \text{{ bytes}} = 4 \cdot 10^6 \cdot 1000 = "
        rf"{numbers[2]:.1f} \text{{ GB}}",
        Bars(
            "Memory of a million vectors by their dimensions.",
            [f"{size:,} dimensions" for size in sizes],
            numbers,
            "GB of float32, for a million vectors",
            marked=(2,),
        ),
        "float32, 4 bytes a number; nothing is measured",
    )


def quiz_line(scene: Scene) -> Question:
    """Neighbours on 2 against on half of the dimensions."""
    half = max(3, scene.space.dimensions // 2)
    kept = _kept(scene, (2, half))
    right = max(kept, key=lambda size: kept[size])
    return mixed(
        "On which projection by PCA do more neighbours stay?",
        f"{right} dimensions",
        *(Option(f"{size} dimensions", f"It keeps {kept[size]:.1%}.") for size in kept),
    )


def quiz_first(scene: Scene) -> Question:
    """How much the first direction holds."""
    first = float(_spectrum(scene)[0].explained[0])
    wrong = first / 4, min(0.95, first * 4)
    return mixed(
        "How much of the variance does the first direction hold?",
        f"{first:.1%}",
        *(Option(f"{value:.1%}", f"It is {first:.1%}.") for value in wrong),
    )


def quiz_best(scene: Scene) -> Question:
    """The best of the sizes for the toy words."""
    found = _by_size()
    best = max(SIZES, key=lambda size: found[size])
    return mixed(
        "Which number of dimensions answered the most analogies of the small text?",
        f"{best}",
        *(Option(f"{size}", f"It answered {found[size]:.0%}.") for size in (2, 5, 400)),
    )


def quiz_bytes(scene: Scene) -> Question:
    """The bytes of one vector."""
    d = scene.space.dimensions
    size = scene.space.vectors[0].nbytes
    return mixed(
        f"How many bytes does the vector of {named(scene.item)} take?",
        f"{size:,}",
        Option(f"{d:,}", "A float32 number takes 4 bytes, not one."),
        Option(f"{size * 8:,}", "That is the number of bits."),
    )


def _spectrum(scene: Scene) -> tuple[Spectrum, int]:
    """The variance by direction, and how many of them hold 90% of it."""
    spectrum = pca_spectrum(scene.space.vectors)
    return spectrum, spectrum.components_for(0.9) or len(spectrum.variances)


def _kept(scene: Scene, sizes: Sequence[int]) -> dict[int, float]:
    """The share of the nearest by Euclidean distance that stay on the first components."""
    vectors = scene.space.vectors
    flat = pca(vectors, max(sizes)).coordinates
    rows = row_numbers(len(vectors), ASKED)
    true = _nearest(vectors, rows)
    return {
        size: shared_rows(_nearest(np.ascontiguousarray(flat[:, :size]), rows), true)
        for size in sizes
    }


def _nearest(vectors: NDArray[np.float32], rows: list[int]) -> NDArray[np.int64]:
    """(r, K) of each row, itself left out."""
    found = nearest_neighbors(vectors, vectors[rows], K, metric="euclidean", exclude=rows)
    return found.indices


@cache
def _by_size() -> dict[int, float]:
    """The share of the toy world's analogies answered at each number of dimensions."""
    world = toy_corpus(toy.WORDS)
    corpus = world.corpus
    counts = count_cooccurrences(
        corpus.ids, corpus.offsets, len(corpus.words), window=toy.WINDOW, threads=1
    )
    left, singular, _ = np.linalg.svd(positive_pmi(counts).to_dense(), full_matrices=False)
    spaces = {
        size: EmbeddingSpace(
            "toy words",
            corpus.items,
            (left[:, :size] * np.sqrt(singular[:size])).astype(np.float32),
            Provenance("PPMI + SVD"),
        )
        for size in SIZES
    }
    return {
        size: analogy_accuracy(space, world.questions, samples=1).accuracy
        for size, space in spaces.items()
    }


def _curve(alt: str, found: dict[int, float], mark: int) -> Lines:
    return Lines(
        alt,
        {"analogies answered": (list(found), list(found.values()))},
        "dimensions d",
        "share of the analogies",
        log="x",
        mark=(mark, f"{mark}"),
    )


def _note(scene: Scene) -> str:
    n = len(scene.space)
    return (
        f"{min(ASKED, n)} of {n:,} items, spread evenly, each searched among all; Euclidean, "
        "exact; PCA of all"
    )


LESSON = Lesson(
    key="dims",
    title="How many dimensions?",
    promise="Choose a number of dimensions from curves, not by habit.",
    minutes=12,
    goals=(
        "See what too few dimensions mix up, and what too many add.",
        "Tell how much variance is kept from how many neighbours are kept.",
        "Know what a dimension costs.",
    ),
    steps=(
        Step(
            "One number for everything",
            "School marks are an embedding with one dimension. What would be lost if words had "
            "one, too?",
            one_number,
            "Line the class up by height: who stands beside a friend?",
        ),
        Step(
            "Nine tenths of the variance",
            "PCA turns the axes so that the first one holds the most variance, the next the most "
            "of the rest, and so on.",
            for_the_variance,
            "Sketch the curve for a space in which two things only matter.",
        ),
        Step(
            "And of the neighbours?",
            "Nine tenths sounds like nearly everything.",
            for_the_neighbors,
            "Which of the two numbers would you report?",
        ),
        Step(
            "Too small",
            "Now we learn anew: the same text, with more and more dimensions. The text was made "
            "from known facts, so that right answers are known.",
            too_small,
            "List what must be told apart in this text: that is how many directions it takes.",
        ),
        Step(
            "Too large",
            "If more is better, take as many as there are words?",
            too_large,
            "It is like learning a timetable by heart, with its misprints.",
        ),
        Step(
            "What a dimension costs",
            "Vectors are kept in memory, and an exact search reads them all.",
            what_it_costs,
            "Look up how many dimensions a model that you use has. What do they weigh?",
        ),
    ),
    quiz=(quiz_line, quiz_first, quiz_best, quiz_bytes),
    misses=needs_items(50, dimensions=8),
    controls=("space", "search"),
    kernels=("training.ppmi",),
    page="train",
)
