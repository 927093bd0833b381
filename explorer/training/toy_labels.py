"""Made-up vectors whose labels hide in a few dimensions, under louder ones that mean nothing.

x = Q (signal, noise): the item's class is one of 8 corners in 4 dimensions of spread 1; the other
26 dimensions are noise of spread NOISE, and Q turns them all together. Neighbours in the given
space are those of the noise; a linear map can find the 4 dimensions again.
"""

from __future__ import annotations

import numpy as np

from explorer.items import Items
from explorer.metadata import Metadata
from explorer.space import EmbeddingSpace, Provenance

CLASSES = ("amber", "blue", "coral", "dun", "ecru", "fawn", "green", "hazel")
SIGNAL, DIMENSIONS = 4, 30
NOISE = 2.0
BLUR = 0.35  # spread of a class around its corner


def toy_labels(per_class: int = 60, seed: int = 1) -> EmbeddingSpace:
    """480 items "amber 1", … of 8 classes (column "colour"), 30 dimensions."""
    generator = np.random.default_rng(seed)
    labels = np.repeat(np.arange(len(CLASSES)), per_class)
    corners = np.array([[1 if c >> bit & 1 else -1 for bit in range(3)] for c in range(8)])
    parity = corners.prod(axis=1, keepdims=True)  # so that corners differ in two or more places
    signal = np.hstack([corners, parity])[labels] + generator.normal(
        scale=BLUR, size=(len(labels), SIGNAL)
    )
    noise = generator.normal(scale=NOISE, size=(len(labels), DIMENSIONS - SIGNAL))
    turn, _ = np.linalg.qr(generator.normal(size=(DIMENSIONS, DIMENSIONS)))
    return EmbeddingSpace(
        name="toy labels",
        items=Items([f"{CLASSES[c]} {i % per_class + 1}" for i, c in enumerate(labels.tolist())]),
        vectors=(np.hstack([signal, noise]) @ turn).astype(np.float32),
        provenance=Provenance(
            "8 classes in 4 of 30 dimensions, under noise", "generated", seed=seed
        ),
        metadata=Metadata({"colour": [CLASSES[c] for c in labels.tolist()]}),
        trained_with="euclidean",
    )
