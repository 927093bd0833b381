"""Make the files in data/ again: `python -m explorer.bundled.make` (about a minute).

Each bundled space's PCA and UMAP maps, kept under the digest of its vectors. With `english TEXT`
behind it, the English vectors are trained from a text instead (some minutes).
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from explorer.bundled import digits, english, small_world
from explorer.bundled.stored_maps import write_maps
from explorer.bundled.topics import word_topics
from explorer.projection.pca import pca
from explorer.projection.umap_learn import UmapLearnSettings, umap_learn_map
from explorer.space import EmbeddingSpace, FloatArray, StoredMap
from explorer.training.corpus import Corpus, CorpusSettings, read_corpus
from explorer.training.sgns import SgnsSettings, SgnsTrainer

ENGLISH_TEXT = CorpusSettings(min_count=5, max_size=20_000)
ENGLISH = SgnsSettings(dimensions=100, window=6, epochs=15, negatives=10, sample=1e-4, seed=1)


def make_maps(space: EmbeddingSpace, file: Path, settings: UmapLearnSettings) -> None:
    """Both maps of a space, written to `file`."""
    write_maps(file, space.digest, both_maps(space.vectors, settings))


def both_maps(vectors: FloatArray, settings: UmapLearnSettings) -> dict[str, StoredMap]:
    """The PCA and the UMAP map of some vectors."""
    components = pca(vectors, 2)
    first, second = components.explained
    pca_note = f"principal components 1 and 2: {first:.1%} and {second:.1%} of the variance"
    layout = umap_learn_map(vectors, settings)
    return {
        "PCA": StoredMap(components.coordinates, pca_note),
        "UMAP": StoredMap(layout, str(settings)),
    }


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
    maps = both_maps(rounded, UmapLearnSettings(metric="cosine"))
    topics = word_topics(corpus.words, rounded)
    english.write_english(corpus.words, corpus.counts, rounded, made, maps, topics)


if __name__ == "__main__":
    if sys.argv[1:2] == ["english"] and len(sys.argv) == 3:
        make_english(sys.argv[2])
    else:
        roomy = UmapLearnSettings(metric="cosine", min_dist=0.8)  # so that single items can be seen
        make_maps(digits.open_digits(), digits.MAPS, roomy)
        make_maps(small_world.open_small_world(), small_world.MAPS, roomy)
