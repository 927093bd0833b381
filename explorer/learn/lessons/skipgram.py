"""Lesson 3: how skip-gram learns, one update by hand, then the loss falling."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.learn import toy
from explorer.learn.facts import skipgram as facts
from explorer.learn.facts.skipgram import NEGATIVES, PLANE, RATE, WORD
from explorer.learn.lesson import Exercise, Lesson, Scene, Step
from explorer.learn.pictures import Arrow, Arrows, Bars, Grid, Lines, Live
from explorer.learn.questions import Option, Question, closest, largest, mixed
from explorer.learn.wording import named, tex
from explorer.metrics import cosine
from explorer.neighbors import neighbors_of, random_pair_scores
from explorer.training.prediction_reference import sigmoid
from explorer.training.worked_example import work
from explorer.training.worked_step import WorkedExample

REACH = 2  # words on each side, in the step that counts pairs
RATES = (0.001, 0.025, 0.25, 2.5)  # to choose from
CURVE = (0.001, 0.005, 0.025, 0.1, 0.25, 0.7, 2.5)
EARLY = 0.2  # of the work


def pairs_of_a_sentence(scene: Scene) -> Exercise:
    """How many pairs of words stand within two places of each other."""
    sentence = toy.sentence_with(WORD)
    near = facts.near(len(sentence), REACH)
    pairs, n = int(near.sum()), len(sentence)
    return Exercise(
        mixed(
            f"“{' '.join(sentence)}”: how many pairs of a word and a word near it are there, at "
            f"most {REACH} places apart, both ways round?",
            f"{pairs}",
            Option(f"{n}", "Each word has several near it, not one."),
            Option(f"{2 * REACH * n}", "The first and the last words have fewer on one side."),
            Option(f"{n * (n - 1)}", "That counts all pairs, however far apart."),
        ),
        f"{pairs} pairs; {named(WORD)} alone is in {int(near[sentence.index(WORD)].sum())} of them "
        "as the first.",
        "Nobody tells the program what a word means. It gets pairs like these from a text, and has "
        "to guess from one word which others stand near it.",
        r"\sum_{i=1}^{n} \#\{\,j : 0 < |i - j| \le "
        rf"{REACH}\,\}} = {' + '.join(map(str, near.sum(axis=1).tolist()))} = {pairs}",
        Grid(
            f"Which words of the sentence stand at most {REACH} places from each other.",
            sentence,
            sentence,
            np.where(near, 1.0, np.nan),
            marked=(sentence.index(WORD),),
            digits=0,
        ),
        "one sentence of the text",
    )


def before_training(scene: Scene) -> Exercise:
    """What the untrained model says of a true pair and of random ones."""
    fresh, choice = toy.trainer(*PLANE), facts.choice()
    example = work(fresh, choice, RATE)
    chance = example.scores[0].predicted
    levels = (0.0, 1 / len(toy.text().words), 0.5, 1.0)
    options = (
        Option("0: it knows nothing yet", "A 0 would be a firm no; the score of 0 means: no idea."),
        Option(
            f"{levels[1]:.4f}: one word of {len(toy.text().words)}",
            "It is not asked which of all words stands there, but yes or no about this one.",
        ),
        Option("0.5: as good as a coin", "All scores begin at 0, where σ says one half."),
        Option("1: the pair is in the text", "It has not seen the text before training."),
    )
    names = [one.name for one in example.scores]
    k = len(names) - 1
    return Exercise(
        Question(
            f"For two words a model gives σ(u·h), how likely they are a true pair. What does the "
            f"untrained one say of {named(WORD)} and {named(choice.target)}?",
            options,
            closest(chance, levels),
        ),
        f"It says {chance:.2f} of the true word and of each of the {k} random ones. The loss of "
        f"the example is {example.loss_before:.3f}.",
        "Output rows begin at zero, so that every product is 0 and σ(0) is one half. Training has "
        "to move the true pair towards 1 and random pairs towards 0.",
        rf"\sigma(0) = \frac{{1}}{{1 + e^{{0}}}} = {chance:.2f}, \quad "
        rf"L = -\log \sigma(0) - {k} \log \sigma(-0) = {k + 1} \log 2 = {example.loss_before:.3f}",
        Bars(
            f"The chance given to the true word and to {k} random ones: {chance:.2f} each.",
            names,
            [one.predicted for one in example.scores],
            "σ(score), before training",
            marked=(0,),
        ),
        f"skip-gram with 2 dimensions, untrained, seed 1; {k} random words, seed 1",
    )


def the_true_word(scene: Scene) -> Exercise:
    """The output row of the true word before and after one step."""
    example = facts.example()
    hidden, true = example.vectors[0], example.vectors[1]
    moved = true.after - true.before
    along = float(moved @ hidden.before)
    options = (
        Option("Towards the arrow of the first word", "A true pair is to score higher."),
        Option("Away from it", "That is what happens to random words; a true pair is wanted."),
        Option("It stays", "It stays only where the model is certain already: 1 - σ is above 0."),
    )
    first, second = named(WORD), named(true.name)
    return Exercise(
        Question(
            f"{second} does stand near {first}. Where does its row move in the next step?",
            options,
            2 if np.allclose(moved, 0) else 0 if along > 0 else 1,
        ),
        f"It moves by {true.step_norm:.3f} towards {first}: the score goes from "
        f"{example.scores[0].value:.3f} to {example.scores[0].after:.3f}.",
        "The step is the error, 1 - σ, times the other word's vector. The less the pair was "
        "believed, the larger the step.",
        rf"e = 1 - \sigma({example.scores[0].value:.3f}) = {example.scores[0].error:.3f}, \quad "
        rf"u_{{{tex(true.name)}}} \leftarrow u_{{{tex(true.name)}}} + \eta\, e\, h_{{{tex(WORD)}}}",
        _moves(example, [1], f"{second} moves towards {first}."),
        _note(example),
        before=_moves(example, [1], f"The arrows of {first} and {second}.", after=False),
    )


def who_moves_most(scene: Scene) -> Exercise:
    """The lengths of the steps of all rows of one example."""
    example = facts.example()
    outputs = example.vectors[1:]
    steps = [one.step_norm for one in outputs]
    scores = example.scores
    most = int(np.argmax(steps))
    told = [f"wanted {one.wanted:.0f}, σ = {one.predicted:.2f}" for one in scores]
    options = tuple(
        Option(f"{one.name}: {text}", f"Its error is {abs(score.error):.2f}, and not the largest.")
        for one, score, text in zip(outputs, scores, told, strict=True)
    )
    return Exercise(
        Question(
            f"The true word is to score 1, the {NEGATIVES} random ones 0. Whose row moves the "
            "furthest?",
            options,
            most,
        ),
        f"{named(outputs[most].name)} moves the furthest, by {steps[most]:.3f}; random words move "
        "away from the arrow of the first word.",
        "All rows are moved along the same vector h, each by its error: wanted less predicted. "
        "What was judged right already hardly moves.",
        r"e_i = y_i - \sigma(u_i \cdot h): \quad "
        + r", \quad ".join(rf"{tex(one.name)}\;{one.error:+.2f}" for one in scores),
        _moves(
            example,
            range(1, len(example.vectors)),
            f"One step: the true word moves towards {named(WORD)}, random words away from it.",
        ),
        _note(example),
        before=Bars(
            "What the model says of the true word and of the random ones, before the step.",
            [one.name for one in scores],
            [one.predicted for one in scores],
            "σ(score)",
            marked=(0,),
        ),
    )


def how_large_a_step(scene: Scene) -> Exercise:
    """The held-out loss after one pass over the text, for several learning rates."""
    losses = dict(zip(CURVE, map(facts.after_a_pass, CURVE), strict=True))
    best = int(np.argmin([losses[rate] for rate in RATES]))
    start = facts.history()[0][1]
    fair = {rate: loss for rate, loss in losses.items() if np.isfinite(loss)}

    def told(rate: float) -> str:
        loss = losses[rate]
        return f"ends at {loss:.2f}" if np.isfinite(loss) else "diverges: numbers beyond all bounds"

    return Exercise(
        Question(
            "The learning rate η says how long each step is. Which of these has the lowest loss "
            "after one pass over the text?",
            tuple(
                Option(f"η = {rate:g}", f"It {told(rate)}; another rate ends lower.")
                for rate in RATES
            ),
            best,
        ),
        f"η = {RATES[best]:g} {told(RATES[best])}, from {start:.2f} before. η = {RATES[0]:g} "
        f"{told(RATES[0])}, and η = {RATES[-1]:g} {told(RATES[-1])}.",
        "The gradient says where downhill is, only near where one stands. Short steps do not get "
        "far in one pass, and long ones undo what other pairs have learned.",
        r", \quad ".join(
            rf"L({rate:g}) = {losses[rate]:.2f}".replace("inf", r"\infty") for rate in RATES
        ),
        Lines(
            f"The loss after one pass over the learning rate; before it, {start:.2f}.",
            {
                "after one pass": (list(fair), list(fair.values())),
                "before": ([CURVE[0], CURVE[-1]], [start, start]),
            },
            "learning rate η (log scale)",
            "loss on held-out pairs",
            log="xy" if max(fair.values()) > 10 * start else "x",
            mark=(RATES[best], f"η = {RATES[best]:g}"),
        ),
        f"skip-gram, {toy.DIMENSIONS} dimensions, one pass for each rate, seed 1",
    )


def the_loss_falls(scene: Scene) -> Exercise:
    """How much of the fall of the held-out loss comes in the first fifth of the work."""
    points = facts.history()
    first, last = points[0][1], points[-1][1]
    at = min(points, key=lambda point: abs(point[0] - EARLY))
    share = (first - at[1]) / (first - last)
    levels = (0.05, EARLY, 0.75)
    options = (
        Option("Hardly any: it starts slowly", "Errors are largest at first, and so are steps."),
        Option(f"About {EARLY:.0%}: it falls evenly", "As errors shrink, steps do: it slows down."),
        Option("Most of it", "Here the fall took longer than usual."),
    )
    return Exercise(
        Question(
            f"The text is gone through {toy.EPOCHS} times. How much of the whole fall of the loss "
            f"comes in the first fifth of the work?",
            options,
            closest(share, levels),
        ),
        f"{share:.0%} of it: the loss on held-out pairs goes from {first:.2f} to {at[1]:.2f}, and "
        f"then to {last:.2f}.",
        "At first nearly every step corrects a large error. Later the easy things are known, and "
        "the falling learning rate makes the steps smaller, too.",
        rf"\frac{{{first:.2f} - {at[1]:.2f}}}{{{first:.2f} - {last:.2f}}} = {share:.2f}",
        Live(
            f"Training: the loss falls from {first:.2f} to {last:.2f} while the words move.",
            toy.trainer,
            (WORD, "paris"),
        ),
        f"skip-gram, {toy.DIMENSIONS} dimensions, {toy.EPOCHS} passes, seed 1, slowed down to be "
        "seen; the loss in the question is that on held-out pairs",
    )


def what_was_learned(scene: Scene) -> Exercise:
    """The nearest word after training, beside words that often stand near it."""
    space = toy.space()
    row = space.row(WORD)
    first = int(neighbors_of(space, WORD, 1).indices[0, 0])
    rows = list(dict.fromkeys([first, facts.often_near(), 0, len(space) - 1]))
    scores = cosine(space.vectors[rows], space.vectors[row])[0].tolist()
    best = rows[int(np.argmax(scores))]
    typical = float(np.median(random_pair_scores(space.vectors, "cosine", 1_000, seed=0)))
    why_not = {
        facts.often_near(): "It stands near it often, but seldom in its place: near is not alike.",
        0: "It is the most frequent word, and stands near all of them.",
    }
    question = mixed(
        f"After training, which of these has the vector most like that of {named(WORD)}?",
        space.items[best],
        *(
            Option(space.items[one], why_not.get(one, "It is a rare word of another kind."))
            for one in rows
            if one != best
        ),
    )
    return Exercise(
        question,
        f"{named(space.items[best])}, with a cosine of {max(scores):.3f}; two random words have "
        f"{typical:.3f}.",
        "Vectors become alike when words stand in like company, for they then have to predict the "
        "same words. Standing next to each other is not needed.",
        rf"\cos({tex(WORD)}, {tex(space.items[best])}) = {max(scores):.3f}, \quad "
        rf"\cos({tex(WORD)}, {tex(space.items[facts.often_near()])}) = "
        rf"{scores[rows.index(facts.often_near())]:.3f}",
        Bars(
            f"The cosine of {named(WORD)} with four words after training.",
            space.items.take(rows),
            scores,
            "cosine after training",
            marked=(rows.index(best),),
            baseline=(typical, "two random words"),
        ),
        f"{len(space)} words, exact; random: median of 1,000 pairs, seed 0",
    )


def quiz_pairs(scene: Scene) -> Question:
    """Pairs of a sentence of six words, one place apart."""
    pairs = int(facts.near(6, 1).sum())
    return mixed(
        "A sentence has six words, all different. How many pairs stand side by side, both ways "
        "round?",
        f"{pairs}",
        Option("12", "The first and the last word have one word beside them only."),
        Option("5", "Both ways round: each word of a pair is once the first."),
        Option("30", "That counts all pairs, not only those side by side."),
    )


def quiz_error(scene: Scene) -> Question:
    """The error of a random word with a given score."""
    score = facts.example().scores[-1]
    return mixed(
        f"A random word gets the score {score.value:.2f}, for which σ = {score.predicted:.2f}. "
        "What is its error, wanted less predicted?",
        f"{score.wanted - score.predicted:.2f}",
        Option(f"{1 - score.predicted:.2f}", "Of a random word 0 is wanted, not 1."),
        Option(f"{-score.value:.2f}", "The score goes through σ first."),
    )


def quiz_start(scene: Scene) -> Question:
    """The loss before training with ten random words."""
    negatives = 10
    loss = float(-np.log(sigmoid(np.zeros(negatives + 1))).sum())
    return mixed(
        f"What is the loss of an example before training, with {negatives} random words?",
        f"{loss:.2f}",
        Option(f"{np.log(2):.2f}", "That is the part of a single word; here there are eleven."),
        Option(f"{negatives * np.log(2):.2f}", "The true word counts, too."),
        Option("0.00", "A loss of 0 is what a perfect model has."),
    )


def quiz_alike(scene: Scene) -> Question:
    """Which pair is more alike after training?"""
    space = toy.space()
    pairs = [("paris", "rome"), ("paris", "city"), ("paris", "is")]
    scores = [float(cosine(space.vector(one), space.vector(other))[0, 0]) for one, other in pairs]
    told = [f"{one} and {other}" for one, other in pairs]
    return largest(
        "Which two words have the most similar vectors after training?",
        dict(zip(told, scores, strict=True)),
        lambda score: f"Their cosine is {score:.2f}: to stand near is not to be alike.",
    )


def _note(example: WorkedExample) -> str:
    return (
        f"skip-gram with 2 dimensions after {PLANE[1]} passes, seed 1; one example, learning rate "
        f"{example.rate:g}, far larger than in training, so that it can be seen"
    )


def _moves(
    example: WorkedExample, which: range | list[int], alt: str, *, after: bool = True
) -> Arrows:
    """The predicting word's arrow, and other rows before and after the step."""
    hidden = example.vectors[0]
    arrows = [Arrow(hidden.name, (0, 0), _point(hidden.before), 2)]
    for at in which:
        one = example.vectors[at]
        old, new = _point(one.before), _point(one.after)
        arrows.append(Arrow("" if after else one.name, (0, 0), old, 0))
        if after:
            arrows.append(Arrow(one.name, old, new, 3 if at == 1 else 4))
    return Arrows(alt, arrows)


def _point(vector: NDArray[np.float64]) -> tuple[float, float]:
    return float(vector[0]), float(vector[1])


LESSON = Lesson(
    key="skipgram",
    title="How skip-gram learns",
    promise="Do one update by hand, then watch thousands of them pull a map together.",
    minutes=15,
    goals=(
        "Say what skip-gram is asked to predict, and from what.",
        "Work one update: scores, errors, and which vector moves where.",
        "Explain why words in like company get like vectors.",
    ),
    steps=(
        Step(
            "Pairs from a text",
            "Skip-gram reads a text and looks, around each word, at the words near it: each gives "
            "a pair to learn from. The text here was made up by a small grammar, so its sentences "
            "are odd, and what is alike in it is known.",
            pairs_of_a_sentence,
            "Let pupils mark the pairs of one word in a sentence of their own.",
        ),
        Step(
            "Before any training",
            "Each word has two rows: h to predict with, and u to be predicted by. The score of a "
            "pair is u·h, and σ turns it into a number between 0 and 1.",
            before_training,
            "σ(x) = 1 / (1 + e^(-x)): draw it, and mark x = 0.",
        ),
        Step(
            "The true word",
            "These two words do stand near each other in the text. With vectors of two numbers we "
            "can watch one step of learning.",
            the_true_word,
            "What would happen if only true pairs were ever shown? All arrows would end up alike.",
        ),
        Step(
            "Random words",
            "So that not all vectors become alike, each true pair comes with some words drawn at "
            "random, which are to be told apart from it.",
            who_moves_most,
            "Compute the errors from the bars before revealing.",
        ),
        Step(
            "How large a step",
            "A step goes against the gradient of the loss. How far, is our choice: a short step is "
            "careful, a long one is quick.",
            how_large_a_step,
            "Ask what happens on a hill if one runs a mile in the direction that is downhill here.",
        ),
        Step(
            "The loss falls",
            "Now the whole text, pair by pair, in more dimensions. The loss says how surprised the "
            "model still is by pairs that were kept from it.",
            the_loss_falls,
            "Watch two words and name their neighbours as they settle.",
        ),
        Step(
            "What was learned",
            "The training is over. Which words have ended up with similar vectors?",
            what_was_learned,
            "Near in the text, and alike in the space: let the class say the difference in words.",
        ),
    ),
    quiz=(quiz_pairs, quiz_error, quiz_start, quiz_alike),
    controls=(),
    kernels=("training.sgns", "neighbors.exact"),
    page="train",
    data=toy.ABOUT,
)
