"""The program in which t-SNE runs: `python -m explorer.projection.tsne_process JOB`, JOB as JSON.

JOB is {"vectors": PATH, "result": PATH, "settings": {…}}. It writes to stdout, one a line,
{"share": 0.4}, and at the end {"share": 1.0} or {"failed": "sentence"}. It ends as soon as stdin
closes: when the program that started it ends, however that happens.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np

from explorer.errors import ExplorerError
from explorer.projection.tsne import IterationReader, TsneSettings, compute

NICE = 10  # lets the server and its visitors go first


def main(job: dict[str, Any]) -> None:
    """Compute one map."""
    with contextlib.suppress(AttributeError, OSError):  # not on Windows
        os.nice(NICE)
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    channel = sys.stdout

    def tell(message: dict[str, Any]) -> None:
        channel.write(json.dumps(message) + "\n")
        channel.flush()

    def report(share: float) -> None:
        tell({"share": share})

    try:
        vectors = np.load(job["vectors"], allow_pickle=False)
        with contextlib.redirect_stdout(IterationReader(report)):  # type: ignore[type-var]
            layout = compute(vectors, TsneSettings(**job["settings"]), report)
        np.save(Path(job["result"]), np.asarray(layout, dtype=np.float32))
        tell({"share": 1.0})
    except ExplorerError as error:
        tell({"failed": str(error)})
    except MemoryError:
        tell({"failed": "t-SNE needs more memory than there is: take fewer items."})
    except Exception as error:
        logging.exception("t-SNE failed")
        text = f"t-SNE failed ({type(error).__name__}: {error})."
        tell({"failed": " ".join(text.split())})


def _end_with_stdin() -> None:
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
