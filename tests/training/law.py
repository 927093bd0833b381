"""What holds of every trainer: slices leave no trace, saving neither, and divergence is told."""

import io

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.training.checkpoint import copy_of, write_checkpoint
from explorer.training.progress import TrainingDivergedError


def finish(trainer, seconds=0.05):
    """Train to the end; every report."""
    reports = []
    while not trainer.done:
        reports.append(trainer.advance(seconds))
    return reports


def finished(trainer, seconds=0.05):
    """The trainer, trained to the end."""
    finish(trainer, seconds)
    return trainer


def check_repeatable(make):
    """Other slices, and saving and loading in between, give the same vectors bit for bit."""
    whole = make()
    reports = finish(whole)
    assert reports[-1].share == 1
    assert whole.done
    parts = make()
    for _ in range(3):
        parts.advance(0)
    assert 0 < parts.advance(0).share < 1
    parts = copy_of(parts)
    finish(parts, seconds=0.003)
    assert np.array_equal(parts.vectors(), whole.vectors())
    assert parts.examples == whole.examples
    assert parts.space().items[:] == whole.space().items[:]
    return reports


def check_seeds(make, seeds=(1, 2)):
    first, second = (make(seed) for seed in seeds)
    finish(first), finish(second)
    assert not np.array_equal(first.vectors(), second.vectors())


def check_divergence(trainer):
    """Far too high a learning rate ends in a sentence, or stays finite; never in NaN."""
    with pytest.raises(TrainingDivergedError, match="Lower the learning rate"):
        finish(trainer)


def check_foreign_files(trainer, other):
    with pytest.raises(ExplorerError, match="holds no training"):
        type(trainer).load(io.BytesIO(b"not an archive"))
    kept = io.BytesIO()
    trainer.save(kept)
    kept.seek(0)
    with pytest.raises(ExplorerError, match=f"holds a training of {trainer.kind}; one of"):
        other.load(kept)
    damaged = io.BytesIO()
    write_checkpoint(damaged, trainer.kind, {"about": trainer._about(), "state": {}}, {})
    damaged.seek(0)
    with pytest.raises(ExplorerError, match="is damaged, or of another version"):
        type(trainer).load(damaged)


def numeric_gradient(loss, x, step=1e-6):
    """Central differences of a float64 function, one number of `x` at a time."""
    gradient = np.zeros_like(x)
    for at in np.ndindex(x.shape):
        kept = x[at]
        x[at] = kept + step
        above = loss()
        x[at] = kept - step
        below = loss()
        x[at] = kept
        gradient[at] = (above - below) / (2 * step)
    return gradient
