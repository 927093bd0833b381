"""UMAP for one visitor: asked of the server's one worker, watched, cancelled, fetched."""

from __future__ import annotations

import time
from dataclasses import dataclass

import streamlit as st

from explorer.projection.map_cache import MapCache, map_key
from explorer.projection.umap_learn import UmapSettings, umap_version
from explorer.projection.umap_worker import UmapJob, UmapWorker
from explorer.space import EmbeddingSpace, FloatArray
from explorer.ui import state
from explorer.ui.text import literal
from explorer.ui.timed import duration

ASK_ABOVE = 20_000  # items; a larger map is begun by a button, because it takes minutes
TICK = 0.5  # seconds between looks at a running job


@st.cache_resource(show_spinner=False)
def worker() -> UmapWorker:
    """The server's one UMAP process and its queue."""
    return UmapWorker(MapCache())


def settings() -> UmapSettings:
    """The settings of the visitor's map."""
    return UmapSettings()


@dataclass
class _Watched:
    """The job of this session, for one space and one choice of settings."""

    key: str
    job: UmapJob
    begun: float
    seconds: float | None = None


@dataclass(frozen=True, eq=False)
class FinishedMap:
    """A map that UMAP made, how, and the seconds from asking to having it (None: it was cached)."""

    coordinates: FloatArray
    note: str
    seconds: float | None


def _key(space: EmbeddingSpace, chosen: UmapSettings) -> str:
    return f"{space.digest} {chosen}"


def _watched(space: EmbeddingSpace, chosen: UmapSettings) -> _Watched | None:
    held = st.session_state.get("umap_job")
    return held if isinstance(held, _Watched) and held.key == _key(space, chosen) else None


def start(space: EmbeddingSpace, chosen: UmapSettings) -> None:
    """Ask for the map; what this session asked for before is let go."""
    cancel()
    job = worker().submit(space.vectors, chosen, space.digest)
    st.session_state["umap_job"] = _Watched(_key(space, chosen), job, time.monotonic())


def cancel() -> None:
    """Let go of the session's job; it stops at once when nobody else waits for it."""
    held = st.session_state.pop("umap_job", None)
    if isinstance(held, _Watched):
        held.job.cancel()


def finished(space: EmbeddingSpace, chosen: UmapSettings) -> FinishedMap | None:
    """The map if it is there, in this session or in the cache; small ones are begun by asking."""
    held = _watched(space, chosen)
    if held is None and (len(space) <= ASK_ABOVE or _in_cache(space, chosen)):
        start(space, chosen)
        held = _watched(space, chosen)
    if held is None or held.job.state != "done":
        return None
    return FinishedMap(held.job.result(), str(chosen), held.seconds)


def _in_cache(space: EmbeddingSpace, chosen: UmapSettings) -> bool:
    key = map_key(space.digest, "UMAP", umap_version(), chosen.as_dict())
    cache = worker().cache
    return cache is not None and cache.get(key) is not None


def progress(space: EmbeddingSpace) -> None:
    """Above the stand-in map: how far UMAP is, a way to stop it, or a button to begin."""
    chosen = settings()
    held = _watched(space, chosen)
    if held is None:
        text, button = st.columns([5, 2], vertical_alignment="center")
        text.info(f"UMAP of {len(space):,} items takes minutes. PCA is shown meanwhile.")
        button.button("Compute UMAP", on_click=start, args=(space, chosen), type="primary")
    elif held.job.state in ("failed", "cancelled"):
        reason = held.job.error or "UMAP was cancelled."
        text, button = st.columns([5, 2], vertical_alignment="center")
        text.error(f"{literal(reason, 500)} PCA is shown instead.")
        button.button("Try again", on_click=start, args=(space, chosen))
    else:
        _running(held)


@st.fragment(run_every=TICK)
def _running(held: _Watched) -> None:
    job = held.job
    if job.finished:
        held.seconds = time.monotonic() - held.begun
        st.rerun()
    spent = duration(time.monotonic() - held.begun)
    words = {
        "queued": f"UMAP waits for {job.position} other map{'s' if job.position != 1 else ''}",
        "starting": "UMAP starts (the first time on a server it compiles for half a minute)",
        "running": f"UMAP, {job.progress:.0%}",
    }
    bar, button = st.columns([5, 1], vertical_alignment="center")
    bar.progress(job.progress, f"{words[job.state]}, {spent}. PCA is shown meanwhile.")
    button.button("Cancel", key="umap_cancel", on_click=_give_up, width="stretch")


def _give_up() -> None:
    cancel()
    state.set_map("PCA")
