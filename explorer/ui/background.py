"""Computations in the background as a page sees them: asked for, waited for a moment, stopped."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

import streamlit as st

from explorer.computation import Computation, Computations, OnProgress
from explorer.ui.text import literal
from explorer.ui.timed import duration

T = TypeVar("T")

MOMENT = 0.5  # seconds that a page waits, so that what is quick is there at once
TICK = 0.5  # seconds between looks at a run


@st.cache_resource(show_spinner=False)
def runs() -> Computations:
    """What this server computes beside its pages, shared by visitors."""
    return Computations()


def asker() -> str:
    """This session, as the one who waits for a computation."""
    return cast(str, st.session_state.setdefault("asker", secrets.token_hex(8)))


def ask(
    key: str, compute: Callable[[OnProgress], T], *, place: str = "", moment: float = MOMENT
) -> Computation[T]:
    """The run of that key, begun where it is not there; waited for a moment.

    compute : runs in a thread: nothing of the session may be used in it
    place : what the page needs it for, if told: another run that it asked for there is let go
    """
    if place:
        _let_go_of_the_one_before(key, place)
    run = runs().ask(key, compute, asker(), anew=key in _left())  # let go, and wanted again
    _left().discard(key)
    if not run.wait(moment):
        _seen_running().setdefault(run, time.monotonic())
    return run


def _let_go_of_the_one_before(key: str, place: str) -> None:
    before = st.session_state.get(f"asked_{place}", key)
    st.session_state[f"asked_{place}"] = key
    old = runs().find(before) if before != key else None
    if old is not None and not old.finished:
        old.leave(asker())
        _left().add(before)


def _left() -> set[str]:
    """The keys of runs that this session let go because it asked for another."""
    return cast("set[str]", st.session_state.setdefault("left_runs", set()))


def result(run: Computation[T]) -> T | None:
    """What a run computed; None while it goes on, or where it failed."""
    return run.result() if run.state == "done" else None


def begin_again(key: str, compute: Callable[[OnProgress], T]) -> None:
    """Compute once more what failed or was stopped."""
    runs().ask(key, compute, asker(), anew=True)


def awaited(
    key: str, compute: Callable[[OnProgress], T], what: str, *, name: str
) -> Computation[T] | None:
    """The run of that key when it is done; until then None, and the page shows how far it is.

    what, name : see `waiting`
    """
    run = ask(key, compute)
    if run.state == "done":
        return run
    waiting(run, what, key=name, again=lambda: begin_again(key, compute))
    return None


def waiting(
    run: Computation[T], what: str, *, key: str, again: Callable[[], None],
    first: Computation[Any] | None = None,
) -> None:  # fmt: skip
    """How far a run is, with a button that stops it; the page is run anew when it has ended.

    what : "k-means with 12 clusters"
    key : begins the keys of its buttons
    again : begins it anew, after it failed or was stopped
    first : a preview that is shown as soon as it is there
    """
    if run.given_up or (run.finished and run in _seen_running()):
        bar(run, what, key=key, again=again)
    elif not run.finished:
        st.fragment(bar, run_every=TICK)(run, what, key=key, again=again, first=first)


def bar(
    run: Computation[T], what: str, *, key: str, again: Callable[[], None],
    first: Computation[Any] | None = None,
) -> None:  # fmt: skip
    """The same for a part of a page that looks again by itself, twice a second."""
    if run.given_up:
        text, button = st.columns([5, 1], vertical_alignment="center")
        reason = run.error or f"{what} was stopped."
        text.warning(literal(reason, 500), icon=":material/info:")
        button.button("Try again", key=f"{key}_again", on_click=again, width="stretch")
        return
    seen = _seen_running()
    if run.finished and run not in seen:
        return
    begun = seen.setdefault(run, time.monotonic())
    for ended in (run, first):
        if ended is not None and ended.finished and ended in seen:
            del seen[ended]
            st.rerun()  # what stands on the page was drawn without its result
    for awaited in (run, first):
        if awaited is not None:
            awaited.touch(asker())
    line, button = st.columns([5, 1], vertical_alignment="center")
    before = f"waits for {run.position} other" if run.position else f"{run.progress:.0%}"
    line.progress(run.progress, f"{what}: {before}, {duration(time.monotonic() - begun)}")
    if button.button("Stop", key=f"{key}_stop", width="stretch"):
        for left in (run, first):
            if left is not None:
                left.leave(asker())
        run.wait(2)
        st.rerun()


def _seen_running() -> WeakKeyDictionary[Computation[Any], float]:
    """The runs that this session has drawn a page without, and since when."""
    seen = st.session_state.setdefault("runs_seen", WeakKeyDictionary())
    return cast("WeakKeyDictionary[Computation[Any], float]", seen)
