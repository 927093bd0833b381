"""Trainings one after another on one text: what came of each, beside the others; in a job."""

import time

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.evaluation.lists import PairList, ScoredPair
from explorer.evaluation.word_tasks import WordTasks
from explorer.training import background, experiment
from explorer.training.corpus import corpus_of_text
from explorer.training.experiment import Experiment, Trial, run_all
from explorer.training.experiment_job import ExperimentJob
from explorer.training.held_bytes import held_bytes
from explorer.training.toy_corpus import toy_corpus
from tests.training.law import finished

FOUR = ("sgns", "cbow", "glove", "ppmi")


@pytest.fixture(scope="module")
def toy():
    return toy_corpus(40_000)


@pytest.fixture(scope="module")
def tasks(toy):
    return WordTasks((toy.pairs,), (toy.questions,))


@pytest.fixture(scope="module")
def four(toy, tasks):
    """Every objective at 20 dimensions."""
    trials = [Trial(name, name, {"dimensions": 20, "threads": 1}) for name in FOUR]
    made = Experiment(toy.corpus, trials, tasks)
    run_all(made)
    return made


def test_every_objective_has_its_run_on_the_same_words(toy, four):
    assert [run.trial.label for run in four.runs] == list(FOUR)
    for run in four.runs:
        assert tuple(run.space.items) == toy.corpus.words
        assert run.space.vectors.shape == (len(toy.corpus.words), 20)
        assert run.bytes == len(toy.corpus.words) * 20 * 4
        assert run.seconds > 0
        assert not run.error
    assert four.done
    assert four.share == 1


def test_an_experiment_learns_what_a_training_alone_learns(toy, four):
    alone = Trial("alone", "sgns", {"dimensions": 20, "threads": 1}).trainer(toy.corpus)
    assert np.array_equal(finished(alone).vectors(), four.runs[0].space.vectors)


def test_every_score_stands_beside_that_of_random_vectors(four):
    for run in four.runs:
        pairs, questions = run.scores
        assert pairs.value > pairs.random
        assert (pairs.result.found, questions.result.total) == (300, 1000)
        assert questions.random < 0.02
        low, high = pairs.interval
        assert low < pairs.value < high
    assert len({run.scores[0].random for run in four.runs}) == 1  # one shape, one random space


def test_losses_are_those_of_the_objective(four):
    sgns, _, glove, ppmi = four.runs
    assert sgns.held_out is not None
    assert glove.held_out is not None
    assert ppmi.held_out is None
    assert 0 < ppmi.loss < 1


def test_more_dimensions_take_more_memory(toy):
    trials = [Trial(f"{d}", "sgns", {"dimensions": d, "epochs": 1}) for d in (4, 32, 64)]
    runs = run_all(Experiment(toy.corpus, trials))
    assert [run.scores for run in runs] == [()] * 3
    assert runs[0].training_bytes < runs[1].training_bytes < runs[2].training_bytes
    assert all(run.training_bytes > 2 * run.bytes for run in runs[1:])  # inputs and outputs


def test_other_seeds_find_other_neighbours_and_the_same_seed_the_same(toy):
    rows = np.arange(len(toy.corpus.words))
    trials = [
        Trial(f"seed {seed}", "sgns", {"dimensions": 10, "epochs": 1, "seed": seed})
        for seed in (1, 2, 1)
    ]
    made = Experiment(toy.corpus, trials, rows=rows, k=5)
    assert made.stability() is None
    run_all(made)
    found = made.stability()
    assert found.pairs[0, 2].tolist() == [1.0] * len(rows)
    assert found.chance < found.pairs[0, 1].mean() < 1
    assert made.runs[0].space.name.endswith("seed 1")


def test_a_trial_that_diverges_says_why_and_the_others_go_on(toy):
    trials = [
        Trial("wild", "glove", {"dimensions": 8, "learning_rate": 1e18}),
        Trial("tame", "glove", {"dimensions": 8}),
    ]
    wild, tame = run_all(Experiment(toy.corpus, trials))
    assert "Lower the learning rate" in wild.error
    assert wild.space is None
    assert not tame.error
    assert "Lower the learning rate" in str(wild)


def test_too_many_too_large_or_too_few_words_are_refused_at_the_start(toy, monkeypatch):
    with pytest.raises(ExplorerError, match="1 to 20 trainings"):
        Experiment(toy.corpus, [])
    with pytest.raises(ExplorerError, match="dimensions must be a whole number"):
        Experiment(toy.corpus, [Trial("none", "sgns", {"dimensions": 0})])
    monkeypatch.setattr(experiment, "MOST_BYTES", 1_000)
    with pytest.raises(ExplorerError, match="fewer dimensions or fewer words"):
        Experiment(toy.corpus, [Trial("large", "sgns", {"dimensions": 100})])
    small = corpus_of_text("a b c a b c", min_count=1)
    with pytest.raises(ExplorerError, match="k must be from 1 to 2 for 3 words; got 10"):
        Experiment(small, [Trial("few", "ppmi", {"dimensions": 2})], rows=np.arange(3))


def test_a_list_that_the_text_lacks_is_told_as_the_runs_error(toy):
    pairs = PairList("far", tuple(ScoredPair("zebra", f"x{n}", n) for n in range(5)))
    (run,) = run_all(
        Experiment(toy.corpus, [Trial("p", "ppmi", {"dimensions": 4})], WordTasks((pairs,)))
    )
    assert "far: 0 of 5 pairs" in run.error


def test_held_bytes_count_every_array_once_and_leave_out_what_is_given(toy):
    class Holder:
        pass

    Holder.__module__ = "explorer.made_up"
    whole = np.zeros(1_000)
    holder = Holder()
    holder.parts = [whole[:500], (whole[500:],)]
    holder.more = {"ids": toy.corpus.ids, "own": np.zeros(10, dtype=np.int8)}
    holder.itself = holder
    assert held_bytes(holder, without=toy.corpus) == 8_010


@pytest.fixture
def start():
    """Start experiments as jobs; all end with the test."""
    jobs: list[ExperimentJob] = []

    def make(made: Experiment) -> ExperimentJob:
        jobs.append(ExperimentJob(made))
        return jobs[-1]

    yield make
    for job in jobs:
        job.stop()
        assert job.wait(10)


def long_one(toy) -> Experiment:
    return Experiment(
        toy.corpus, [Trial(f"{n}", "sgns", {"epochs": 5_000, "seed": n}) for n in (1, 2)]
    )


def test_a_job_goes_through_all_trials(toy, start):
    made = Experiment(toy.corpus, [Trial(f"{d}", "ppmi", {"dimensions": d}) for d in (2, 4)])
    job = start(made)
    assert job.wait(30)
    assert job.state == "done"
    assert [run.space.dimensions for run in made.runs] == [2, 4]


def test_a_stopped_job_stops_at_once_and_keeps_the_runs_that_are_finished(toy, start):
    quick = Trial("quick", "ppmi", {"dimensions": 2})
    slow = Trial("slow", "sgns", {"epochs": 10_000})
    made = Experiment(toy.corpus, [quick, slow])
    job = start(made)
    end = time.monotonic() + 30
    while made.now.share == 0 or not made.runs:
        assert time.monotonic() < end
        time.sleep(0.01)
    asked = time.monotonic()
    job.stop()
    assert job.wait(5)
    assert time.monotonic() - asked < 1
    assert job.state == "stopped"
    assert [run.trial.label for run in made.runs] == ["quick"]
    assert 0.5 < made.share < 1


def test_an_experiment_whose_owner_has_gone_ends_itself(toy, start, monkeypatch):
    monkeypatch.setattr(background, "OWNER_GONE_SECONDS", 0.2)
    job = start(long_one(toy))
    assert job.wait(20)
    assert job.state == "stopped"


def test_experiments_and_trainings_share_the_servers_places(toy, start):
    jobs = [start(long_one(toy)) for _ in range(3)]
    seen: set[str] = set()
    end = time.monotonic() + 20
    while seen != {"running", "waiting"} or not all(job.experiment.now.share for job in jobs):
        assert time.monotonic() < end
        states = [job.state for job in jobs]
        assert states.count("running") <= background.AT_ONCE
        seen |= set(states)
        time.sleep(0.02)
