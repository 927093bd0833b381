"""UMAP for one visitor: asked for, watched while it moves, stopped, fetched; several at once.

Ours runs in threads of the server (`UmapRuns`), umap-learn in a process of its own (`UmapWorker`).
A page asks with `begin`, and looks again with `held`; both give a `HeldMap`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explorer.metadata import category_codes
from explorer.neighbors.graph import EXACT_UP_TO
from explorer.projection.map_cache import MapCache
from explorer.projection.umap import UmapSettings
from explorer.projection.umap_learn import UmapLearnSettings
from explorer.projection.umap_runs import UmapRuns, UmapWatch
from explorer.projection.umap_worker import UmapJob, UmapWorker, learn_key
from explorer.space import EmbeddingSpace, FloatArray
from explorer.ui import warm
from explorer.ui.timed import duration

Settings = UmapSettings | UmapLearnSettings

MOST_HELD = 12  # maps of a session
ENDED = ("done", "stopped", "failed", "cancelled")


@st.cache_resource(show_spinner=False)
def runs() -> UmapRuns:
    """The maps that this server makes with our own UMAP."""
    return UmapRuns(MapCache(), prepare=_prepare)


@st.cache_resource(show_spinner=False)
def worker() -> UmapWorker:
    """The server's one process of umap-learn and its queue."""
    return UmapWorker(MapCache())


def _prepare(n: int) -> None:
    search = "neighbors.graph" if n > EXACT_UP_TO else "neighbors.exact"
    warm.make_ready("projection.umap", search)


@dataclass(eq=False)
class HeldMap:
    """This session's hold on a map: in the making, made, or given up.

    space_key, settings : what it is a map of, and how
    was_stored : it was made before
    """

    space_key: str
    settings: Settings
    job: UmapWatch | UmapJob
    was_stored: bool = False
    begun: float = field(default_factory=time.monotonic)
    _ended: float | None = None

    @property
    def state(self) -> str:
        """Queued, starting or running; or what it ended as: done, stopped, failed, cancelled."""
        state = self.job.state
        if state in ENDED and self._ended is None:
            self._ended = time.monotonic()
        return state

    @property
    def seconds(self) -> float | None:
        """What making it took; None while it is made, and where it was stored."""
        if self.was_stored or self.state not in ("done", "stopped"):
            return None
        if isinstance(self.job, UmapWatch):  # without the wait for its turn
            return self.job.detail.seconds
        return None if self._ended is None else self._ended - self.begun

    @property
    def finished(self) -> bool:
        """True when the state will not change any more."""
        return self.state in ENDED

    @property
    def progress(self) -> float:
        """From 0 to 1."""
        return self.job.progress

    @property
    def position(self) -> int:
        """How many others go first."""
        return self.job.position

    @property
    def error(self) -> str | None:
        """One sentence, when the state is "failed"."""
        return self.job.error

    @property
    def frame_number(self) -> int:
        """Rises with every new frame; 0 before the first."""
        if isinstance(self.job, UmapWatch):
            return self.job.frame_number
        return int(self.job.state == "done")

    def frame(self) -> FloatArray | None:
        """(n, components) where everything is now; None before the first frame."""
        if isinstance(self.job, UmapWatch):
            return self.job.frame()
        return self.coordinates

    @property
    def coordinates(self) -> FloatArray | None:
        """The map, once the state is "done" or "stopped"."""
        if isinstance(self.job, UmapWatch):
            return self.job.coordinates
        return self.job.result() if self.job.state == "done" else None

    @property
    def note(self) -> str:
        """How it was made, for a status line."""
        return self.job.note if isinstance(self.job, UmapWatch) else str(self.settings)

    @property
    def key(self) -> str:
        """Names the map for caches: the space, the settings, and where it was stopped."""
        stopped = ""
        if isinstance(self.job, UmapWatch) and self.state == "stopped":
            stopped = f":epoch {self.job.detail.epoch}"
        return f"{self.space_key}:umap:{self.settings}{stopped}"

    @property
    def words(self) -> str:
        """One line for a progress bar."""
        ours = isinstance(self.job, UmapWatch)
        name = "UMAP" if ours else "UMAP by umap-learn"
        spent = duration(time.monotonic() - self.begun)
        state = self.state
        if state == "queued" and self.position:
            others = "other map" if self.position == 1 else "other maps"
            return f"{name} waits for {self.position} {others}, {spent}"
        if state in ("queued", "starting"):
            long = "" if ours else " for half a minute"
            return f"{name} starts (the first time on a server it compiles{long}), {spent}"
        if state == "running" and isinstance(self.job, UmapWatch):
            detail = self.job.detail
            if detail.stage == "neighbours":
                return f"{name}: each item's neighbours are looked for, {detail.share:.0%}, {spent}"
            return f"{name}, epoch {detail.epoch:,} of {detail.epochs:,}, {spent}"
        if state == "failed":
            return self.error or f"{name} failed."
        return f"{name}, {self.progress:.0%}, {spent}" if state == "running" else f"{name}: {state}"

    def wait(self, seconds: float) -> bool:
        """Wait for the end; False when the time ran out first."""
        return self.job.wait(seconds)

    def stop(self) -> None:
        """End now and keep the newest frame; of umap-learn, which has none, the same as cancel."""
        if isinstance(self.job, UmapWatch):
            self.job.stop()
        else:
            self.job.cancel()

    def cancel(self) -> None:
        """Give it up; it ends when no other visitor waits for it."""
        self.job.cancel()


def begin(space: EmbeddingSpace, settings: Settings) -> HeldMap:
    """Ask for a map; returns at once. What this session holds already is given back, unless it
    failed or was given up: then it is begun anew.
    """
    known = held(space, settings)
    if known is not None and known.state not in ("failed", "cancelled"):
        return known
    stored = on_disk(space, settings)
    job: UmapWatch | UmapJob
    if isinstance(settings, UmapSettings):
        job = runs().submit(space.vectors, settings, space.digest)
    else:
        job = worker().submit(space.vectors, settings, space.digest, _told(space, settings))
    new = HeldMap(space.digest, settings, job, was_stored=stored)
    everything = _held()
    everything[_key(space, settings)] = new
    for key in [key for key, one in everything.items() if one.finished and one is not new]:
        if len(everything) <= MOST_HELD:
            break
        del everything[key]
    return new


def held(space: EmbeddingSpace, settings: Settings) -> HeldMap | None:
    """This session's map of that space and these settings, if it has asked for it."""
    return _held().get(_key(space, settings))


def let_go(space: EmbeddingSpace, settings: Settings) -> None:
    """Give a map up and forget it."""
    known = _held().pop(_key(space, settings), None)
    if known is not None:
        known.cancel()


def on_disk(space: EmbeddingSpace, settings: Settings) -> bool:
    """Whether the map was made before: `begin` has it at once."""
    if isinstance(settings, UmapSettings):
        return runs().is_stored(settings, space.digest)
    cache, told = worker().cache, _told(space, settings)
    return cache is not None and cache.holds(learn_key(settings, space.digest, told))


def in_unit_box(coordinates: FloatArray) -> FloatArray:
    """Points moved and scaled, both axes alike, into [-1, 1] x [-1, 1]: a map that grows while it
    is made stays in view.
    """
    low, high = coordinates.min(axis=0), coordinates.max(axis=0)
    side = float((high - low).max()) or 1.0
    boxed: FloatArray = ((coordinates - (low + high) / 2) * (2 / side)).astype(np.float32)
    return boxed


def _held() -> dict[str, HeldMap]:
    return cast("dict[str, HeldMap]", st.session_state.setdefault("umap_held", {}))


def _key(space: EmbeddingSpace, settings: Settings) -> str:
    told = settings.told if isinstance(settings, UmapLearnSettings) else ""
    return f"{space.digest} {space.metadata.digest if told else ''} {settings!r}"


def _told(space: EmbeddingSpace, settings: UmapLearnSettings) -> NDArray[Any] | None:
    """The categories that a supervised map is told; -1 where the cell is empty."""
    if not settings.told or settings.told not in space.metadata:
        return None
    return category_codes(space.metadata[settings.told])
