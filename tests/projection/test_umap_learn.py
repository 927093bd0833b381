"""UMAP as umap-learn computes it, in the real worker process (one for this module: it compiles)."""

import subprocess
import sys

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.projection.umap_learn import UmapLearnSettings, umap_learn_map
from explorer.projection.umap_worker import UmapWorker

SECONDS = 120  # for a process that compiles on a busy machine


@pytest.fixture(scope="module")
def worker():
    worker = UmapWorker()
    yield worker
    worker.close()


def three_clouds(n=90):
    random = np.random.default_rng(0)
    group = np.arange(n) % 3
    centres = np.eye(8)[:3] * 6
    return (centres[group] + random.standard_normal((n, 8))).astype(np.float32), group


def test_two_requests_at_once_both_come_back_and_the_seed_repeats_the_map(worker):
    vectors, group = three_clouds()
    settings = UmapLearnSettings(epochs=60)
    first = worker.submit(vectors, settings, "clouds")
    other = worker.submit(vectors, UmapLearnSettings(epochs=60, seed=2), "clouds")
    again = worker.submit(vectors, UmapLearnSettings(epochs=60), "the same under another name")
    layout = first.result(SECONDS)
    assert layout.shape == (90, 2)
    assert layout.dtype == np.float32
    assert layout.tobytes() == again.result(SECONDS).tobytes()
    assert layout.tobytes() != other.result(SECONDS).tobytes()
    assert first.progress == 1
    centre = np.array([layout[group == number].mean(axis=0) for number in range(3)])
    nearest = ((layout[:, None] - centre) ** 2).sum(axis=2).argmin(axis=1)
    assert (nearest == group).mean() > 0.95


def test_cosine_looks_at_directions_alone(worker):
    vectors, _ = three_clouds()
    longer = vectors * 2.0 ** np.arange(len(vectors))[:, None].clip(0, 60)
    settings = UmapLearnSettings(epochs=30)
    one = worker.submit(vectors, settings, "short").result(SECONDS)
    other = worker.submit(longer, settings, "long").result(SECONDS)
    assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize("n", [5, 14, 17, 40])
def test_few_items_have_fewer_neighbours(worker, n):
    layout = worker.submit(three_clouds(n)[0], UmapLearnSettings(epochs=20), f"few {n}").result(
        SECONDS
    )
    assert layout.shape == (n, 2)


def test_equal_and_zero_vectors_find_a_place(worker):
    vectors = np.zeros((40, 3), dtype=np.float32)
    vectors[:20, 0] = 1
    layout = worker.submit(vectors, UmapLearnSettings(epochs=20), "equal").result(SECONDS)
    assert np.isfinite(layout).all()


@pytest.mark.parametrize("change", [{"metric": "manhattan"}, {"densmap": True}])
def test_other_metrics_and_densmap_make_other_maps(worker, change):
    vectors, _ = three_clouds()
    plain = worker.submit(vectors, UmapLearnSettings(epochs=20), "clouds")
    other = worker.submit(vectors, UmapLearnSettings(epochs=20, **change), "clouds")
    assert np.isfinite(other.result(SECONDS)).all()
    assert other.result().tobytes() != plain.result(SECONDS).tobytes()


def test_a_map_that_is_told_a_category_draws_its_items_together(worker):
    vectors = np.random.default_rng(0).standard_normal((90, 8)).astype(np.float32)
    told = np.arange(90) % 3
    settings = UmapLearnSettings(epochs=100, told="group")
    layout = worker.submit(vectors, settings, "noise", target=told).result(SECONDS)
    centre = np.array([layout[told == number].mean(axis=0) for number in range(3)])
    nearest = ((layout[:, None] - centre) ** 2).sum(axis=2).argmin(axis=1)
    assert (nearest == told).mean() > 0.9
    other = worker.submit(vectors, settings, "noise", target=np.arange(90) // 30)
    assert other.result(SECONDS).tobytes() != layout.tobytes()


def test_too_few_items_and_infinite_numbers_are_told_in_a_sentence(worker):
    job = worker.submit(np.eye(4, dtype=np.float32), UmapLearnSettings(), "four")
    with pytest.raises(ExplorerError, match=r"^UMAP needs at least 5 items; got 4\.$"):
        job.result(SECONDS)
    with pytest.raises(ExplorerError, match="not finite"):
        umap_learn_map(np.full((9, 2), np.nan))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"metric": "dot"}, r"metric must be one of cosine, .*; got 'dot'"),
        ({"neighbors": 1}, "neighbours must be at least 2; got 1"),
        ({"min_dist": 2.0}, "minimum distance must be from 0 to 1; got 2"),
        ({"epochs": 0}, "epochs must be at least 1; got 0"),
        ({"densmap": True, "told": "topic"}, "cannot be told a category"),
    ],
)
def test_wrong_settings_are_told_before_anything_starts(settings, message):
    with pytest.raises(ExplorerError, match=message):
        UmapLearnSettings(**settings)


def test_settings_read_as_a_caption():
    text = str(UmapLearnSettings(metric="euclidean", epochs=100))
    assert text.startswith("umap-learn 0.")
    assert text.endswith("15 neighbours, minimum distance 0.1, euclidean, 100 epochs, seed 1")


def test_importing_the_worker_and_the_projections_imports_nothing_slow():
    code = (
        "import sys, explorer.projection.umap_worker, explorer.projection.pca, explorer.neighbors;"
        "print([m for m in ('umap', 'sklearn', 'scipy', 'numba', 'pandas') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.slow
def test_a_real_fit_is_cancelled_within_a_second_and_the_next_one_works():
    import time

    worker = UmapWorker()
    random = np.random.default_rng(0).standard_normal((300, 20)).astype(np.float32)
    job = worker.submit(random, UmapLearnSettings(epochs=100_000), "long")
    while job.progress < 0.31:  # in the midst of placing points
        assert not job.finished
        time.sleep(0.05)
    start = time.monotonic()
    job.cancel()
    assert job.state == "cancelled"
    while worker.process_id is not None:
        assert time.monotonic() - start < 1
    assert worker.submit(random[:60], UmapLearnSettings(epochs=20), "short").result(SECONDS).any()
    worker.close()
