"""Maps in the making on a server: shared, watched, stopped, cancelled, kept on disk."""

import time

import numpy as np
import pytest

from explorer.errors import Cancelled, ExplorerError
from explorer.projection import umap_runs
from explorer.projection.map_cache import MapCache
from explorer.projection.umap import UmapSettings, umap
from explorer.projection.umap_runs import UmapRuns

SECONDS = 60
SHORT = UmapSettings(epochs=20)
ENDLESS = UmapSettings(epochs=100_000, neighbors=30)


def cloud(n=200, seed=0):
    return np.random.default_rng(seed).normal(size=(n, 5)).astype(np.float32)


def until(condition):
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.01)


def test_a_map_is_that_of_the_library_and_cannot_be_changed():
    watch = UmapRuns().submit(cloud(), SHORT, "a")
    assert (watch.result(SECONDS) == umap(cloud(), SHORT)).all()
    assert (watch.state, watch.progress, watch.error, watch.position) == ("done", 1.0, None, 0)
    assert watch.note == f"{SHORT}; neighbours exact"
    assert not watch.coordinates.flags.writeable


def test_frames_come_while_it_is_made_and_a_stopped_map_is_the_newest():
    watch = UmapRuns().submit(cloud(), ENDLESS, "a")
    until(lambda: watch.frame_number >= 3)
    assert watch.coordinates is None
    first = watch.frame()
    until(lambda: not np.array_equal(watch.frame(), first))
    watch.stop()
    assert watch.state == "stopped"
    assert watch.finished
    kept = watch.coordinates
    assert np.isfinite(kept).all()
    assert f"stopped at epoch {watch.detail.epoch} of 100000" in watch.note
    time.sleep(0.3)
    assert (watch.coordinates == kept).all()


def test_the_first_frame_is_there_before_its_turn_comes(monkeypatch):
    runs = UmapRuns()
    with runs._turns.hold("somebody else"):
        watch = runs.submit(cloud(), SHORT, "a")
        until(lambda: watch.frame() is not None)
        assert watch.frame_number == 1
        assert watch.progress == 0
        until(lambda: watch.state == "starting")
    assert watch.wait(SECONDS)


def test_two_who_ask_for_the_same_share_a_run_and_one_may_leave():
    runs = UmapRuns()
    first, second = (runs.submit(cloud(), ENDLESS, "a") for _ in range(2))
    assert first._run is second._run
    until(lambda: first.frame_number >= 2)
    first.cancel()
    assert first.state == "cancelled"
    assert second.state == "running"
    second.stop()
    assert second.coordinates is not None
    assert second._run.finished.wait(SECONDS)
    assert runs._live == {}


def test_who_asks_again_after_all_have_left_begins_anew():
    runs = UmapRuns()
    first = runs.submit(cloud(), ENDLESS, "a")
    first.cancel()
    again = runs.submit(cloud(), ENDLESS, "a")
    assert again._run is not first._run
    again.cancel()
    with pytest.raises(Cancelled):
        again.result(SECONDS)


def test_a_finished_map_is_kept_on_disk_with_its_note_and_a_stopped_one_is_not(tmp_path):
    runs = UmapRuns(MapCache(tmp_path))
    assert not runs.is_stored(SHORT, "a")
    made = runs.submit(cloud(), SHORT, "a")
    made.result(SECONDS)
    assert UmapRuns(MapCache(tmp_path)).is_stored(SHORT, "a")
    stored = UmapRuns(MapCache(tmp_path)).submit(cloud(), SHORT, "a")
    assert (stored.state, stored.note) == ("done", made.note)
    assert (stored.coordinates == made.coordinates).all()
    other = runs.submit(cloud(), SHORT, "another space")
    assert other._run is not stored._run
    other.result(SECONDS)
    stopped = runs.submit(cloud(), ENDLESS, "a")
    until(lambda: stopped.frame_number >= 2)
    stopped.stop()
    assert not runs.is_stored(ENDLESS, "a")


def test_runs_of_one_space_share_its_graph(monkeypatch):
    searched = []
    steps = umap_runs.Umap.__init__.__globals__["graph_steps"]

    def counted(vectors, k, **options):
        def begun():
            searched.append(k)
            return (yield from steps(vectors, k, **options))

        return begun()

    monkeypatch.setattr("explorer.projection.umap.graph_steps", counted)
    runs = UmapRuns()
    settings = [UmapSettings(epochs=20, seed=seed) for seed in (1, 2, 3)]
    settings.append(UmapSettings(epochs=20, neighbors=5))
    watches = [runs.submit(cloud(), one, "a") for one in settings]
    for watch in watches:
        watch.result(SECONDS)
    assert sorted(searched) == [4, 14]


def test_all_get_on_by_turns():
    runs = UmapRuns()
    long = runs.submit(cloud(), ENDLESS, "a")
    until(lambda: long.frame_number >= 2)
    short = runs.submit(cloud(seed=1), SHORT, "b")
    assert short.result(SECONDS).shape == (200, 2)
    assert long.state == "running"
    long.cancel()


def test_what_nobody_looks_at_ends_itself(monkeypatch):
    monkeypatch.setattr(umap_runs, "NOBODY_LOOKS_SECONDS", 0.3)
    watch = UmapRuns().submit(cloud(), ENDLESS, "a")
    assert watch._run.finished.wait(SECONDS)
    assert watch.state == "cancelled"


def test_a_failure_is_told_in_a_sentence():
    watch = UmapRuns().submit(np.eye(3, dtype=np.float32), SHORT, "few")
    watch.wait(SECONDS)
    assert (watch.state, watch.frame()) == ("failed", None)
    with pytest.raises(ExplorerError, match="at least 5 items; got 3"):
        watch.result()


def test_kernels_are_prepared_before_they_are_needed_and_a_fault_of_ours_is_not_shown():
    def broken(n):
        raise RuntimeError("secret")

    watch = UmapRuns(prepare=broken).submit(cloud(), SHORT, "a")
    watch.wait(SECONDS)
    assert watch.error == "UMAP failed on our side; the server's log holds the details."


def test_a_server_has_a_limit(monkeypatch):
    monkeypatch.setattr(umap_runs, "MOST_WAITING", 1)
    runs = UmapRuns()
    first = runs.submit(cloud(), ENDLESS, "a")
    with pytest.raises(ExplorerError, match="try again in a while"):
        runs.submit(cloud(), ENDLESS, "b")
    first.cancel()
