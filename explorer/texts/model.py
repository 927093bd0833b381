"""WordLlama: vectors of texts from a table of 32,000 tokens that lies in the package itself.

x(text) = (1/t) sum of the vectors of its t tokens. The table (256 dimensions) was cut out of large
language models and trained on pairs of texts so that the cosine of such means tells meaning.
Nothing is downloaded: the package's own folder is given as the loader's cache, because it looks for
its tokenizer in a folder "tokenizer" that the package calls "tokenizers" (0.4.0).

Source: D. Lee Miller, WordLlama (2024); Matryoshka training after Kusupati et al. (2022).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from explorer.errors import FileTooLargeError, MissingDependencyError
from explorer.limits import Limits
from explorer.space import FloatArray

DESCRIPTION = "texts by WordLlama, 256 dimensions"
AT_ONCE = 1 << 18  # characters: some 60,000 tokens, 60 MB of their vectors
LONGEST_TEXT = 100_000  # characters read of one text


def is_installed() -> bool:
    """Whether texts can be given vectors here."""
    from importlib.util import find_spec

    return find_spec("wordllama") is not None


@cache
def _model() -> Any:
    """The table and its tokenizer, loaded once: 16 MB, half a second."""
    log = logging.getLogger()
    level, handlers = log.level, list(log.handlers)
    try:
        import wordllama
    except ModuleNotFoundError:
        raise MissingDependencyError("Making vectors of texts", "wordllama") from None
    finally:  # it sets the log of the whole program up as it is imported
        log.setLevel(level)
        log.handlers[:] = handlers
    folder = Path(wordllama.__file__).parent
    model = wordllama.WordLlama.load(cache_dir=folder, disable_download=True)
    model.tokenizer.no_padding()
    return model


def embed(
    texts: Sequence[str],
    *,
    limits: Limits,
    on_progress: Callable[[float], None] = lambda share: None,
) -> FloatArray:
    """(n, 256) vectors; zeros for a text without a token."""
    model = _model()
    table: FloatArray = model.embedding
    n, d = len(texts), table.shape[1]
    if n * d > limits.cells:
        raise FileTooLargeError(
            "own texts",
            f"{n:,} texts make {n:,} x {d} numbers, and the limit here is {limits.cells:,}; take "
            "a part of them.",
            rows=limits.cells // d,
        )
    vectors = np.zeros((n, d), dtype=np.float32)
    for first, last in _blocks(texts):
        some = [text[:LONGEST_TEXT] for text in texts[first:last]]
        encoded = model.tokenizer.encode_batch(some, add_special_tokens=False)
        for row, one in enumerate(encoded, first):
            if one.ids:
                vectors[row] = table[one.ids].mean(axis=0)
        on_progress(last / n)
    return vectors


def _blocks(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Runs of texts of about AT_ONCE characters together."""
    ends: list[int] = []
    size = 0
    for row, text in enumerate(texts, 1):
        size += min(len(text), LONGEST_TEXT) + 1
        if size > AT_ONCE or row == len(texts):
            ends.append(row)
            size = 0
    return list(zip([0, *ends[:-1]], ends, strict=True))
