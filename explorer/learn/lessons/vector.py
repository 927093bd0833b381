"""Lesson 1: a word is a row of numbers, and looking it up is a product with a one-hot vector."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from explorer.learn.examples import nearest, needs_items, row_numbers, some_rows, usual
from explorer.learn.lesson import Exercise, Lesson, Scene, Step
from explorer.learn.pictures import Bars, Grid
from explorer.learn.questions import Option, Question, closest, mixed
from explorer.learn.wording import big, named, tex
from explorer.metrics import cosine
from explorer.neighbors import nearest_neighbors
from explorer.neighbors.all_scores import all_scores

SHOWN = 6  # numbers of a vector that are written out
K = 10


def how_many_numbers(scene: Scene) -> Exercise:
    """The length of a vector: d, whatever the item."""
    space, item = scene.space, scene.item
    n, d = len(space), space.dimensions
    rows = [scene.row, *nearest(scene, 3), *some_rows(scene, 2)]
    shown = min(SHOWN, d)
    question = mixed(
        f"How many numbers does the vector of {named(item)} hold?",
        f"{d:,}: as many as every vector here",
        Option(
            f"{len(item):,}: one for each character",
            "The letters of the name play no part: a vector belongs to the whole item.",
        ),
        Option(
            f"{n:,}: one for each item",
            "That is the length of the one-hot vector of the next step, not of the embedding.",
        ),
        Option(
            "It depends on how much the item means",
            "Then two vectors could not be compared number by number: all have the same length.",
        ),
    )
    numbers = ", ".join(f"{value:.2f}" for value in space.vectors[scene.row, :shown].tolist())
    return Exercise(
        question,
        f"The vector of {named(item)} has {d:,} numbers, and so has that of each of the {n:,} "
        "items.",
        "All items share one table: a row for each item, a column for each dimension. Because all "
        "rows are as long, any two can be compared.",
        rf"v_{{{tex(item)}}} = ({numbers}, \ldots) \in \mathbb R^{{{d}}}",
        Grid(
            f"The first {shown} of {d:,} numbers of {named(item)} and of five other items.",
            [space.items[row] for row in rows],
            [f"{column + 1}" for column in range(shown)],
            space.vectors[rows, :shown],
            marked=(0,),
        ),
        f"the item, its 3 nearest by cosine, 2 rows of {n:,}; {shown} of {d:,} numbers",
    )


def one_hot(scene: Scene) -> Exercise:
    """The product of a one-hot vector and the table is compared with what it might be."""
    space, item = scene.space, scene.item
    n, d = len(space), space.dimensions
    product = _one_hot(n, scene.row) @ space.vectors
    could_be: dict[str, tuple[NDArray[np.floating], str]] = {
        f"The row of {named(item)}": (space.vectors[scene.row], ""),
        "The sum of all rows": (
            space.vectors.sum(axis=0),
            "A vector of ones would give that sum; here every row but one is multiplied by 0.",
        ),
        "The mean of all rows": (
            space.vectors.mean(axis=0),
            "For the mean every place of the vector would hold 1/n; here all but one hold 0.",
        ),
        "A vector of zeros": (
            np.zeros(d),
            "All but one of the products are 0, but one row is multiplied by 1 and stays.",
        ),
    }
    distances = [float(np.abs(product - vector).max()) for vector, _ in could_be.values()]
    options = tuple(Option(text, mistake) for text, (_, mistake) in could_be.items())
    rows = sorted({*row_numbers(n, 4), scene.row})
    shown = min(SHOWN, d)
    table = np.column_stack([[row == scene.row for row in rows], space.vectors[rows, :shown]])
    return Exercise(
        Question(
            f"The one-hot vector of {named(item)} holds {n:,} numbers: a 1 at place "
            f"{scene.row + 1:,}, else 0. What is one-hot times table?",
            options,
            int(np.argmin(distances)),
        ),
        f"The product is the row of {named(item)}: no number differs from it by more than "
        f"{min(distances):.1g}.",
        "Each row is multiplied by its number of the one-hot vector and all are added: every row "
        "but one is multiplied by 0. So a product with a one-hot vector only picks a row.",
        rf"e_{{{scene.row + 1}}}^\top E = 0 \cdot E_1 + \cdots + 1 \cdot E_{{{scene.row + 1}}} + "
        rf"\cdots + 0 \cdot E_{{{n}}} = v_{{{tex(item)}}}",
        Grid(
            f"The one-hot vector of {named(item)} beside rows of the table: its only 1 stands in "
            "the item's own row.",
            [f"{row + 1:,}  {space.items[row]}" for row in rows],
            ["one-hot", *(f"{column + 1}" for column in range(shown))],
            table,
            marked=(rows.index(scene.row),),
        ),
        f"the product over all {n:,} rows, exact; {len(rows)} rows are shown",
    )


def what_it_costs(scene: Scene) -> Exercise:
    """Multiplications of the full product, and both ways timed here."""
    space = scene.space
    n, d = len(space), space.dimensions
    in_full = _one_hot(n, scene.row).size * d
    whole, one = _microseconds(scene)
    question = mixed(
        f"How many multiplications does the full product of a one-hot vector with a table of "
        f"{n:,} × {d:,} take?",
        f"{in_full:,}",
        Option(f"{n:,}", "Each of the n numbers is multiplied with a whole row, not with one."),
        Option(f"{n + d:,}", "Sizes are multiplied, not added: every cell of the table is met."),
        Option(
            f"{d * d:,}", "The table is no square: it has a row for each item, far more than d."
        ),
    )
    return Exercise(
        question,
        f"{in_full:,} multiplications, all but {d:,} of them by 0. Reading the row takes none: "
        f"{one:,.1f} µs here, against {whole:,.0f} µs.",
        "The product says what a lookup is, which is what the mathematics of training needs. A "
        "program reads the row, and gets the same numbers.",
        rf"n \cdot d = {big(n)} \cdot {d} = {big(in_full)}",
        Bars(
            f"Time for one item: the full product {whole:,.0f} µs, reading the row {one:,.1f} µs.",
            ["full product", "reading the row"],
            [whole, one],
            "microseconds (log scale)",
            marked=(1,),
            log=True,
        ),
        "best of 5 runs each, measured on this server",
    )


def what_a_number_means(scene: Scene) -> Exercise:
    """The items that stand highest in the item's own strongest dimension, and its neighbours."""
    space, item = scene.space, scene.item
    k = min(K, (len(space) - 1) // 2)
    strongest = int(np.argmax(space.vectors[scene.row]))
    column = space.vectors[:, strongest]
    highest = [row for row in np.argsort(-column, kind="stable").tolist() if row != scene.row][:k]
    shared = len({*highest} & {*nearest(scene, k)})
    options = (
        Option(
            f"Nearly all {k}",
            "That would be so if the dimension stood for what the item means; few trained "
            "dimensions do.",
        ),
        Option(f"About {k // 2}", "One number of many tells less than half of the story."),
        Option(
            "Few or none",
            "Here this one dimension says more than usual: the vectors were not trained, or few "
            "numbers carry most of the length.",
        ),
    )
    near = [space.items[row] for row in highest]
    return Exercise(
        Question(
            f"{named(item)} has its largest number in dimension {strongest + 1}. Of the {k} other "
            f"items that stand highest there, how many are among its {k} nearest?",
            options,
            closest(shared, (k, k // 2, 0)),
        ),
        f"{shared} of {k}. Highest in dimension {strongest + 1} stand "
        f"{', '.join(map(named, near[:4]))}.",
        "Training fixes how vectors lie to each other, not where the axes point. A meaning lies "
        "along a direction of many dimensions, seldom along one of them.",
        rf"v_{{{tex(item)}, {strongest + 1}}} = {column[scene.row]:.3f}, \quad "
        rf"\text{{{shared} of {k} in common}}",
        Bars(
            f"The items highest in dimension {strongest + 1}; those among the {k} nearest are "
            "marked.",
            near,
            column[highest].tolist(),
            f"number {strongest + 1} of the vector",
            marked=[at for at, row in enumerate(highest) if row in nearest(scene, k)],
        ),
        f"all {len(space):,} items; nearest by cosine, exact",
    )


def who_is_nearest(scene: Scene) -> Exercise:
    """The nearest by cosine beside items that look or stand alike."""
    space, item = scene.space, scene.item
    first = nearest(scene, 1)[0]
    alike = _spelled_alike(scene, {scene.row, first})
    beside = next(
        row for row in (scene.row + 1, scene.row - 1, scene.row + 2)
        if 0 <= row < len(space) and row not in (first, alike)
    )  # fmt: skip
    other = next(row for row in some_rows(scene, 6) if row not in (first, alike, beside))
    rows = [first, alike, beside, other]
    scores = cosine(space.vectors[rows], space.vectors[scene.row])[0].tolist()
    mistakes = (
        "",
        "Letters are not seen: what is spelled alike need not be nearest.",
        "It stands in the next row of the table, but the order of the rows is free.",
        "That one was drawn at random.",
    )
    question = mixed(
        f"Which of these lies nearest to {named(item)}?",
        space.items[first],
        *(
            Option(space.items[row], mistake)
            for row, mistake in zip(rows[1:], mistakes[1:], strict=True)
        ),
    )
    typical = usual(scene)
    return Exercise(
        question,
        f"{named(space.items[first])} is the nearest of all {len(space) - 1:,}, with a cosine of "
        f"{scores[0]:.3f}; two random items have {typical:.3f}.",
        "The vectors were made so that items that are used alike, or look alike, get rows that "
        "point the same way. Whether a cosine is high shows only beside that of random items.",
        rf"\cos(v_{{{tex(item)}}}, v_{{{tex(space.items[first])}}}) = {scores[0]:.3f}, \quad "
        rf"\text{{at random }} {typical:.3f}",
        Bars(
            f"The cosine of {named(item)} with four items; two random items score {typical:.3f}.",
            [space.items[row] for row in rows],
            scores,
            "cosine",
            marked=(0,),
            baseline=(typical, "two random items"),
        ),
        f"nearest of all {len(space):,} items by cosine, exact; random: median of 1,000 pairs, "
        "seed 0",
    )


def what_a_turn_changes(scene: Scene) -> Exercise:
    """The whole table turned by a random rotation: numbers and neighbours before and after."""
    space = scene.space
    k = min(K, len(space) - 1)
    turned = space.vectors @ _rotation(space.dimensions)
    before = set(nearest(scene, k))
    after = set(
        nearest_neighbors(turned, turned[scene.row], k, exclude=[scene.row]).indices[0].tolist()
    )
    kept = len(before & after)
    moved = float(np.abs(turned[scene.row] - space.vectors[scene.row]).max())
    changes = {"numbers": moved > 1e-3, "neighbours": kept < k}
    wanted = [changes == {"numbers": a, "neighbours": b} for a, b in _TURNED]
    shown = min(SHOWN, space.dimensions)
    return Exercise(
        Question(
            f"The whole table is turned by a random rotation of the {space.dimensions}-dimensional "
            f"space. What changes for {named(scene.item)}?",
            tuple(Option(text, mistake) for text, mistake in _TURNED.values()),
            wanted.index(True),
        ),
        f"Every number is another one, by up to {moved:.2f}, and {kept} of {k} neighbours are the "
        "same.",
        "A rotation keeps all lengths and angles. Two trainings may give tables turned against "
        "each other, so numbers of two spaces must never be compared.",
        rf"\cos(Qx, Qy) = \cos(x, y), \quad \text{{{kept} of {k} neighbours kept}}",
        Grid(
            f"The first numbers of {named(scene.item)} before and after the turn.",
            ["before", "after the turn"],
            [f"{column + 1}" for column in range(shown)],
            np.stack([space.vectors[scene.row, :shown], turned[scene.row, :shown]]),
            marked=(1,),
        ),
        f"all {len(space):,} items turned, seed 0; {k} nearest by cosine, exact",
    )


_TURNED = {
    (True, False): ("Its numbers, not its neighbours", ""),
    (False, True): (
        "Its neighbours, not its numbers",
        "A rotation mixes the numbers of each row, and all rows alike: distances stay.",
    ),
    (True, True): (
        "Both",
        "Neighbours depend on angles and lengths alone, and a rotation keeps both.",
    ),
    (False, False): (
        "Neither",
        "The axes now point elsewhere, so that each number of each row is another one.",
    ),
}


def quiz_length(scene: Scene) -> Question:
    """How long is a one-hot vector?"""
    n, d = len(scene.space), scene.space.dimensions
    return mixed(
        "How many numbers does a one-hot vector have in this space?",
        f"{n:,}",
        Option(f"{d:,}", "That is the length of an embedding, not of a one-hot vector."),
        Option("1", "It holds a single 1, but also all the zeros."),
    )


def quiz_size(scene: Scene) -> Question:
    """How many numbers are in the table?"""
    n, d = len(scene.space), scene.space.dimensions
    return mixed(
        "How many numbers are there in the whole table?",
        f"{scene.space.vectors.size:,}",
        Option(f"{n + d:,}", "Rows times columns, not rows plus columns."),
        Option(f"{n * n:,}", "The table holds no number for each pair of items, only d an item."),
        Option(f"{d:,}", "That is one row."),
    )


def quiz_lookup(scene: Scene) -> Question:
    """Which item does a one-hot vector pick?"""
    rows = some_rows(scene, 4, seed=3)
    hot = _one_hot(len(scene.space), rows[1])
    picked = int(np.argmax(hot))
    return mixed(
        f"A one-hot vector has its 1 at place {picked + 1:,}. Whose vector does the product with "
        "the table give?",
        scene.space.items[picked],
        *(
            Option(scene.space.items[row], f"That item stands in row {row + 1:,}.")
            for row in rows
            if row != picked
        ),
    )


def quiz_nearest(scene: Scene) -> Question:
    """Which of four items is nearest to the nearest item?"""
    space = scene.space
    asked = Scene(space, nearest(scene, 1)[0])
    rows = [nearest(asked, 2)[-1], *some_rows(asked, 3, seed=5)]
    scores = all_scores(space.vectors, space.vectors[asked.row], "cosine", norms=space.norms)[rows]
    best = rows[int(np.argmax(scores))]
    return mixed(
        f"Which of these has the largest cosine with {named(asked.item)}?",
        space.items[best],
        *(
            Option(space.items[row], f"Its cosine is {score:.3f} only.")
            for row, score in zip(rows, scores.tolist(), strict=True)
            if row != best
        ),
    )


def _one_hot(n: int, row: int) -> NDArray[np.float32]:
    """(n,) zeros with a 1 at the row."""
    hot = np.zeros(n, dtype=np.float32)
    hot[row] = 1
    return hot


def _rotation(d: int, seed: int = 0) -> NDArray[np.float32]:
    """(d, d) a random orthogonal matrix."""
    q, _ = np.linalg.qr(np.random.default_rng(seed).standard_normal((d, d)))
    return q.astype(np.float32)


def _microseconds(scene: Scene) -> tuple[float, float]:
    """The full product and the reading of the row, best of five."""
    hot, vectors = _one_hot(len(scene.space), scene.row), scene.space.vectors
    best = [float("inf")] * 2
    for _ in range(5):
        begun = time.perf_counter()
        hot @ vectors
        between = time.perf_counter()
        vectors[scene.row].copy()
        took = between - begun, time.perf_counter() - between
        best = [min(pair) for pair in zip(best, took, strict=True)]
    return best[0] * 1e6, best[1] * 1e6


def _spelled_alike(scene: Scene, but: set[int]) -> int:
    """The item with the longest common beginning of name among some hits, else a drawn row."""
    name = scene.item
    for length in range(len(name), 1, -1):
        found = [row for row in scene.space.items.search(name[:length], 20) if row not in but]
        if found:
            return found[0]
    return next(row for row in some_rows(scene, 4, seed=7) if row not in but)


LESSON = Lesson(
    key="vector",
    title="What is a vector for a word?",
    promise="See that a word is a row of numbers, and that looking it up is a product.",
    minutes=10,
    goals=(
        "Read an embedding as a table: a row for each item, d numbers a row.",
        "Explain a lookup as the product of a one-hot vector and the table, and what it saves.",
        "Know that single dimensions mean little and that only how rows lie to each other counts.",
    ),
    steps=(
        Step(
            "A row of numbers",
            "To a computer a word is a number in a list; that says nothing about what it means. An "
            "embedding gives each item a list of numbers instead: its vector.",
            how_many_numbers,
            "Let the class name two words that are alike and two that are not. How could numbers "
            "say so?",
        ),
        Step(
            "Looking it up",
            "All vectors stand in one table, called E. Which row is wanted can be written as a "
            "vector, too: zeros, with a single 1 at the place of the item (one-hot).",
            one_hot,
            "Do the product by hand with three rows of two numbers on the board.",
        ),
        Step(
            "What a lookup costs",
            "The product can be done in full, as a network does with any other layer. Or the row "
            "can simply be read.",
            what_it_costs,
            "This is why an embedding layer is a table: the first layer of a network, done by "
            "reading.",
        ),
        Step(
            "What one number means",
            "It is tempting to take each dimension for a property: one for royalty, one for size. "
            "Let us look at the dimension in which this item stands highest.",
            what_a_number_means,
            "Ask for a guess first what the dimension might stand for, then show the list.",
        ),
        Step(
            "Near means alike",
            "How nearly two rows point the same way is measured by the cosine of their angle: 1 "
            "for the same direction, 0 for a right angle.",
            who_is_nearest,
            "Change the item by the search box and let the class predict its neighbours.",
        ),
        Step(
            "Turn the whole table",
            "Imagine all vectors as one rigid cloud of points, and turn it. The axes stay where "
            "they were, so each point gets new numbers.",
            what_a_turn_changes,
            "Turn a sheet of paper with three dots: distances stay, coordinates do not.",
        ),
    ),
    quiz=(quiz_length, quiz_size, quiz_lookup, quiz_nearest),
    misses=needs_items(20, dimensions=2),
    page="neighbors",
)
