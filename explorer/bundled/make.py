"""Make the files in data/ again: `python -m explorer.bundled.make` (about a minute).

Each bundled space's PCA and UMAP maps, kept under the digest of its vectors.
"""

from __future__ import annotations

from pathlib import Path

from explorer.bundled import digits, small_world
from explorer.bundled.stored_maps import write_maps
from explorer.projection.pca import pca
from explorer.projection.umap_learn import UmapSettings, umap_layout
from explorer.space import EmbeddingSpace, StoredMap


def make_maps(space: EmbeddingSpace, file: Path, settings: UmapSettings) -> None:
    """Both maps of a space, written to `file`."""
    components = pca(space.vectors, 2)
    first, second = components.explained
    pca_note = f"principal components 1 and 2: {first:.1%} and {second:.1%} of the variance"
    layout = umap_layout(space.vectors, **settings.as_dict())
    maps = {
        "PCA": StoredMap(components.coordinates, pca_note),
        "UMAP": StoredMap(layout, str(settings)),
    }
    write_maps(file, space.digest, maps)


if __name__ == "__main__":
    roomy = UmapSettings(metric="cosine", min_dist=0.8)  # so that single items can be seen
    make_maps(digits.open_digits(), digits.MAPS, roomy)
    make_maps(small_world.open_small_world(), small_world.MAPS, roomy)
