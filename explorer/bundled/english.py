"""English words, trained here: the 20,000 most frequent of a text of 12 million, by skip-gram.

`python -m explorer.bundled.make english TEXT` trained them (data/README.md has the settings and
the scores). They are stored as float16, to the nearest of 2,048 steps of each power of two, with
how often each word came, a topic for each (see topics.py) and their PCA and UMAP maps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.app_files import DATA
from explorer.bundled.stored_maps import arrays_of, maps_in
from explorer.items import Items
from explorer.metadata import Metadata
from explorer.space import EmbeddingSpace, FloatArray, Provenance, StoredMap
from explorer.whole_file import written_whole

FILE = DATA / "english.npz"
KEPT = ("words", "counts", "vectors", "made", "topic names", "topics")  # besides the maps
Arrays = dict[str, NDArray[Any]]
BANDS = {
    100: "1 to 100",
    1_000: "101 to 1,000",
    5_000: "1,001 to 5,000",
    20_000: "5,001 to 20,000",
}


def open_english(file: Path = FILE) -> EmbeddingSpace:
    """20,000 x 100; each word's topic, count and band of rank; PCA and UMAP maps."""
    with np.load(file, allow_pickle=False) as stored:
        words = stored["words"].tobytes().decode().split("\n")
        vectors = stored["vectors"].astype(np.float32)
        topics = stored["topic names"][stored["topics"]].tolist()
        facts = {"topic": topics, "frequency": stored["counts"], "rank": rank_bands(len(words))}
        maps = maps_in(stored)
        made = str(stored["made"])
    return EmbeddingSpace(
        name="english",
        items=Items(words),
        vectors=vectors,
        provenance=Provenance("English encyclopedia text", format=made, seed=1, dtype="float16"),
        metadata=Metadata(facts),
        trained_with="dot",
        maps=maps,
    )


def write_english(
    words: Sequence[str],
    counts: NDArray[np.int64],
    vectors: FloatArray,
    made: str,
    maps: Mapping[str, StoredMap],
    topics: tuple[Sequence[str], NDArray[np.uint8]],
    file: Path = FILE,
) -> None:
    """Keep the words, most frequent first; open_english gives them back.

    topics : their names, and each word's by number
    """
    arrays: Arrays = {
        "words": np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
        "counts": counts.astype(np.int32),
        "vectors": vectors.astype(np.float16),
        "made": np.array(made),
        "topic names": np.array(topics[0]),
        "topics": topics[1],
    }
    _write(arrays, maps, file)


def write_maps(maps: Mapping[str, StoredMap], file: Path = FILE) -> None:
    """Put other maps beside the words and vectors that are stored."""
    with np.load(file, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in KEPT}
    _write(arrays, maps, file)


def _write(arrays: Arrays, maps: Mapping[str, StoredMap], file: Path) -> None:
    with written_whole(file) as whole:
        np.savez(whole, allow_pickle=False, **arrays, **arrays_of(maps))


def rank_bands(n: int) -> list[str]:
    """For each of n words, most frequent first, the band of ranks it lies in."""
    bands: list[str] = []
    for last, name in BANDS.items():
        bands.extend([name] * (min(n, last) - len(bands)))
    return bands + [f"above {max(BANDS):,}"] * (n - len(bands))
