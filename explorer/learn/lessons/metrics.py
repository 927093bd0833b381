"""Lesson 2: dot product, cosine and Euclidean distance, and when they disagree."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.learn.examples import names_of, nearest, needs_items
from explorer.learn.lesson import Exercise, Lesson, Scene, Step
from explorer.learn.pictures import Bars, Dots, Grid, Lines, Orders
from explorer.learn.questions import Option, Question, closest, largest, mixed
from explorer.learn.wording import named, tex
from explorer.metric_comparison import (
    THREE,
    compare_metrics,
    overlap_per_item,
    random_vectors,
    sampled_rows,
)
from explorer.metrics import METRICS, cosine, dot, euclidean
from explorer.neighbors import nearest_neighbors
from explorer.rank_agreement import spearman_rho

K = 10
LISTED = 6  # of each metric, in the picture of three lists
ASKED = 200  # items whose neighbours are compared
SHOWN_DOTS = 4_000
CLEAR = 0.2  # a rank correlation of more than this is called one
SIZES = ("frequency", "count", "ink")  # columns that may explain a norm, the first that there is

Float64Array = NDArray[np.float64]


def twice_as_long(scene: Scene) -> Exercise:
    """All three scores of a pair, before and after one vector is doubled."""
    space, other = scene.space, nearest(scene, 1)[0]
    x, y = (space.vectors[row].astype(np.float64) for row in (scene.row, other))
    before, after = _three(x, y), _three(x, 2 * y)
    changed = [not np.isclose(a, b, rtol=1e-6) for a, b in zip(before, after, strict=True)]
    told = {
        (True, False, True): ("Dot product and distance; the cosine stays", ""),
        (True, False, False): (
            "The dot product alone",
            "The tip of the vector moves away, too, so its distance is another one.",
        ),
        (True, True, True): (
            "All three",
            "The cosine is that of the angle, and a longer arrow points the same way.",
        ),
        (False, False, False): (
            "None: it is the same item",
            "A length is part of a vector: product and distance see it, the angle does not.",
        ),
    }
    options = tuple(Option(*texts) for texts in told.values())
    first, second = named(scene.item), named(space.items[other])
    return Exercise(
        Question(
            f"The vector of {second} is made twice as long. Which of its scores with {first} "
            "change?",
            options,
            list(told).index((changed[1], changed[0], changed[2])),
        ),
        f"The dot product goes from {before[1]:.3f} to {after[1]:.3f}, the distance from "
        f"{before[2]:.3f} to {after[2]:.3f}; the cosine stays at {after[0]:.3f}.",
        "The cosine divides by both lengths, so that only the angle is left. Dot product and "
        "distance see lengths, each in its own way.",
        r"\cos(x, y) = \frac{x \cdot y}{\|x\|\,\|y\|} = "
        rf"\frac{{{before[1]:.3f}}}{{{np.linalg.norm(x):.3f} \cdot {np.linalg.norm(y):.3f}}} = "
        rf"\frac{{{after[1]:.3f}}}{{{np.linalg.norm(x):.3f} \cdot {2 * np.linalg.norm(y):.3f}}} = "
        rf"{after[0]:.3f}",
        Grid(
            f"Cosine, dot product and distance of {first} and {second}, before and after the "
            "second is doubled.",
            [METRICS[name].title for name in THREE],
            ["as it is", "twice as long"],
            np.column_stack([before, after]),
            marked=(0,),
            digits=3,
        ),
        f"{second} is the nearest of {first} by cosine; three scores by their formulas",
    )


def three_orders(scene: Scene) -> Exercise:
    """The nearest by each metric; how many are found by all."""
    space = scene.space
    k = min(LISTED, len(space) - 1)
    found = compare_metrics(space.vectors, scene.row, k, THREE, norms=space.norms)
    common = int((found.found.all(axis=0)).sum())
    options = (
        Option(f"All {k}", "They would be, were all vectors equally long; here lengths differ."),
        Option(f"About {k // 2}", "The lengths of the vectors decide, and they had more to say."),
        Option("None or one", "Lengths matter, but an angle that is small is small for all three."),
    )
    return Exercise(
        Question(
            f"Each metric names the {k} nearest of {named(scene.item)}. How many items are on all "
            "three lists?",
            options,
            closest(common, (k, k // 2, 0)),
        ),
        f"{common} of {k} are on all three lists; {len(found.union)} items are on one at least.",
        "The dot product prefers long vectors, the distance those as long as the item itself, the "
        "cosine ignores length. On unequal lengths they must part.",
        rf"x \cdot y = \|x\|\,\|y\| \cos, \quad \|x - y\|^2 = \|x\|^2 + \|y\|^2 - 2\,x \cdot y, "
        rf"\quad \|x\| = {space.norms[scene.row]:.3f}",
        Orders(
            f"The {k} nearest of {named(scene.item)} by cosine, dot product and distance; found by "
            f"all: {common}.",
            names_of(scene, found.union.tolist()),
            found,
        ),
        f"all {len(space):,} items ranked, exact; k = {k}",
    )


def who_is_long(scene: Scene) -> Exercise:
    """The rank correlation of norms and frequency, or of whatever the space tells of size."""
    space = scene.space
    what, sizes = _sizes(scene)
    rho = spearman_rho(space.norms.astype(np.float64), sizes)
    options = (
        Option(f"Longer, the larger the {what}", "It is tempting: more text, more steps outwards."),
        Option(
            f"Shorter, the larger the {what}",
            "So it is in many trained spaces: common words are pulled in all directions.",
        ),
        Option("Neither", f"The lengths do follow the {what} here, if not strictly."),
    )
    order = 0 if rho > CLEAR else 1 if rho < -CLEAR else 2
    rows = sampled_rows(len(space), SHOWN_DOTS)
    places = {row: place for place, row in enumerate(rows.tolist())}
    ends = [int(np.argmax(space.norms)), int(np.argmin(space.norms))]
    marked = [scene.row, *ends]
    xy = np.column_stack([sizes, space.norms])
    shown = np.concatenate([xy[rows], xy[marked]])
    return Exercise(
        Question(
            f"How does the length of an item's vector go with its {what}, in this space?",
            options,
            order,
        ),
        f"The rank correlation of length and {what} is {rho:.2f}. The longest is "
        f"{named(space.items[ends[0]])} with {space.norms[ends[0]]:.2f}, the shortest "
        f"{named(space.items[ends[1]])} with {space.norms[ends[1]]:.2f}.",
        "Training sets a length for each item, by how often and in how varied company it stands; "
        "of a picture it is the ink. Who compares by dot product compares that, too.",
        rf"\rho(\|x\|, \text{{{what}}}) = {rho:.2f}, \quad \|{tex(scene.item)}\| = "
        rf"{space.norms[scene.row]:.3f}",
        Dots(
            f"Length of each vector over {what}; rank correlation {rho:.2f}.",
            shown,
            named=[(len(places) + at, space.items[row]) for at, row in enumerate(marked)],
            x=what + (" (log scale)" if sizes.min() > 0 else ""),
            y="length of the vector",
            log="x" if sizes.min() > 0 else "",
        ),
        f"correlation over all {len(space):,} items; {len(rows):,} of them drawn",
    )


def all_of_length_one(scene: Scene) -> Exercise:
    """The nearest by cosine and by distance, once every vector has length 1."""
    space = scene.space
    k = min(K, len(space) - 1)
    unit = space.vectors / np.where(space.norms > 0, space.norms, 1)[:, None]
    by_cosine, by_distance = (
        nearest_neighbors(unit, unit[scene.row], k, metric=name, exclude=[scene.row]).indices[0]
        for name in ("cosine", "euclidean")
    )
    shared = len({*by_cosine.tolist()} & {*by_distance.tolist()})
    first = int(by_cosine[0])
    score = float(cosine(unit[[first]], unit[scene.row])[0, 0])
    distance = float(euclidean(unit[[first]], unit[scene.row])[0, 0])
    options = (
        Option(f"All {k}", "Only rounding could tell them apart here: look at the formula."),
        Option(f"About {k // 2}", "At length 1 the distance depends on the cosine alone."),
        Option("None", "At length 1 a smaller angle always means a smaller distance."),
    )
    return Exercise(
        Question(
            f"Now every vector is divided by its length. Of the {k} nearest of "
            f"{named(scene.item)} by cosine, how many are also nearest by distance?",
            options,
            closest(shared, (k, k // 2, 0)),
        ),
        f"{shared} of {k}. With {named(space.items[first])} the cosine is {score:.4f} and the "
        f"distance {distance:.4f}.",
        "At length 1 the squared distance is 2 - 2 cos, and the dot product is the cosine itself. "
        "All three then give one and the same order.",
        r"\|x - y\|^2 = 2 - 2 \cos(x, y) = "
        rf"2 - 2 \cdot {score:.4f} = {2 - 2 * score:.4f} = {distance:.4f}^2",
        Lines(
            f"Distance over cosine for vectors of length 1; {named(space.items[first])} is marked.",
            {"distance of unit vectors": _circle()},
            "cosine",
            "distance",
            mark=(score, space.items[first]),
        ),
        f"all {len(space):,} vectors at length 1; exact",
    )


def the_same_names_again(scene: Scene) -> Exercise:
    """How often one item is nearest to 200 items, by cosine and by dot product."""
    space = scene.space
    rows = sampled_rows(len(space), ASKED)
    first = {
        name: nearest_neighbors(
            space.vectors, space.vectors[rows], 1, metric=name, exclude=rows, norms=space.norms
        ).indices[:, 0]
        for name in ("cosine", "dot")
    }
    most = int(np.unique(first["cosine"], return_counts=True)[1].max())
    winners, times = np.unique(first["dot"], return_counts=True)
    best = np.argsort(-times, kind="stable")[:8]
    by_cosine = [int((first["cosine"] == row).sum()) for row in winners[best].tolist()]
    top, record = space.items[int(winners[best[0]])], int(times[best[0]])
    levels = (most, 2.5 * most, 7 * most)
    options = (
        Option(
            f"As often: about {most} times",
            "A long vector has a large dot product with nearly everything.",
        ),
        Option(
            f"About twice as often: {levels[1]:.0f} times",
            "Lengths differ, but how much they favour the same items is easily misjudged.",
        ),
        Option(
            f"Many times as often: {levels[2]:.0f} times or more",
            "That needs lengths that differ much more than they do here.",
        ),
    )
    return Exercise(
        Question(
            f"{len(rows)} items each name their nearest. By cosine, no item is named more than "
            f"{most} times. How often is the favourite named by dot product?",
            options,
            closest(float(np.log(record)), np.log(levels).tolist()),
        ),
        f"{named(top)} is named {record} times by dot product, and {by_cosine[0]} times by cosine.",
        "A long vector has a large dot product with whatever lies in its half of the space. So it "
        "turns up in list after list: a hub.",
        r"x \cdot y = \|x\|\,\|y\| \cos(x, y), \quad "
        rf"\|{tex(top)}\| = {space.norms[winners[best[0]]]:.2f}, \quad \text{{median length }} "
        rf"{np.median(space.norms):.2f}",
        Bars(
            f"How often items are named nearest by dot product; the first {record} times.",
            names_of(scene, winners[best].tolist()),
            times[best].tolist(),
            f"times nearest by dot product, of {len(rows)}",
            marked=[at for at, count in enumerate(by_cosine) if count == 0],
        ),
        f"{len(rows)} of {len(space):,} items asked, drawn with seed 0, each among all; orange: "
        "never nearest by cosine",
    )


def how_far_they_agree(scene: Scene) -> Exercise:
    """overlap@10 of cosine and dot product over 200 items, beside a random space."""
    space = scene.space
    k = min(K, len(space) - 1)
    pair = ("cosine", "dot")
    rows = sampled_rows(len(space), ASKED)
    here = overlap_per_item(space.vectors, rows, k, pair, norms=space.norms).overlaps[pair] * k
    random = random_vectors(len(space), space.dimensions)
    rows = sampled_rows(len(random), ASKED)
    there = overlap_per_item(random, rows, k, pair).overlaps[pair] * k
    mean, chance = float(here.mean()), float(there.mean())
    levels = [round(share * k) for share in (0.95, 0.6, 0.3, 0)]
    mistakes = (
        "That needs lengths that are nearly equal.",
        "Lengths differ more, or less, than that.",
        "Lengths differ more, or less, than that.",
        "Angles count in both, so that lists seldom differ in everything.",
    )
    words = ("Nearly all", f"About {levels[1]}", f"About {levels[2]}", "None")
    options = tuple(map(Option, words, mistakes))
    shared = np.arange(k + 1)
    return Exercise(
        Question(
            f"Over many items: how many of the {k} nearest by cosine are also nearest by dot "
            "product?",
            options,
            closest(mean, levels),
        ),
        f"{mean:.1f} of {k} on average; in a space of random vectors of this size, {chance:.1f}.",
        "How far two metrics agree is a property of the space: of how much its lengths differ. "
        "Choose the metric that the vectors were trained with, and say which one you took.",
        rf"\frac{{1}}{{{len(here)}}} \sum_i |N_{{\cos}}(i) \cap N_{{\text{{dot}}}}(i)| = "
        rf"{mean:.2f}",
        Lines(
            f"Share of items by how many of {k} neighbours are shared: mean {mean:.1f} here, "
            f"{chance:.1f} in a random space.",
            {
                "this space": (shared.tolist(), _shares(here, k)),
                "random space": (shared.tolist(), _shares(there, k)),
            },
            f"neighbours shared, of {k}",
            "share of the items",
            steps=True,
        ),
        f"{len(here)} of {len(space):,} items, seed 0, each searched among all, exact",
    )


def quiz_cosine(scene: Scene) -> Question:
    """The cosine of a vector and three times itself."""
    x = scene.space.vectors[scene.row].astype(np.float64)
    score = float(cosine(3 * x, x)[0, 0])
    length = float(np.linalg.norm(x))
    return mixed(
        f"What is the cosine of x and 3x, with x the vector of {named(scene.item)}?",
        f"{score:.2f}",
        Option(f"{3:.2f}", "Lengths are divided out."),
        Option(f"{1 / 3:.2f}", "Lengths are divided out, on both sides."),
        Option(f"{3 * length**2:.2f}", "That is the dot product of the two."),
    )


def quiz_distance(scene: Scene) -> Question:
    """The distance of two unit vectors from their cosine."""
    other = nearest(scene, 3)[-1]
    pair = scene.space.vectors[[scene.row, other]].astype(np.float64)
    unit = pair / np.linalg.norm(pair, axis=1, keepdims=True)
    score = float(dot(unit[0], unit[1])[0, 0])
    distance = float(euclidean(unit[0], unit[1])[0, 0])
    return mixed(
        f"Two vectors of length 1 have the cosine {score:.3f}. How far apart are they?",
        f"{distance:.3f}",
        Option(f"{1 - score:.3f}", "1 - cos is called cosine distance, but it is no length."),
        Option(f"{2 - 2 * score:.3f}", "That is the square of the distance."),
    )


def quiz_nearest(scene: Scene) -> Question:
    """Which is nearest by distance?"""
    space = scene.space
    found = compare_metrics(space.vectors, scene.row, 3, THREE, norms=space.norms)
    euclid = found.metrics.index("euclidean")
    places = np.argsort(found.ranks[euclid], kind="stable")[[0, -1, -2]]
    return mixed(
        f"Which of these is nearest to {named(scene.item)} by Euclidean distance?",
        space.items[int(found.union[places[0]])],
        *(
            Option(
                space.items[int(found.union[place])],
                f"By distance it is number {int(found.ranks[euclid, place]):,}.",
            )
            for place in places[1:].tolist()
        ),
    )


def quiz_longest(scene: Scene) -> Question:
    """Which vector is longest?"""
    space = scene.space
    rows = [scene.row, *nearest(scene, 3, "dot")]
    return largest(
        "Which of these has the longest vector?",
        {space.items[row]: space.norms[row] for row in rows},
        lambda length: f"Its length is {length:.2f}.",
    )


def _three(x: Float64Array, y: Float64Array) -> list[float]:
    """Cosine, dot product and distance by their formulas."""
    return [float(METRICS[name].pairwise(y, x)[0, 0]) for name in THREE]


def _sizes(scene: Scene) -> tuple[str, Float64Array]:
    """A number of each item that its norm may follow: its frequency, else its place in the file."""
    metadata = scene.space.metadata
    for name in (*SIZES, *metadata.of_kind("number")):
        if name in metadata.of_kind("number"):
            values = metadata[name].astype(np.float64)
            if np.isfinite(values).all():
                return name, values
    return "row number", np.arange(1.0, len(scene.space) + 1)


def _circle() -> tuple[list[float], list[float]]:
    cosines = np.linspace(-1, 1, 101)
    return cosines.tolist(), np.sqrt(2 - 2 * cosines).tolist()


def _shares(shared: Float64Array, k: int) -> list[float]:
    counts = np.bincount(np.rint(shared).astype(int), minlength=k + 1)
    shares: list[float] = (counts / max(1, counts.sum())).tolist()
    return shares


LESSON = Lesson(
    key="metrics",
    title="Dot, cosine, Euclidean: when they disagree",
    promise="Tell what each metric sees, and why three lists of neighbours differ.",
    minutes=12,
    goals=(
        "Say what happens to each metric when a vector is made longer.",
        "Explain why the three agree on vectors of length 1.",
        "Know what hubs are, and that a metric belongs to the report of a result.",
    ),
    steps=(
        Step(
            "Twice as long",
            "Two vectors can be compared by their product, by the angle between them, or by how "
            "far apart their tips are.",
            twice_as_long,
            "Draw two arrows on the board and lengthen one of them.",
        ),
        Step(
            "Three lists",
            "Which items are near depends on the metric, for they weigh length and angle in "
            "different ways.",
            three_orders,
            "Follow one line of the picture from left to right: what does its item's length say?",
        ),
        Step(
            "Who is long?",
            "Vectors are not equally long. Something in the data decided how long each became.",
            who_is_long,
            "Ask why a trainer would make some vectors long; there is more than one good answer.",
        ),
        Step(
            "All of length one",
            "Dividing each vector by its length puts all of them on a sphere: this is called "
            "normalising. Only directions are left.",
            all_of_length_one,
            "Derive 2 - 2 cos on the board; it is two lines.",
        ),
        Step(
            "The same names again",
            "Ask many items for their single nearest. If a few names come again and again, they "
            "are called hubs.",
            the_same_names_again,
            "Hubs matter in practice: a recommender by dot product shows the same items to all.",
        ),
        Step(
            "How far do they agree?",
            "One item is an anecdote. Let us ask many, and compare with vectors drawn at random.",
            how_far_they_agree,
            "Which of the spaces at hand has nearly equal lengths? Change the space and look.",
        ),
    ),
    quiz=(quiz_cosine, quiz_distance, quiz_nearest, quiz_longest),
    misses=needs_items(30, dimensions=2),
    page="metrics",
)
