"""A disk that refuses, a folder that goes, several servers on one folder, a clock that jumps."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from explorer.projection.map_cache import MapCache
from explorer.training.bpr import BprSettings, BprTrainer
from explorer.training.job import TrainingJob
from explorer.training.toy_ratings import toy_ratings

ROOT = Path(__file__).resolve().parents[2]
COORDINATES = np.random.default_rng(0).standard_normal((500, 2)).astype(np.float32)
SERVER = """
import sys
import numpy as np
from explorer.projection.map_cache import MapCache
cache = MapCache(__import__("pathlib").Path(sys.argv[1]))
right = np.random.default_rng(0).standard_normal((500, 2)).astype(np.float32)
for turn in range(60):
    cache.put("key", right)
    found = cache.get("key")
    assert found is None or found.tobytes() == right.tobytes()
print("right")
"""
NOWHERE = """
import explorer
from explorer.catalog import open_bundled
from explorer.projection.map_cache import MapCache
from explorer.neighbors import neighbors_of
import numpy as np
cache = MapCache()
cache.put("key", np.zeros((3, 2), np.float32))
assert cache.get("key") is None
space = open_bundled("small-world")
assert len(neighbors_of(space, space.items[0], k=3)) > 0
from explorer.training.bpr import BprTrainer, BprSettings
from explorer.training.toy_ratings import toy_ratings
trainer = BprTrainer(toy_ratings(20), BprSettings(epochs=1))
while not trainer.done:
    trainer.advance()
print("right")
"""


@pytest.fixture
def cache(tmp_path) -> MapCache:
    return MapCache(tmp_path / "maps")


def run(code: str, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", code, *arguments], cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, **environment},
    )  # fmt: skip


def test_a_full_disk_costs_the_stored_map_alone(cache, monkeypatch):
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    cache.put("key", COORDINATES)
    assert cache.get("key") is None
    assert list(cache.folder.iterdir()) == []


def test_a_folder_removed_while_the_server_runs_is_made_again(cache):
    cache.put("key", COORDINATES)
    shutil.rmtree(cache.folder)
    assert cache.get("key") is None
    cache.put("key", COORDINATES)
    assert cache.get("key").tobytes() == COORDINATES.tobytes()


def test_servers_that_share_a_folder_read_whole_maps_or_none(tmp_path):
    servers = [run(SERVER, str(tmp_path)) for _ in range(3)]
    assert [server.communicate(timeout=60)[0] for server in servers] == ["right\n"] * 3
    assert [file.suffix for file in tmp_path.iterdir()] == [".npz"]


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="a folder nobody can write to")
def test_without_any_folder_for_caches_all_is_computed_and_nothing_said():
    nowhere = {"HOME": "/proc", "EMBEDDING_EXPLORER_CACHE": "/proc/maps", "XDG_CACHE_HOME": "/proc"}
    said, _ = run(NOWHERE, **nowhere, NUMBA_CACHE_DIR="/proc/kernels").communicate(timeout=120)
    assert said == "right\n"


@pytest.mark.parametrize("days", [-400, 400])
def test_a_clock_that_jumps_loses_no_map_and_ends_no_training(cache, monkeypatch, days):
    cache.put("key", COORDINATES)
    job = TrainingJob(BprTrainer(toy_ratings(20), BprSettings(epochs=3)), np.arange(5))
    really = time.time
    monkeypatch.setattr(time, "time", lambda: really() + days * 86_400)
    cache.put("another", COORDINATES + 1)
    assert cache.get("key").tobytes() == COORDINATES.tobytes()
    job.play()
    assert job.wait(30)
    assert job.state == "done"
    assert 0 <= job.progress.seconds < 60


def test_nothing_else_measures_time_by_the_clock_on_the_wall():
    found = [
        str(file.relative_to(ROOT))
        for folder in ("explorer", "pages")
        for file in (ROOT / folder).rglob("*.py")
        if re.search(r"\btime\.time\(\)|\bfrom time import time\b", file.read_text())
    ]
    assert found == ["explorer/projection/map_cache.py"]
