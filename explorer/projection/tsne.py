"""t-SNE by openTSNE where that is installed, else by scikit-learn, in a process of its own.

t-SNE (van der Maaten & Hinton 2008; Barnes-Hut, van der Maaten 2014) turns distances into the
probability p_ij that two items are neighbours, as wide around each item as `perplexity` says, and
places points so that a heavy-tailed q_ij on the map comes near to it: min KL(P || Q). Neither
program can be interrupted in its own process; here it is ended with it.
"""

from __future__ import annotations

import json
import os
import queue
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import metadata, util
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import explorer
from explorer.errors import ExplorerError, MissingDependencyError

OnProgress = Callable[[float], None]

FEWEST = 5  # items below which a neighbourhood map has no meaning
ROUNDS = 1_000
NEIGHBORS_SHARE = 0.1  # of the progress bar
LOOK = 0.1  # seconds between looks at whether it is still wanted
PROCESS = "explorer.projection.tsne_process"


@dataclass(frozen=True)
class TsneSettings:
    """What a t-SNE map depends on besides the vectors.

    perplexity : about how many neighbours each item keeps near, from 2; lowered to a third of the
        items where they are few
    seed : fixes the result
    metric : "cosine" (unit length, then Euclidean) or "euclidean"
    """

    perplexity: float = 30.0
    seed: int = 1
    metric: str = "cosine"

    def __post_init__(self) -> None:
        if self.metric not in ("cosine", "euclidean"):
            raise ExplorerError(f"t-SNE's metric is cosine or euclidean; got {self.metric!r}.")
        if not 2 <= self.perplexity < float("inf"):
            raise ExplorerError(f"t-SNE's perplexity is at least 2; got {self.perplexity:g}.")

    def __str__(self) -> str:
        return f"{tsne_program()}, perplexity {self.perplexity:g}, {self.metric}, seed {self.seed}"

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON and for `tsne_layout(vectors, **settings.as_dict())`."""
        return asdict(self)


def tsne_program() -> str:
    """Which program computes t-SNE here, and its version: "t-SNE by scikit-learn 1.7"."""
    for module, package in (("openTSNE", "openTSNE"), ("sklearn", "scikit-learn")):
        if util.find_spec(module) is not None:
            return f"t-SNE by {package} {metadata.version(package)}"
    return "t-SNE by none"


def tsne_layout(
    vectors: NDArray[Any],
    *,
    perplexity: float = 30.0,
    seed: int = 1,
    metric: str = "cosine",
    on_progress: OnProgress | None = None,
) -> NDArray[np.float32]:
    """(n, d) -> (n, 2) coordinates by t-SNE from a PCA start; see `TsneSettings`.

    on_progress : called with the share done at least ten times a second; what it raises ends the
        process and so the work
    Runs in a process of its own: some 2 s to start, then about a minute for 10,000 items.
    """
    settings = TsneSettings(perplexity, seed, metric)
    report = on_progress or (lambda share: None)
    if len(vectors) < FEWEST:
        raise ExplorerError(f"t-SNE needs at least {FEWEST} items; got {len(vectors)}.")
    with tempfile.TemporaryDirectory(prefix="embedding-explorer-tsne-") as folder:
        source, result = Path(folder) / "vectors.npy", Path(folder) / "map.npy"
        np.save(source, np.asarray(vectors, dtype=np.float32))
        job = {"vectors": str(source), "result": str(result), "settings": settings.as_dict()}
        _run(json.dumps(job), report)
        layout: NDArray[np.float32] = np.load(result, allow_pickle=False)
    report(1.0)
    return layout


def _run(job: str, report: OnProgress) -> None:
    root = str(Path(explorer.__file__).parents[1])
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    threads = str(max(1, (os.cpu_count() or 1) - 1))  # a core is left for the server
    with subprocess.Popen(
        [sys.executable, "-m", PROCESS, job], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
        env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": threads},
    ) as process:  # fmt: skip
        lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        threading.Thread(target=_read, args=(process, lines), daemon=True).start()
        share = 0.0
        try:
            while True:
                report(share)
                try:
                    line = lines.get(timeout=LOOK)
                except queue.Empty:
                    continue
                if line is None:
                    break
                message = json.loads(line)
                if "failed" in message:
                    raise ExplorerError(message["failed"])
                share = max(share, message["share"])
        finally:
            process.kill()
    if process.returncode not in (0, -9) or share < 1:
        raise ExplorerError(
            f"The t-SNE process ended unexpectedly (code {process.returncode}), perhaps for lack "
            "of memory: take fewer items."
        )


def _read(process: subprocess.Popen[str], lines: queue.SimpleQueue[str | None]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        lines.put(line)
    lines.put(None)


def compute(rows: NDArray[np.float32], settings: TsneSettings, report: OnProgress) -> Any:
    """The layout, in this process: what `tsne_process` calls, its stdout already its own.

    report : told the share done
    """
    n = len(rows)
    if settings.metric == "cosine":
        norms = np.linalg.norm(rows.astype(np.float64), axis=1, keepdims=True)
        rows = (rows / np.where(norms > 0, norms, 1)).astype(np.float32)
    perplexity = min(settings.perplexity, max(1.0, (n - 1) / 3))
    if util.find_spec("openTSNE") is not None:
        return _by_opentsne(rows, perplexity, settings.seed, report)
    try:
        from sklearn.manifold import TSNE
    except ImportError as error:
        raise MissingDependencyError("t-SNE", "openTSNE") from error
    model = TSNE(
        perplexity=perplexity, random_state=settings.seed, init="pca", max_iter=ROUNDS,
        learning_rate="auto", verbose=2,
    )  # fmt: skip
    return model.fit_transform(rows)


def _by_opentsne(
    rows: NDArray[np.float32], perplexity: float, seed: int, report: OnProgress
) -> Any:
    from openTSNE import TSNE  # type: ignore[import-not-found]

    done = 0

    def callback(iteration: int, error: float, embedding: Any) -> None:
        nonlocal done
        done += 1
        report(NEIGHBORS_SHARE + (0.99 - NEIGHBORS_SHARE) * min(1.0, done * 10 / ROUNDS))

    model = TSNE(
        perplexity=perplexity, random_state=seed, initialization="pca", n_jobs=-1,
        callbacks=callback, callbacks_every_iters=10, early_exaggeration_iter=250,
        n_iter=ROUNDS - 250,
    )  # fmt: skip
    return model.fit(rows)


class IterationReader:
    """The file that scikit-learn's messages go to: "Iteration 250: error = …" becomes a share."""

    def __init__(self, report: OnProgress) -> None:
        self.report = report

    def write(self, text: str) -> None:
        found = re.search(r"Iteration (\d+)", text)
        if found:
            share = min(1.0, int(found[1]) / ROUNDS)
            self.report(NEIGHBORS_SHARE + (0.99 - NEIGHBORS_SHARE) * share)

    def flush(self) -> None:
        pass
