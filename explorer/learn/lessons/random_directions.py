"""Lesson 10: the lemma of Johnson and Lindenstrauss: random directions keep distances."""

from __future__ import annotations

import math

import numpy as np

from explorer.learn.examples import nearest, needs_items
from explorer.learn.lesson import Exercise, Lesson, Scene, Step
from explorer.learn.pictures import Bars, Lines
from explorer.learn.questions import Option, Question, closest, mixed
from explorer.learn.wording import named
from explorer.neighbors import nearest_neighbors
from explorer.pairs import sample_pairs
from explorer.projection.distortion import Distortions, pca_distortions, random_distortions
from explorer.projection.johnson_lindenstrauss import (
    johnson_lindenstrauss_dimensions,
    johnson_lindenstrauss_epsilon,
)
from explorer.projection.random_projection import random_projection

PAIRS = 1_000
HALF, FIFTH = 0.5, 0.2  # distortions asked about
SIZES = (2, 4, 8, 16, 32, 64, 128, 256, 512)
FEW = 10  # dimensions at which PCA and chance are compared
K = 10


def two_random_directions(scene: Scene) -> Exercise:
    """The share of pairs whose squared distance a flat random picture keeps within a half."""
    kept = 1 - _random(scene, 2).outside(HALF)
    options = (
        Option("Nearly all", "Two directions see two numbers of many: most pairs come out wrong."),
        Option("About four of ten", "Here it is otherwise: see how few numbers carry the vectors."),
        Option("Hardly any", "On average squared distances are kept, so some pairs are near that."),
    )
    ratios = np.sort(_random(scene, 2).ratios.ravel())
    shares = np.linspace(0, 1, len(ratios))
    return Exercise(
        Question(
            "All items are projected onto two directions drawn at random, and stretched so that "
            "squared distances are kept on average. Of how many pairs is the squared distance "
            "right to within a half?",
            options,
            closest(kept, (0.95, 0.4, 0.02)),
        ),
        f"{kept:.0%} of the pairs. The median pair keeps {np.median(ratios):.2f} of its squared "
        "distance, some keep next to nothing.",
        "Each direction gives one noisy guess of the distance, and two guesses are few. The mean "
        "of all pairs is right, each single pair is a matter of luck.",
        r"\frac{\|R^\top x - R^\top y\|^2}{\|x - y\|^2} \sim \frac{\chi^2_2}{2}, \quad "
        rf"P(0.5 \le \cdot \le 1.5) = e^{{-1/2}} - e^{{-3/2}} = "
        rf"{math.exp(-0.5) - math.exp(-1.5):.2f}, \quad \text{{measured }} {kept:.2f}",
        Lines(
            "How many pairs keep less than a share of their squared distance on two directions.",
            {"measured": (ratios[:: max(1, len(ratios) // 200)].tolist(),
                          shares[:: max(1, len(ratios) // 200)].tolist())},
            "squared distance after / before",
            "share of pairs below",
            mark=(1.0, "kept"),
        ),
        _note(scene, "two Gaussian directions, seed 1"),
    )  # fmt: skip


def more_directions(scene: Scene) -> Exercise:
    """The smallest of some numbers of dimensions that keeps 95 of 100 pairs within a fifth."""
    kept = [1 - _random(scene, m).outside(FIFTH) for m in SIZES]
    reached = next((m for m, share in zip(SIZES, kept, strict=True) if share >= 0.95), SIZES[-1])
    choices = (8, 32, 256)
    right = closest(math.log(reached), [math.log(m) for m in choices])
    return Exercise(
        Question(
            "How many random directions does it take until 95 of 100 pairs keep their squared "
            "distance to within a fifth?",
            (
                Option("About 8", "Eight guesses still scatter: their mean is off by half or so."),
                Option("About 32", "With m guesses the scatter falls as √(2/m): not yet a fifth."),
                Option("About 256", "Here fewer do: the vectors lie along few directions."),
            ),
            right,
        ),
        f"The first of {', '.join(map(str, SIZES))} that does is {reached}: it keeps "
        f"{kept[SIZES.index(reached)]:.0%} of the pairs.",
        "Distances are means over independent directions, so their scatter falls with the square "
        "root of how many there are. Nothing about the data was used.",
        rf"\text{{scatter}} \approx \sqrt{{2/m}} = \sqrt{{2/{reached}}} = "
        rf"{math.sqrt(2 / reached):.2f}",
        Lines(
            "The share of pairs kept to within a fifth grows with the number of directions.",
            {"within a fifth": (list(SIZES), kept)},
            "random directions m",
            "share of pairs",
            log="x",
            mark=(reached, "95 of 100"),
        ),
        _note(scene, "Gaussian directions, seed 1"),
    )


def ten_times_as_long(scene: Scene) -> Exercise:
    """The same number of directions on vectors of ten times the length."""
    n, d = len(scene.space), scene.space.dimensions
    m = 64
    long = np.random.default_rng(0).standard_normal((min(n, 400), 10 * d)).astype(np.float32)
    pairs = sample_pairs(len(long), PAIRS)
    here = _random(scene, m).outside(FIFTH)
    there = random_distortions(long, m, pairs, draws=1).outside(FIFTH)
    ratio = there / here if here > 0 else 1.0
    return Exercise(
        Question(
            f"At {m} directions {here:.0%} of the pairs here are off by more than a fifth. How "
            f"many would be off if each vector held {10 * d:,} numbers in place of {d:,}?",
            (
                Option("About as many", "Here lengths differ: this space is flatter than most."),
                Option("Ten times as many", "The lemma does not ask how long the vectors were."),
                Option("Hardly any", "More numbers are no easier to keep, and no harder."),
            ),
            closest(math.log(max(ratio, 0.01)), [math.log(1), math.log(10), math.log(0.01)]),
        ),
        f"{there:.0%} of the pairs of random vectors of {10 * d:,} numbers, against {here:.0%} "
        f"here, with {m} directions for both.",
        "A random direction sees the difference of two items as one number, whose size depends on "
        "the distance alone. How many coordinates the distance was made of plays no part.",
        rf"R^\top (x - y) \sim \mathcal N\!\left(0, \tfrac{{\|x - y\|^2}}{{m}} I_m\right), \quad "
        rf"d = {d} \text{{ or }} {10 * d}",
        Bars(
            f"Pairs off by more than a fifth: {here:.0%} here, {there:.0%} of long vectors.",
            [f"this space, d = {d}", f"random, d = {10 * d}"],
            [100 * here, 100 * there],
            "per cent of the pairs off by more than a fifth",
            marked=(1,),
        ),
        f"{_note(scene, f'{m} directions, seed 1')}; {len(long)} random vectors, seed 0",
    )


def ten_times_as_many(scene: Scene) -> Exercise:
    """How much the bound grows with ten times as many items."""
    n = len(scene.space)
    now, then = (johnson_lindenstrauss_dimensions(items, HALF) for items in (n, 10 * n))
    more = then / now
    sizes = [10**power for power in range(1, 10)]
    return Exercise(
        Question(
            f"To keep every pair of {n:,} items within a half, the lemma asks for {now:,} "
            "directions. And of ten times as many items?",
            (
                Option("Ten times as many", "It grows with the logarithm of n, not with n."),
                Option("A third more, or less", "For so few items the logarithm grows faster."),
                Option("Not one more", "More pairs are more chances for one to go wrong."),
            ),
            closest(math.log(more), [math.log(10), math.log(1.25), 0.0]),
        ),
        f"{then:,}, which is {more - 1:.0%} more. For a billion items: "
        f"{johnson_lindenstrauss_dimensions(10**9, HALF):,}.",
        "Each pair goes wrong with a chance that falls exponentially with m, and there are n² "
        "pairs at most. So m has to follow the logarithm of n, and no more.",
        rf"m \ge \frac{{4 \ln n}}{{\varepsilon^2/2 - \varepsilon^3/3}}, \quad "
        rf"\varepsilon = {HALF}: \; n = {n} \Rightarrow m = {now}",
        Lines(
            "The bound by the number of items, which stands on a logarithmic scale: a line.",
            {"the lemma": (sizes, [johnson_lindenstrauss_dimensions(one, HALF) for one in sizes])},
            "items n",
            "directions m",
            log="x",
            mark=(n, "this space"),
        ),
        "the bound of Dasgupta & Gupta (2003); nothing is measured",
    )


def half_the_error(scene: Scene) -> Exercise:
    """What the bound asks for a quarter in place of a half."""
    n = len(scene.space)
    half, quarter = (johnson_lindenstrauss_dimensions(n, one) for one in (HALF, HALF / 2))
    errors = np.linspace(0.05, 0.9, 40)
    return Exercise(
        Question(
            f"For an error of a half it asks for {half:,} directions. How many for an error of a "
            "quarter, half as much?",
            (
                Option("Twice as many", "Errors of means fall with the square root of m."),
                Option("Three to four times as many", "Work it out: ε² stands in the formula."),
                Option("A hundred times as many", "The error is squared, not raised to the 7th."),
            ),
            closest(math.log(quarter / half), [math.log(2), math.log(3.5), math.log(100)]),
        ),
        f"{quarter:,}, which is {quarter / half:.1f} times as many.",
        "The error stands squared in the denominator. Precision is dear, items are cheap: that is "
        "how means behave.",
        rf"\frac{{1}}{{\varepsilon^2/2 - \varepsilon^3/3}}: \quad "
        rf"\frac{{m(1/4)}}{{m(1/2)}} = {quarter / half:.2f}",
        Lines(
            "The bound by the error allowed: it rises steeply towards small errors.",
            {"the lemma": (
                errors.tolist(),
                [johnson_lindenstrauss_dimensions(n, float(one)) for one in errors],
            )},
            "error ε of a squared distance",
            "directions m",
            log="y",
            mark=(HALF / 2, "a quarter"),
        ),
        f"n = {n:,}; the bound of Dasgupta & Gupta (2003); nothing is measured",
    )  # fmt: skip


def against_components(scene: Scene) -> Exercise:
    """PCA and chance at the same few dimensions: whose distances are nearer to the truth."""
    space = scene.space
    few = min(FEW, space.dimensions - 1)
    chance = _random(scene, few)
    found = pca_distortions(space.vectors, few, chance.pairs, rescaled=True)
    off = {
        "PCA": float(np.median(np.abs(found.ratios - 1))),
        "random directions": float(np.median(np.abs(chance.ratios - 1))),
    }
    worst = {"PCA": float(found.largest()[0]), "random directions": float(chance.largest()[0])}
    names = list(off)
    return Exercise(
        Question(
            f"Both may keep {few} dimensions. Whose squared distances are nearer to the true ones, "
            "for the median pair?",
            (
                Option("PCA's", "Here the variance is spread so evenly that looking did not help."),
                Option("The random directions'", "PCA looked at the data first and took the most."),
            ),
            names.index(min(off, key=lambda name: off[name])),
        ),
        f"PCA is off by {off['PCA']:.0%}, random directions by {off['random directions']:.0%}; the "
        f"worst pair by {worst['PCA']:.0%} and {worst['random directions']:.0%}.",
        "PCA takes the directions of most variance of these very vectors, and promises nothing for "
        "a pair that differs elsewhere. Random directions look at nothing, and so promise the same "
        "for any data.",
        rf"\text{{median }} \left| \tfrac{{\|y_a - y_b\|^2}}{{\|x_a - x_b\|^2}} - 1 \right|: \quad "
        rf"\text{{PCA }} {off['PCA']:.2f}, \; \text{{random }} {off['random directions']:.2f}",
        Bars(
            "How far the median pair is off: "
            + ", ".join(f"{name} {value:.2f}" for name, value in off.items())
            + ".",
            names,
            list(off.values()),
            f"error of the squared distance, median pair, at {few} dimensions",
            marked=(names.index(min(off, key=lambda name: off[name])),),
        ),
        _note(scene, "PCA of all items, stretched by one factor; random directions, seed 1"),
    )


def neighbors_kept(scene: Scene) -> Exercise:
    """The item's nearest before and after a projection to a third of the dimensions."""
    space = scene.space
    k = min(K, len(space) - 1)
    sizes = sorted({max(2, space.dimensions * part // 12) for part in (1, 2, 4, 8, 12, 24)})
    asked = max(2, space.dimensions // 3)
    before = set(nearest(scene, k, "euclidean"))
    kept = {m: len(before & _nearest_after(scene, m, k)) for m in sorted({*sizes, asked})}
    return Exercise(
        Question(
            f"{named(scene.item)} has its {k} nearest by Euclidean distance. After a random "
            f"projection from {space.dimensions} to {asked} dimensions, how many are still among "
            f"its {k} nearest?",
            (
                Option(f"All {k}", "Near ones differ by less than the error of their distances."),
                Option(f"Some {k // 2}", "Here the nearest stand apart more, or less, than usual."),
                Option("None", "Distances are only blurred: who was near is not thrown far."),
            ),
            closest(kept[asked], (k, k // 2, 0)),
        ),
        f"{kept[asked]} of {k} at {asked} dimensions; at {max(kept)} it is {kept[max(kept)]}.",
        "The lemma keeps distances roughly, and ranks are made of small differences between "
        "distances. Many items compete for the first places, so a little blur changes the list.",
        rf"m = {asked}: \quad \frac{{{kept[asked]}}}{{{k}}} \text{{ kept}}, \quad "
        rf"\text{{at random }} \frac{{{k}}}{{{len(space) - 1}}}",
        Lines(
            f"How many of the {k} nearest are kept, by the number of random directions.",
            {"kept": (list(kept), [float(value) for value in kept.values()])},
            "random directions m",
            f"of the {k} nearest",
            mark=(asked, f"{asked} dimensions"),
        ),
        f"all {len(space):,} items, exact neighbours by Euclidean distance; directions of seed 1",
    )


def quiz_flat(scene: Scene) -> Question:
    """What the lemma promises for a flat map."""
    promised = johnson_lindenstrauss_epsilon(len(scene.space), 2)
    nothing, something = "Nothing", "That every distance is right to within a half"
    return mixed(
        f"What does the lemma promise of a map of {len(scene.space):,} items with 2 dimensions?",
        nothing if math.isnan(promised) else something,
        Option(something, "For that it asks for hundreds of directions."),
        Option(nothing, "For so few items it does promise something."),
        Option("That neighbours stay neighbours", "It speaks of distances, never of ranks."),
    )


def quiz_dimensions(scene: Scene) -> Question:
    """Which of three changes asks for the most directions."""
    n = len(scene.space)
    asked = {
        "An error half as large": johnson_lindenstrauss_dimensions(n, HALF / 2),
        "Ten times as many items": johnson_lindenstrauss_dimensions(10 * n, HALF),
        "Vectors ten times as long": johnson_lindenstrauss_dimensions(n, HALF),
    }
    right = max(asked, key=lambda change: asked[change])
    return mixed(
        "Which change asks for the most additional directions?",
        right,
        *(Option(name, f"It asks for {m:,} in all.") for name, m in asked.items()),
    )


def quiz_bound(scene: Scene) -> Question:
    """The bound for this many items at an error of a half."""
    m = johnson_lindenstrauss_dimensions(len(scene.space), HALF)
    return mixed(
        f"The bound for {len(scene.space):,} items and an error of a half is …",
        f"{m:,}",
        Option(f"{m // 10:,}", "Put the numbers in: 4 ln n / (0.125 - 0.0417)."),
        Option(f"{m * 10:,}", "Put the numbers in: 4 ln n / (0.125 - 0.0417)."),
    )


def quiz_memory(scene: Scene) -> Question:
    """What a projection to a quarter saves."""
    space = scene.space
    kept = max(1, space.dimensions // 4)
    share = random_projection(space.vectors[:2], kept).nbytes / space.vectors[:2].nbytes
    return mixed(
        f"The vectors are projected from {space.dimensions} to {kept} dimensions. How much memory "
        "do they take then?",
        f"{share:.0%} of it",
        Option(f"{share**2:.0%} of it", "Memory grows with d, not with its square."),
        Option("As much as before", "Each vector now holds fewer numbers."),
    )


def _random(scene: Scene, m: int) -> Distortions:
    """One draw of m Gaussian directions, on the lesson's pairs."""
    pairs = sample_pairs(len(scene.space), PAIRS)
    return random_distortions(scene.space.vectors, m, pairs, draws=1)


def _nearest_after(scene: Scene, m: int, k: int) -> set[int]:
    projected = random_projection(scene.space.vectors, m)
    found = nearest_neighbors(
        projected, projected[scene.row], k, metric="euclidean", exclude=[scene.row]
    )
    return set(found.indices[0].tolist())


def _note(scene: Scene, how: str) -> str:
    return f"{sample_pairs(len(scene.space), PAIRS).note}; {how}"


LESSON = Lesson(
    key="jl",
    title="Random directions keep distances",
    promise="Know what a random projection promises, what it costs, and why no flat map can.",
    minutes=12,
    goals=(
        "Predict how the error of a random projection falls with the number of directions.",
        "Read the bound of Johnson and Lindenstrauss: ln n, 1/ε², and no d.",
        "Tell distances kept from neighbours kept, and chance from PCA.",
    ),
    steps=(
        Step(
            "Two directions drawn blindly",
            "A random projection multiplies each vector by a table of random numbers. It looks at "
            "nothing, costs almost nothing, and its two-dimensional picture is the baseline for "
            "every other map.",
            two_random_directions,
            "Let somebody hold a wire model against the light: how wrong is its shadow?",
        ),
        Step(
            "More directions",
            "Each direction is an independent guess of every distance, and guesses can be "
            "averaged.",
            more_directions,
            "Compare with a poll: how many people must be asked for an error of a tenth?",
        ),
        Step(
            "What the length of vectors changes",
            "Some models give vectors of thousands of numbers. One would think that they are "
            "harder to project.",
            ten_times_as_long,
            "A poll of 1,000 people is as good for a city as for a continent.",
        ),
        Step(
            "What the number of items changes",
            "With more items there are more pairs, and each pair could go wrong. The lemma asks "
            "for so many directions that none does.",
            ten_times_as_many,
            "Draw the curve with a linear axis as well: it is nearly flat.",
        ),
        Step(
            "Half the error",
            "The error ε is a share of the squared distance: 0.5 lets it be half as much again.",
            half_the_error,
            "The same law as in every measurement: half the error takes four times the work.",
        ),
        Step(
            "Looking first: PCA",
            "PCA chooses its directions after looking at all items: those along which they vary "
            "most.",
            against_components,
            "Which one would you take for data that has not arrived yet?",
        ),
        Step(
            "Do neighbours stay?",
            "Lists of neighbours are what people look at. Let us project and search again.",
            neighbors_kept,
            "Why are ranks harder to keep than distances? Think of runners who finish together.",
        ),
    ),
    quiz=(quiz_flat, quiz_dimensions, quiz_bound, quiz_memory),
    misses=needs_items(50, dimensions=8),
    controls=("space", "search"),
    page="projections",
)
