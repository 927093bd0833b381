"""The program that the UMAP worker runs: `python -m explorer.projection.umap_process FOLDER`.

It reads one JSON object a line from stdin, {"job": 1, "vectors": PATH, "target": PATH or null,
"result": PATH, "settings": {…}}, and writes to stdout, one a line:
    {"ready": true}                       once, when umap-learn is imported
    {"job": 1, "share": 0.4}              progress, at most 20 a second
    {"job": 1, "done": true}              the coordinates lie at "result", as .npy
    {"job": 1, "failed": "sentence"}
It ends, and removes FOLDER, as soon as stdin closes: when its server ends, however that happens.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import queue
import shutil
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from explorer.errors import ExplorerError

NICE = 10  # lets the server and its visitors go first
REPORT_SECONDS = 0.05

Tell = Callable[[dict[str, Any]], None]


def main(folder: str) -> None:
    """Serve jobs until stdin closes."""
    tell = _protocol_on_stdout()
    with contextlib.suppress(AttributeError, OSError):  # not on Windows
        os.nice(NICE)
    jobs: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_read_jobs, args=(jobs, folder), daemon=True).start()
    with contextlib.suppress(ImportError):  # the first job tells what is missing
        import umap  # noqa: F401
    tell({"ready": True})
    while True:
        _run(jobs.get(), tell)


def _protocol_on_stdout() -> Tell:
    """A line writer on the real stdout; what libraries print goes to stderr from now on."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def tell(message: dict[str, Any]) -> None:
        channel.write(json.dumps(message) + "\n")
        channel.flush()

    return tell


def _read_jobs(jobs: queue.SimpleQueue[dict[str, Any]], folder: str) -> None:
    """Hand on jobs as they come; at the end of stdin end the process, whatever it is doing."""
    for line in sys.stdin:
        jobs.put(json.loads(line))
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


def _run(job: dict[str, Any], tell: Tell) -> None:
    number, last = job["job"], 0.0

    def report(share: float) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= REPORT_SECONDS or share == 1:
            last = now
            tell({"job": number, "share": share})

    try:
        from explorer.projection.umap_learn import UmapLearnSettings, umap_learn_map

        vectors = np.load(job["vectors"], mmap_mode="r", allow_pickle=False)
        target = None if job["target"] is None else np.load(job["target"], allow_pickle=False)
        settings = UmapLearnSettings(**job["settings"])
        layout = umap_learn_map(vectors, settings, target=target, on_progress=report)
        np.save(Path(job["result"]), layout)
        tell({"job": number, "done": True})
    except ExplorerError as error:
        tell({"job": number, "failed": str(error)})
    except MemoryError:
        tell({"job": number, "failed": "UMAP needs more memory than there is: take fewer items."})
    except Exception as error:
        logging.exception("UMAP failed")
        text = f"UMAP failed ({type(error).__name__}: {error})."
        tell({"job": number, "failed": " ".join(text.split())})


if __name__ == "__main__":
    main(sys.argv[1])
