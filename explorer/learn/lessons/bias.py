"""Lesson 12: bias in vectors, and what a test of it can and cannot say."""

from __future__ import annotations

import math

import numpy as np

from explorer.evaluation.association import association, effect_size, pulls
from explorer.learn.facts import bias as facts
from explorer.learn.facts.bias import CAREER, FAMILY, HE, JOBS, SHE
from explorer.learn.lesson import Exercise, Lesson, Scene, Step
from explorer.learn.pictures import Bars, Lines
from explorer.learn.questions import Option, Question, closest, mixed
from explorer.learn.wording import named
from explorer.space import EmbeddingSpace

RANDOM = 300  # random groups, or halves of groups
LEANING = 100  # words of each side that are looked at after a direction is taken away
LIMIT = 0.05  # below which a p counts as small


def who_leans(scene: Scene) -> Exercise:
    """The occupation that lies most with the words of she."""
    rows = facts.held(scene, JOBS)
    toward = pulls(scene.space, rows, facts.poles(scene))
    order = np.argsort(-toward)
    names = [scene.space.items[int(row)] for row in rows[order]]
    asked = [names[0], names[len(names) // 3], names[2 * len(names) // 3], names[-1]]
    return Exercise(
        mixed(
            "For each occupation: its mean cosine with words like she and mother, less that "
            "with words like he and father. Whose is largest?",
            names[0],
            *(Option(name, f"It comes at place {names.index(name) + 1}.") for name in asked[1:]),
        ),
        f"{named(names[0])} with {toward[order[0]]:+.3f}; at the other end {named(names[-1])} with "
        f"{toward[order[-1]]:+.3f}.",
        "The vectors hold which words keep company with which in the text they were made from. If "
        "that text writes of nurses beside she, so do the vectors.",
        rf"s(w) = \overline{{\cos}}(w, \text{{she}} \ldots) - \overline{{\cos}}(w, \text{{he}} "
        rf"\ldots): \quad {toward[order[0]]:+.3f} \text{{ to }} {toward[order[-1]]:+.3f}",
        Bars(
            "Occupations by how much more they lie with words like she than with words like he.",
            names,
            toward[order].tolist(),
            "with she … less with he … (cosine)",
            marked=(0,),
        ),
        f"{len(rows)} occupations; {_sizes(scene)}",
    )


def is_zero_neutral(scene: Scene) -> Exercise:
    """Whether the first occupation lies outside of what 95 of 100 items have."""
    rows = facts.held(scene, JOBS)
    toward = pulls(scene.space, rows, facts.poles(scene))
    first = int(np.argmax(toward))
    every = facts.of_all(scene)
    low, middle, high = np.quantile(every, [0.025, 0.5, 0.975])
    outside = not low <= toward[first] <= high
    name = scene.space.items[int(rows[first])]
    edges = np.linspace(float(every.min()), float(every.max()), 60)
    shares = np.histogram(every, edges)[0] / len(every)
    return Exercise(
        Question(
            f"{named(name)} has {toward[first]:+.3f}. Is that more than what 95 of 100 of all "
            "items of this space have, either way?",
            (
                Option("Yes, it stands out", "Many items of all kinds lean as far."),
                Option("No", "See where it lies beyond the crowd."),
            ),
            0 if outside else 1,
        ),
        f"95 of 100 items lie between {low:+.3f} and {high:+.3f}, with their middle at "
        f"{middle:+.3f}.",
        "Nobody said that 0 is the neutral place: the middle of all items is where most of the "
        "text is. A number for one word has to be read beside the numbers of all words.",
        rf"s = {toward[first]:+.3f}, \qquad 95\,\%: \; [{low:+.3f},\ {high:+.3f}]",
        Lines(
            f"How all items lean; {name} lies at {toward[first]:+.3f}.",
            {"all items": (((edges[1:] + edges[:-1]) / 2).tolist(), shares.tolist())},
            "with she … less with he … (cosine)",
            "share of the items",
            mark=(float(toward[first]), name),
            steps=True,
        ),
        f"all {len(scene.space):,} items; {_sizes(scene)}",
    )


def two_groups(scene: Scene) -> Exercise:
    """The effect size of family against career."""
    found = facts.tested(scene)
    return Exercise(
        Question(
            f"Now two groups: {len(found.first)} words of family and {len(found.second)} of "
            "career. The difference of their means, in standard deviations of all of them, is …",
            (
                Option("about 0", "Then both groups would lie alike."),
                Option("about 1", "Compare with the bars."),
                Option("about 2, the most there is", "The groups overlap: see the bars."),
            ),
            closest(abs(found.effect), (0.0, 1.0, 1.9)),
        ),
        f"{found.effect:+.2f}; of {found.divisions:,} random ways to deal the words into two "
        f"groups, a share of {found.p:.3f} reaches that.",
        "This is the word embedding association test: an effect size says how far two groups are "
        "apart beside their own spread. The same words dealt at random say what chance gives.",
        rf"d = \frac{{\bar s_X - \bar s_Y}}{{\sigma}} = \frac{{{found.first.mean():+.3f} - "
        rf"({found.second.mean():+.3f})}}{{\sigma}} = {found.effect:+.2f}, \quad p = {found.p:.3f}",
        Bars(
            f"Each word of both groups; the effect size is {found.effect:.2f}.",
            [*facts.names(scene, FAMILY), *facts.names(scene, CAREER)],
            [*found.first.tolist(), *found.second.tolist()],
            "with she … less with he … (cosine)",
            marked=range(len(found.first)),
        ),
        f"{_sizes(scene)}; {found.divisions:,} divisions, seed 0 (Caliskan, Bryson & Narayanan "
        "2017)",
    )


def random_groups(scene: Scene) -> Exercise:
    """How often groups of random items reach an effect of a half."""
    found = facts.tested(scene)
    every, random = facts.of_all(scene), np.random.default_rng(0)
    sizes = len(found.first), len(found.second)
    effects = np.array([
        effect_size(drawn[: sizes[0]], drawn[sizes[0] :])
        for drawn in (random.choice(every, sum(sizes), replace=False) for _ in range(RANDOM))
    ])  # fmt: skip
    share = float(np.mean(np.abs(effects) >= 0.5))
    edges = np.linspace(-2, 2, 33)
    counts = np.histogram(effects, edges)[0] / RANDOM
    return Exercise(
        Question(
            f"Take {sizes[0]} and {sizes[1]} words drawn at random, which have nothing to do with "
            "either. How often is their effect half a standard deviation or more?",
            (
                Option("Never", "Small groups differ by chance, and by a good deal."),
                Option("5 times of 100", "That would be so for larger groups."),
                Option("A third of the time", "Compare with the curve."),
            ),
            closest(share, (0.0, 0.05, 0.33)),
        ),
        f"{share:.0%} of the time; an effect as large as {abs(found.effect):.2f} comes "
        f"{np.mean(np.abs(effects) >= abs(found.effect)):.1%} of the time.",
        "With eight words a group, half a standard deviation is no news. Who tries many groups and "
        "reports the striking ones will always find something.",
        rf"P(|d| \ge 0.5) = {share:.2f}, \quad P(|d| \ge {abs(found.effect):.2f}) = "
        rf"{float(np.mean(np.abs(effects) >= abs(found.effect))):.3f}",
        Lines(
            "Effect sizes of random groups, around 0.",
            {"random groups": (((edges[1:] + edges[:-1]) / 2).tolist(), counts.tolist())},
            "effect size d",
            "share of random groups",
            mark=(found.effect, "family and career"),
            steps=True,
        ),
        f"{RANDOM} pairs of groups of all {len(every):,} items, seed 0; {_sizes(scene)}",
    )


def other_words(scene: Scene) -> Exercise:
    """The effect with half of the words of each group."""
    found = facts.tested(scene)
    random = np.random.default_rng(0)
    halves = np.array([
        effect_size(
            random.choice(found.first, max(2, len(found.first) // 2), replace=False),
            random.choice(found.second, max(2, len(found.second) // 2), replace=False),
        )
        for _ in range(RANDOM)
    ])  # fmt: skip
    reach = float(np.quantile(halves, 0.975) - np.quantile(halves, 0.025))
    edges = np.linspace(-2, 2, 33)
    counts = np.histogram(halves, edges)[0] / RANDOM
    return Exercise(
        Question(
            "Somebody else would have chosen other words. With any half of the words of each "
            "group, from where to where does the effect size go, in 95 of 100 cases?",
            (
                Option("Within 0.1", "Single words weigh much in so small a group."),
                Option("Over about 1", "Compare with the curve."),
                Option("From −2 to 2", "The words of a group do have something in common."),
            ),
            closest(reach, (0.1, 1.0, 4.0)),
        ),
        f"From {np.quantile(halves, 0.025):+.2f} to {np.quantile(halves, 0.975):+.2f}, around "
        f"{found.effect:+.2f}.",
        "A list of words is a choice, and another list gives another number. So report the list, "
        "the spread over halves of it, and how it was chosen.",
        rf"d = {found.effect:+.2f}, \quad \text{{halves: }} "
        rf"[{np.quantile(halves, 0.025):+.2f},\ {np.quantile(halves, 0.975):+.2f}]",
        Lines(
            "Effect sizes with halves of the words.",
            {"halves of the words": (((edges[1:] + edges[:-1]) / 2).tolist(), counts.tolist())},
            "effect size d",
            "share of the halves",
            mark=(found.effect, "all words"),
            steps=True,
        ),
        f"{RANDOM} halves, seed 0; {_sizes(scene)}",
    )


def without_the_direction(scene: Scene) -> Exercise:
    """Whether items that leaned either way are still near their like once it is taken away."""
    space = scene.space
    order = np.argsort(facts.of_all(scene))
    rows = np.concatenate([order[:LEANING], order[-LEANING:]])
    sides = np.repeat([0, 1], LEANING)
    left = facts.without(space.vectors[rows], facts.direction(scene))
    found = {
        "before": facts.told_apart(space.vectors[rows], sides),
        "after": facts.told_apart(left, sides),
    }
    return Exercise(
        Question(
            f"The direction from he to she is taken out of every vector. Take the {LEANING} items "
            "that leaned most to each side: of how many is the nearest other one still from the "
            "same side?",
            (
                Option("Half, as by chance", "One direction was taken; the company stayed."),
                Option("About three quarters", "Compare with the bars."),
                Option("Nine tenths or more", "Some of what they had in common did go."),
            ),
            closest(found["after"], (0.5, 0.75, 0.95)),
        ),
        f"{found['after']:.0%}, after {found['before']:.0%} before; by chance it would be 50%.",
        "Words that keep company with she also keep company with each other, and that is spread "
        "over many dimensions. To take one direction away hides a bias from one test, no more.",
        rf"x \leftarrow x - (x \cdot g)\, g: \quad {found['before']:.2f} \to {found['after']:.2f}, "
        r"\quad \text{chance } 0.50",
        Bars(
            f"Nearest on the same side: {found['before']:.0%} before, {found['after']:.0%} after.",
            ["with the direction", "without it", "by chance"],
            [100 * found["before"], 100 * found["after"], 50.0],
            "per cent whose nearest is from the same side",
            marked=(1,),
        ),
        f"{2 * LEANING} of {len(space):,} items, nearest among them by cosine, exact (after Gonen "
        "& Goldberg 2019)",
    )


def what_it_says(scene: Scene) -> Exercise:
    """What the test of this space supports."""
    found = facts.tested(scene)
    small = found.p <= LIMIT
    texts = (
        "In this text, words of family and of career keep different company",
        "These groups differ no more than groups dealt by chance",
    )
    return Exercise(
        Question(
            f"The effect was {found.effect:+.2f}, with p = {found.p:.3f}. Which sentence does that "
            "support?",
            (
                Option(texts[0], f"A share of {found.p:.2f} of random divisions does as much."),
                Option(texts[1], f"Only a share of {found.p:.3f} of random divisions does so."),
                Option("Whoever uses these vectors acts unfairly", "No use was tested."),
                Option("People of that time thought so", "A text is no sample of what is thought."),
            ),
            0 if small else 1,
        ),
        f"{texts[0] if small else texts[1]}: p = {found.p:.3f}. More it cannot say.",
        "The test is about these words, these vectors, this text. Finding nothing would not show "
        "that there is nothing, and finding something does not say what a program will do with it.",
        rf"d = {found.effect:+.2f}, \quad p = {found.p:.3f}",
        Bars(
            f"The means of both groups: family {found.first.mean():+.3f}, career "
            f"{found.second.mean():+.3f}.",
            ["family", "career", "middle of all items"],
            [
                float(found.first.mean()),
                float(found.second.mean()),
                float(np.median(facts.of_all(scene))),
            ],
            "with she … less with he … (cosine)",
            marked=(0, 1),
        ),
        _sizes(scene),
    )


def quiz_exchange(scene: Scene) -> Question:
    """The effect when the poles are exchanged."""
    found = facts.tested(scene)
    she, he = facts.poles(scene)
    turned = association(scene.space, facts.groups(scene), (he, she), divisions=1).effect
    return mixed(
        f"Exchange the words of she with those of he. The effect of {found.effect:+.2f} becomes …",
        f"{turned:+.2f}",
        Option("+0.00", "What was on one side is then on the other, as far out."),
        Option(f"{1 - found.effect:+.2f}", "The sign turns, and nothing else."),
    )


def quiz_few(scene: Scene) -> Question:
    """The smallest p that three words against three can give."""
    ways = math.comb(6, 3)
    return mixed(
        "Three words against three: over all ways to deal them, the smallest p there can be is …",
        f"1 / {ways}",
        Option("1 / 1000", f"There are only {ways} ways to deal six words into two threes."),
        Option("0", "The division at hand is one of the ways, and reaches itself."),
    )


def quiz_other_end(scene: Scene) -> Question:
    """The occupation at the other end."""
    rows = facts.held(scene, JOBS)
    order = np.argsort(pulls(scene.space, rows, facts.poles(scene)))
    names = [scene.space.items[int(rows[at])] for at in order]
    return mixed(
        "Which occupation lies most with the words of he in this space?",
        names[0],
        *(Option(names[at], f"It comes at place {at + 1}.") for at in (len(names) // 2, -2, -1)
          if at > 0),
        Option(names[-1], "It lies at the other end."),
    )  # fmt: skip


def _sizes(scene: Scene) -> str:
    she, he = facts.poles(scene)
    return f"poles: {len(she)} words like she, {len(he)} like he"


def _misses(scene: Scene) -> str:
    space: EmbeddingSpace = scene.space
    lists = {"she": SHE, "he": HE, "family": FAMILY, "career": CAREER, "occupations": JOBS}
    for name, words in lists.items():
        held = len(facts.held(scene, words))
        if held < 2 * len(words) / 3:
            return (
                f"This lesson needs most of its {len(words)} English words of “{name}”; "
                f"{space.name} has {held}."
            )
    return "" if len(space) >= 4 * LEANING else f"This lesson needs {4 * LEANING} items."


LESSON = Lesson(
    key="bias",
    title="Bias in vectors",
    promise="Run an association test, and say exactly what it shows.",
    minutes=14,
    goals=(
        "Measure how words lie with two sets of others, beside all words and beside chance.",
        "Know how much an effect size hangs on the choice of few words.",
        "Tell a statement about a text from one about people or programs.",
    ),
    steps=(
        Step(
            "Who leans which way?",
            "Vectors are made from text, and text is written by people about people. So what is "
            "usual in it, fair or not, can be found in the vectors.",
            who_leans,
            "Collect guesses, and the reasons for them, before the list is shown.",
        ),
        Step(
            "Is zero neutral?",
            "It is tempting to call every number above 0 a bias.",
            is_zero_neutral,
            "What would you want to see before you call one word biased?",
        ),
        Step(
            "Two groups of words",
            "One word proves little. The usual test compares two groups with two sets of poles.",
            two_groups,
            "Write the groups on the board. Which words would you strike out?",
        ),
        Step(
            "What chance gives",
            "The groups are small. How large an effect would meaningless groups have?",
            random_groups,
            "Remember how many tests are not published.",
        ),
        Step(
            "Other words",
            "The words of the groups were chosen by somebody.",
            other_words,
            "Let two halves of the class write their own lists, and compare the lists.",
        ),
        Step(
            "Take the direction away",
            "It has been proposed to remove the direction from he to she, so that every word lies "
            "alike with both.",
            without_the_direction,
            "What else do nurse and ballet have in common in a text?",
        ),
        Step(
            "What may be said",
            "At the end there is a number. It has to be put into words.",
            what_it_says,
            "Rewrite a headline about biased algorithms so that a test could support it.",
        ),
    ),
    quiz=(quiz_exchange, quiz_few, quiz_other_end),
    misses=_misses,
    controls=("space",),
    page="analogies",
)
