"""The kernels of the readers of text and binary word vectors, called once on small files."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable

import numpy as np

ROWS = 50


def _text() -> None:
    from explorer.formats import load

    lines = "".join(f"w{row} 0.5 -1.25e-3 {row + 1} 4\n" for row in range(ROWS))
    for text in (lines, f"{ROWS} 4\n{lines}"):
        load(io.BytesIO(gzip.compress(text.encode())))  # packed, as a plain one is too short for it


def _binary() -> None:
    from explorer.formats import load, save
    from explorer.items import Items
    from explorer.space import EmbeddingSpace, Provenance

    vectors = np.ones((ROWS, 4), dtype=np.float32)
    kept = io.BytesIO()
    names = Items(f"w{row}" for row in range(ROWS))
    save(EmbeddingSpace("w", names, vectors, Provenance("w")), kept, "word2vec_binary")
    load(io.BytesIO(kept.getvalue()))


TASKS: dict[str, Callable[[], None]] = {"text": _text, "word2vec": _binary}
