"""The UMAP worker's queue, with a stub for the layout; the real one is in test_umap_learn.py."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from explorer.errors import Cancelled, ExplorerError
from explorer.projection import umap_worker
from explorer.projection.map_cache import MapCache
from explorer.projection.umap_learn import UmapLearnSettings
from explorer.projection.umap_worker import UmapWorker

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's here")
SETTINGS = UmapLearnSettings()


@pytest.fixture(autouse=True)
def stub(monkeypatch, tmp_path):
    monkeypatch.setattr(umap_worker, "PROCESS", "stub_umap_process")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


@pytest.fixture
def worker():
    worker = UmapWorker()
    yield worker
    worker.close()


def vectors(seconds=0.0, what=0, n=20):
    array = np.arange(3.0 * n, dtype=np.float32).reshape(n, 3)
    array[0, :2] = seconds, what
    return array


def until(condition, seconds=10.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.01)


def gone(process_id):
    """No such process, or a dead one that its new parent has yet to collect."""
    status = Path(f"/proc/{process_id}/status")
    return not status.exists() or "State:\tZ" in status.read_text()


def test_a_map_comes_back_as_it_was_made_and_cannot_be_changed(worker):
    job = worker.submit(vectors(), SETTINGS, "a")
    assert (job.result(20) == vectors()[:, :2] + 15).all()
    assert (job.state, job.progress, job.error, job.position) == ("done", 1.0, None, 0)
    assert not job.result().flags.writeable


def test_two_at_once_are_made_one_after_the_other_in_one_process(worker):
    first = worker.submit(vectors(0.5), SETTINGS, "a")
    second = worker.submit(vectors(0.1), SETTINGS, "b")
    third = worker.submit(vectors(0.1), SETTINGS, "c")
    until(lambda: first.state == "running")
    process = worker.process_id
    assert (second.state, second.position) == ("queued", 1)
    assert (third.state, third.position) == ("queued", 2)
    until(lambda: 0 < first.progress < 1)
    assert third.wait(20)
    assert [job.state for job in (first, second, third)] == ["done"] * 3
    assert worker.process_id == process


def test_many_threads_may_submit(worker):
    results = {}

    def ask(number):
        results[number] = worker.submit(vectors(n=5 + number), SETTINGS, str(number)).result(30)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {number: len(found) for number, found in results.items()} == {
        number: 5 + number for number in range(8)
    }


def test_a_running_map_is_cancelled_within_a_second_and_the_next_one_works(worker):
    job = worker.submit(vectors(60), SETTINGS, "a")
    until(lambda: job.progress > 0 or job.state == "running")
    process = worker.process_id
    start = time.monotonic()
    job.cancel()
    until(lambda: gone(process), 1)
    assert time.monotonic() - start < 1
    assert job.state == "cancelled"
    with pytest.raises(Cancelled):
        job.result(1)
    assert worker.submit(vectors(), SETTINGS, "b").result(20).shape == (20, 2)
    assert worker.process_id != process


def test_a_waiting_map_is_cancelled_without_touching_the_running_one(worker):
    running = worker.submit(vectors(0.5), SETTINGS, "a")
    waiting = worker.submit(vectors(60), SETTINGS, "b")
    waiting.cancel()
    assert waiting.state == "cancelled"
    assert running.result(20).shape == (20, 2)


def test_visitors_who_ask_for_the_same_map_share_it_and_one_may_leave(worker):
    one = worker.submit(vectors(0.5), SETTINGS, "a")
    other = worker.submit(vectors(0.5), SETTINGS, "a")
    assert other.position == one.position
    one.cancel()
    assert one.state == "cancelled"
    assert other.result(20).shape == (20, 2)


def test_other_settings_are_another_map(worker):
    one = worker.submit(vectors(), SETTINGS, "a")
    other = worker.submit(vectors(), UmapLearnSettings(neighbors=5), "a")
    assert one.result(20)[3, 0] - other.result(20)[3, 0] == 10


def test_a_killed_process_fails_its_map_in_a_sentence_and_the_next_one_works(worker):
    job = worker.submit(vectors(60), SETTINGS, "a")
    until(lambda: job.progress > 0 or job.state == "running")
    os.kill(worker.process_id, signal.SIGKILL)
    with pytest.raises(ExplorerError, match=r"ended unexpectedly \(code -9\), perhaps for lack of"):
        job.result(5)
    assert job.state == "failed"
    dies_by_itself = worker.submit(vectors(0, what=2), SETTINGS, "b")
    assert dies_by_itself.wait(20)
    assert dies_by_itself.state == "failed"
    assert worker.submit(vectors(), SETTINGS, "c").result(20).shape == (20, 2)


def test_what_goes_wrong_inside_is_one_sentence_and_the_process_lives_on(worker):
    ours = worker.submit(vectors(what=1), SETTINGS, "a")
    theirs = worker.submit(vectors(what=3), SETTINGS, "b")
    assert theirs.wait(20)
    assert ours.error == "The stub was asked to fail."
    assert theirs.error == "UMAP failed (RuntimeError: two lines)."
    process = worker.process_id
    assert worker.submit(vectors(), SETTINGS, "c").result(20).shape == (20, 2)
    assert worker.process_id == process


def test_vectors_may_be_written_by_the_caller_and_a_full_disk_is_told(worker):
    job = worker.submit(lambda file: np.save(file, vectors()), SETTINGS, "a")
    assert job.result(20).shape == (20, 2)

    def full(file):
        raise OSError(28, "No space left on device")

    job = worker.submit(full, SETTINGS, "b")
    with pytest.raises(ExplorerError, match=r"could not be handed to UMAP \(No space left"):
        job.result(5)


def test_a_map_made_before_is_answered_from_the_disk_bit_for_bit(tmp_path):
    first, second = (UmapWorker(MapCache(tmp_path / "maps")) for _ in range(2))
    made = first.submit(vectors(), SETTINGS, "a").result(20)
    first.close()
    job = second.submit(vectors(60), SETTINGS, "a")
    assert (job.state, job.progress) == ("done", 1.0)
    assert job.result().tobytes() == made.tobytes()
    assert second.process_id is None
    unseeded = second.submit(vectors(), UmapLearnSettings(seed=None), "a")
    assert unseeded.state != "done"
    second.close()


def test_the_queue_has_an_end(worker, monkeypatch):
    monkeypatch.setattr(umap_worker, "MOST_WAITING", 1)
    worker.submit(vectors(60), SETTINGS, "a")
    until(lambda: worker.process_id is not None)
    worker.submit(vectors(60), SETTINGS, "b")
    with pytest.raises(ExplorerError, match="1 UMAP maps are waiting already"):
        worker.submit(vectors(60), SETTINGS, "c")


def test_closing_cancels_everything_and_leaves_no_process_and_no_file(tmp_path):
    worker = UmapWorker()
    jobs = [worker.submit(vectors(60), SETTINGS, name) for name in "ab"]
    until(lambda: jobs[0].state == "running")
    process = worker.process_id
    worker.close()
    assert [job.state for job in jobs] == ["cancelled"] * 2
    assert gone(process)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ExplorerError, match="was closed"):
        worker.submit(vectors(), SETTINGS, "c")


def test_the_process_ends_with_its_server_even_when_that_is_killed_in_a_run(tmp_path):
    server = """
import sys, time, tempfile
import numpy as np
from explorer.projection import umap_worker
from explorer.projection.umap_learn import UmapLearnSettings
umap_worker.PROCESS, tempfile.tempdir = "stub_umap_process", sys.argv[1]
worker = umap_worker.UmapWorker()
job = worker.submit(np.full((9, 3), 60, dtype=np.float32), UmapLearnSettings(), "a")
while job.state != "running":
    time.sleep(0.01)
print(worker.process_id, flush=True)
time.sleep(60)
"""
    path = os.pathsep.join([str(Path(__file__).parents[2]), str(Path(__file__).parent)])
    with subprocess.Popen(
        [sys.executable, "-c", server, str(tmp_path)], stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    ) as process:  # fmt: skip
        child = int(process.stdout.readline())
        assert not gone(child)
        process.kill()
    until(lambda: gone(child), 3)
    until(lambda: list(tmp_path.iterdir()) == [], 3)
