"""Compiled kernels on disk: found again, checked when read, and no fault of the disk is fatal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from explorer.kernel_cache import sources

pytest.importorskip("numba")
ROOT = Path(__file__).resolve().parents[1]
KERNEL = """
from explorer.kernel_cache import njit

@njit(cache=True, nogil=True)
def twice(x):
    return 2 * x
"""
USE = """
import logging, sys
logging.basicConfig(level=logging.INFO, format="%(message)s")
logging.getLogger("numba").setLevel(logging.WARNING)
sys.path.insert(0, sys.argv[1])
exec(sys.argv[2])
from some_kernels import twice
print(twice(21), sum(twice.stats.cache_hits.values()))
"""
FULL = """
import os
def full(descriptor):
    raise OSError(28, "No space left on device")
os.fsync = full
"""

BESIDE = """
import explorer
from explorer import kernel_cache
from pathlib import Path
explorer.__path__.append(sys.argv[1] + "/explorer")
kernel_cache.PACKAGE = Path(sys.argv[1], "explorer")
"""


@pytest.fixture
def place(tmp_path) -> Path:
    (tmp_path / "some_kernels.py").write_text(KERNEL)
    return tmp_path


def begun(place: Path, first: str = "") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", USE, str(place), first], cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "NUMBA_CACHE_DIR": str(place / "kernels")},
    )  # fmt: skip


def use(place: Path, first: str = "") -> tuple[int, int, str]:
    """What a fresh process computes with the kernel, how often it came from the disk, its log."""
    process = begun(place, first)
    said, log = process.communicate(timeout=120)
    assert process.returncode == 0, log
    value, hits = map(int, said.split())
    return value, hits, log


def files(place: Path) -> list[Path]:
    return sorted((place / "kernels").rglob("*.kernel"))


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def flipped(content: bytes) -> bytes:
    return content[:-50] + bytes([content[-50] ^ 1]) + content[-49:]


def test_a_kernel_is_found_again_and_one_that_is_damaged_is_compiled_anew(place):
    assert use(place) == (42, 0, "")
    assert use(place) == (42, 1, "")
    (file,) = files(place)
    file.write_bytes(cut(file.read_bytes()))
    value, hits, log = use(place)
    assert (value, hits) == (42, 0)
    assert "was damaged and is compiled anew" in log
    assert use(place) == (42, 1, "")


@pytest.mark.parametrize(
    "damage", [cut, flipped, lambda content: b"", lambda content: b"\x80\x04."]
)
def test_what_is_not_whole_is_not_given_back_and_removed(tmp_path, damage):
    from explorer.kernel_files import _Files

    kept = _Files(tmp_path, "some.kernel-1.py", "stamp")
    kept.save("key", list(range(100)))
    assert kept.load("key") == list(range(100))
    assert kept.load("another key") is None
    (file,) = tmp_path.iterdir()
    file.write_bytes(damage(file.read_bytes()))
    assert kept.load("key") is None
    assert list(tmp_path.iterdir()) == []


def test_a_changed_source_is_compiled_and_the_old_file_goes(place):
    use(place)
    (old,) = files(place)
    (place / "some_kernels.py").write_text(KERNEL.replace("2 * x", "4 * x"))
    assert use(place)[:2] == (84, 0)
    (new,) = files(place)
    assert new.name != old.name


def test_a_kernel_is_compiled_anew_when_what_its_file_imports_has_changed(place):
    (place / "explorer").mkdir()
    imported = place / "explorer/number.py"
    imported.write_text("FACTOR = 2\n")
    kernel = "from explorer.number import FACTOR\n" + KERNEL.replace("2 * x", "FACTOR * x")
    (place / "some_kernels.py").write_text(kernel)
    assert use(place, BESIDE) == (42, 0, "")
    assert use(place, BESIDE) == (42, 1, "")
    imported.write_text("FACTOR = 3\n")
    assert use(place, BESIDE) == (63, 0, "")


def test_the_sources_of_a_kernel_are_all_that_it_is_made_of():
    found = sources(ROOT / "explorer/neighbors/sweep_kernels.py")
    names = {str(file.relative_to(ROOT / "explorer")) for file in found}
    assert {f"neighbors/{name}_kernels.py" for name in ("sweep", "gathered", "candidates")} < names
    assert "machine_kernels.py" in names


def test_a_full_disk_and_a_folder_that_is_no_folder_cost_the_file_alone(place):
    value, hits, log = use(place, FULL)
    assert (value, hits) == (42, 0)
    assert "was not stored: [Errno 28] No space left" in log
    assert files(place) == []
    (folder,) = (place / "kernels").iterdir()
    folder.rmdir()
    folder.write_text("in the way")
    assert use(place)[:2] == (42, 0)


def test_processes_that_share_the_folder_do_not_disturb_each_other(place):
    running = [begun(place) for _ in range(3)]
    assert {one.communicate(timeout=120)[0].split()[0] for one in running} == {"42"}
    assert use(place) == (42, 1, "")
    assert [one.suffix for one in (place / "kernels").rglob("*") if one.is_file()] == [".kernel"]


def test_every_kernel_takes_its_decorator_from_here():
    others = [
        str(file.relative_to(ROOT))
        for file in (ROOT / "explorer").rglob("*_kernels.py")
        if "njit(" in file.read_text()
        and "from explorer.kernel_cache import njit\n" not in file.read_text()
    ]
    assert not others
