"""Lesson 8: king - man + woman, what it finds, and what it does not prove."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from explorer.analogies import axis, parallelism, parse, solve
from explorer.analogies.axes import differences
from explorer.bundled.small_world_words import COUNTRIES, FAMILY, ROYALTY
from explorer.evaluation.analogy_accuracy import answer
from explorer.learn.examples import some_rows
from explorer.learn.lesson import Exercise, Lesson, Scene, Step
from explorer.learn.pictures import Arrow, Arrows, Bars
from explorer.learn.questions import Option, Question, closest, mixed
from explorer.learn.wording import named, tex
from explorer.metrics import cosine

WORDS = ("king", "man", "woman", "queen", "doctor")
ROYAL = "king - man + woman"
WRONG = "doctor - man + woman"
MOST = 40  # analogies of a kind that are asked
FOUND = 5


def who_completes(scene: Scene) -> Exercise:
    """The nearest to the point, the inputs left out."""
    space = scene.space
    found = solve(space, parse(ROYAL), FOUND)
    names = space.items.take(found.rows)
    return Exercise(
        mixed(
            "All vectors at length 1: which item lies nearest to king − man + woman, the three "
            "themselves left out?",
            names[0],
            *(
                Option(name, f"It comes at place {place}, with a cosine of {score:.2f}.")
                for place, (name, score) in enumerate(
                    zip(names[1:3], found.scores[1:3].tolist(), strict=True), start=2
                )
            ),
            Option("duke", "It is royal, but not on the side of woman."),
        ),
        f"{named(names[0])}, with a cosine of {found.scores[0]:.2f}, before {named(names[1])} with "
        f"{found.scores[1]:.2f}.",
        "The difference woman − man is a step from one kind of company to another. Where training "
        "has made that step the same for other pairs, it can be taken from king.",
        rf"\arg\max_x \cos(x,\; v_{{\text{{king}}}} - v_{{\text{{man}}}} + v_{{\text{{woman}}}}) = "
        rf"{tex(names[0])}, \quad {found.scores[0]:.2f}",
        _plane(scene),
        f"all {len(space):,} items, exact, 3CosAdd; the plane holds 2 of {space.dimensions} "
        "dimensions",
    )


def inputs_kept(scene: Scene) -> Exercise:
    """The same, with the inputs among the answers."""
    space = scene.space
    found = solve(space, parse(ROYAL), FOUND, keep_inputs=True)
    names = space.items.take(found.rows)
    inputs = [at for at, name in enumerate(names) if name in ("king", "man", "woman")]
    return Exercise(
        mixed(
            "The three were left out. And if they may be answers, too: who is nearest then?",
            names[0],
            *(
                Option(name, f"Its cosine is less than that of {named(names[0])}.")
                for name in ("king", "queen", "woman")
            ),
        ),
        f"{named(names[0])} ({found.scores[0]:.2f}), then {named(names[1])} "
        f"({found.scores[1]:.2f}).",
        "The step is short beside the vector itself, so the point often stays nearest to where it "
        "began. Leaving the inputs out is a rule of the game, not something the space says.",
        rf"\cos(v_{{\text{{king}}}} - v_{{\text{{man}}}} + v_{{\text{{woman}}}},\; "
        rf"v_{{{tex(names[0])}}}) = {found.scores[0]:.2f}",
        Bars(
            f"The {FOUND} nearest with the inputs kept: {', '.join(names)}.",
            names,
            found.scores.tolist(),
            "cosine with king − man + woman",
            marked=inputs,
        ),
        f"all {len(space):,} items, exact; the items of the expression are marked",
    )


def how_often(scene: Scene) -> Exercise:
    """Capitals: answered with inputs dropped, kept, and by the nearest of one item alone."""
    space = scene.space
    rows = _questions(scene, _capitals())
    vectors = space.vectors
    right = rows[:, 3]
    dropped = float(np.mean(answer(vectors, rows[:, :3], "3CosAdd", False) == right))
    kept = float(np.mean(answer(vectors, rows[:, :3], "3CosAdd", True) == right))
    alone = float(np.mean(_nearest_of(scene, rows[:, 2]) == right))
    return Exercise(
        Question(
            f"Of {len(rows)} questions like “germany is to berlin as italy is to …?”, how many are "
            "answered rightly, the inputs left out?",
            (
                Option("Nearly all", "Many misses are near: another city of the right country."),
                Option("About half", "Compare with the bar of what was found."),
                Option("Hardly any", "By chance it would be none: see the last bar."),
            ),
            closest(dropped, (0.95, 0.5, 0.05)),
        ),
        f"{dropped:.1%}; with the inputs kept {kept:.1%}. The nearest of the country alone, "
        f"without any arithmetic, is right {alone:.1%} of the time.",
        "A score says something only beside what simpler rules reach. What the arithmetic adds is "
        "what lies above the rule that ignores the first pair.",
        rf"\text{{left out }} {dropped:.3f}, \quad \text{{kept }} {kept:.3f}, \quad "
        rf"\text{{nearest alone }} {alone:.3f}, \quad \text{{chance }} {1 / len(space):.5f}",
        Bars(
            f"Answered rightly: {dropped:.1%} with the inputs left out, {kept:.1%} with them kept, "
            f"{alone:.1%} by the nearest alone.",
            ["inputs left out", "inputs kept", "nearest alone", "by chance"],
            [100 * dropped, 100 * kept, 100 * alone, 100 / len(space)],
            "per cent right",
            marked=(0,),
        ),
        f"{len(rows)} questions made of {len(_held(scene, _capitals()))} capitals that the space "
        "holds, seed 0; 3CosAdd, exact",
    )


def are_they_parallel(scene: Scene) -> Exercise:
    """The mean cosine of differences, beside shuffled pairs."""
    pairs = _held(scene, _capitals())
    found = parallelism(scene.space, pairs, seed=0)
    shuffled = float(found.shuffled.mean())
    return Exercise(
        Question(
            "The picture of the analogy is a parallelogram. How parallel are the steps from "
            f"country to capital of {len(pairs)} pairs, as a mean cosine?",
            (
                Option("Nearly 1", "Then every analogy would come out."),
                Option("About 0.4", "Here they are more, or less, parallel than usual."),
                Option("About 0", "Two random directions have 0; these have something in common."),
            ),
            closest(found.mean, (0.95, 0.4, 0.0)),
        ),
        f"{found.mean:.2f}; with the capitals dealt out anew it is {shuffled:.2f}, and only "
        f"{found.mean - shuffled:.2f} is owed to the pairing.",
        "All countries differ from all capitals in some common way, whichever is paired with "
        "which. An analogy rests on what comes on top of that.",
        rf"\overline{{\cos}} = {found.mean:.2f}, \quad \text{{shuffled }} {shuffled:.2f}, \quad "
        rf"p = {found.share:.3f}",
        Bars(
            f"Mean cosine of the steps {found.mean:.2f}; shuffled pairs {shuffled:.2f}.",
            ["as paired", "dealt out anew"],
            [found.mean, shuffled],
            "mean cosine of two steps",
            marked=(0,),
        ),
        f"{len(pairs)} pairs of country and capital that the space holds; 200 shuffles, seed 0",
    )


def a_wrong_question(scene: Scene) -> Exercise:
    """Doctor - man + woman: an answer comes whatever is asked."""
    space = scene.space
    dropped, kept = (solve(space, parse(WRONG), 3, keep_inputs=keep) for keep in (False, True))
    names, own = space.items.take(dropped.rows), space.items.take(kept.rows)
    rank = int(kept.ranks_of(space.row("doctor"))[0])
    return Exercise(
        Question(
            "“Man is to doctor as woman is to …?” With the inputs allowed, at which place does "
            "doctor itself stand?",
            (
                Option("First", "Here the step leads away from doctor: see who comes before."),
                Option("Among the first ten", "It stands elsewhere: see the list."),
                Option("Far behind", "The step is short, so where it began stays near."),
            ),
            0 if rank == 1 else 1 if rank <= 10 else 2,
        ),
        f"At place {rank:,}. Left out, as usual, {named(names[0])} ({dropped.scores[0]:.2f}) and "
        f"{named(names[1])} ({dropped.scores[1]:.2f}) come first.",
        "Under the usual rule “doctor” can never be the answer, because it was asked with. "
        "Headlines were made of what comes next.",
        rf"\text{{kept: }} {tex(own[0])}\ {kept.scores[0]:.2f}, \quad \text{{dropped: }} "
        rf"{tex(names[0])}\ {dropped.scores[0]:.2f}",
        Bars(
            f"With the inputs kept: {', '.join(own)}; dropped: {', '.join(names)}.",
            [*(f"kept: {name}" for name in own), *(f"dropped: {name}" for name in names)],
            [*kept.scores.tolist(), *dropped.scores.tolist()],
            "cosine with doctor − man + woman",
            marked=range(3),
        ),
        f"all {len(space):,} items, exact, 3CosAdd (Nissim, van Noord & van der Goot 2020)",
    )


def one_direction(scene: Scene) -> Exercise:
    """A pair that took no part in an axis, on that axis."""
    space = scene.space
    pairs = _held(scene, (*FAMILY, *ROYALTY))
    left_out, others = pairs[0], pairs[1:]
    direction = axis(space, others)
    step = float((differences(space, [left_out]) @ direction)[0])
    random = _random_steps(scene, direction)
    beyond = float(np.mean(np.abs(random) >= abs(step)))
    names = [space.items[row] for row in left_out]
    return Exercise(
        Question(
            f"Instead of one example, take the mean step of {len(others)} pairs like father to "
            f"mother. Does the pair {named(names[0])} and {named(names[1])}, which was left out, "
            "lie along it more than 95 of 100 random pairs?",
            (
                Option("Yes", "Random pairs lie along it as much, or more."),
                Option("No", "Its step has far more in common with the mean step than theirs."),
            ),
            0 if beyond <= 0.05 else 1,
        ),
        f"Its step has a cosine of {step:.2f} with the mean step; {beyond:.1%} of random pairs "
        "reach that, either way round.",
        "A mean over many pairs cancels what each of them has on its own. A direction that holds "
        "for pairs it was not made from is worth more than any single analogy.",
        rf"\cos(v_{{{tex(names[1])}}} - v_{{{tex(names[0])}}},\; \bar d) = {step:.2f}, \quad "
        rf"\text{{random pairs: }} \pm {float(np.quantile(np.abs(random), 0.95)):.2f}",
        Bars(
            f"The left-out pair {step:.2f}, 95 of 100 random pairs below "
            f"{np.quantile(np.abs(random), 0.95):.2f}.",
            [" → ".join(names), "95% of random pairs"],
            [step, float(np.quantile(np.abs(random), 0.95))],
            "cosine with the mean step of the other pairs",
            marked=(0,),
        ),
        f"{len(others)} pairs for the direction, one left out; 1,000 random pairs, seed 0",
    )


def quiz_kept(scene: Scene) -> Question:
    """Berlin - germany + france with the inputs kept."""
    return _asked(scene, "paris - france + italy", keep=True)


def quiz_dropped(scene: Scene) -> Question:
    """And with the inputs dropped."""
    return _asked(scene, "berlin - germany + france", keep=False)


def quiz_expression(scene: Scene) -> Question:
    """Which expression finds queen soonest."""
    texts = (ROYAL, "man - king + woman", "king + man - woman")
    row = scene.space.row("queen")
    ranks = [solve(scene.space, parse(text), 1).ranks_of(row)[1] for text in texts]
    best = int(np.argmin(ranks))
    return mixed(
        "Which expression ranks “queen” highest?",
        texts[best].replace("-", "−"),
        *(
            Option(text.replace("-", "−"), f"There it comes at place {rank:,}.")
            for text, rank in zip(texts, ranks, strict=True)
        ),
    )


def _asked(scene: Scene, text: str, *, keep: bool) -> Question:
    found = solve(scene.space, parse(text), 4, keep_inputs=keep)
    names = scene.space.items.take(found.rows)
    how = "allowed" if keep else "left out"
    return mixed(
        f"Who is nearest to {text.replace('-', '−')}, the inputs {how}?",
        names[0],
        *(Option(name, f"It comes at place {at}.") for at, name in enumerate(names[1:4], start=2)),
    )


def _capitals() -> tuple[tuple[str, str], ...]:
    return tuple(pair for pairs in COUNTRIES.values() for pair in pairs)


def _held(scene: Scene, pairs: Sequence[tuple[str, str]]) -> list[tuple[int, int]]:
    """Rows of those pairs of which the space has both."""
    rows = [tuple(scene.space.items.get(name) for name in pair) for pair in pairs]
    return [(one, other) for one, other in rows if one is not None and other is not None]


def _questions(scene: Scene, pairs: Sequence[tuple[str, str]]) -> NDArray[np.int64]:
    """(q, 4) rows of a, b, c and the true d: pairs of pairs, drawn with seed 0."""
    held = np.array(_held(scene, pairs), dtype=np.int64)
    random = np.random.default_rng(0)
    first = random.integers(0, len(held), MOST)
    second = (first + random.integers(1, len(held), MOST)) % len(held)
    return np.column_stack([held[first], held[second]])


def _nearest_of(scene: Scene, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """The nearest of each row by cosine, itself left out."""
    scores = cosine(scene.space.vectors, scene.space.vectors[rows])
    scores[np.arange(len(rows)), rows] = -np.inf
    best: NDArray[np.int64] = np.argmax(scores, axis=1)
    return best


def _random_steps(scene: Scene, direction: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cosines of 1,000 differences of random pairs with a direction."""
    random = np.random.default_rng(0)
    one, other = random.integers(0, len(scene.space), (2, 1_000))
    apart = one != other
    ends = list(zip(one[apart].tolist(), other[apart].tolist(), strict=True))
    vectors = scene.space.vectors
    moving = [pair for pair in ends if not np.array_equal(vectors[pair[0]], vectors[pair[1]])]
    along: NDArray[np.float64] = differences(scene.space, moving) @ direction
    return along


def _plane(scene: Scene) -> Arrows:
    """The four words on the plane of the two steps king - man and woman - man."""
    space = scene.space
    found = solve(space, parse(ROYAL), 1)
    names = ["king", "man", "woman", space.items[int(found.rows[0])]]
    unit = np.stack([space.vectors[space.row(name)] for name in names]).astype(np.float64)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    steps = np.stack([unit[0] - unit[1], unit[2] - unit[1]])
    frame, _ = np.linalg.qr(steps.T)
    flat = (unit - unit[1]) @ frame
    place = {name: (float(x), float(y)) for name, (x, y) in zip(names, flat.tolist(), strict=True)}
    goal = tuple((flat[0] + flat[2]).tolist())
    return Arrows(
        f"From man to king and to woman; from king the same step leads near {names[3]}.",
        [
            Arrow("man", place["man"], place["man"]),
            Arrow("king", place["man"], place["king"]),
            Arrow("woman", place["man"], place["woman"]),
            Arrow("king − man + woman", place["king"], (goal[0], goal[1])),
            Arrow(names[3], place["man"], place[names[3]], group=0),
        ],
    )


def _misses(scene: Scene) -> str:
    """The words of the lesson, and enough capitals."""
    space = scene.space
    lacking = [word for word in WORDS if space.items.get(word) is None]
    if lacking:
        return f"This lesson needs the words {', '.join(WORDS)}; {space.name} has not {lacking[0]}."
    if len(_held(scene, _capitals())) < 5 or len(some_rows(scene, 10)) < 10:
        return f"This lesson needs some capitals and their countries; {space.name} has too few."
    return ""


LESSON = Lesson(
    key="analogy",
    title="Analogies and their traps",
    promise="Do arithmetic with words, and know which part of the answer was put in by hand.",
    minutes=12,
    goals=(
        "Read a is to b as c is to d as one step taken from two places.",
        "Know what leaving the inputs out does, and ask for both.",
        "Prefer many pairs beside a baseline to one striking example.",
    ),
    steps=(
        Step(
            "King, man, woman",
            "If a vector holds what a word keeps company with, then woman − man should hold what "
            "sets the two apart. Add that to king.",
            who_completes,
            "Collect guesses, and ask what the class would accept as right.",
        ),
        Step(
            "The rule that nobody mentions",
            "Most programs leave the three words of the question out of the answers, and do not "
            "say so.",
            inputs_kept,
            "Who has seen an article on this example that says so?",
        ),
        Step(
            "How often does it work?",
            "One example proves little. Here are many of one kind, and a rule that does no "
            "arithmetic at all.",
            how_often,
            "What would you call a success: half, or more than the simple rule?",
        ),
        Step(
            "Is it a parallelogram?",
            "On paper the two steps are parallel. In many dimensions one can measure it.",
            are_they_parallel,
            "Draw two arrows with a cosine of 0.4: how parallel do they look?",
        ),
        Step(
            "A question that has no answer",
            "The arithmetic always answers. It cannot say that the question was wrong.",
            a_wrong_question,
            "What does such an answer say about doctors, about the text, about the method?",
        ),
        Step(
            "Many pairs, one direction",
            "A single pair brings its own oddities. A mean of many steps leaves what they share.",
            one_direction,
            "The Analogies & axes page draws a whole map from two such directions.",
        ),
    ),
    quiz=(quiz_dropped, quiz_kept, quiz_expression),
    misses=_misses,
    controls=("space",),
    page="analogies",
)
