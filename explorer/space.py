"""The embedding space: items, a vector for each, what is known of them, where they came from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from explorer.blocks import row_blocks
from explorer.errors import ExplorerError
from explorer.items import Items
from explorer.metadata import Metadata

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from explorer.composer import Composer
    from explorer.neighbor_list import NeighborList

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Finding:
    """Something that loading met and the reader of a picture should know.

    what : "duplicate names", "zero rows", …
    count : how many
    done : what was done about them: "kept and numbered (' #2')", "kept out"
    examples : some of them, with the place: "line 318: harbour"
    """

    what: str
    count: int
    done: str
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        some = f" ({', '.join(self.examples)}{', …' if self.count > len(self.examples) else ''})"
        return f"{self.count:,} {self.what}: {self.done}{some if self.examples else ''}"


@dataclass(frozen=True)
class Provenance:
    """Where the vectors came from and what was done to them since.

    source : the file's name or the trainer, as a figure's caption prints it
    format : "word2vec text", "generated", …
    steps : preprocessing in order: ("centred", "unit length")
    seed : of whatever drew random numbers, or None
    findings : what loading met
    dtype : of the numbers as they were read, before they became float32: "float64"
    """

    source: str
    format: str = ""
    steps: tuple[str, ...] = ()
    seed: int | None = None
    findings: tuple[Finding, ...] = ()
    dtype: str = "float32"

    def then(self, step: str) -> Provenance:
        """The same origin, one preprocessing step later."""
        return replace(self, steps=(*self.steps, step))

    @property
    def preprocessing(self) -> str:
        return ", then ".join(self.steps) if self.steps else "none"

    def __str__(self) -> str:
        kind = f" ({self.format})" if self.format else ""
        seed = f", seed {self.seed}" if self.seed is not None else ""
        steps = f"; {self.preprocessing}" if self.steps else ""
        return f"{self.source}{kind}{seed}{steps}"


@dataclass(frozen=True)
class StoredMap:
    """2-D (or 3-D) coordinates that came with a space: precomputed here, or brought by the file.

    coordinates : (n, 2) or (n, 3) float32
    note : how they were made: "umap-learn 0.5.12, 15 neighbours, minimum distance 0.1, seed 1"
    """

    coordinates: FloatArray
    note: str

    def __post_init__(self) -> None:
        coordinates = np.asarray(self.coordinates, dtype=np.float32)
        if coordinates.ndim != 2 or coordinates.shape[1] not in (2, 3):
            raise ExplorerError(f"A map needs 2 or 3 coordinates an item; got {coordinates.shape}.")
        object.__setattr__(self, "coordinates", _read_only(coordinates))


@dataclass(frozen=True, eq=False)
class EmbeddingSpace:
    """Items and their vectors, fixed once made, so safe to share between visitors.

    name : short; the key under which a session lists it
    items : n distinct names (duplicates in a file are numbered on loading)
    vectors : (n, d) float32, read-only, maybe memory-mapped; row i belongs to items[i]
    provenance : where the vectors came from, printed under every figure
    metadata : one row an item
    trained_with : "dot", "cosine" or "euclidean" if the vectors' maker said so
    images : (n, h, w) or (n, h, w, 3) uint8, one picture an item
    maps : stored projections by name ("PCA", "UMAP", "X_umap")
    composer : makes vectors of items the space does not hold, where it can
    """

    name: str
    items: Items
    vectors: FloatArray
    provenance: Provenance
    metadata: Metadata = field(default_factory=Metadata)
    trained_with: str | None = None
    images: NDArray[np.uint8] | None = None
    maps: Mapping[str, StoredMap] = field(default_factory=dict)
    composer: Composer | None = None

    def __post_init__(self) -> None:
        vectors = np.asarray(self.vectors, dtype=np.float32)  # no copy: it may be a memory map
        n = len(self.items)
        if vectors.ndim != 2 or len(vectors) != n:
            raise ExplorerError(f"{n:,} items need a row each; got shape {vectors.shape}.")
        if n == 0 or vectors.shape[1] == 0:
            raise ExplorerError(f"A space needs items and dimensions; got shape {vectors.shape}.")
        if len(self.metadata) and self.metadata.rows != n:
            raise ExplorerError(f"{n:,} items, but metadata for {self.metadata.rows:,}.")
        for name, stored in self.maps.items():
            if len(stored.coordinates) != n:
                raise ExplorerError(
                    f"Map {name} places {len(stored.coordinates):,} of {n:,} items."
                )
        if self.images is not None:
            if len(self.images) != n:
                raise ExplorerError(f"{n:,} items, but {len(self.images):,} images.")
            object.__setattr__(self, "images", _read_only(self.images))
        object.__setattr__(self, "vectors", _read_only(vectors))
        object.__setattr__(self, "maps", MappingProxyType(dict(self.maps)))

    def __len__(self) -> int:
        return len(self.items)

    def __repr__(self) -> str:
        return f"EmbeddingSpace({self.name!r}, {len(self):,} x {self.dimensions})"

    @property
    def dimensions(self) -> int:
        """d, the length of every vector."""
        return int(self.vectors.shape[1])

    def row(self, item: str) -> int:
        """The row of an item; UnknownItemError with close spellings when there is none."""
        return self.items.row(item, self.name)

    def vector(self, item: str) -> FloatArray:
        """(d,) the vector of an item."""
        vector: FloatArray = self.vectors[self.row(item)]
        return vector

    @cached_property
    def norms(self) -> FloatArray:
        """(n,) Euclidean norms, the squares summed in float64; infinite only beyond float32."""
        norms = np.empty(len(self), dtype=np.float32)
        with np.errstate(over="ignore"):
            for rows in row_blocks(len(self), self.dimensions):
                norms[rows] = _norms(self.vectors[rows])
        norms.setflags(write=False)
        return norms

    @cached_property
    def digest(self) -> str:
        """A hash of all names and vectors, 32 hexadecimal digits: the key of every cache."""
        return content_digest(self.vectors, self.items.digest)

    def subset(self, rows: IntArray | Sequence[int], step: str) -> EmbeddingSpace:
        """A new space of some rows; `step` says in the provenance which and why."""
        rows = _row_numbers(rows, len(self))
        return replace(
            self,
            items=Items(self.items.take(rows.tolist())),
            vectors=self.vectors[rows],
            metadata=self.metadata.take(rows) if len(self.metadata) else Metadata(),
            images=None if self.images is None else self.images[rows],
            maps={
                name: StoredMap(stored.coordinates[rows], f"{stored.note}; {step}")
                for name, stored in self.maps.items()
            },
            provenance=self.provenance.then(step),
        )

    def with_vectors(self, vectors: FloatArray, step: str) -> EmbeddingSpace:
        """The same items with other vectors; stored maps and the composer no longer apply."""
        provenance = self.provenance.then(step)
        return replace(self, vectors=vectors, maps={}, composer=None, provenance=provenance)

    def renamed(self, name: str) -> EmbeddingSpace:
        """The same space under another name."""
        return replace(self, name=name)

    def with_metadata(self, metadata: Metadata) -> EmbeddingSpace:
        """The same vectors with other metadata."""
        return replace(self, metadata=metadata)

    # What a notebook asks for. It stands here because here a person (and Tab) looks for it; what
    # it needs is imported when it is called, so that the library still imports no Plotly.

    def neighbors(
        self, wanted: str | Sequence[str] | NDArray[Any], k: int = 10, *, metric: str = "cosine"
    ) -> NeighborList:
        """The k items nearest to an item, to the middle of several, or to a vector: exact search.

        A table in a notebook; `.plot()` draws it, `.columns()` hands it to a data frame.
        """
        from explorer.neighbor_list import neighbor_list

        return neighbor_list(self, wanted, k, metric)

    def map(
        self, name: str = "", *, colour: str | None = None, focus: str = "",
        pins: Sequence[str] = (), k: int = 10, metric: str = "cosine", seed: int = 1,
    ) -> Figure:  # fmt: skip
        """The map as a plotly.graph_objects.Figure.

        name : a key of `maps`, "PCA", "UMAP", "Random projection"; a stored UMAP, else PCA, unless
            given
        colour : a metadata column; the first with categories unless given, "" for one colour
        focus : an item whose k nearest, found in all dimensions by `metric`, are linked by lines
        pins : items to mark
        seed : of UMAP and of a random projection
        """
        from explorer.plots.space_map import space_map

        return space_map(
            self, name, colour=colour, focus=focus, pins=pins, k=k, metric=metric, seed=seed
        )

    def _repr_html_(self) -> str:
        from explorer.html_tables import space_table

        return space_table(self)


def _row_numbers(rows: IntArray | Sequence[int], n: int) -> IntArray:
    """(m,) row numbers, each from 0 to n - 1 and given once; ExplorerError for anything else."""
    numbers = np.asarray(rows)
    if numbers.size == 0:
        raise ExplorerError("A part of a space needs at least one item.")
    if numbers.ndim != 1 or numbers.dtype.kind not in "iu":
        raise ExplorerError(f"Rows are given by number; got an array of {numbers.dtype}.")
    if numbers.min() < 0 or numbers.max() >= n:
        raise ExplorerError(f"Rows go from 0 to {n - 1:,}; got {numbers.min()} to {numbers.max()}.")
    if len(np.unique(numbers)) < len(numbers):
        raise ExplorerError("Rows of a part must differ; some are given twice.")
    return numbers.astype(np.int64)


def normalized(space: EmbeddingSpace) -> EmbeddingSpace:
    """Every vector at length 1 (a zero vector stays zero)."""
    unit = np.empty(space.vectors.shape, dtype=np.float32)
    for rows in row_blocks(len(space), space.dimensions):
        norms = _norms(space.vectors[rows])
        unit[rows] = space.vectors[rows] / np.where(norms > 0, norms, 1)[:, None]
    return space.with_vectors(unit, "unit length")


def centred(space: EmbeddingSpace) -> EmbeddingSpace:
    """The mean vector subtracted from every vector."""
    mean = np.mean(space.vectors, axis=0, dtype=np.float64).astype(np.float32)
    return space.with_vectors(space.vectors - mean, "centred")


def content_digest(array: NDArray[Any], *more: str) -> str:
    """blake2b over an array's shape, type and every byte, in 16 MB pieces on two threads."""
    pieces = list(row_blocks(len(array), max(1, array[:1].nbytes // 4), block_bytes=1 << 24))

    def piece_hash(rows: slice) -> bytes:
        return hashlib.blake2b(np.ascontiguousarray(array[rows]).data, digest_size=32).digest()

    with ThreadPoolExecutor(2) as pool:
        hashes: Iterable[bytes] = pool.map(piece_hash, pieces)
        whole = hashlib.blake2b(digest_size=16)
        whole.update(f"{array.shape} {array.dtype.str} {' '.join(more)}".encode())
        for one in hashes:
            whole.update(one)
    return whole.hexdigest()


def _norms(block: FloatArray) -> NDArray[np.float64]:
    """(b, d) -> (b,) norms in float64, where the square of no float32 over- or underflows."""
    wide = block.astype(np.float64)
    norms: NDArray[np.float64] = np.sqrt(np.einsum("ij,ij->i", wide, wide))
    return norms


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    view = np.asarray(array).view()  # our own view is read-only, the caller's array stays theirs
    view.setflags(write=False)
    return view
