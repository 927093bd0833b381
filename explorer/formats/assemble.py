"""From what a reader found to an embedding space: checked, named, with nothing dropped in silence.

Rows of zeros and rows with numbers that are not finite have no direction, so no neighbours: they
are kept out, counted and named. Everything else is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.blocks import row_blocks
from explorer.errors import FileTooLargeError, VectorFileError
from explorer.formats.arrow_columns import check_metadata_cells
from explorer.formats.labels import join_metadata, read_labels
from explorer.formats.norms import float32_and_norms
from explorer.formats.options import Options
from explorer.formats.raw import Origin, RawVectors, type_name
from explorer.formats.source import byte_size
from explorer.items import Items, number_duplicates
from explorer.metadata import Metadata
from explorer.packed_names import PackedNames
from explorer.space import EmbeddingSpace, Finding, FloatArray, Provenance, StoredMap

EXAMPLES = 3  # named in a finding
Place = Callable[[int], str]


def assemble(
    raw: RawVectors, source: Origin, options: Options, name: str | None = None
) -> EmbeddingSpace:
    """Check the contents of a file and make a space of them.

    raw : what the reader found; its arrays are taken over, not copied, where that can be
    options : labels and metadata files are joined here, and the limit applied
    name : of the space; the file's name without its extensions unless given

    Raises VectorFileError for shapes and types that are no vectors, for counts that differ, and
    where no usable row is left.
    """
    file = source.name
    _check_shape(raw.vectors, source)
    findings = list(raw.findings)
    names, metadata = _names_and_metadata(raw, options, file, findings)
    _check_metadata(metadata, source)
    total, count = len(raw.vectors), len(raw.vectors)
    if options.limit is not None and total > options.limit:
        count = options.limit
        done = f"left out: the first {count:,} of {total:,} were asked for"
        findings.append(Finding("items", total - count, done))

    steps, seed = raw.steps, raw.seed
    if raw.sample is not None:
        findings.append(raw.sample.finding)
        steps, seed = (*steps, str(raw.sample)), raw.sample.seed
        names = names if names is not None else list(map(str, raw.sample.rows.tolist()))

    vectors, norms = float32_and_norms(raw.vectors[:count])
    if names is not None:
        names = names if count == total else names[:count]
        names = _names_given(names, raw.place, source, findings)
    keep = _usable(vectors, norms, raw, names, findings)
    if keep is not None:
        if not keep.any():
            raise VectorFileError(file, f"all {count:,} rows are zero or not finite.")
        vectors, norms = _kept(vectors, keep), norms[keep]

    chosen = keep if keep is not None else (slice(count) if count < total else None)
    space = EmbeddingSpace(
        name=name or source.stem,
        items=_items(names, keep, vectors, raw.place, findings),
        vectors=vectors,
        provenance=Provenance(
            file,
            raw.format,
            steps=steps,
            seed=seed,
            findings=tuple(findings),
            dtype=raw.vectors.dtype.name,
        ),
        metadata=Metadata({key: _some(value, chosen, count) for key, value in metadata.items()}),
        trained_with=raw.trained_with,
        composer=raw.composer,
        images=None if raw.images is None else _some(raw.images, chosen, count),
        maps={
            key: StoredMap(_some(stored.coordinates, chosen, count), stored.note)
            for key, stored in raw.maps.items()
        },
    )
    norms.setflags(write=False)
    space.__dict__["norms"] = norms  # the cached property, already known from the one pass
    return space


def _check_shape(vectors: NDArray[Any], source: Origin) -> None:
    file = source.name
    if vectors.ndim != 2:
        raise VectorFileError(
            file, f"expected a 2-D array, one row an item; got shape {vectors.shape}."
        )
    n, d = vectors.shape
    if n == 0 or d == 0:
        raise VectorFileError(file, f"holds no vectors: its array has shape {n} x {d}.")
    if vectors.dtype.kind not in "fiub":
        raise VectorFileError(
            file, f"expected real numbers; got an array of type {type_name(vectors.dtype)}."
        )
    if n * d > source.limits.cells:
        raise FileTooLargeError(
            file,
            f"holds {n:,} x {d:,} numbers, more than the limit of {source.limits.cells:,}; "
            "open its first part with --limit N.",
            rows=source.limits.cells // d,
        )


def _names_and_metadata(
    raw: RawVectors, options: Options, file: str, findings: list[Finding]
) -> tuple[Sequence[str] | None, dict[str, Any]]:
    """The names and columns of the file itself, with those of its labels and metadata files."""
    n = len(raw.vectors)
    names, metadata = raw.names, dict(raw.metadata)
    if options.labels is not None:
        names, columns = read_labels(options.labels, raw, options, file)
        metadata |= columns
    if names is not None and len(names) != n:
        raise VectorFileError(file, f"holds {len(names):,} names for {n:,} vectors.")
    if options.metadata is not None:
        columns, more = join_metadata(options.metadata, raw, names, options, file)
        metadata |= columns
        findings += more
    return names, metadata


def _check_metadata(metadata: dict[str, Any], source: Origin) -> None:
    """FileTooLargeError for names of columns that no page could show, and for too many values."""
    for name in metadata:
        if len(name) > source.limits.name_characters:
            raise FileTooLargeError(
                source.name,
                f"the column {name[:20]!r}… has a name of {len(name):,} characters, the limit is "
                f"{source.limits.name_characters:,}.",
            )
    rows = max(map(len, metadata.values()), default=0)
    check_metadata_cells(source, rows, max(1, len(metadata)))
    texts = [column for column in metadata.values() if np.asarray(column).dtype == object]
    size = sum(sum(map(len, column)) for column in texts)
    if size > source.limits.expanded_bytes:
        raise FileTooLargeError(
            source.name,
            f"its metadata holds {size:,} characters, and the limit here is "
            f"{byte_size(source.limits.expanded_bytes)}.",
        )


def _names_given(
    names: Sequence[str], place: Place, source: Origin, findings: list[Finding]
) -> Sequence[str]:
    """Every row with a name: a row without one is called by its number."""
    longest = source.limits.name_characters
    packed = isinstance(names, PackedNames)
    lengths = names.lengths if isinstance(names, PackedNames) else np.array([len(x) for x in names])
    if lengths.max() > longest:
        row = int(lengths.argmax())
        unit = "bytes" if packed else "characters"
        raise FileTooLargeError(
            source.name,
            f"{place(row)}: a name of {lengths[row]:,} {unit}, the limit is {longest:,}.",
        )
    if int(lengths.sum()) > source.limits.expanded_bytes:
        raise FileTooLargeError(
            source.name,
            f"its names are {int(lengths.sum()):,} characters together, and the limit here is "
            f"{byte_size(source.limits.expanded_bytes)}.",
        )
    empty = np.flatnonzero(lengths == 0).tolist()
    if not empty:
        return names
    names = list(names)
    for row in empty:
        names[row] = f"row {row}"
    examples = tuple(place(row) for row in empty[:EXAMPLES])
    findings.append(Finding("items without a name", len(empty), "named by their row", examples))
    return names


def _usable(
    vectors: FloatArray,
    norms: FloatArray,
    raw: RawVectors,
    names: Sequence[str] | None,
    findings: list[Finding],
) -> NDArray[np.bool_] | None:
    """Which rows have a direction; None when all have."""
    finite, nonzero = np.isfinite(norms), norms != 0
    infinite_norm = np.flatnonzero(~finite)
    for row in infinite_norm:  # a finite row whose norm is beyond float32 is a usable row
        finite[row] = bool(np.isfinite(vectors[row]).all())
    tiny = np.flatnonzero(~nonzero)
    for row in tiny:  # so is one whose norm is below the smallest float32
        nonzero[row] = bool(vectors[row].any())
    too_large = np.zeros(0, dtype=np.int64)
    if raw.vectors.dtype.kind == "f" and raw.vectors.dtype.itemsize > 4:
        source_finite = [np.isfinite(raw.vectors[row]).all() for row in infinite_norm]
        too_large = infinite_norm[np.array(source_finite, dtype=bool) & ~finite[infinite_norm]]
    not_finite = np.setdiff1d(np.flatnonzero(~finite), too_large)

    def example(row: int) -> str:
        return raw.place(row) if names is None else f"{raw.place(row)}: {names[row]}"

    for what, rows in (
        ("zero rows", np.flatnonzero(~nonzero)),
        ("rows with numbers that are not finite", not_finite),
        ("rows with numbers too large for float32", too_large),
    ):
        if len(rows):
            examples = tuple(example(int(row)) for row in rows[:EXAMPLES])
            findings.append(Finding(what, len(rows), "kept out", examples))
    keep = finite & nonzero
    return None if keep.all() else keep


def _kept(vectors: FloatArray, keep: NDArray[np.bool_]) -> FloatArray:
    """The rows to keep, moved together in place where the array is ours to write in."""
    if not vectors.flags.writeable:
        return vectors[keep]
    at = 0
    for rows in row_blocks(*vectors.shape):
        some = vectors[rows][keep[rows]]
        vectors[at : at + len(some)] = some  # never past the block that was just read
        at += len(some)
    return vectors[:at]


def _items(
    names: Sequence[str] | None,
    keep: NDArray[np.bool_] | None,
    vectors: FloatArray,
    place: Place,
    findings: list[Finding],
) -> Items:
    if names is None:
        if keep is None:
            return Items.numbered(len(vectors))
        return Items(str(row) for row in np.flatnonzero(keep).tolist())
    rows = None if keep is None else np.flatnonzero(keep).tolist()
    distinct, renamed = number_duplicates(names if rows is None else [names[row] for row in rows])
    if renamed:
        examples = tuple(
            f"{place(row if rows is None else rows[row])}: {distinct[row]}"
            for row in renamed[:EXAMPLES]
        )
        done = "kept and numbered (' #2')"
        findings.append(Finding("repeated names", len(renamed), done, examples))
    return Items(distinct)


def _some(values: Any, chosen: NDArray[np.bool_] | slice | None, count: int) -> Any:
    if chosen is None:
        return values
    array = np.asarray(values)
    return array[chosen] if isinstance(chosen, slice) else array[:count][chosen]
