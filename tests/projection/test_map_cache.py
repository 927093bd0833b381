"""Maps on disk: found again bit for bit, never trusted."""

import os
import time

import numpy as np
import pytest

from explorer.projection.map_cache import MapCache, cache_folder, map_key

KEY = map_key("digest", "UMAP", "0.5", {"neighbors": 15})


@pytest.fixture
def cache(tmp_path):
    return MapCache(tmp_path / "maps")


def coordinates(seed=0, n=100):
    return np.random.default_rng(seed).standard_normal((n, 2)).astype(np.float32)


def test_a_map_is_found_again_bit_for_bit_and_read_only(cache):
    assert cache.get(KEY) is None
    cache.put(KEY, coordinates())
    found = cache.get(KEY)
    assert found.tobytes() == coordinates().tobytes()
    assert not found.flags.writeable


def test_other_content_method_version_or_settings_are_another_map(cache):
    cache.put(KEY, coordinates())
    for other in (
        map_key("other", "UMAP", "0.5", {"neighbors": 15}),
        map_key("digest", "t-SNE", "0.5", {"neighbors": 15}),
        map_key("digest", "UMAP", "0.6", {"neighbors": 15}),
        map_key("digest", "UMAP", "0.5", {"neighbors": 16}),
    ):
        assert cache.get(other) is None
    assert map_key("d", "m", "1", {"a": 1, "b": 2}) == map_key("d", "m", "1", {"b": 2, "a": 1})


def cut(data):
    return data[: len(data) // 2]


def flip(data):
    at = data.index(b"coordinates.npy") + 300
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.mark.parametrize("damage", [cut, flip, lambda data: b"", lambda data: b"\x80\x04K\x01."])
def test_a_damaged_file_is_ignored_and_removed(cache, damage):
    cache.put(KEY, coordinates())
    (path,) = cache.folder.iterdir()
    path.write_bytes(damage(path.read_bytes()))
    assert cache.get(KEY) is None
    assert not path.exists()


def test_a_file_with_pickled_objects_or_another_layout_is_not_read(cache):
    cache.put(KEY, coordinates())
    (path,) = cache.folder.iterdir()
    whole = dict(np.load(path))
    for change in (
        {"coordinates": np.array([object()])},
        {"layout": np.array("something else 7")},
        {"key": np.array("another key")},
        {"digest": np.array("0" * 32)},
    ):
        with path.open("wb") as file:
            np.savez(file, **{**whole, **change})
        assert cache.get(KEY) is None
        assert not path.exists()


def test_the_least_recently_used_goes_first_when_the_room_is_full(tmp_path):
    cache = MapCache(tmp_path, most_bytes=30_000)  # room for three of some 9 kB
    for name in "abc":
        cache.put(name, coordinates(n=1000))
    for age, name in enumerate("cba"):  # a is the oldest …
        then = time.time() - 100 - age
        os.utime(cache._path(name), (then, then))
    assert cache.get("a") is not None  # … but was just used
    cache.put("d", coordinates(n=1000))
    assert [name for name in "abcd" if cache.get(name) is not None] == ["a", "c", "d"]
    cache.put("large", coordinates(n=10_000))
    assert cache.get("large") is None


def test_leftovers_of_a_crash_are_swept_out_after_an_hour(cache):
    cache.put("a", coordinates())
    old, new = cache.folder / "x.unfinished", cache.folder / "y.unfinished"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 4000, time.time() - 4000))
    cache.put("b", coordinates())
    assert not old.exists()
    assert new.exists()


def test_a_folder_that_cannot_be_made_keeps_nothing_and_breaks_nothing(tmp_path):
    (tmp_path / "file").write_text("in the way")
    cache = MapCache(tmp_path / "file" / "maps")
    cache.put(KEY, coordinates())
    assert cache.get(KEY) is None


def test_the_folder_is_the_one_the_environment_names_or_the_platforms(monkeypatch, tmp_path):
    monkeypatch.setenv("EMBEDDING_EXPLORER_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("EMBEDDING_EXPLORER_CACHE")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "x"))
    assert cache_folder() == tmp_path / "x" / "embedding-explorer" / "maps"
