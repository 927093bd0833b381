"""A large file that is mapped and then written anew stays as it was for those who look at it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from explorer import load
from explorer.formats import lease, mapped

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="leases are Linux's")
ROWS, WIDTH = 20_000, 50
CUT = "import sys; open(sys.argv[1], 'r+b').truncate(1000)"
OVERWRITE = "import sys; f = open(sys.argv[1], 'r+b'); f.seek(128); f.write(b'\\0' * 3_000_000)"


@pytest.fixture
def file(tmp_path, monkeypatch) -> Path:
    """4 MB that counts as large."""
    monkeypatch.setattr(mapped, "MAPPED_BYTES", 1 << 20)
    path = tmp_path / "large.npy"
    np.save(path, numbers())
    if not lease.held(path):
        pytest.skip("this disk gives no leases")
    return path


def numbers() -> np.ndarray:
    return np.random.default_rng(0).standard_normal((ROWS, WIDTH)).astype(np.float32)


def maps_of(path: Path) -> bool:
    return str(path) in Path("/proc/self/maps").read_text()


@pytest.mark.parametrize("program", [CUT, OVERWRITE])
def test_a_mapped_file_that_another_program_cuts_or_overwrites_stays_as_it_was(file, program):
    space = load(file)
    assert maps_of(file)
    subprocess.run([sys.executable, "-c", program, str(file)], check=True, timeout=20)
    assert not maps_of(file)
    assert np.array_equal(space.vectors, numbers())


def test_saving_over_the_open_file_and_deleting_it_leave_it_as_it_was(file):
    space = load(file)
    np.save(file, np.ones((3, 2), dtype=np.float32))  # opens the file itself for writing
    assert np.array_equal(space.vectors, numbers())
    assert load(file).vectors.shape == (3, 2)
    file.unlink()
    assert np.array_equal(space.vectors, numbers())


def test_a_table_that_is_mapped_is_kept_too(file, tmp_path):
    import pyarrow as pa
    import pyarrow.feather as feather

    flat = pa.FixedSizeListArray.from_arrays(pa.array(numbers().reshape(-1)), WIDTH)
    names = pa.array([f"w{row}" for row in range(ROWS)])
    path = tmp_path / "large.arrow"
    feather.write_feather(
        pa.table({"item": names, "vector": flat}), path, compression="uncompressed"
    )
    space = load(path)
    subprocess.run([sys.executable, "-c", CUT, str(path)], check=True, timeout=20)
    assert np.array_equal(space.vectors, numbers())


def test_without_a_lease_a_file_is_read_where_memory_has_room(file, monkeypatch):
    monkeypatch.setattr(mapped, "held", lambda path: False)
    space = load(file)
    assert not maps_of(file)
    assert np.array_equal(space.vectors, numbers())
    monkeypatch.setattr(mapped, "total_memory", lambda: 1 << 20)
    large = load(file)
    assert maps_of(file)  # better than nothing
    del large


def test_a_file_that_is_being_written_has_no_lease_and_is_read(file):
    with file.open("r+b"):
        assert not lease._Leases().take(file)


def test_leases_of_files_that_nobody_looks_at_are_given_back(file, tmp_path):
    held = lease._Leases()
    held.take(file)
    array = np.load(file, mmap_mode="r")
    held.take(file)
    assert len(held._files) == 1
    held._forget_unmapped()
    (one,) = held._files.values()
    assert one.was_mapped
    del array
    held._forget_unmapped()
    assert not held._files
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(one.descriptor)
