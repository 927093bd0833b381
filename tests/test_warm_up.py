"""Kernels are compiled once on a machine, where it can be written, by one process at a time."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from explorer import kernel_cache, warm_up

ROOT = Path(__file__).resolve().parents[1]
TRAIN = """
from explorer.training.bpr import BprTrainer, bpr_stepper
from explorer.training.toy_ratings import toy_ratings
trainer = BprTrainer(toy_ratings(), held_out=toy_ratings(seed=2))
while not trainer.done:
    trainer.advance()
from explorer.training import draws
kernels = [bpr_stepper(), draws.outside_drawer()]
print(sum(len(one.stats.cache_hits) for one in kernels))
print(sum(sum(one.stats.cache_misses.values()) for one in kernels))
"""


@pytest.fixture
def elsewhere(tmp_path, monkeypatch) -> Path:
    """A cache folder of the test's own."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kernels"))
    return tmp_path / "kernels"


def run(*arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env={**os.environ, **environment},
        capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return done.stdout


def test_what_was_warmed_up_is_not_compiled_again_when_it_is_needed(elsewhere):
    assert not warm_up.is_warm("training.bpr")
    assert run("-m", "explorer.warm_up", "training.bpr").startswith("training.bpr: ")
    assert warm_up.is_warm("training.bpr")
    assert run("-m", "explorer.warm_up", "training.bpr") == ""
    hits, misses = map(int, run("-c", TRAIN).split())
    assert hits > 0
    assert misses == 0


def test_the_list_says_what_is_ready_and_an_unknown_task_is_told(elsewhere, capsys):
    warm_up._leave_note("training.bpr")
    assert warm_up.main(["--list"]) == 0
    said = capsys.readouterr().out
    assert "training.bpr: ready\n" in said
    assert "training.sgns: not yet\n" in said
    assert warm_up.main(["training.tea"]) == 2
    assert "No task training.tea; there are " in capsys.readouterr().err


def test_every_package_with_kernels_says_how_to_compile_them():
    with_kernels = {
        file.relative_to(kernel_cache.PACKAGE).parts[0]
        for file in kernel_cache.PACKAGE.glob("*/**/*_kernels.py")
    }
    assert with_kernels == {name.partition(".")[0] for name in warm_up.tasks()}


def test_a_note_holds_only_for_the_code_that_was_compiled(elsewhere, monkeypatch):
    warm_up._leave_note("training.bpr")
    monkeypatch.setattr(warm_up, "_digest", lambda package: "of later code")
    assert not warm_up.is_warm("training.bpr")
    warm_up._leave_note("training.bpr")
    assert len(list(elsewhere.iterdir())) == 1  # the older note is gone


def test_one_process_at_a_time_warms_up_behind_the_server(elsewhere, monkeypatch):
    def unexpected(names, say=None):
        raise AssertionError("two at a time")

    with warm_up.alone() as first, warm_up.alone() as second:
        assert (first, second) == (True, False)
        monkeypatch.setattr(warm_up, "warm_up", unexpected)
        monkeypatch.setattr(os, "nice", lambda by: None)
        assert warm_up.main(["--behind"]) == 0
    with warm_up.alone() as later:
        assert later


HOLDS = """
import time
from explorer import warm_up
with warm_up.alone() as free:
    print(free, flush=True)
    time.sleep(60)
"""


def test_the_lock_of_a_process_that_was_killed_is_free_at_once(elsewhere):
    with subprocess.Popen([sys.executable, "-c", HOLDS], cwd=ROOT, stdout=subprocess.PIPE) as one:
        assert one.stdout.readline() == b"True\n"
        with warm_up.alone() as free:
            assert not free
        one.kill()
    with warm_up.alone() as free:
        assert free


def test_a_task_that_fails_is_logged_and_the_others_are_done(elsewhere, monkeypatch, caplog):
    def broken() -> None:
        raise RuntimeError("no")

    def missing() -> None:
        raise ImportError("No module named 'numba'")

    made = {"training.a": broken, "training.b": missing, "training.c": lambda: None}
    monkeypatch.setattr(warm_up, "tasks", lambda: made)
    said: list[str] = []
    warm_up.warm_up(list(made), said.append)
    assert [warm_up.is_warm(name) for name in made] == [False, False, True]
    assert "training.a could not be compiled" in caplog.text
    assert said[0] == "training.b: No module named 'numba'"


def unwritable(monkeypatch, *folders: Path) -> None:
    """Make these folders, and those below them, look like a read-only disk."""
    really = kernel_cache.is_writable

    def is_writable(wanted: Path) -> bool:
        return not any(wanted.is_relative_to(one) for one in folders) and really(wanted)

    monkeypatch.setattr(kernel_cache, "is_writable", is_writable)
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)


@pytest.fixture
def restored(monkeypatch):
    """Numba's folder as it was, when the test is over."""
    numba = pytest.importorskip("numba")
    monkeypatch.setattr(numba.config, "CACHE_DIR", numba.config.CACHE_DIR)
    monkeypatch.setenv("NUMBA_CACHE_DIR", "")
    return numba


def test_kernels_lie_beside_the_code_where_that_can_be_written(monkeypatch, restored):
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    kernel_cache.prepare()
    assert "NUMBA_CACHE_DIR" not in os.environ
    assert kernel_cache.folder() == kernel_cache.PACKAGE / "__pycache__"


def test_where_the_package_is_read_only_kernels_go_to_the_users_cache(
    tmp_path, monkeypatch, restored
):
    monkeypatch.setenv("EMBEDDING_EXPLORER_CACHE", str(tmp_path / "maps"))
    unwritable(monkeypatch, kernel_cache.PACKAGE)
    kernel_cache.prepare()
    assert os.environ["NUMBA_CACHE_DIR"] == str(tmp_path / "kernels")
    assert str(tmp_path / "kernels") == restored.config.CACHE_DIR
    assert kernel_cache.folder() == tmp_path / "kernels"


def test_without_a_home_kernels_go_to_a_folder_of_the_run_that_nobody_else_can_read(
    tmp_path, monkeypatch, restored
):
    monkeypatch.setenv("EMBEDDING_EXPLORER_CACHE", str(tmp_path / "maps"))
    unwritable(monkeypatch, kernel_cache.PACKAGE, tmp_path)
    kernel_cache.prepare()
    chosen = Path(os.environ["NUMBA_CACHE_DIR"])
    assert stat.S_IMODE(chosen.stat().st_mode) == 0o700
    assert chosen.name.startswith("embedding-explorer-")


def test_a_read_only_disk_is_met_in_silence(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(kernel_cache, "is_writable", lambda wanted: False)
    assert kernel_cache.folder() is None
    assert not warm_up.is_warm("training.bpr")
    monkeypatch.setattr(os, "nice", lambda by: None)
    assert warm_up.main(["--behind"]) == 0
    assert capsys.readouterr() == ("", "")
