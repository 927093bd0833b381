"""Lesson 6: what a map of two dimensions can keep, and where PCA, UMAP and chance mislead."""

from __future__ import annotations

import numpy as np

from explorer.faithfulness import worst_false
from explorer.faithfulness.preservation import random_preservation
from explorer.faithfulness.shepard import shepard_diagram
from explorer.learn.examples import nearest
from explorer.learn.facts import maps_lie as facts
from explorer.learn.facts.maps_lie import LAYOUT, RANDOM, K
from explorer.learn.lesson import Exercise, Lesson, Scene, Step
from explorer.learn.pictures import Bars, Dots, Side
from explorer.learn.questions import Option, Question, closest, mixed
from explorer.learn.wording import big, named
from explorer.metric_comparison import sampled_rows
from explorer.metrics import cosine
from explorer.pairs import sample_pairs
from explorer.projection.random_projection import random_projection
from explorer.rank_agreement import spearman_rho
from explorer.space import FloatArray

PAIRS = 2_000
DOTS = 4_000  # drawn of a map
FEWEST = 100  # items
MOST = 10_000  # items of which UMAP is computed here: some three seconds on two cores


def two_of_many(scene: Scene) -> Exercise:
    """The share of the variance on the first two principal components."""
    space, flat = scene.space, facts.flat(scene)
    d = space.dimensions
    by_chance = 2 / d
    levels = (by_chance, 0.08, 0.25, 0.6)
    options = (
        Option(f"{by_chance:.1%}: 2 of {d}", "PCA takes the two best directions, not any two."),
        Option("Less than a tenth", "The dimensions have more, or less, in common than that."),
        Option("About a quarter", "The dimensions have more, or less, in common than that."),
        Option("More than half", "The vectors spread over more directions than that."),
    )
    return Exercise(
        Question(
            f"PCA draws the two directions in which {d} dimensions vary most. How much of the "
            "variance is on the picture?",
            options,
            closest(flat.kept, levels),
        ),
        f"{flat.kept:.1%}; two directions at random would hold {by_chance:.1%}. "
        f"{1 - flat.kept:.1%} is not on the picture.",
        "A flat picture has room for two numbers an item. Whatever differs in the other "
        "directions lies on top of each other.",
        rf"\frac{{\lambda_1 + \lambda_2}}{{\sum_{{i=1}}^{{{d}}} \lambda_i}} = {flat.kept:.3f}",
        _map(scene, "PCA", nearest(scene, K)),
        f"all {len(space):,} items; {min(DOTS, len(space)):,} drawn; lines lead to the {K} nearest "
        "in the space, by cosine",
    )


def near_on_the_map(scene: Scene) -> Exercise:
    """Of the ten nearest dots on the UMAP map, how many are among the ten nearest."""
    space, flat = scene.space, facts.flat(scene)
    name = facts.umap_of(space)
    dots = facts.nearest_dots(flat.maps[name], scene.row)
    true = nearest(scene, K)
    shared = len(set(dots) & set(true))
    typical = flat.preserved(name)
    options = (
        Option(f"Nearly all {K}", "UMAP tries to keep neighbours, but two dimensions are few."),
        Option(f"About {K // 2}", "For this item the map does better, or worse, than that."),
        Option("None or one", "Neighbours are what UMAP keeps best, if only in part."),
    )
    return Exercise(
        Question(
            f"UMAP puts neighbours side by side. Of the {K} dots nearest to {named(scene.item)} on "
            f"its map, how many are among the {K} nearest in the space?",
            options,
            closest(shared, (K, K / 2, 0.5)),
        ),
        f"{shared} of {K}; over many items {typical:.1f} of {K} on average. By chance it would be "
        f"{K * random_preservation(len(space), K):.2f}.",
        "Each item has more near neighbours than fit around one dot. So some are sent elsewhere, "
        "and strangers take their places.",
        rf"|N_\text{{map}} \cap N_\text{{space}}| = {shared}, \quad \text{{on average }} "
        rf"{typical:.1f} \text{{ of }} {K}",
        _map(scene, name, true),
        f"the item exactly; the average over {len(flat.ranks[name].rows)} of {len(space):,} items, "
        f"seed 0; lines lead to the {K} nearest in the space; {flat.umap}",
    )


def who_keeps_neighbours(scene: Scene) -> Exercise:
    """The neighbours kept by PCA, UMAP, a random projection, and a random layout."""
    space, flat = scene.space, facts.flat(scene)
    names = [name for name in flat.maps if name != LAYOUT]
    kept = {name: flat.preserved(name) for name in flat.maps}
    best = max(names, key=lambda name: kept[name])
    mistakes = {
        "PCA": "PCA keeps what varies most over all items, seldom who is next to whom.",
        RANDOM: "Two random directions see next to nothing of who is near.",
    }
    return Exercise(
        Question(
            f"Which map keeps the most of the {K} nearest neighbours, over many items?",
            tuple(
                Option(name, mistakes.get(name, "Here another map does better, which is rare."))
                for name in names
            ),
            names.index(best),
        ),
        f"{best}: {kept[best]:.2f} of {K}. "
        + ", ".join(f"{name} {kept[name]:.2f}" for name in flat.maps if name != best)
        + ".",
        "UMAP is made to keep neighbours, PCA to keep spread. What a map is good for is what it "
        "was made for; look at the score of a random layout beside it.",
        rf"\frac1m \sum_i |N_\text{{map}}(i) \cap N_\text{{space}}(i)| = {kept[best]:.2f}",
        Bars(
            f"How many of {K} neighbours each map keeps.",
            list(kept),
            list(kept.values()),
            f"neighbours kept, of {K}",
            marked=(list(kept).index(best),),
        ),
        f"{len(flat.ranks[best].rows)} of {len(space):,} items, seed 0, each ranked among all, by "
        "cosine",
    )


def who_keeps_distances(scene: Scene) -> Exercise:
    """The rank correlation of distances on each map with those in the space."""
    space, flat = scene.space, facts.flat(scene)
    pairs = sample_pairs(len(space), PAIRS)
    names = [name for name in flat.maps if name != LAYOUT]
    found = {
        name: shepard_diagram(space.vectors, flat.maps[name], pairs, metric="euclidean")
        for name in names
    }
    rho = {name: one.spearman for name, one in found.items()}
    best = max(names, key=lambda name: rho[name])
    return Exercise(
        Question(
            "And distances? Take random pairs of items: on which map does farther apart most often "
            "mean farther apart in the space, too?",
            tuple(
                Option(name, f"Its rank correlation is {rho[name]:.2f}, and not the highest.")
                for name in names
            ),
            names.index(best),
        ),
        "Rank correlation with the distances in the space: "
        + ", ".join(f"{name} {rho[name]:.2f}" for name in names)
        + ".",
        "Most pairs are strangers, and no map of two dimensions has room to tell how far strangers "
        "are apart. A perfect map would have 1: gaps between groups are no distances.",
        r"\rho(\|x_i - x_j\|, \|y_i - y_j\|) = " + rf"{rho[best]:.2f} \quad \text{{({best})}}",
        Side(
            "Distance on the map over distance in the space, for each map.",
            [
                Dots(
                    f"{name}: rank correlation {rho[name]:.2f}.",
                    np.column_stack([one.in_space, one.on_map]),
                    x="in the space",
                    y="on the map",
                    title=f"{name}: {rho[name]:.2f}",
                )
                for name, one in found.items()
            ],
        ),
        f"{pairs.note}; Euclidean distance on both sides",
    )


def two_that_touch(scene: Scene) -> Exercise:
    """The worst pair of nearest dots on the UMAP map: how far they are in the space."""
    space, flat = scene.space, facts.flat(scene)
    name, n = facts.umap_of(scene.space), len(scene.space)
    worst = worst_false(flat.ranks[name], 1)
    at = int(np.argmax(worst.ranks))
    one, other = int(flat.ranks[name].rows[at]), int(flat.ranks[name].on_map[at, 0])
    rank = max(2, int(worst.ranks[at]))
    levels = (K / 2, n**0.6, n / 2)
    options = (
        Option(f"Among the first {K}", "Nearest on the map is no promise."),
        Option(f"About number {levels[1]:,.0f}", "It is farther off, or less far, than that."),
        Option(f"Number {levels[2]:,.0f} or so: any item", "So bad it is not, on this map."),
    )
    first, second = named(space.items[one]), named(space.items[other])
    return Exercise(
        Question(
            f"On the UMAP map no dot is nearer to {first} than {second}. Which place has it among "
            "the neighbours in the space?",
            options,
            closest(np.log(rank), np.log(levels).tolist()),
        ),
        f"Number {rank:,} of {n - 1:,}. It is the worst case of the {len(flat.ranks[name].rows)} "
        "items looked at.",
        "An item that belongs nowhere has to be put somewhere. Two dots that touch are a question "
        "to ask the space, not an answer.",
        rf"\text{{rank on the map: }} 1, \quad \text{{rank in the space: }} {big(rank)} "
        rf"\text{{ of }} {big(n - 1)}",
        _map(
            Scene(space, one), name, nearest(Scene(space, one), K), also=other
        ),
        f"worst of {len(flat.ranks[name].rows)} of {n:,} items, seed 0; lines lead to the {K} "
        f"nearest of {first} in the space, by cosine; {flat.umap}",
    )  # fmt: skip


def the_same_twice(scene: Scene) -> Exercise:
    """Two random projections: the nearest dots of the item on both."""
    space = scene.space
    maps = [random_projection(space.vectors, 2, seed=seed) for seed in (1, 2)]
    near = [set(facts.nearest_dots(points, scene.row)) for points in maps]
    shared = len(near[0] & near[1])
    true = nearest(scene, K)
    options = (
        Option(f"All {K}: it is the same space", "Other directions show other sides of it."),
        Option(f"About {K // 2}", "Two directions of many hardly tell who is near."),
        Option("None or one", "Here near items are so near that chance keeps some."),
    )
    return Exercise(
        Question(
            f"A random projection looks at the space from a random side. Two such maps: how many "
            f"of the {K} dots nearest to {named(scene.item)} on one are nearest on the other?",
            options,
            closest(shared, (K, K / 2, 0.5)),
        ),
        f"{shared} of {K}. On the first map {len(near[0] & set(true))} of them are true "
        f"neighbours, on the second {len(near[1] & set(true))}.",
        "Squared distances are kept on average over all sides, but from one side each strays by "
        "about 100%. What shows on one map and not on the other is an accident.",
        r"y = R^\top x, \quad R_{ab} \sim \mathcal N(0, 1/2), \quad "
        rf"\text{{{shared} of {K} in common}}",
        Side(
            "Two random projections of the space, with the item and its true neighbours.",
            [
                _picture(scene, points, _apart(points, scene.row, true, 3), true, f"seed {seed}")
                for seed, points in zip((1, 2), maps, strict=True)
            ],
        ),
        f"all {len(space):,} items; {min(DOTS, len(space)):,} drawn; lines lead to the {K} nearest "
        "in the space",
    )


def how_dense(scene: Scene) -> Exercise:
    """Whether crowded places of the UMAP map are crowded in the space."""
    space, flat = scene.space, facts.flat(scene)
    name = facts.umap_of(space)
    ranks = flat.ranks[name]
    in_space = facts.reach(space.vectors, ranks.rows, ranks.in_space[:, K - 1])
    on_map = facts.reach(flat.maps[name], ranks.rows, ranks.on_map[:, K - 1])
    rho = spearman_rho(in_space, on_map)
    levels = (0.95, 0.5, 0.0)
    options = (
        Option("Nearly always", "UMAP measures each item in a unit of its own, so density goes."),
        Option("More or less", "There is more of a tendency here, or less, than that."),
        Option("No relation", "Here some of the density has stayed."),
    )
    order = np.argsort(in_space, kind="stable")
    tight, loose = (named(space.items[int(ranks.rows[order[at]])]) for at in (0, -1))
    return Exercise(
        Question(
            "Some places of the UMAP map are crowded, others are empty. Are items in crowded "
            "places closer together in the space, too?",
            options,
            closest(rho, levels),
        ),
        f"Rank correlation {rho:.2f} between the way to the {K}th neighbour in the space and on "
        f"the map. Closest in the space: {tight}; loneliest: {loose}.",
        "UMAP stretches crowded regions and shrinks empty ones until all look alike. Sizes of "
        "clusters and gaps between them are not to be read off.",
        rf"\rho(r_{{{K}}}^\text{{space}}, r_{{{K}}}^\text{{map}}) = {rho:.2f}",
        Dots(
            f"The way to the {K}th neighbour on the map over that in the space.",
            np.column_stack([in_space, on_map]),
            x=f"distance to the {K}th neighbour in the space",
            y="the same on the map",
        ),
        f"{len(ranks.rows)} of {len(space):,} items, seed 0; neighbours in the space by cosine, "
        f"distances Euclidean; {flat.umap}",
    )


def quiz_nearest(scene: Scene) -> Question:
    """The true nearest among the nearest dots of the maps."""
    space, flat = scene.space, facts.flat(scene)
    rows = {nearest(scene, 1)[0]: "the space"}
    for name in flat.maps:
        rows.setdefault(facts.nearest_dots(flat.maps[name], scene.row)[0], name)
    scores = dict(
        zip(rows, cosine(space.vectors[list(rows)], space.vectors[scene.row])[0], strict=True)
    )
    best = max(scores, key=lambda row: scores[row])
    others = [row for row in rows if row != best][:3]
    return mixed(
        f"Each of these is the nearest to {named(scene.item)} in the space or on some map. Which "
        "in the space?",
        space.items[best],
        *(
            Option(
                space.items[row],
                f"It is the nearest dot on {rows[row]}; its cosine is {scores[row]:.3f}, not "
                f"{scores[best]:.3f}.",
            )
            for row in others
        ),
    )


def quiz_hidden(scene: Scene) -> Question:
    """The share of the variance that PCA's picture does not show."""
    kept = facts.flat(scene).kept
    return mixed(
        "How much of the variance is not on the picture of the first two principal components?",
        f"{1 - kept:.1%}",
        Option(f"{kept:.1%}", "That is what is on it."),
        Option("0%", "Only a space of two dimensions fits on a plane."),
        Option(f"{2 / scene.space.dimensions:.1%}", "That is what two random directions hold."),
    )


def quiz_chance(scene: Scene) -> Question:
    """What a layout by chance keeps."""
    n = len(scene.space)
    by_chance = K * random_preservation(n, K)
    return mixed(
        f"Dots are strewn at random. How many of {K} neighbours does such a map keep, of "
        f"{n:,} items?",
        f"about {by_chance:.2g}",
        Option(f"about {K / 2:g}", "Each of the places goes to any of thousands of items."),
        Option("about 1", "Each place is right with the chance of 10 in all others only."),
    )


def quiz_read_off(scene: Scene) -> Question:
    """What the UMAP map keeps best."""
    flat, name = facts.flat(scene), facts.umap_of(scene.space)
    pairs = sample_pairs(len(scene.space), PAIRS)
    found = shepard_diagram(scene.space.vectors, flat.maps[name], pairs, metric="euclidean")
    kept, chance = flat.preserved(name), K * random_preservation(len(scene.space), K)
    told = {
        f"Who is a neighbour: {kept / chance:,.0f} times as often as by chance": kept / chance > 2,
        f"How far strangers are apart: rank correlation {abs(found.spearman):.2f}":
            found.spearman > 0.9,
    }  # fmt: skip
    right = next((text for text, good in told.items() if good), next(iter(told)))
    return mixed(
        "What can be read off the UMAP map of this space, with care?",
        right,
        *(
            Option(text, "It is far too weak to be relied on.")
            for text in told
            if text != right
        ),
        Option("How large a group is in the space", "UMAP evens densities out."),
    )  # fmt: skip


def _misses(scene: Scene) -> str:
    space = scene.space
    if len(space) < FEWEST or space.dimensions < 3:
        return (
            f"This lesson needs {FEWEST} items and 3 dimensions; {space.name} has {len(space):,} "
            f"and {space.dimensions:,}."
        )
    if facts.umap_of(space) not in space.maps and len(space) > MOST:
        return (
            f"This lesson makes a UMAP map of up to {MOST:,} items; {space.name} has "
            f"{len(space):,}, and brings none."
        )
    return ""


def _map(scene: Scene, name: str, linked: list[int], *, also: int | None = None) -> Dots:
    """A map with the item, its nearest in the space, and perhaps one item more."""
    points = facts.flat(scene).maps[name]
    told = _apart(points, scene.row, linked, 3) if also is None else [also, linked[0]]
    return _picture(scene, points, told, linked, name)


def _apart(points: FloatArray, row: int, others: list[int], count: int) -> list[int]:
    """Some of the others that lie well apart from the row and from each other: room for names."""
    chosen = [row]
    while len(chosen) <= min(count, len(others)):
        away = np.linalg.norm(points[others][:, None] - points[chosen], axis=2).min(axis=1)
        chosen.append(others[int(np.argmax(away))])
    return list(dict.fromkeys(chosen[1:]))


def _picture(
    scene: Scene, points: FloatArray, told: list[int], linked: list[int], title: str
) -> Dots:
    """Some of the dots, the item, names of some, and lines to others."""
    rows = sampled_rows(len(points), DOTS)
    extra = [scene.row, *told, *linked]
    places = {row: len(rows) + at for at, row in enumerate(dict.fromkeys(extra))}
    shown = np.concatenate([points[rows], points[list(places)]])
    return Dots(
        f"{title}: {named(scene.item)} and its {len(linked)} nearest in the space, joined by "
        "lines.",
        shown,
        named=[(places[row], scene.space.items[row]) for row in dict.fromkeys([scene.row, *told])],
        linked=[places[row] for row in linked],
        title=title,
        square=True,
    )


LESSON = Lesson(
    key="maps-lie",
    title="The map lies",
    promise="Know what may be read off PCA, UMAP and random projections, and what may not.",
    minutes=15,
    goals=(
        "Say how much of a space a flat picture can hold.",
        "Check a neighbour on the map in the space.",
        "Read a faithfulness score beside that of a random layout.",
    ),
    steps=(
        Step(
            "Two of many",
            "A space of many dimensions is to be drawn on paper. The plainest way is to look at it "
            "from the side from which it seems widest: PCA.",
            two_of_many,
            "Hold up a chair: which shadow of it tells most? PCA takes that one.",
        ),
        Step(
            "Near on the map",
            "UMAP makes no shadow: it moves dots about until neighbours lie side by side.",
            near_on_the_map,
            "Let the class look up some words and compare the map with the list of neighbours.",
        ),
        Step(
            "Who keeps neighbours?",
            "One item is an anecdote. Let us count over many, for three maps.",
            who_keeps_neighbours,
            "Always ask for the score of a map that knows nothing.",
        ),
        Step(
            "Who keeps distances?",
            "Now pairs of items that need not be neighbours at all.",
            who_keeps_distances,
            "A perfect map would be a rising line in such a diagram (Shepard).",
        ),
        Step(
            "Two that touch",
            "Every map has places where strangers are put side by side.",
            two_that_touch,
            "Ask how one would find out without being told. By the list of neighbours.",
        ),
        Step(
            "The same twice",
            "A random projection takes two random directions: the cheapest map there is.",
            the_same_twice,
            "Random projections are good in many dimensions; two are not many.",
        ),
        Step(
            "How dense?",
            "The eye sees crowds and gaps first.",
            how_dense,
            "This is the most common misuse: cluster sizes on a UMAP map.",
        ),
    ),
    quiz=(quiz_nearest, quiz_hidden, quiz_chance, quiz_read_off),
    misses=_misses,
    kernels=("neighbors.exact", "faithfulness.ranks", "projection.umap"),
    page="projections",
)
