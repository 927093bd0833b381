"""Parts of the program that die while they work: one sentence, and the next one works.

`pytest tests/faults tests/test_whole_file.py tests/test_kernel_files.py tests/formats/test_lease.py
tests/browser/test_faults.py` injects all faults of docs/robustness.md.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from explorer.computation import Computations
from explorer.errors import ExplorerError
from explorer.projection import tsne, umap_worker
from explorer.projection.umap_learn import UmapLearnSettings
from explorer.projection.umap_worker import UmapWorker
from explorer.training.bpr import BprSettings, BprTrainer
from explorer.training.job import TrainingJob
from explorer.training.toy_ratings import toy_ratings

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's here")
SETTINGS = UmapLearnSettings()
STUB = Path(__file__).parents[1] / "projection"


@pytest.fixture
def worker(monkeypatch, tmp_path):
    monkeypatch.setattr(umap_worker, "PROCESS", "stub_umap_process")
    monkeypatch.setenv("PYTHONPATH", str(STUB))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    worker = UmapWorker()
    yield worker
    worker.close()


def vectors(seconds: float = 0.0) -> np.ndarray:
    array = np.arange(60, dtype=np.float32).reshape(20, 3)
    array[0, :2] = seconds, 0
    return array


def until(condition, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.005)


def kill(process: int | None) -> None:
    assert process is not None
    os.kill(process, signal.SIGKILL)


def test_umap_killed_while_it_starts_fails_one_map_and_those_in_the_queue_are_made(worker):
    first = worker.submit(vectors(), SETTINGS, "first")
    waiting = [worker.submit(vectors(), SETTINGS, name) for name in "ab"]
    until(lambda: worker.process_id is not None)
    kill(worker.process_id)
    assert first.wait(20)
    assert first.state in ("failed", "done")  # done, where it was faster than the kill
    assert first.error is None or "ended unexpectedly" in first.error
    assert [job.result(20).shape for job in waiting] == [(20, 2)] * 2


def test_umap_killed_while_it_is_idle_is_noticed_by_nobody(worker):
    worker.submit(vectors(), SETTINGS, "a").result(20)
    process = worker.process_id
    kill(process)
    until(lambda: worker.process_id is None)
    assert worker.submit(vectors(), SETTINGS, "b").result(20).shape == (20, 2)


@pytest.mark.parametrize("seed", range(4))
def test_umap_killed_at_random_moments_loses_no_more_than_the_map_it_made(worker, seed):
    chance = np.random.default_rng(seed)
    jobs = [worker.submit(vectors(0.05), SETTINGS, str(number)) for number in range(6)]
    over = threading.Event()

    def killer() -> None:
        for pause in chance.uniform(0, 0.4, 3):
            if not over.wait(pause) and worker.process_id is not None:
                kill(worker.process_id)

    thread = threading.Thread(target=killer)
    thread.start()
    for job in jobs:
        assert job.wait(30)
    over.set()
    thread.join()
    assert {job.state for job in jobs} <= {"done", "failed"}
    assert sum(job.state == "failed" for job in jobs) <= 3
    assert all("ended unexpectedly" in job.error for job in jobs if job.state == "failed")
    assert worker.submit(vectors(), SETTINGS, "last").result(20).shape == (20, 2)


def test_the_folder_of_umap_swept_away_while_it_is_idle_is_made_again(worker, tmp_path):
    worker.submit(vectors(), SETTINGS, "a").result(20)
    for folder in tmp_path.iterdir():
        shutil.rmtree(folder)
    assert worker.submit(vectors(), SETTINGS, "b").result(20).shape == (20, 2)


def test_tsne_killed_in_the_middle_is_one_sentence():
    def report(share: float) -> None:
        for child in _children():
            os.kill(child, signal.SIGKILL)

    rows = np.random.default_rng(0).standard_normal((200, 5)).astype(np.float32)
    with pytest.raises(ExplorerError, match="t-SNE process ended unexpectedly"):
        tsne.tsne_layout(rows, on_progress=report)


def _children() -> list[int]:
    tasks = Path("/proc/self/task").glob("*/children")
    return [int(child) for file in tasks for child in file.read_text().split()]


class Breaks(BprTrainer):
    """Fails in its third slice; the last picture of it cannot be drawn either."""

    slices, error = 0, RuntimeError("broken")

    def advance(self, seconds=0.1):
        self.slices += 1
        if self.slices == 3:
            raise self.error
        return super().advance(0.001)


@pytest.mark.parametrize("error", [RuntimeError("broken"), MemoryError(), OSError(28, "full")])
def test_a_training_that_raises_ends_in_a_sentence_and_keeps_what_it_had(error):
    trainer = Breaks(toy_ratings(20), BprSettings(epochs=500))
    trainer.error = error
    job = TrainingJob(trainer, np.arange(5))
    job.play()
    assert job.wait(30)
    assert job.state == "failed"
    assert job.error.endswith(".")
    assert "Traceback" not in job.error
    assert len(job.history) == 2
    assert np.isfinite(trainer.vectors()).all()


def test_a_training_whose_last_picture_fails_is_over_all_the_same(monkeypatch):
    job = TrainingJob(BprTrainer(toy_ratings(20), BprSettings(epochs=1)), np.arange(5))

    def fails(progress: object) -> None:
        raise MemoryError

    monkeypatch.setattr(job, "_snap", fails)
    job.play()
    assert job.wait(30)
    assert job.state == "failed"


@pytest.mark.parametrize("error", [RuntimeError("x"), MemoryError(), OSError(28, "full")])
def test_a_computation_that_raises_ends_in_a_sentence_and_can_be_begun_again(error):
    runs = Computations()

    def broken(report) -> int:
        raise error

    run = runs.ask("key", broken, "me")
    assert run.wait(10)
    assert run.state == "failed"
    assert run.error.endswith(".")
    again = runs.ask("key", lambda report: 5, "me", anew=True)
    assert again.wait(10)
    assert again.result() == 5


def test_a_warm_up_that_is_killed_leaves_the_visitor_waiting_no_longer(monkeypatch):
    from explorer.ui import warm

    monkeypatch.setattr(warm.warm_up, "is_warm", lambda task: False)
    monkeypatch.setenv(warm.VARIABLE, "on")
    monkeypatch.setattr(warm, "_begin", lambda: None)

    def child(*tasks: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-c", "import time; time.sleep(60)"], stdin=subprocess.PIPE
        )
        threading.Timer(0.2, process.kill).start()
        return process

    monkeypatch.setattr(warm, "_child", child)
    begun = time.monotonic()
    warm.make_ready("training.bpr")
    assert time.monotonic() - begun < 20
