"""Real vectors for the tests of neighbours, where they lie beside the repository."""

import gzip
from pathlib import Path

import numpy as np
import pytest

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "data" / "vectors"


@pytest.fixture(scope="session")
def real_vectors() -> np.ndarray:
    """(20000, 100) float32: GloVe vectors of the 20,000 most frequent words."""
    file = VECTORS / "glove.6B.100d.top20k.txt.gz"
    if not file.exists():
        pytest.skip("the GloVe vectors are not beside the repository (shared/data/vectors)")
    with gzip.open(file, "rt", encoding="utf-8") as text:
        lines = (line.split(" ", 1)[1] for line in text)
        return np.loadtxt(lines, dtype=np.float32)
