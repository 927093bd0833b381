"""Lesson 7: k-means step by step, on points whose groups are known, and then on this space."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from explorer.clustering.agreement import adjusted_rand_index, confusion
from explorer.clustering.kmeans import k_means
from explorer.clustering.kmeans_steps import Step as Turn
from explorer.clustering.kmeans_steps import k_means_steps
from explorer.clustering.toy_planes import toy_plane
from explorer.clustering.validity import silhouette
from explorer.learn.examples import needs_items
from explorer.learn.lesson import Exercise, Lesson, Scene, Step
from explorer.learn.pictures import Bars, Dots, Lines, Side
from explorer.learn.questions import Option, Question, closest, mixed

BLOBS, MOONS, CLOUD = "four round groups", "two half moons", "no groups at all"
LETTERS = "ABCD"
MADE = "600 made-up points on a plane, seed 0; k-means of seed 0"
SEEDS = 10
K = 10  # clusters of the open space
SAMPLE = 500  # items whose silhouettes are measured


def who_takes_it(scene: Scene) -> Exercise:
    """A point between two centres, and the centre that is nearest."""
    points, turns = toy_plane(BLOBS), _turns(BLOBS, 4)
    begun = next(turn for turn in turns if turn.kind == "assign")
    distances = np.linalg.norm(points[:, None] - begun.centers[None], axis=2)
    ordered = np.sort(distances, axis=1)
    point = int(np.argmin(np.abs(ordered[:, 1] - ordered[:, 0] - 0.4)))  # near a border, not on it
    own = distances[point]
    taker = int(np.argmin(own))
    sizes = np.bincount(begun.labels, minlength=4)
    options = tuple(
        Option(
            f"Centre {LETTERS[place]}",
            "It is the smallest cluster, but k-means does not even out sizes."
            if place == np.argmin(sizes)
            else f"It is {own[place]:.2f} away, farther than {own[taker]:.2f}.",
        )
        for place in range(4)
    )
    centers = [(len(points) + place, f"centre {LETTERS[place]}") for place in range(4)]
    return Exercise(
        Question("To which centre does the point with the star go?", options, taker),
        f"To {LETTERS[taker]}, at a distance of {own[taker]:.2f}; "
        + ", ".join(f"{LETTERS[at]} {own[at]:.2f}" for at in range(4) if at != taker)
        + ".",
        "Assigning asks each point alone: which centre is nearest? The borders that arise lie "
        "halfway between two centres.",
        r"l_i = \arg\min_j \|x_i - c_j\|, \quad \|x - c_"
        + LETTERS[taker]
        + rf"\| = {own[taker]:.2f}",
        Dots(
            f"Points coloured by their nearest centre; the point goes to {LETTERS[taker]}.",
            np.vstack([points, begun.centers]),
            named=[(point, f"goes to {LETTERS[taker]}"), *centers],
            linked=[len(points) + taker],
            groups=np.concatenate([begun.labels, np.arange(4)]),
            square=True,
        ),
        MADE,
        of_space=False,
        before=Dots(
            "600 points, four centres and a point with a star between them.",
            np.vstack([points, begun.centers]),
            named=[(point, "this point"), *centers],
            square=True,
        ),
    )


def where_it_moves(scene: Scene) -> Exercise:
    """The place of a centre that makes the squared distances of its points smallest."""
    points, turns = toy_plane(BLOBS), _turns(BLOBS, 4)
    begun = next(turn for turn in turns if turn.kind == "assign")
    own = points[begun.labels == 0]
    places = {
        "The mean of its points": own.mean(axis=0),
        "The middle of its box": (own.min(axis=0) + own.max(axis=0)) / 2,
        "Halfway to the next": (begun.centers[0] + _next(begun.centers)) / 2,
        "Where it is now": begun.centers[0],
    }
    sums = [float(np.square(own - place).sum()) for place in places.values()]
    best = int(np.argmin(sums))
    names = list(places)
    return Exercise(
        Question(
            "Each centre now moves so that the squared distances to its own points are as small "
            "as can be. Which place is that for centre A?",
            tuple(Option(name, f"There they would sum to {total:,.1f}, not to {sums[best]:,.1f}.")
                  for name, total in zip(names, sums, strict=True)),
            best,
        ),
        f"{names[best]}: the squared distances of its {len(own)} points then sum to "
        f"{sums[best]:,.1f}, from {sums[-1]:,.1f} before.",
        "The mean is the one place where the sum of squares is smallest: that is what gives "
        "k-means its name. The k is how many centres there are.",
        rf"c_A = \frac{{1}}{{{len(own)}}} \sum_{{i \in A}} x_i = "
        rf"({own.mean(axis=0)[0]:.2f},\ {own.mean(axis=0)[1]:.2f})",
        Bars(
            "The sum of squared distances for each place: "
            + ", ".join(f"{name} {total:.1f}" for name, total in zip(names, sums, strict=True))
            + ".",
            names,
            sums,
            "sum of squared distances of the points of A",
            marked=(best,),
        ),
        MADE,
        of_space=False,
    )  # fmt: skip


def does_it_rise(scene: Scene) -> Exercise:
    """The objective over all steps, and whether any of them rises."""
    turns = [turn for turn in _turns(MOONS, 6) if turn.kind != "seeding"]
    falling = [turn.objective for turn in turns]
    largest = float(np.diff(falling).max(initial=-np.inf))
    return Exercise(
        Question(
            "Assign, update, assign, update … Over these steps the sum of all squared distances …",
            (
                Option(
                    "falls, or stays as it is",
                    "The numbers say otherwise here: rounding plays a part.",
                ),
                Option(
                    "rises now and then",
                    "Each half of a turn picks the best there is for the other half as given.",
                ),
            ),
            0 if largest <= 1e-9 * falling[0] else 1,
        ),
        f"From {falling[0]:,.1f} down to {falling[-1]:,.1f} in {len(falling)} steps; the largest "
        f"change upwards is {max(0.0, largest):.1g}.",
        "Points pick their best centre, then centres their best place: neither can make the sum "
        "larger. As there are finitely many ways to divide the points, it has to end.",
        rf"J = \sum_i \|x_i - c_{{l_i}}\|^2: \quad {falling[0]:.1f} \to {falling[-1]:.1f}",
        Lines(
            f"The sum of squares over {len(falling)} steps, falling to {falling[-1]:.1f}.",
            {"J": (list(range(1, len(falling) + 1)), falling)},
            "step",
            "sum of squared distances J",
        ),
        "600 made-up points, two half moons, seed 0; 6 clusters",
        of_space=False,
    )


def other_seeds(scene: Scene) -> Exercise:
    """How many different ends ten seeds reach."""
    points = toy_plane(BLOBS)
    ends = np.array([_end(points, 6, seed).objective for seed in range(SEEDS)])
    different = len(np.unique(np.round(ends / ends.min(), 4)))
    return Exercise(
        Question(
            f"k-means runs from {SEEDS} seeds on the four groups, with 6 centres. How many "
            "different ends are there?",
            (
                Option(
                    "One: it finds the best", "It only ever goes downhill, from where it began."
                ),
                Option("A few", "Here nearly every seed ends alike, or each in its own way."),
                Option(f"{SEEDS}: each its own", "Some begin differently and end in one place."),
            ),
            closest(different, (1, SEEDS / 2, SEEDS)),
        ),
        f"{different} different ends: sums from {ends.min():,.1f} to {ends.max():,.1f}.",
        "Each turn goes downhill, so a run ends in the valley in which it began. That is why one "
        "runs it from several seeds, keeps the best, and looks at how far they agree.",
        rf"J_\text{{best}} = {ends.min():.1f}, \quad J_\text{{worst}} = {ends.max():.1f}, \quad "
        rf"{SEEDS} \text{{ seeds}}",
        Bars(
            f"The sum of squares of {SEEDS} runs, from {ends.min():.1f} to {ends.max():.1f}.",
            [f"seed {seed}" for seed in range(SEEDS)],
            ends.tolist(),
            "sum of squared distances at the end",
            marked=np.flatnonzero(ends <= ends.min() * 1.0001).tolist(),
            baseline=(float(ends.min()), "best"),
        ),
        f"600 made-up points in four groups; 6 clusters, seeds 0 to {SEEDS - 1}",
        of_space=False,
    )


def half_moons(scene: Scene) -> Exercise:
    """How well two straight parts agree with two half moons."""
    points = toy_plane(MOONS)
    truth = np.arange(len(points)) % 2  # which of the moons a point was made for
    found = _end(points, 2, 0)
    counts = confusion(found.labels, truth)
    right = max(np.trace(counts), counts.sum() - np.trace(counts)) / counts.sum()
    agreement = adjusted_rand_index(counts)
    return Exercise(
        Question(
            "Two half moons, plain to see. With k = 2, how many points does k-means put with their "
            "own moon?",
            (
                Option("All", "Its borders are straight, and no straight line parts the moons."),
                Option("About three of four", "Count the points beyond the border on the picture."),
                Option("Half, as by chance", "The middle of each moon lies on its own side."),
            ),
            closest(right, (1.0, 0.75, 0.5)),
        ),
        f"{right:.0%} of the points; the adjusted Rand index is {agreement:.2f} (1: the same "
        "groups, 0: chance).",
        "A border of k-means lies halfway between two centres, so it is straight. Groups that are "
        "bent, or of unequal width, are cut in the wrong places, whatever the seed.",
        rf"\mathrm{{ARI}} = {agreement:.2f}, \quad \text{{right: }} {right:.2f}, \quad "
        r"\text{chance: } 0.50",
        Side(
            f"On the left the moons, on the right the two clusters: {right:.0%} agree.",
            [
                Dots("The moons as made.", points, groups=truth, title="as made", square=True),
                Dots("The two clusters.", points, groups=found.labels, title="k-means, k = 2",
                     square=True),
            ],
        ),
        "600 made-up points, two half moons, seed 0",
        of_space=False,
    )  # fmt: skip


def no_groups(scene: Scene) -> Exercise:
    """What k-means finds where there is nothing to find."""
    cloud, blobs = (_end(toy_plane(name), 4, 0) for name in (CLOUD, BLOBS))
    filled = len(np.unique(cloud.labels))
    shares = [_explained(name, end) for name, end in ((CLOUD, cloud), (BLOBS, blobs))]
    return Exercise(
        Question(
            "Now the points lie everywhere alike: there are no groups. What does k-means find with "
            "k = 4?",
            (
                Option("No clusters", "It has no way to say so: every point gets a label."),
                Option("One cluster", "It always gives as many as it is asked for."),
                Option("Four clusters", "Here some stayed empty."),
            ),
            closest(filled, (0, 1, 4)),
        ),
        f"{filled} clusters, which “explain” {shares[0]:.0%} of the variance; four real groups "
        f"give {shares[1]:.0%}.",
        "k-means divides any cloud into k parts and never says that there was nothing to find. So "
        "every measure has to stand beside that of points without groups.",
        rf"1 - \frac{{J}}{{J_1}} = {shares[0]:.2f} \text{{ without groups, }} {shares[1]:.2f} "
        r"\text{ with}",
        Side(
            "Points without groups, and four groups, each divided into four.",
            [
                Dots("No groups.", toy_plane(CLOUD), groups=cloud.labels, title="no groups",
                     square=True),
                Dots("Four groups.", toy_plane(BLOBS), groups=blobs.labels, title="four groups",
                     square=True),
            ],
        ),
        "600 made-up points each, seed 0",
        of_space=False,
    )  # fmt: skip


def in_this_space(scene: Scene) -> Exercise:
    """Silhouettes of ten clusters of the open space, beside those of four real groups."""
    vectors = scene.space.vectors
    found = k_means(vectors, K, seed=0)
    rows = np.sort(np.random.default_rng(0).permutation(len(vectors))[:SAMPLE])
    here = round(silhouette(vectors, found.labels, rows).mean, 2) + 0.0  # no -0.00
    blobs = toy_plane(BLOBS)
    groups = silhouette(blobs, _end(blobs, 4, 0).labels).mean
    return Exercise(
        Question(
            f"And in this space? The silhouette is 1 where an item lies deep in its cluster and 0 "
            f"where it lies between two. What is its mean over {K} clusters of its items?",
            (
                Option("About 0.6, as for round groups", "Real vectors seldom lie in tight balls."),
                Option("About 0.2", "Compare your guess with the number found."),
                Option("About 0", "Here there are groups that stand apart a little."),
            ),
            closest(here, (groups, 0.2, 0.0)),
        ),
        f"{here:.2f}; the four round groups on the plane have {groups:.2f}.",
        "Below 0.1 the parts are slices of one cloud, useful to look around by and nothing to draw "
        "conclusions from. The Clusters page asks the same with other k, and of uniform points.",
        rf"s = \frac{{b - a}}{{\max(a, b)}}: \quad \bar s = {here:.2f}, \quad "
        rf"\text{{round groups }} {groups:.2f}",
        Bars(
            f"Mean silhouette: {here:.2f} in this space, {groups:.2f} for four round groups.",
            ["this space", "four round groups"],
            [here, groups],
            "mean silhouette",
            marked=(0,),
        ),
        f"k-means of all {len(vectors):,} items, Euclidean, k = {K}, seed 0; silhouettes of "
        f"{len(rows)} of them, seed 0, each against all",
    )


def quiz_more_clusters(scene: Scene) -> Question:
    """What the objective does when k grows."""
    points = toy_plane(CLOUD)
    few, many = (_end(points, k, 0).objective for k in (3, 12))
    says = {"It falls": many < few, "It rises": many > few}
    right = next(name for name, true in says.items() if true)
    return mixed(
        "What does the sum of squares do when k grows, with groups or without?",
        right,
        Option("It rises", "More centres are nearer to the points, whatever these are."),
        Option("It is least at the true k", "It falls on and on: to 0 when each has its own."),
    )


def quiz_order(scene: Scene) -> Question:
    """Which step follows an update."""
    kinds = [turn.kind for turn in _turns(BLOBS, 4) if turn.kind != "seeding"]
    following = kinds[kinds.index("update") + 1] if kinds.count("update") > 1 else "assign"
    says = {"assign": "Each point picks its nearest centre", "update": "The centres move again"}
    return mixed(
        "The centres have moved. What is next?",
        says[following],
        Option(says["update"], "They stand at the means already: first points have to change."),
        Option("A new centre is added", "That is only so while seeding."),
    )


def quiz_label(scene: Scene) -> Question:
    """Who is nearest: three distances."""
    centers = np.array([[0.0, 0.0], [4.0, 0.0], [1.0, 3.0]])
    point = np.array([1.0, 1.0 + scene.row % 2])
    distances = np.linalg.norm(centers - point, axis=1)
    right = int(np.argmin(distances))
    return mixed(
        f"Centres stand at (0, 0), (4, 0) and (1, 3). Which one takes the point "
        f"({point[0]:.0f}, {point[1]:.0f})?",
        _place(centers[right]),
        *(
            Option(_place(centers[at]), f"Its distance is {distances[at]:.2f}.")
            for at in range(3)
            if at != right
        ),
    )


def quiz_trust(scene: Scene) -> Question:
    """What agreement of two seeds says of clusters in this space."""
    vectors = scene.space.vectors[:2_000]
    labels = [k_means(vectors, min(K, len(vectors) // 2), seed=seed).labels for seed in (0, 1)]
    agreement = adjusted_rand_index(confusion(*labels))
    values = (1.0, agreement if 0.15 < agreement < 0.9 else 0.5, 0.0)
    texts = ("1: the same clusters", "Between: some of them again", "0: as by chance")
    right = closest(agreement, values)
    return Question(
        f"{K} clusters of the first {len(vectors):,} items of this space from two seeds: their "
        "adjusted Rand index is nearest to …",
        tuple(Option(text, f"It is {agreement:.2f}.") for text in texts),
        right,
    )


@cache
def _turns(plane: str, k: int) -> tuple[Turn, ...]:
    """All steps of k-means on one of the planes."""
    return tuple(k_means_steps(toy_plane(plane), k, seed=0))


def _end(points: NDArray[np.float32], k: int, seed: int) -> Turn:
    """The last step of k-means: it does not need the compiled kernels."""
    return list(k_means_steps(points, k, seed=seed))[-1]


def _explained(plane: str, end: Turn) -> float:
    """The share of the variance that the clusters take: 1 - J / J with one cluster."""
    points = toy_plane(plane).astype(np.float64)
    return 1 - end.objective / float(np.square(points - points.mean(axis=0)).sum())


def _next(centers: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of the other centres, the one nearest to the first."""
    others = centers[1:]
    nearest: NDArray[np.float32] = others[np.argmin(np.linalg.norm(others - centers[0], axis=1))]
    return nearest


def _place(point: Sequence[float] | NDArray[np.float64]) -> str:
    return f"({point[0]:.0f}, {point[1]:.0f})"


LESSON = Lesson(
    key="groups",
    title="k-means, step by step",
    promise="Work k-means by hand, and know what its clusters do not say.",
    minutes=12,
    goals=(
        "Carry out one turn of k-means by hand: assign, update.",
        "Explain why it always ends, and why not always at the best.",
        "Doubt clusters: bent groups, no groups, one seed, and the space of the day.",
    ),
    steps=(
        Step(
            "Assign: who takes the point?",
            "k-means keeps k centres. In the first half of a turn the centres stand still, and "
            "every point goes to one of them.",
            who_takes_it,
            "Four pupils are centres; the class stands up and walks to one of them.",
        ),
        Step(
            "Update: where does the centre go?",
            "In the second half the points stand still, and every centre moves.",
            where_it_moves,
            "The four walk to the middle of their group. Has anybody a nearer centre now?",
        ),
        Step(
            "Does it ever get worse?",
            "The two halves take turns. After each one we add up all squared distances of points "
            "to their centre.",
            does_it_rise,
            "Let the class argue each half separately before the curve is shown.",
        ),
        Step(
            "Another seed",
            "Where the first centres stand is drawn at random, from a seed.",
            other_seeds,
            "Which of these runs would have been published?",
        ),
        Step(
            "Groups that are bent",
            "The eye sees two half moons at once.",
            half_moons,
            "Ask for a straight line that parts the moons before revealing.",
        ),
        Step(
            "No groups at all",
            "What if there is nothing to find?",
            no_groups,
            "Have you ever seen a report of clusters that says: there were none?",
        ),
        Step(
            "In this space",
            "Vectors of words, pictures or products seldom lie in round groups. Let us measure.",
            in_this_space,
            "Open the Clusters page and look at the map: do blobs there mean more than this?",
        ),
    ),
    quiz=(quiz_more_clusters, quiz_order, quiz_label, quiz_trust),
    misses=needs_items(40, dimensions=2),
    controls=("space",),
    kernels=("clustering.kmeans",),
    page="clusters",
)
