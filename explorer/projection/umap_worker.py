"""UMAP in a process of its own: one for the server, shared by all visitors, with a queue.

umap-learn compiles for many seconds in every process, may abort a process in which two fits run at
once, and cannot be interrupted. So one process, started at the first request, stays warm and fits
one map after the other; to cancel means to end it, and the next job starts another. It is started
by command line, not by multiprocessing, which would run Streamlit's main module again.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import itertools
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

import explorer
from explorer.errors import Cancelled, ExplorerError
from explorer.projection.map_cache import MapCache, map_key
from explorer.projection.umap_learn import UmapLearnSettings, umap_version

State = Literal["queued", "starting", "running", "done", "failed", "cancelled"]
Vectors: TypeAlias = NDArray[Any] | Callable[[Path], None]

MOST_WAITING = 20
PROCESS = "explorer.projection.umap_process"

log = logging.getLogger(__name__)


class UmapJob:
    """One visitor's hold on a map that is being made; others may hold the same one.

    Read `state`, `progress` and `position` at any time; `result()` waits.
    """

    def __init__(self, worker: UmapWorker, run: _Run) -> None:
        self._worker, self._run, self._left = worker, run, False

    @property
    def state(self) -> State:
        return "cancelled" if self._left else self._run.state

    @property
    def finished(self) -> bool:
        """True when the state will not change any more."""
        return self.state in ("done", "failed", "cancelled")

    @property
    def progress(self) -> float:
        """From 0 to 1; stays at 0 while the process starts and compiles."""
        return self._run.progress

    @property
    def position(self) -> int:
        """How many maps are made before this one; 0 when it has begun."""
        return self._worker._position(self._run)

    @property
    def error(self) -> str | None:
        """One sentence, when the state is "failed"."""
        return self._run.error

    @property
    def settings(self) -> UmapLearnSettings:
        return self._run.settings

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the map is done, failed or cancelled; False when the time ran out first."""
        return self._left or self._run.finished.wait(seconds)

    def result(self, seconds: float | None = None) -> NDArray[np.float32]:
        """(n, 2) read-only coordinates.

        Raises ExplorerError with the reason when the map failed, Cancelled when it was cancelled,
        TimeoutError when it is not there within `seconds`.
        """
        if not self.wait(seconds):
            raise TimeoutError(f"The map is not there after {seconds:g} seconds.")
        if self.state == "cancelled":
            raise Cancelled
        if self._run.coordinates is None:
            raise ExplorerError(self._run.error or "UMAP failed.")
        return self._run.coordinates

    def cancel(self) -> None:
        """Let go of the map; when nobody else waits for it, it is stopped at once."""
        if not self.finished:
            self._left = True
            self._worker._leave(self._run)


class _Run:
    """A map in the making."""

    def __init__(
        self, number: int, key: str, vectors: Vectors, settings: UmapLearnSettings,
        target: NDArray[Any] | None,
    ) -> None:  # fmt: skip
        self.number, self.key, self.settings, self.target = number, key, settings, target
        self.vectors: Vectors | None = vectors
        self.state: State = "queued"
        self.progress = 0.0
        self.error: str | None = None
        self.coordinates: NDArray[np.float32] | None = None
        self.waiters = 0
        self.finished = threading.Event()

    def end(self, state: State, error: str | None = None) -> None:
        self.state, self.error, self.vectors = state, error, None
        self.finished.set()


class UmapWorker:
    """One long-lived process and the queue before it. Safe to use from many threads.

    cache : where finished maps are kept and looked for; None keeps none
    """

    def __init__(self, cache: MapCache | None = None) -> None:
        self.cache = cache
        self._lock = threading.Condition()
        self._waiting: list[_Run] = []
        self._current: _Run | None = None
        self._numbers = itertools.count(1)
        self._thread: threading.Thread | None = None
        self._process: subprocess.Popen[str] | None = None
        self._ready = False
        self._folder: Path | None = None
        self._closed = False
        atexit.register(self.close)

    def submit(
        self, vectors: Vectors, settings: UmapLearnSettings, digest: str,
        target: NDArray[Any] | None = None,
    ) -> UmapJob:  # fmt: skip
        """Ask for the map of some vectors; returns at once.

        vectors : (n, d) array, or a function that writes one to the .npy file it is given
        digest : names the vectors' content (`EmbeddingSpace.digest`); the same digest and settings
            share one run, and are answered from the cache when they were made before (never
            without a seed: each run is another map)
        target : (n,) the categories that the map is told, as whole numbers
        """
        key = learn_key(settings, digest, target)
        stored = self.cache.get(key) if self.cache and settings.seed is not None else None
        with self._lock:
            if self._closed:
                raise ExplorerError("The UMAP worker was closed.")
            run = self._find(key)
            if run is None:
                run = _Run(next(self._numbers), key, vectors, settings, target)
                if stored is not None:
                    run.coordinates, run.progress = stored, 1.0
                    run.end("done")
                    return UmapJob(self, run)
                if len(self._waiting) >= MOST_WAITING:
                    raise ExplorerError(
                        f"{MOST_WAITING} UMAP maps are waiting already: try again in a while."
                    )
                self._waiting.append(run)
                if self._thread is None:
                    self._thread = threading.Thread(target=self._serve, daemon=True)
                    self._thread.start()
                self._lock.notify_all()
            run.waiters += 1
            return UmapJob(self, run)

    @property
    def process_id(self) -> int | None:
        """The worker process, while there is one."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def close(self) -> None:
        """End the process and cancel what waits; the worker takes no jobs afterwards."""
        with self._lock:
            self._closed = True
            for run in [*self._waiting, *([self._current] if self._current else [])]:
                run.end("cancelled")
            self._waiting.clear()
            self._stop_process()
            self._lock.notify_all()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(5)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        atexit.unregister(self.close)

    # ---- the queue, under the lock

    def _find(self, key: str) -> _Run | None:
        current = [self._current] if self._current and not self._current.finished.is_set() else []
        return next((run for run in current + self._waiting if run.key == key), None)

    def _position(self, run: _Run) -> int:
        with self._lock:
            if run not in self._waiting:
                return 0
            return self._waiting.index(run) + (self._current is not None)

    def _leave(self, run: _Run) -> None:
        with self._lock:
            run.waiters -= 1
            if run.waiters > 0 or run.finished.is_set():
                return
            run.end("cancelled")
            if run in self._waiting:
                self._waiting.remove(run)
            elif run is self._current:
                self._stop_process()

    # ---- the thread that feeds the process

    def _serve(self) -> None:
        while True:
            with self._lock:
                self._current = None
                while not self._waiting and not self._closed:
                    self._lock.wait()
                if self._closed:
                    return
                run = self._current = self._waiting.pop(0)
                run.state = "starting"
            try:
                self._make(run)
            except Exception as error:
                log.exception("UMAP could not be run")
                self._end(run, "failed", f"UMAP could not be run ({error}).")
                with self._lock:
                    self._stop_process()  # who knows what state it is in

    def _make(self, run: _Run) -> None:
        """Have the process make one map; returns when it is done, failed or cancelled."""
        process, folder = self._started(run)
        if process is None:
            return
        source, result = folder / f"{run.number}.npy", folder / f"{run.number}-map.npy"
        target = folder / f"{run.number}-target.npy"
        try:
            vectors = run.vectors
            if vectors is None:  # cancelled meanwhile
                return
            try:
                _write(vectors, source)
                if run.target is not None:
                    np.save(target, run.target.astype(np.int64))
            except OSError as error:
                return self._end(
                    run, "failed",
                    f"The vectors could not be handed to UMAP ({error.strerror}): "
                    f"is there room in {folder.parent}?",
                )  # fmt: skip
            job = {
                "job": run.number, "vectors": str(source), "result": str(result),
                "settings": run.settings.as_dict(),
                "target": None if run.target is None else str(target),
            }  # fmt: skip
            self._talk(process, run, job, result)
        finally:
            source.unlink(missing_ok=True)
            result.unlink(missing_ok=True)
            target.unlink(missing_ok=True)

    def _talk(
        self, process: subprocess.Popen[str], run: _Run, job: dict[str, Any], result: Path
    ) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        with contextlib.suppress(OSError):  # it has died: its stdout is at its end too
            process.stdin.write(json.dumps(job) + "\n")
            process.stdin.flush()
        if self._ready:
            self._begin(run)
        for line in process.stdout:
            message = json.loads(line)
            if "ready" in message:
                self._ready = True
                self._begin(run)
            elif message.get("job") != run.number:
                continue
            elif "share" in message:
                run.progress = float(message["share"])
            elif "failed" in message:
                return self._end(run, "failed", message["failed"])
            elif "done" in message:
                coordinates = np.load(result, allow_pickle=False)
                coordinates.setflags(write=False)
                if self.cache and run.settings.seed is not None:
                    self.cache.put(run.key, coordinates)
                run.coordinates, run.progress = coordinates, 1.0
                return self._end(run, "done")
        code = process.wait()
        process.stdout.close()
        with contextlib.suppress(OSError):
            process.stdin.close()
        self._end(
            run, "failed",
            f"The UMAP process ended unexpectedly (code {code}), perhaps for lack of memory: "
            "try again, or take fewer items.",
        )  # fmt: skip

    def _begin(self, run: _Run) -> None:
        with self._lock:
            if run.state == "starting":
                run.state = "running"

    def _end(self, run: _Run, state: State, error: str | None = None) -> None:
        with self._lock:
            if not run.finished.is_set():  # else it was cancelled
                run.end(state, error)

    # ---- the process

    def _started(self, run: _Run) -> tuple[subprocess.Popen[str] | None, Path]:
        """The living process, or a new one; None when `run` was cancelled meanwhile."""
        with self._lock:
            if self._process is not None and self._process.poll() is None and self._folder:
                self._folder.mkdir(mode=0o700, exist_ok=True)  # somebody sweeps up /tmp
                return self._process, self._folder
            if run.finished.is_set():
                return None, Path()
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = Path(tempfile.mkdtemp(prefix="embedding-explorer-umap-"))
            self._ready = False
            with (self._folder / "log.txt").open("w") as errors:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", PROCESS, str(self._folder)],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
                    text=True, encoding="utf-8", cwd=self._folder, env=_environment(),
                )  # fmt: skip
            return self._process, self._folder

    def _stop_process(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def learn_key(settings: UmapLearnSettings, digest: str, target: NDArray[Any] | None = None) -> str:
    """What a map by umap-learn depends on, as text."""
    told = "" if target is None else hashlib.blake2b(target.tobytes(), digest_size=16).hexdigest()
    return map_key(digest, "UMAP", umap_version(), {**settings.as_dict(), "target": told})


def _write(vectors: Vectors, file: Path) -> None:
    if callable(vectors):
        vectors(file)
    else:
        np.save(file, np.asarray(vectors, dtype=np.float32))


def _environment() -> dict[str, str]:
    """Ours, with this package importable and a core left for the server."""
    root = str(Path(explorer.__file__).parents[1])
    inherited = os.environ.get("PYTHONPATH")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    threads = str(max(1, (cores or 1) - 1))
    limits = dict.fromkeys(
        ["NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"],
        threads,
    )
    path = root if not inherited else os.pathsep.join([root, inherited])
    return {**os.environ, **limits, "PYTHONPATH": path}
