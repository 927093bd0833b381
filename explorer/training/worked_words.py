"""One update of the trainers by prediction: h predicts the word u_1; u_2 … u_k are random words.

    s_i  = u_i · h
    loss = -log σ(s_1) - Σ log σ(-s_i)          each term as often as its word was drawn
    e_i  = y_i - σ(s_i), with y_1 = 1 and the others 0
    h   += rate Σ e_i u_i          u_i += rate e_i h        all with the old vectors

h is the row of the word nearby (skip-gram), the mean of those around the gap (CBOW), or the mean of
the word's own row and its n-grams' (subwords).
"""

from __future__ import annotations

import numpy as np

from explorer.errors import ExplorerError
from explorer.training.noise import noise_distribution
from explorer.training.prediction import PredictionTrainer
from explorer.training.prediction_reference import sigmoid
from explorer.training.sgns import CbowTrainer
from explorer.training.subwords import SubwordTrainer
from explorer.training.worked_step import Choice, Moved, Score, Vector, WorkedExample

MOST_NEGATIVES = 20


def loss_and_gradients(
    hidden: Vector, outputs: Vector, labels: Vector, times: Vector
) -> tuple[float, Vector, Vector]:
    """The loss, and its gradients by `hidden` (d,) and by `outputs` (k, d).

    labels : (k,) 1 for the true word, 0 for random ones
    times : (k,) how often each counts
    """
    scores = outputs @ hidden
    errors = times * (labels - sigmoid(scores))
    loss = float(_losses(scores, labels, times).sum())
    return loss, -errors @ outputs, -np.outer(errors, hidden)


def _losses(scores: Vector, labels: Vector, times: Vector) -> Vector:
    losses: Vector = times * np.logaddexp(0, np.where(labels > 0, -scores, scores))
    return losses


def work_words(trainer: PredictionTrainer, choice: Choice, rate: float) -> WorkedExample:
    """The step of one example, from the rows as they are."""
    target, context, drawn = _rows(trainer, choice)
    rows = list(dict.fromkeys([target, *drawn]))
    labels = np.array([1.0] + [0.0] * (len(rows) - 1))
    times = np.array([1.0, *(float(drawn.count(row)) for row in rows[1:])])
    d = trainer.settings.dimensions
    sources, role = _sources(trainer, context)
    hidden = trainer.inputs[sources, :d].astype(np.float64).mean(axis=0)
    outputs = trainer.outputs[rows, :d].astype(np.float64)
    loss, by_hidden, by_outputs = loss_and_gradients(hidden, outputs, labels, times)
    shrink = 1 - rate * float(trainer.settings.l2)
    new_hidden = shrink * (hidden - rate * by_hidden)
    new_outputs = shrink * (outputs - rate * by_outputs)
    scores, new_scores = outputs @ hidden, new_outputs @ new_hidden
    chances = sigmoid(scores)
    columns = np.column_stack([
        labels, scores, chances, times * (labels - chances), _losses(scores, labels, times),
        new_scores,
    ])  # fmt: skip
    names = trainer.corpus.items.take(rows)
    roles = ["output row, true"] + ["output row, random"] * (len(rows) - 1)
    return WorkedExample(
        tuple(Score(name, *numbers) for name, numbers in zip(names, columns.tolist(), strict=True)),
        (
            Moved(" ".join(choice.context), role, hidden, by_hidden, new_hidden),
            *map(Moved, names, roles, outputs, by_outputs, new_outputs),
        ),
        rate,
        loss,
        loss_and_gradients(new_hidden, new_outputs, labels, times)[0],
    )


def _rows(trainer: PredictionTrainer, choice: Choice) -> tuple[int, list[int], list[int]]:
    """Target, context and negatives by number, checked; a negative that is the target is none."""
    items, name = trainer.corpus.items, trainer.corpus.name
    target = items.row(choice.target, name)
    context = [items.row(one, name) for one in choice.context]
    if not context:
        raise ExplorerError("Something has to predict: name a word near the target.")
    if len(context) > 1 and not isinstance(trainer, CbowTrainer):
        raise ExplorerError(
            f"In {trainer.title} one word predicts at a time; {len(context)} are given."
        )
    if len(choice.negatives) > MOST_NEGATIVES:
        raise ExplorerError(
            f"At most {MOST_NEGATIVES} random words are shown; {len(choice.negatives)} are given."
        )
    drawn = [items.row(one, name) for one in choice.negatives]
    return target, context, [row for row in drawn if row != target]


def _sources(trainer: PredictionTrainer, context: list[int]) -> tuple[list[int], str]:
    """The input rows whose mean predicts, and what it is called."""
    if isinstance(trainer, SubwordTrainer):
        rows = trainer.rows_of(context[0]).tolist()
        return rows, f"input: mean of its row and {len(rows) - 1} n-grams"
    if len(context) > 1:
        return context, f"input: mean of {len(context)} rows"
    return context, "input row"


def draw_words(trainer: PredictionTrainer, random: np.random.Generator) -> Choice:
    """A word of the text, what stands near it, and random words, as training draws them."""
    corpus, chosen = trainer.corpus, trainer.settings
    sentences = np.flatnonzero(np.diff(corpus.offsets) > 1)
    if len(sentences) == 0:
        raise ExplorerError(f"No sentence of {corpus.name} holds two words.")
    sentence = int(random.choice(sentences))
    words = corpus.ids[corpus.offsets[sentence] : corpus.offsets[sentence + 1]].tolist()
    at, reach = int(random.integers(len(words))), int(random.integers(1, chosen.window + 1))
    target, context = words[at], words[max(0, at - reach) : at] + words[at + 1 : at + reach + 1]
    if not isinstance(trainer, CbowTrainer):
        context = [int(random.choice(context))]
    if isinstance(trainer, SubwordTrainer):  # there the word in the middle predicts
        target, context = context[0], [target]
    noise = noise_distribution(corpus.counts, chosen.noise_exponent)
    drawn = random.choice(len(noise), min(chosen.negatives, MOST_NEGATIVES), p=noise).tolist()
    names = corpus.items.take
    others = [row for row in drawn if row != target]
    return Choice(corpus.words[target], tuple(names(context)), tuple(names(others)))
