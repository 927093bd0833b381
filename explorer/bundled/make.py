"""Make the files in data/ again: `python -m explorer.bundled.make` (some seconds).

Each bundled space's PCA and UMAP maps. With `english TEXT` behind it, the English vectors are
trained from a text too (some minutes).
"""

from __future__ import annotations

import sys

import numpy as np

from explorer.bundled import digits, english, small_world
from explorer.bundled.stored_maps import write_maps
from explorer.bundled.topics import word_topics
from explorer.projection.pca import pca
from explorer.projection.umap import UmapSettings, umap
from explorer.space import FloatArray, StoredMap
from explorer.training.corpus import Corpus, CorpusSettings, read_corpus
from explorer.training.sgns import SgnsSettings, SgnsTrainer

ENGLISH_TEXT = CorpusSettings(min_count=5, max_size=20_000)
ROOMY = UmapSettings(min_dist=0.8)  # so that single items can be seen
ENGLISH = SgnsSettings(dimensions=100, window=6, epochs=15, negatives=10, sample=1e-4, seed=1)


def both_maps(vectors: FloatArray, settings: UmapSettings) -> dict[str, StoredMap]:
    """The PCA and the UMAP map of some vectors."""
    components = pca(vectors, 2)
    first, second = components.explained
    pca_note = f"principal components 1 and 2: {first:.1%} and {second:.1%} of the variance"
    return {
        "PCA": StoredMap(components.coordinates, pca_note),
        "UMAP": StoredMap(umap(vectors, settings), str(settings)),
    }


def make_maps() -> None:
    """The maps of all bundled spaces."""
    for space, file in (
        (digits.open_digits(), digits.MAPS), (small_world.open_small_world(), small_world.MAPS)
    ):  # fmt: skip
        write_maps(file, space.digest, both_maps(space.vectors, ROOMY))
    english.write_maps(both_maps(english.open_english().vectors, UmapSettings()))


def make_english(text: str) -> None:
    """Train on a text file and keep the vectors; one thread, so the same bits again."""
    trainer = SgnsTrainer(read_corpus(text, settings=ENGLISH_TEXT), ENGLISH)
    while not trainer.done:
        progress = trainer.advance()
        print(f"\r{progress.share:.1%}, loss {progress.loss}", end="", flush=True)
    keep_english(trainer.corpus, trainer.vectors())


def keep_english(corpus: Corpus, vectors: FloatArray) -> None:
    """Write data/english.npz, with maps of the vectors as they will be opened."""
    rounded = vectors.astype(np.float16).astype(np.float32)
    made = (
        f"skip-gram trained here: {ENGLISH.epochs} passes over {len(corpus):,} words, window "
        f"{ENGLISH.window}, {ENGLISH.negatives} negatives, sample {ENGLISH.sample:g}"
    )
    maps = both_maps(rounded, UmapSettings())
    topics = word_topics(corpus.words, rounded)
    english.write_english(corpus.words, corpus.counts, rounded, made, maps, topics)


if __name__ == "__main__":
    if sys.argv[1:2] == ["english"] and len(sys.argv) == 3:
        make_english(sys.argv[2])
    else:
        make_maps()
