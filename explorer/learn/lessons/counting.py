"""Lesson 5: counting instead of predicting: window counts, PPMI, GloVe's weights, the SVD."""

from __future__ import annotations

import numpy as np

from explorer.learn import toy
from explorer.learn.facts import counting as facts
from explorer.learn.facts.counting import REACH, WORD, K
from explorer.learn.lesson import Exercise, Lesson, Scene, Step
from explorer.learn.pictures import Bars, Grid, Lines, Side
from explorer.learn.questions import Option, Question, closest, largest, mixed
from explorer.learn.wording import named, tex
from explorer.rank_agreement import shared_per_line
from explorer.training.glove import GloveSettings, cell_weights

SHOWN = 8


def counted_by_hand(scene: Scene) -> Exercise:
    """Three short sentences: how often do two words meet within two places?"""
    corpus, table = facts.small()
    words = list(corpus.words)
    i, j = words.index("king"), words.index("the")
    meet = int(table[i, j])
    return Exercise(
        mixed(
            "“the king rules the land” · “the queen rules the land” · “the king drinks”: how often "
            f"do “king” and “the” meet, at most {REACH} places apart?",
            f"{meet} times",
            Option("2 times", "In the first sentence “the” stands on both sides of “king”."),
            Option("4 times", "A window ends where its sentence ends."),
            Option("5 times", "All “the” are five, but not all of them stand near “king”."),
        ),
        f"{meet} times. The whole table holds {int(table.sum())} meetings, each counted from both "
        "words.",
        "This table is all that counting methods learn from: which words meet, and how often. The "
        "row of a word already is a vector, as long as the vocabulary.",
        rf"X_{{\text{{king}}, \text{{the}}}} = {meet}, \quad \sum_{{w, c}} X_{{w, c}} = "
        rf"{int(table.sum())}",
        Grid(
            f"How often each two words meet within {REACH} places.",
            words, words, np.where(table > 0, table, np.nan), marked=(i,), digits=0,
        ),
        f"three sentences, all meetings within {REACH} places counted alike",
    )  # fmt: skip


def counts_mislead(scene: Scene) -> Exercise:
    """Which word meets the word of the lesson most often?"""
    rows = facts.candidates()
    counts, names = facts.meetings(), toy.text().words
    best = rows[int(np.argmax(counts[rows]))]
    usual = toy.text().counts
    return Exercise(
        largest(
            f"In the toy text, which of these words stands near {named(WORD)} most often?",
            {names[row]: counts[row] for row in rows},
            lambda times: f"It meets {named(WORD)} {times:.0f} times only.",
        ),
        f"{named(names[best])}, {counts[best]:.0f} times. But it comes {usual[best]:,} times in "
        "the text, so it meets many words often.",
        "A raw count mixes two things: that two words belong together, and that one of them is "
        "simply frequent. The second has to be divided out.",
        rf"X_{{{tex(WORD)}, {tex(names[best])}}} = {counts[best]:.0f}, \quad "
        rf"f({tex(names[best])}) = {usual[best]}",
        Bars(
            f"How often words meet {named(WORD)}.",
            [names[row] for row in rows],
            counts[rows].tolist(),
            f"meetings with {WORD}",
            marked=(rows.index(best),),
        ),
        f"{len(names)} words; windows of {toy.WINDOW} words, all places alike",
    )


def more_than_chance(scene: Scene) -> Exercise:
    """The same words by PMI."""
    rows = facts.candidates()
    pmi, counts, names = facts.ppmi()[facts.place()], facts.meetings(), toy.text().words
    best = rows[int(np.argmax(pmi[rows]))]
    sums = facts.window_counts().row_sums()
    total = sums.sum()
    by_chance = sums[facts.place()] * sums[best] / total
    return Exercise(
        largest(
            f"PMI compares how often two words meet with how often they would by chance. Which of "
            f"the same words has the highest PMI with {named(WORD)}?",
            {names[row]: pmi[row] for row in rows},
            lambda score: f"Its PMI is {score:.2f}: it meets many other words, too.",
        ),
        f"{named(names[best])}: it meets {named(WORD)} {counts[best]:.0f} times where chance would "
        f"give {by_chance:.2f}.",
        "PMI is the logarithm of that ratio: 0 is chance, 1 is 2.7 times as often. Rare words get "
        "high values from a single meeting, which is its weak side.",
        rf"\log \frac{{P(w, c)}}{{P(w)\,P(c)}} = \log \frac{{{counts[best]:.0f}}}"
        rf"{{{by_chance:.2f}}} = {np.log(counts[best] / by_chance):.2f}",
        Bars(
            f"The PMI of the same words with {named(WORD)}.",
            [names[row] for row in rows],
            pmi[rows].tolist(),
            f"PMI with {WORD}",
            marked=(rows.index(best),),
        ),
        f"{len(names)} words; windows of {toy.WINDOW} words; natural logarithm",
    )


def never_met(scene: Scene) -> Exercise:
    """What share of all pairs of words never meets."""
    counts = facts.window_counts()
    empty = 1 - counts.cells / counts.words**2
    below = float((facts.pmi_of_cells() < 0).mean())
    levels = (0.1, 0.5, 0.9)
    options = (
        Option("About 10%", "There are far more pairs of words than places in a text."),
        Option("About half", "Most pairs are of two rare words, and these hardly ever meet."),
        Option("About 90%", "So it is in a large vocabulary; here the words are few."),
    )
    return Exercise(
        Question(
            f"There are {counts.words:,} × {counts.words:,} pairs of words. How many of them never "
            "meet in the text?",
            options,
            closest(empty, levels),
        ),
        f"{empty:.0%} never meet. Of those that do, {below:.0%} meet less often than by chance.",
        "The logarithm of 0 is minus infinity, and not to meet in a short text proves little. So "
        "everything below 0 is set to 0: positive PMI, PPMI.",
        rf"M_{{wc}} = \max(0, \text{{PMI}}(w, c)), \quad 1 - \frac{{{counts.cells}}}"
        rf"{{{counts.words}^2}} = {empty:.2f}",
        Bars(
            f"Of all pairs, {empty:.0%} never meet.",
            ["never meet", "less than by chance", "more than by chance"],
            [empty, (1 - empty) * below, (1 - empty) * (1 - below)],
            "share of all pairs",
            marked=(2,),
        ),
        f"all {counts.words**2:,} pairs, counted",
    )


def gloves_weights(scene: Scene) -> Exercise:
    """How much a pair that met once counts beside a frequent one."""
    chosen = GloveSettings()
    counts = np.array([1.0, chosen.x_max, 10 * chosen.x_max], dtype=np.float32)
    once, full, more = cell_weights(counts, chosen.x_max, chosen.alpha).tolist()
    levels = (0.0, once, full, full * 10)
    x = np.linspace(0, 3 * chosen.x_max, 60, dtype=np.float32)
    texts = ("Nothing", f"{once:.2f} of it", "As much", "Ten times as much")
    mistakes = (
        "A pair that met once says a little, and there are many such pairs.",
        "The weight grows with the count up to a bound.",
        "Then a chance meeting would weigh as much as a fact.",
        "The rarer, the less reliable.",
    )
    return Exercise(
        Question(
            "GloVe learns products of vectors that equal log counts. How much does a pair that met "
            f"once weigh, beside one that met {chosen.x_max:.0f} times?",
            tuple(map(Option, texts, mistakes)),
            closest(once / full, levels),
        ),
        f"{once:.2f} of it. And {10 * chosen.x_max:.0f} meetings weigh no more than "
        f"{chosen.x_max:.0f}: the weight ends at {more:.0f}.",
        "Rare pairs are noise and should not pull hard; very frequent ones should not drown the "
        "rest. Between the two the weight rises by the power 3/4.",
        rf"f(x) = \min\left(1, (x / {chosen.x_max:.0f})^{{{chosen.alpha}}}\right), \quad f(1) = "
        rf"{once:.3f}, \quad J = \tfrac12 \sum f(X)\,(w \cdot c + b_w + b_c - \log X)^2",
        Lines(
            "GloVe's weight over the count.",
            {"weight f(x)": (x.tolist(), cell_weights(x, chosen.x_max, chosen.alpha).tolist())},
            "count x",
            "weight",
            mark=(chosen.x_max, "from here on alike"),
        ),
        f"x_max = {chosen.x_max:.0f} and power {chosen.alpha}, as in training here",
    )


def made_small(scene: Scene) -> Exercise:
    """How much of the PPMI matrix a few dimensions hold."""
    held = facts.held()
    d, n = toy.DIMENSIONS, len(held)
    share = float(held[d - 1])
    levels = (d / n, 0.5, 0.95)
    options = (
        Option(f"About {levels[0]:.0%}: {d} of {n}", "That would be so were all directions alike."),
        Option("About half", "The rows have more, or less, in common than that."),
        Option("Nearly all", "Words are many, and each has some company of its own."),
    )
    dimensions = np.unique(np.geomspace(1, n, 60).astype(int))
    return Exercise(
        Question(
            f"Each word now has a row of {n} numbers. The SVD finds the {d} directions that hold "
            "most of it. How much do they hold?",
            options,
            closest(share, levels),
        ),
        f"{share:.0%} of the squared length of the whole matrix; {d} random directions would hold "
        f"{d / n:.0%}.",
        "Words in like company have like rows, so that few directions hold much. Dropping the rest "
        "also drops noise: short rows are often better than the long ones.",
        rf"M \approx U S V^\top, \quad \frac{{\sum_{{i \le {d}}} s_i^2}}{{\sum_i s_i^2}} = "
        rf"{share:.2f}",
        Lines(
            f"The share of the PPMI matrix held over the number of dimensions: {share:.0%} at {d}.",
            {
                "SVD": (dimensions.tolist(), held[dimensions - 1].tolist()),
                "random directions": (dimensions.tolist(), (dimensions / n).tolist()),
            },
            "dimensions (log scale)",
            "share held",
            log="x",
            mark=(d, f"{d} dimensions"),
        ),
        f"the whole matrix, {n} × {n}, exact",
    )


def the_same_neighbours(scene: Scene) -> Exercise:
    """The neighbours by counting and by predicting, from one text."""
    counted, predicted = facts.by_counting(), toy.space()
    near = {name: facts.nearest(space) for name, space in
            (("counting", counted), ("predicting", predicted))}  # fmt: skip
    shared = shared_per_line(near["counting"], near["predicting"])
    mean, by_chance = float(shared.mean()), K * K / (len(counted) - 1)
    here = int(shared[facts.place()])
    levels = (by_chance, 0.35 * K, 0.95 * K)
    options = (
        Option("As few as by chance", "Both learn from the same company of words."),
        Option("About a third", "They agree more, or less, than that."),
        Option("Nearly all", "Both are far from exact on so short a text, each in its own way."),
    )
    parts = []
    for name, space in (("counting: PPMI + SVD", counted), ("predicting: skip-gram", predicted)):
        rows = near[name.split(":")[0]][facts.place()]
        both = set.intersection(*(set(one[facts.place()].tolist()) for one in near.values()))
        parts.append(
            Bars(
                f"Nearest of {named(WORD)} by {name}.",
                space.items.take(rows.tolist()),
                facts.cosines(space, rows),
                name,
                marked=[at for at, row in enumerate(rows.tolist()) if row in both],
            )
        )
    return Exercise(
        Question(
            f"From the same text: of the {K} nearest words by counting (PPMI + SVD), how many are "
            "also nearest by predicting (skip-gram), on average?",
            options,
            closest(mean, levels),
        ),
        f"{mean:.1f} of {K} on average over all words, {here} for {named(WORD)}; chance would give "
        f"{by_chance:.2f}.",
        "Skip-gram with k random words factorises the same matrix without ever writing it down: "
        "PMI less log k (Levy & Goldberg 2014). How well each does is a matter of settings.",
        rf"w \cdot c = \text{{PMI}}(w, c) - \log k, \quad \frac{{{here}}}{{{K}}} \text{{ shared "
        rf"for {WORD}}}",
        Side(f"The {K} nearest of {named(WORD)} by both; shared ones are marked.", parts),
        f"{len(counted)} words, all compared; {toy.DIMENSIONS} dimensions both, seed 1; orange: on "
        "both lists",
    )


def quiz_count(scene: Scene) -> Question:
    """A count of the small text."""
    corpus, table = facts.small()
    meet = int(table[corpus.words.index("rules"), corpus.words.index("land")])
    return mixed(
        "In the three sentences of the first step, how often do “rules” and “land” meet within "
        f"{REACH} places?",
        f"{meet}",
        Option("1", "Two of the sentences hold both."),
        Option("4", "Each meeting is counted once for this pair of row and column."),
    )


def quiz_pmi(scene: Scene) -> Question:
    """PMI of a pair that meets as often as by chance."""
    ratio = 1.0
    return mixed(
        "Two words meet exactly as often as chance would have them. What is their PMI?",
        f"{np.log(ratio):.0f}",
        Option("1", "The ratio is 1, and its logarithm 0."),
        Option("Minus infinity", "That is for words that never meet."),
    )


def quiz_weight(scene: Scene) -> Question:
    """GloVe's weight of a middling count."""
    chosen = GloveSettings()
    x = chosen.x_max / 2
    weight = float(cell_weights(np.array([x], dtype=np.float32), chosen.x_max, chosen.alpha)[0])
    return mixed(
        f"GloVe, with x_max = {chosen.x_max:.0f} and the power {chosen.alpha}: which weight has a "
        f"count of {x:.0f}?",
        f"{weight:.2f}",
        Option("0.50", "That is the power 1."),
        Option("0.38", "The count is taken to the power, not multiplied by it."),
        Option("1.00", "The full weight begins at x_max."),
    )


def quiz_nearest(scene: Scene) -> Question:
    """The nearest of another word by counting."""
    space, word = facts.by_counting(), "paris"
    row = space.row(word)
    rows = [int(facts.nearest(space)[row, 0]), space.row("city"), space.row("bread")]
    scores = facts.cosines(space, np.array(rows), row)
    return largest(
        f"By counting, which of these has the row most like that of {named(word)}?",
        dict(zip(space.items.take(rows), scores, strict=True)),
        lambda score: f"The cosine is {score:.2f}: to meet is not to be alike.",
    )


LESSON = Lesson(
    key="counting",
    title="GloVe and PPMI: counting instead of predicting",
    promise="Build vectors from a table of counts, and find the same neighbours.",
    minutes=14,
    goals=(
        "Fill a table of window counts by hand.",
        "Explain what PMI divides out, and why it is cut at 0.",
        "Say what GloVe's weights and the SVD do, and how counting and predicting are related.",
    ),
    steps=(
        Step(
            "Count by hand",
            "Words that stand near each other are counted, sentence by sentence, into a table with "
            "a row and a column for each word.",
            counted_by_hand,
            "Fill the row of one word on the board together.",
        ),
        Step(
            "Counts mislead",
            "The same for the toy text of 60,000 words. One row of the table tells with whom a "
            "word is seen.",
            counts_mislead,
            "In real text this place is taken by the, of and and.",
        ),
        Step(
            "More than chance",
            "If the two words had nothing to do with each other, they would still meet now and "
            "then: the more frequent they are, the more often.",
            more_than_chance,
            "Expected by chance: share of the one, times share of the other, times all meetings.",
        ),
        Step(
            "Never met",
            "Most words are rare, and a text is short.",
            never_met,
            "Ask what log 0 is, and what a program would make of it.",
        ),
        Step(
            "GloVe's weights",
            "GloVe trains vectors on the same counts. Not every count is worth the same.",
            gloves_weights,
            "The power 3/4 is here again, on other numbers and for another reason.",
        ),
        Step(
            "Made small",
            "A row with a number for each word is long and mostly empty. Rows of words in like "
            "company look alike, and can be packed into few numbers.",
            made_small,
            "It is what PCA does, without centring.",
        ),
        Step(
            "The same neighbours?",
            "Two ways lead from one text to vectors: predicting word by word, or counting all at "
            "once and packing the table.",
            the_same_neighbours,
            "Neither is the better one as such; with equal settings they come out about as good.",
        ),
    ),
    quiz=(quiz_count, quiz_pmi, quiz_weight, quiz_nearest),
    controls=(),
    kernels=("training.corpus", "training.ppmi", "training.sgns", "neighbors.exact"),
    page="train",
    data=toy.ABOUT,
)
