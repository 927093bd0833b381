"""The server has kernels compiled beside it, once, and a training waits for its own."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from explorer import warm_up
from explorer.ui import warm

CHILD = "import sys; sys.stdin.read()"


@pytest.fixture
def children(tmp_path, monkeypatch):
    """The arguments of each child that was started; one of a training leaves its notes and ends."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.delenv(warm.VARIABLE)
    monkeypatch.setattr(warm, "_scheduled", type(warm._scheduled)())
    monkeypatch.setattr(warm, "_background", [])
    monkeypatch.setattr(warm.runtime, "exists", lambda: True)
    started: list[tuple[str, ...]] = []

    def child(*arguments: str) -> subprocess.Popen[bytes]:
        started.append(arguments)
        code = CHILD
        if arguments != ("--behind",):
            code = "pass"
            for task in arguments:
                warm_up._leave_note(task)
        return subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE)

    monkeypatch.setattr(warm, "_child", child)
    yield started
    warm._end_background()


def test_some_seconds_after_the_first_page_one_child_begins(children, monkeypatch):
    monkeypatch.setattr(warm, "BEGIN_AFTER", 0.01)
    for _ in range(3):
        warm.begin_soon()
    end = time.monotonic() + 10
    while not children and time.monotonic() < end:
        time.sleep(0.01)
    warm._begin()
    assert children == [("--behind",)]


def test_a_training_waits_for_its_own_kernels_and_the_rest_goes_on_afterwards(children):
    warm._begin()
    (behind,) = warm._background
    assert not warm.is_ready("training.bpr")
    warm.make_ready("training.bpr", "")
    assert behind.poll() is not None
    assert warm.is_ready("training.bpr")
    assert children == [("--behind",), ("training.bpr",), ("--behind",)]
    warm.make_ready("training.bpr")
    assert len(children) == 3


def test_no_child_is_started_where_all_is_warm_or_it_is_switched_off(children, monkeypatch):
    monkeypatch.setattr(warm_up, "is_warm", lambda task: True)
    warm._begin()
    warm.make_ready("training.sgns")
    assert children == []
    monkeypatch.undo()
    assert warm.is_ready("training.sgns")  # EMBEDDING_EXPLORER_WARM_UP=off again


def test_the_task_of_a_trainer_is_known_for_every_trainer_of_the_page():
    from explorer.training import OBJECTIVES
    from explorer.ui.training_sources import graphs, ratings

    classes = [one.trainer for one in (*graphs.OBJECTIVES.values(), *ratings.OBJECTIVES.values())]
    wanted = {warm.kernels_of(one) for one in classes}
    wanted |= {f"training.{name}" for name in OBJECTIVES}
    assert wanted <= set(warm_up.tasks())


def test_a_child_ends_with_its_server(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    child = warm._child("--behind")
    assert child is not None
    child.stdin.close()
    assert child.wait(20) == 0
    with warm_up.alone() as free:
        assert free
