"""Computations in threads: shared by key, stopped when nobody waits, kept when done."""

import threading
import time

import pytest

from explorer.computation import Computations
from explorer.errors import ExplorerError


def until(condition, seconds=5.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)


def endless(report):
    while True:
        report(0.5)
        time.sleep(0.002)


def test_a_result_is_there_with_what_it_took():
    run = Computations().ask("a", lambda report: 42, "me")
    assert run.wait(5)
    assert (run.state, run.result(), run.progress) == ("done", 42, 1.0)
    assert run.seconds >= 0


def test_all_who_ask_for_one_key_share_one_run():
    runs, calls = Computations(), []
    first = runs.ask("a", lambda report: calls.append(1), "me")
    second = runs.ask("a", lambda report: calls.append(1), "you")
    assert first is second
    assert first.wait(5)
    assert len(calls) == 1


def test_a_run_goes_on_while_somebody_waits_and_stops_when_the_last_has_left():
    run = Computations().ask("a", endless, "me")
    run.touch("you")
    run.leave("me")
    assert not run.wait(0.05)
    run.leave("you")
    assert run.wait(5)
    assert run.state == "cancelled"


def test_a_cancelled_run_is_begun_anew_only_when_that_is_asked():
    runs = Computations()
    run = runs.ask("a", endless, "me")
    run.leave("me")
    assert run.wait(5)
    assert runs.ask("a", endless, "me") is run
    again = runs.ask("a", lambda report: 1, "me", anew=True)
    assert again.wait(5)
    assert again.result() == 1


def test_a_run_that_others_left_is_begun_anew_for_whoever_comes():
    runs = Computations()
    run = runs.ask("a", endless, "me")
    run.leave("me")
    assert run.wait(5)
    fresh = runs.ask("a", lambda report: 1, "you")
    assert fresh is not run
    assert fresh.wait(5)
    assert fresh.result() == 1


def test_a_failure_is_told_in_its_sentence_and_ours_in_ours():
    def wrong(report):
        raise ExplorerError("k must be at least 1.")

    runs = Computations()
    run, broken = runs.ask("a", wrong, "me"), runs.ask("b", lambda report: 1 / 0, "me")
    assert run.wait(5)
    assert broken.wait(5)
    assert (run.state, run.error) == ("failed", "k must be at least 1.")
    assert "on our side" in broken.error
    with pytest.raises(ExplorerError, match="k must be"):
        run.result()


def test_a_third_waits_until_one_of_two_places_is_free():
    runs, gate = Computations(at_once=2), threading.Event()

    def patient(report):
        gate.wait(5)

    held = [runs.ask(name, patient, "me") for name in "ab"]
    until(lambda: all(run.state == "running" for run in held))
    third = runs.ask("c", lambda report: 3, "me")
    time.sleep(0.02)
    assert third.state == "waiting"
    gate.set()
    assert third.wait(5)
    assert third.result() == 3


def test_a_run_whose_asker_is_gone_ends_itself(monkeypatch):
    monkeypatch.setattr("explorer.computation.ASKER_GONE_SECONDS", 0.05)
    run = Computations().ask("a", endless, "me")
    assert run.wait(5)
    assert run.state == "cancelled"


def test_of_the_finished_ones_the_oldest_is_let_go_first():
    runs = Computations(most_kept=2)
    for name in "abc":
        assert runs.ask(name, lambda report: 0, "me").wait(5)
    assert runs.find("b") is not None  # looked for, so it is the newest
    assert runs.ask("d", lambda report: 0, "me").wait(5)
    runs.ask("e", endless, "me").leave("me")  # not finished when the others are counted
    assert runs.find("a") is None
    assert runs.find("c") is None
    assert runs.find("b") is not None
