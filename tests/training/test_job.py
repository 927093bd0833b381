"""A training in the background: it plays, pauses, steps, stops, and ends with its owner."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.training import background
from explorer.training.bpr import BprSettings, BprTrainer
from explorer.training.job import MOST_SNAPSHOTS, TrainingJob, slow_motion
from explorer.training.progress import Progress
from explorer.training.toy_ratings import toy_ratings


class Turning:
    """A trainer that learns nothing but turns its items a little in each slice."""

    unit = "turns"

    def __init__(self, turns: int = 10**9, fails_at: int = -1) -> None:
        self.made, self.turns, self.fails_at = 0, turns, fails_at
        self.inside = 0
        self.start = np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32)

    def advance(self, seconds: float = 0.1) -> Progress:
        self.inside += 1
        assert self.inside == 1, "two slices at once"
        time.sleep(0.002)
        self.made += 1
        if self.made == self.fails_at:
            raise ExplorerError("The training diverged.")
        self.inside -= 1
        share = self.made / self.turns
        return Progress(share, share, 1 / self.made, None, self.made, self.made * 0.1)

    @property
    def done(self) -> bool:
        return self.made >= self.turns

    def vectors(self):
        angle = self.made * 0.3
        c, s = np.cos(angle), np.sin(angle)
        turn = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]], dtype=np.float32)
        return self.start @ turn


def until(condition, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.002)


@pytest.fixture
def jobs():
    made: list[TrainingJob] = []

    def make(trainer, **options) -> TrainingJob:
        made.append(TrainingJob(trainer, np.arange(20), **options))
        return made[-1]

    yield make
    for job in made:
        job.stop()
        assert job.wait(10)


def test_a_job_waits_until_it_is_played_and_ends_when_all_is_done(jobs):
    job = jobs(Turning(turns=15))
    assert job.state == "paused"
    assert len(job.snapshots) == 1
    job.play()
    assert job.wait(10)
    assert job.state == "done"
    assert [one.examples for one in job.history] == list(range(1, 16))
    assert job.snapshots[-1].progress == job.history[-1]


def test_pause_holds_and_a_step_makes_exactly_one_slice(jobs):
    job = jobs(Turning())
    job.step()
    until(lambda: len(job.history) == 1)
    time.sleep(0.05)
    assert (len(job.history), job.state) == (1, "paused")
    job.play()
    until(lambda: len(job.history) > 5)
    job.pause()
    until(lambda: job.state == "paused")
    time.sleep(0.05)
    held = len(job.history)
    time.sleep(0.05)
    assert len(job.history) == held


def test_stop_ends_a_running_and_a_paused_job_and_keeps_what_was_learned(jobs):
    for played in (True, False):
        job = jobs(Turning())
        if played:
            job.play()
            until(lambda job=job: len(job.history) > 3)
        job.stop()
        assert job.wait(5)
        assert job.state == "stopped"
        assert job.trainer.vectors().shape == (20, 3)


def test_a_failing_trainer_says_why_and_the_job_is_over(jobs):
    job = jobs(Turning(fails_at=3))
    job.play()
    assert job.wait(10)
    assert (job.state, job.error) == ("failed", "The training diverged.")
    assert len(job.history) == 2


def test_what_only_turns_does_not_move_on_the_map(jobs):
    job = jobs(Turning(turns=40))
    job.play()
    assert job.wait(10)
    first = job.snapshots[0].coordinates
    for snapshot in job.snapshots[1:]:
        assert np.allclose(snapshot.coordinates, first, atol=1e-4)


def test_the_neighbours_of_watched_items_are_noted_in_each_snapshot(jobs):
    job = jobs(Turning(turns=5), watched=[3, 7], k=4)
    job.play()
    assert job.wait(10)
    for snapshot in job.snapshots:
        assert set(snapshot.watched) == {3, 7}
        assert len(snapshot.watched[3]) == 4
        assert 3 not in snapshot.watched[3]


def test_a_long_training_keeps_a_bounded_number_of_snapshots_first_and_last_among_them(jobs):
    job = jobs(Turning(turns=4 * 3 * MOST_SNAPSHOTS))
    first = job.snapshots[0]
    job.play()
    assert job.wait(60)
    assert len(job.snapshots) <= MOST_SNAPSHOTS
    assert job.snapshots[0] is first
    assert job.snapshots[-1].progress.share == 1


def test_a_job_whose_owner_has_gone_ends_itself(jobs, monkeypatch):
    monkeypatch.setattr(background, "OWNER_GONE_SECONDS", 0.1)
    left, kept = jobs(Turning()), jobs(Turning())
    left.play()
    kept.play()
    end = time.monotonic() + 1.5
    while time.monotonic() < end:
        kept.touch()
        time.sleep(0.01)
    assert left.finished
    assert not kept.finished


def test_more_jobs_than_places_take_turns_and_all_get_on(jobs):
    many = [jobs(Turning()) for _ in range(4)]
    for job in many:
        job.play()
    until(lambda: all(len(job.history) > 3 for job in many), seconds=20)


def test_two_threads_may_look_into_the_trainer_while_it_trains(jobs):
    job = jobs(Turning())
    job.play()
    shapes: list[tuple[int, ...]] = []

    def look() -> None:
        for _ in range(20):
            shapes.append(job.with_lock(lambda trainer: trainer.vectors().shape))

    lookers = [threading.Thread(target=look) for _ in range(2)]
    for looker in lookers:
        looker.start()
    for looker in lookers:
        looker.join()
    assert shapes == [(20, 3)] * 40


def test_in_slow_motion_a_run_lasts_as_long_as_asked_and_its_result_is_the_same_bit_for_bit():
    def run(lasting) -> TrainingJob:
        job = TrainingJob(BprTrainer(toy_ratings()), np.arange(120), lasting=lasting)
        began = time.monotonic()
        job.play()
        assert job.wait(30)
        job.took = time.monotonic() - began
        return job

    fast, slow = run(None), run(3.0)
    assert 2.5 < slow.took < 8
    assert len(slow.history) >= 8
    assert np.array_equal(slow.trainer.vectors(), fast.trainer.vectors())


@pytest.mark.parametrize("stalls", [(1,), (2, 3), (4,)])
def test_slow_motion_is_not_made_up_for_by_haste_when_the_machine_was_busy(jobs, stalls):
    """A trainer that needs 0.05 seconds for all, but is held up for a quarter second at times."""

    class HeldUp(Turning):
        seconds = share = 0.0

        def advance(self, seconds: float = 0.1) -> Progress:
            self.made += 1
            held_up = 0.25 if self.made in stalls else 0.0
            time.sleep(held_up)
            self.share = min(1.0, self.share + seconds / 0.05)
            self.seconds += seconds + held_up
            return Progress(self.share, self.share, 1.0, None, self.made, self.seconds)

        @property
        def done(self) -> bool:
            return self.share >= 1

    began = time.monotonic()
    job = jobs(HeldUp(), lasting=2.0)
    job.play()
    assert job.wait(30)
    assert time.monotonic() - began > 1.5
    shares = [one.share for one in job.history]
    assert np.diff(shares, prepend=0).max() < 0.3


def test_slow_motion_ends_when_it_is_switched_off_and_begins_when_it_is_switched_on(jobs):
    job = jobs(Turning(turns=50), lasting=600.0)
    job.play()
    until(lambda: len(job.history) >= 1)
    job.pause()
    until(lambda: job.state == "paused")
    assert job.progress.share < 0.2
    job.pace(None)
    job.play()
    assert job.wait(10)
    assert job.state == "done"
    late = jobs(Turning(turns=2_000))
    late.play()
    until(lambda: len(late.history) >= 5)
    late.pace(600.0)
    time.sleep(0.3)
    made = len(late.history)
    time.sleep(0.5)
    assert len(late.history) <= made + 2
    late.stop()
    assert late.wait(1)


def test_a_run_with_more_epochs_lasts_longer_in_slow_motion_but_not_beyond_ten_minutes():
    def lasting(epochs) -> float:
        return slow_motion(BprTrainer(toy_ratings(), BprSettings(epochs=epochs)))

    assert [lasting(epochs) for epochs in (1, 100, 500, 10_000)] == [20, 20, 100, 600]
    assert slow_motion(Turning()) == 20


def test_whoever_looks_into_a_running_training_is_let_in_soon(jobs):
    class Busy(Turning):
        def advance(self, seconds: float = 0.1) -> Progress:
            time.sleep(0.05)
            return super().advance(seconds)

    job = jobs(Busy())
    job.play()
    until(lambda: len(job.history) > 1)
    began = time.monotonic()
    for _ in range(5):
        assert job.with_lock(lambda trainer: trainer.inside) == 0
    assert time.monotonic() - began < 2
