"""Lesson 11: frequency, norm, hubs and anisotropy: what a cloud of vectors looks like inside."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.check import rank_correlation
from explorer.learn.examples import nearest, usual
from explorer.learn.lesson import Exercise, Lesson, Scene, Step
from explorer.learn.pictures import Bars, Dots, Lines
from explorer.learn.questions import Option, Question, closest, mixed
from explorer.learn.wording import named
from explorer.metric_comparison import random_vectors
from explorer.neighbors import nearest_neighbors, random_pair_scores
from explorer.space import EmbeddingSpace, centred

K = 10
SAMPLE = 3_000  # items among which lists of neighbours are made
PAIRS = 1_000
SHOWN = 2_000  # points of a picture
FREQUENCY = "frequency"


def two_at_random(scene: Scene) -> Exercise:
    """The cosine of two random items."""
    scores = _pairs(scene.space.vectors)
    middle, spread = float(np.median(scores)), 1 / scene.space.dimensions**0.5
    edges = np.linspace(-1, 1, 41)
    return Exercise(
        Question(
            "Two items are drawn at random; they have nothing to do with each other. What is their "
            "cosine, usually?",
            (
                Option("About 0", "That is so for directions drawn at random; these were trained."),
                Option("About 0.15", "See where the middle of the curve lies."),
                Option("About 0.8", "Then nearly all items would point one way."),
            ),
            closest(middle, (0.0, 0.15, 0.8)),
        ),
        f"{middle:.2f} is the median of {len(scores):,} pairs; random directions have 0.00, give "
        f"or take {spread:.2f}.",
        "All vectors have something in common, so all cosines are shifted. What a cosine of 0.3 "
        "means can be said only beside this curve.",
        rf"\text{{median}} \cos(x_i, x_j) = {middle:.3f}, \qquad \text{{random directions: }} "
        rf"0 \pm \frac{{1}}{{\sqrt{{{scene.space.dimensions}}}}} = {spread:.2f}",
        Lines(
            f"Cosines of random pairs: their median is {middle:.2f}.",
            {
                "this space": _histogram(scores, edges),
                "random directions": _histogram(_pairs(_like(scene)), edges),
            },
            "cosine of two random items",
            "share of pairs",
            mark=(middle, "median"),
            steps=True,
        ),
        f"{len(scores):,} random pairs of {len(scene.space):,} items, seed 0",
    )


def take_the_mean_away(scene: Scene) -> Exercise:
    """The same after centring."""
    before = usual(scene)
    after = float(np.median(_pairs(centred(scene.space).vectors)))
    left = after / before if abs(before) > 0.02 else 1.0
    return Exercise(
        Question(
            "The mean of all vectors is subtracted from each of them. The cosine of two random "
            f"items was {before:.2f}; what is it now?",
            (
                Option("Nearly 0", "Here the shift has other causes than a common direction."),
                Option("About half of it", "The mean is the whole of what all have in common."),
                Option("As before", "Here there was no mean to speak of."),
            ),
            closest(left, (0.0, 0.5, 1.0)),
        ),
        f"It is {after:.2f} now, in place of {before:.2f}.",
        "What all vectors have in common is their mean, and it says nothing about any of them. "
        "Some tasks get better without it, and distances between items do not change at all.",
        rf"x_i \leftarrow x_i - \bar x: \quad {before:.3f} \to {after:.3f}",
        Bars(
            f"Median cosine of random pairs: {before:.2f} before, {after:.2f} after centring.",
            ["as they are", "centred"],
            [before, after],
            "median cosine of two random items",
            marked=(1,),
        ),
        f"{PAIRS:,} random pairs of {len(scene.space):,} items, seed 0",
    )


def frequent_and_long(scene: Scene) -> Exercise:
    """Rank correlation of frequency and norm."""
    space = scene.space
    often = np.asarray(space.metadata[FREQUENCY], dtype=np.float64)
    correlation = rank_correlation(often, space.norms)
    rows = _some(len(space), SHOWN)
    places = [int(np.searchsorted(rows, scene.row))]
    return Exercise(
        Question(
            "Some items were met often in training, some seldom. Whose vectors are longer?",
            (
                Option("Those of frequent items", "In this space it is the other way round."),
                Option("Neither", "The correlation is not small here."),
                Option("Those of rare items", "In this space it is the other way round."),
            ),
            closest(correlation, (0.5, 0.0, -0.5)),
        ),
        f"The rank correlation of frequency and norm is {correlation:.2f} (0: none).",
        "A vector's length is not meaning alone: it grows with every update, and shrinks where "
        "updates pull in many directions. What it says has to be looked up in each space.",
        rf"\rho(\text{{frequency}}, \|x\|) = {correlation:.2f}, \quad n = {len(space)}",
        Dots(
            f"Each item by its frequency and its norm; rank correlation {correlation:.2f}.",
            np.column_stack([np.maximum(often[rows], 1e-9), space.norms[rows]]),
            named=[(place, scene.item) for place in places],
            x=FREQUENCY,
            y="norm",
            log="x",
        ),
        f"correlation over all {len(space):,} items; {len(rows):,} of them are drawn",
    )


def what_the_dot_prefers(scene: Scene) -> Exercise:
    """How long the nearest by dot product are, compared with all."""
    norms = scene.space.norms
    median = float(np.median(norms))
    lengths = {name: norms[nearest(scene, K, name)] for name in ("dot", "cosine")}
    longer = float(np.mean(lengths["dot"] > median))
    names = list(lengths)
    return Exercise(
        Question(
            f"Of the {K} items nearest to {named(scene.item)} by dot product, how many are longer "
            "than most items?",
            (
                Option("Nearly all", "Here lengths vary too little to matter."),
                Option("About half", "The dot product is the cosine times both lengths."),
                Option("Hardly any", "Long vectors get larger products, not smaller ones."),
            ),
            closest(longer, (1.0, 0.5, 0.0)),
        ),
        f"{round(longer * K)} of {K}. Their median norm is {np.median(lengths['dot']):.2f}; that "
        f"of all items is {median:.2f}, of the nearest by cosine "
        f"{np.median(lengths['cosine']):.2f}.",
        "The dot product is the cosine times the length of the other. Wherever length follows "
        "frequency, so does the list.",
        rf"x \cdot y = \|x\| \, \|y\| \cos(x, y), \qquad "
        rf"\|y\|: \; {np.median(lengths['dot']):.2f} \text{{ against }} {median:.2f}",
        Bars(
            "Median norms of the nearest by dot product, by cosine, and of all items.",
            [*(f"nearest by {name}" for name in names), "all items"],
            [*(float(np.median(lengths[name])) for name in names), median],
            "median norm",
            marked=(0,),
        ),
        f"{K} nearest of {len(scene.space):,} items by each metric, exact",
    )


def hubs(scene: Scene) -> Exercise:
    """How often the most popular item stands in other items' lists."""
    rows = _sample(scene)
    counts = _popularity(scene.space.vectors[rows])
    chance = _popularity(random_vectors(len(rows), scene.space.dimensions, seed=0))
    most = int(np.argmax(counts))
    return Exercise(
        Question(
            f"Each of {len(rows):,} items has {K} nearest among them. If all were equally popular, "
            f"each would stand in {K} lists. In how many does the most popular one stand?",
            (
                Option(f"About {2 * K}", "Popularity is shared out very unevenly."),
                Option(f"About {8 * K}", "Compare with the curve."),
                Option(f"About {50 * K}", "There are hubs, but not such large ones."),
            ),
            closest(np.log(counts[most]), np.log([2 * K, 8 * K, 50 * K]).tolist()),
        ),
        f"{named(scene.space.items[int(rows[most])])} stands in {counts[most]:,}. Among as many "
        f"random vectors the most popular stands in {chance.max():,}.",
        "In many dimensions some vectors lie nearer to everything than others do. Such hubs fill "
        "lists of neighbours without being like anything in particular.",
        rf"\max_j N_{{{K}}}(j) = {counts[most]}, \qquad \overline{{N_{{{K}}}}} = {K}",
        Lines(
            "In how many lists items stand, from the most popular one down.",
            {
                "this space": _ranked(counts),
                "random vectors": _ranked(chance),
                "all equal": ([1, len(rows)], [K, K]),
            },
            "items, the most popular first",
            "lists it stands in",
            log="xy",
        ),
        f"{_note(scene)}; random normal vectors of the same shape, seed 0",
    )


def where_hubs_lie(scene: Scene) -> Exercise:
    """The cosine of the most popular items with the mean of all."""
    rows = _sample(scene)
    counts = _popularity(scene.space.vectors[rows])
    middle = _to_the_mean(scene.space)[rows]
    top = np.argsort(-counts, kind="stable")[: max(10, len(counts) // 100)]
    own, every = float(np.median(middle[top])), float(np.median(middle))
    above = float(np.mean(middle > own))
    return Exercise(
        Question(
            "Where do the most popular items lie, seen from the middle of the cloud?",
            (
                Option("Nearer to the mean direction than most", "Here they do not: see the bars."),
                Option("Like all others", "What lies towards the middle is nearer to everything."),
                Option("Farther out than most", "Far out, they would be near to few."),
            ),
            closest(above, (0.1, 0.5, 0.9)),
        ),
        f"Their median cosine with the mean is {own:.2f}, that of all items {every:.2f}; only "
        f"{above:.0%} of the items have more.",
        "What points where the mean points has a small angle to everything. So hubs and the common "
        "direction are two sides of one thing.",
        rf"\cos(x, \bar x): \quad \text{{hubs }} {own:.2f}, \quad \text{{all }} {every:.2f}",
        Bars(
            f"Median cosine with the mean vector: hubs {own:.2f}, all items {every:.2f}.",
            [f"the {len(top)} most popular", "all items"],
            [own, every],
            "median cosine with the mean of all vectors",
            marked=(0,),
        ),
        f"{_note(scene)}; the mean of all {len(scene.space):,} items",
    )


def hubs_without_the_mean(scene: Scene) -> Exercise:
    """The most popular item before and after centring."""
    rows = _sample(scene)
    before, after = (
        int(_popularity(space.vectors[rows]).max()) for space in (scene.space, centred(scene.space))
    )
    ratio = after / before
    return Exercise(
        Question(
            f"The most popular item stands in {before:,} of the lists. After the mean is taken "
            "away from all vectors, the most popular one stands in …",
            (
                Option("fewer", "Here the mean was not what made the hubs."),
                Option("about as many", "Where all share a direction, it makes hubs."),
                Option("more", "What is nearer to everything loses that advantage."),
            ),
            closest(np.log(ratio), [np.log(0.6), 0.0, np.log(1.6)]),
        ),
        f"{after:,} in place of {before:,}.",
        "Centring takes the common direction away, and with it the hubs that it made. Others stay: "
        "a few dense regions are near to much, in any space of many dimensions.",
        rf"\max_j N_{{{K}}}(j): \quad {before} \to {after}",
        Bars(
            f"Lists that hold the most popular item: {before} before, {after} after centring.",
            ["as they are", "centred"],
            [float(before), float(after)],
            f"of {len(rows):,} lists",
            marked=(1,),
        ),
        _note(scene),
    )


def quiz_cosine(scene: Scene) -> Question:
    """A cosine equal to what two random items have."""
    value = usual(scene)
    lower = float(np.mean(_pairs(scene.space.vectors) < value + 0.05))
    return mixed(
        f"Two items of this space have a cosine of {value + 0.05:.2f}. That is more than …",
        f"{lower:.0%} of random pairs",
        Option(f"{min(0.99, lower + 0.3):.0%} of random pairs", f"It is more than {lower:.0%}."),
        Option("100% of random pairs", f"It is more than {lower:.0%}."),
    )


def quiz_distance(scene: Scene) -> Question:
    """What centring does to Euclidean distances."""
    rows = _some(len(scene.space), 50)
    before, after = (
        float(np.linalg.norm(space.vectors[rows[0]] - space.vectors[rows[-1]]))
        for space in (scene.space, centred(scene.space))
    )
    same = abs(before - after) <= 1e-3 * before
    texts = ("They stay as they are", "They shrink")
    return mixed(
        "What does centring do to the Euclidean distances between items?",
        texts[0] if same else texts[1],
        Option(texts[1], "The same vector is subtracted from both, and cancels out."),
        Option("They grow", "The same vector is subtracted from both, and cancels out."),
    )


def quiz_share(scene: Scene) -> Question:
    """How many items stand in fewer lists than their share."""
    below = float(np.mean(_popularity(scene.space.vectors[_sample(scene)]) < K))
    texts = ("Fewer than half", "Half", "More than half")
    return Question(
        f"On average an item stands in {K} lists. How many items stand in fewer?",
        tuple(Option(text, f"It is {below:.0%}.") for text in texts),
        0 if below < 0.48 else 1 if below <= 0.52 else 2,
    )


def _pairs(vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.asarray(random_pair_scores(vectors, "cosine", PAIRS, seed=0), dtype=np.float64)


def _like(scene: Scene) -> NDArray[np.float32]:
    """Random directions, as many as there are pairs to draw, as long as the space's."""
    return random_vectors(PAIRS, scene.space.dimensions, seed=0)


def _some(n: int, most: int) -> NDArray[np.int64]:
    """Rows drawn with seed 0, in order."""
    rows: NDArray[np.int64] = np.sort(np.random.default_rng(0).permutation(n)[:most])
    return rows


def _sample(scene: Scene) -> NDArray[np.int64]:
    """The items among which hubs are looked for."""
    return _some(len(scene.space), SAMPLE)


def _popularity(vectors: NDArray[np.float32]) -> NDArray[np.int64]:
    """(n,) in how many lists of the K nearest each stands: N_k of Radovanović et al. (2010)."""
    found = nearest_neighbors(vectors, vectors, K, exclude=np.arange(len(vectors)))
    return np.bincount(found.indices.ravel(), minlength=len(vectors))


def _to_the_mean(space: EmbeddingSpace) -> NDArray[np.float64]:
    """(n,) cosines with the mean of all vectors."""
    mean = space.vectors.mean(axis=0, dtype=np.float64)
    lengths = np.maximum(space.norms * np.linalg.norm(mean), 1e-30)
    cosines: NDArray[np.float64] = space.vectors @ mean / lengths
    return cosines


def _histogram(
    scores: NDArray[np.float64], edges: NDArray[np.float64]
) -> tuple[list[float], list[float]]:
    shares = np.histogram(scores, edges)[0] / len(scores)
    return ((edges[:-1] + edges[1:]) / 2).tolist(), shares.tolist()


def _ranked(counts: NDArray[np.int64]) -> tuple[list[float], list[float]]:
    """Place and count, the largest first, at places that are even on a logarithmic axis."""
    ordered = np.sort(counts)[::-1]
    ordered = ordered[ordered > 0]
    places = np.unique(np.geomspace(1, len(ordered), 40).astype(np.int64))
    return places.astype(float).tolist(), ordered[places - 1].astype(float).tolist()


def _note(scene: Scene) -> str:
    n = len(scene.space)
    return f"{min(n, SAMPLE):,} of {n:,} items, seed 0, nearest among them by cosine, exact"


def _misses(scene: Scene) -> str:
    space = scene.space
    if len(space) < 100 or space.dimensions < 5:
        return f"This lesson needs 100 items and 5 dimensions; {space.name} has fewer."
    if FREQUENCY not in space.metadata or space.metadata.kind(FREQUENCY) == "text":
        return f"This lesson needs a column “{FREQUENCY}” of numbers; {space.name} has none."
    return ""


LESSON = Lesson(
    key="crowds",
    title="Frequency, norm, hubs",
    promise="Know what shapes a cloud of vectors besides meaning.",
    minutes=14,
    goals=(
        "Read a cosine beside that of random pairs, and know why that is not 0.",
        "See what length follows, and how it enters the dot product.",
        "Find hubs, explain them, and know what centring does to them.",
    ),
    steps=(
        Step(
            "Two at random",
            "We say that a cosine near 0 means nothing in common. Let us see what nothing in "
            "common has.",
            two_at_random,
            "Have two pupils each name a word at random; look the pair up.",
        ),
        Step(
            "Take the mean away",
            "What all vectors share can be subtracted: that is centring.",
            take_the_mean_away,
            "It is like marks when everybody gets a bonus point.",
        ),
        Step(
            "Frequent and long",
            "The same item may be met ten times in training, or ten thousand times.",
            frequent_and_long,
            "Ask for both possible reasons before showing the picture.",
        ),
        Step(
            "What the dot product prefers",
            "Recommenders score by the dot product. What does that do to their lists?",
            what_the_dot_prefers,
            "Popular things get recommended: is that a fault?",
        ),
        Step(
            "Who stands in every list?",
            "Neighbours need not be mutual: one can be near to many that are near to others.",
            hubs,
            "Like a friend whom everybody names, and who can name only ten.",
        ),
        Step(
            "Where hubs lie",
            "Take the most popular items of all, and the mean of all vectors.",
            where_hubs_lie,
            "Who stands in the middle of a room is near to everyone.",
        ),
        Step(
            "Hubs without the mean",
            "Two steps belong together: the mean, and the hubs. Take the one away.",
            hubs_without_the_mean,
            "The Metrics page has a switch for centring: watch a list change.",
        ),
    ),
    quiz=(quiz_cosine, quiz_distance, quiz_share),
    misses=_misses,
    controls=("space", "search"),
    page="metrics",
)
