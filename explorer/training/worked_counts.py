"""One update of GloVe: the vectors w and c of two words that meet X times.

score = w · c + b_w + b_c, wanted: log X
loss  = 1/2 f(X) (score - log X)²          f weighs rare pairs less
e     = f(X) (log X - score)
w    += rate e c / √squares                number by number; AdaGrad's squares of all steps so
c    += rate e w / √squares                far, from 1 on, make the steps smaller
"""

from __future__ import annotations

import numpy as np

from explorer.errors import ExplorerError
from explorer.training.glove import CLIP, GloveTrainer
from explorer.training.worked_step import Choice, Moved, Score, WorkedExample


def work_cell(trainer: GloveTrainer, choice: Choice, rate: float) -> WorkedExample:
    """The step of one pair of words, from the vectors as they are."""
    items, name = trainer.corpus.items, trainer.corpus.name
    if len(choice.context) != 1:
        raise ExplorerError("An example of GloVe is a pair of words.")
    i, j = items.row(choice.target, name), items.row(choice.context[0], name)
    found = trainer.cell(i, j)
    if found is None:
        raise ExplorerError(
            f"{choice.target} and {choice.context[0]} never meet within the window, or are held "
            "out; GloVe learns from pairs that meet. Draw an example, or name another word."
        )
    log, weight = found
    d = trainer.settings.dimensions
    w, w_squares = trainer.words[i, :, :d].astype(np.float64)
    c, c_squares = trainer.contexts[j, :, :d].astype(np.float64)
    biases, squares = np.stack([trainer.word_biases[i], trainer.context_biases[j]], axis=1).astype(
        np.float64
    )
    score = float(w @ c + biases.sum())
    error = float(np.clip(weight * (log - score), -CLIP, CLIP))
    by_w, by_c = -error * c, -error * w
    new_w, new_c = w - rate * by_w / np.sqrt(w_squares), c - rate * by_c / np.sqrt(c_squares)
    after = float(new_w @ new_c + (biases + rate * error / np.sqrt(squares)).sum())
    before, then = (0.5 * weight * (value - log) ** 2 for value in (score, after))
    pair = f"{choice.target} with {choice.context[0]}"
    return WorkedExample(
        (Score(pair, log, score, score, error, before, after),),
        (
            Moved(choice.target, "word", w, by_w, new_w),
            Moved(choice.context[0], "context", c, by_c, new_c),
        ),
        rate,
        before,
        then,
    )


def draw_cell(trainer: GloveTrainer, random: np.random.Generator) -> Choice:
    """Two words that meet."""
    i, j = trainer.any_cell(random)
    return Choice(trainer.corpus.words[i], (trainer.corpus.words[j],))
