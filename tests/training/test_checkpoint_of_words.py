"""Trainings of words that another version saved: a sentence, and no half-made trainer."""

import io

import numpy as np
import pytest

pytest.importorskip("numba")

from explorer.errors import ExplorerError
from explorer.training import OBJECTIVES
from explorer.training.checkpoint import read_checkpoint, write_checkpoint
from explorer.training.corpus import corpus_of_text
from tests.training.law import finished

CORPUS = corpus_of_text(
    " ".join(f"w{number % 60} w{number % 7}" for number in range(900)), min_count=1
)


@pytest.mark.parametrize(
    "change", ["a setting more", "no seconds", "rows of another width", "a foreign word"]
)
@pytest.mark.parametrize("name", OBJECTIVES)
def test_a_training_of_another_version_is_refused_in_one_sentence(name, change):
    objective = OBJECTIVES[name]
    trainer = finished(objective.make_trainer(CORPUS, objective.make_settings(dimensions=4)))
    kept = io.BytesIO()
    trainer.save(kept)
    kept.seek(0)
    about, arrays = read_checkpoint(kept, trainer.kind)
    if change == "a setting more":
        about["settings"]["of_another_time"] = 1
    elif change == "no seconds":
        del about["seconds"]
    elif change == "a foreign word":
        arrays["corpus ids"] = arrays["corpus ids"] + np.int32(1)
    else:
        about["settings"]["dimensions"] = 40
    changed = io.BytesIO()
    write_checkpoint(changed, about.pop("kind"), about, arrays)
    changed.seek(0)
    with pytest.raises(ExplorerError, match="is damaged, or of another version"):
        type(trainer).load(changed)
