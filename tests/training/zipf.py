"""A text whose words are as unevenly frequent as those of a language."""

import numpy as np

from explorer.training.corpus import corpus_of_text


def zipf_corpus(words, lines):
    """Lines of at most 12 words, drawn by Zipf's law; the same each time."""
    random = np.random.default_rng(1)
    text = [" ".join(f"w{n}" for n in random.zipf(1.4, 12) if n < words) for _ in range(lines)]
    return corpus_of_text("\n".join(text), min_count=1)
