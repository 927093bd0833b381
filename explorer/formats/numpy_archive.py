"""NumPy's .npz: several arrays in one file. Ours hold a whole space; others are understood too.

Of any .npz: the 2-D array of numbers is the vectors (called `vectors` or `embeddings` where there
are several), a 1-D array of text the names, other 1-D arrays of that length metadata.

What `write` puts in besides: `metadata NAME` for each column, `map NAME` for stored maps,
`images`, `composer` for what makes vectors of other words, and `about`, a line of JSON with
provenance, notes on the maps, the similarity the vectors were trained with and how the composer
composes. NumPy alone reads it: numpy.load(FILE)["vectors"], ["names"].
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError, FileTooLargeError, VectorFileError
from explorer.formats.encoding import decode_utf8
from explorer.formats.kept_composer import composer_from, plain_composer
from explorer.formats.numpy_files import read_body, read_header
from explorer.formats.options import Options
from explorer.formats.raw import RawVectors
from explorer.formats.source import Source, byte_size, damage_reported
from explorer.packed_names import PackedNames
from explorer.space import Finding, StoredMap

if TYPE_CHECKING:
    from explorer.space import EmbeddingSpace

VECTOR_NAMES = ("vectors", "embeddings", "embedding", "vector")
ITEM_NAMES = ("names", "items", "words", "labels", "tokens", "vocab", "keys", "ids", "titles")
COMPOSER = "composer"
BYTES, STARTS = " utf-8", " starts"  # the two arrays of text that is kept as bytes
PADDED_BYTES = 1 << 28  # names as NumPy text (every name as long as the longest) up to this size


@dataclass(frozen=True)
class _Array:
    """One array of an archive, known by its header; `read` gets its values."""

    source: Source
    archive: zipfile.ZipFile
    member: str
    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @property
    def is_numbers(self) -> bool:
        return self.dtype.kind in "fiub"

    @property
    def is_text(self) -> bool:
        return self.dtype.kind in "US"

    def read(self) -> NDArray[Any]:
        with damage_reported(self.source.name, "zip"), self.archive.open(self.member) as stream:
            shape, fortran, dtype = read_header(stream, self.source, self.name)  # type: ignore[arg-type]
            values = read_body(stream, shape, fortran, dtype, self.source.name)  # type: ignore[arg-type]
        return values.astype(str) if values.dtype.kind == "S" else values


def read(source: Source, options: Options) -> RawVectors:
    """An .npz archive; only the arrays that are used are read.

    Raises VectorFileError where it is not clear which array holds the vectors, naming them.
    """
    findings: list[Finding] = []
    with source.file() as file, damage_reported(source.name, "zip"):
        archive = zipfile.ZipFile(file)
        arrays = _arrays(source, archive, findings)
        about = _about(arrays)
        composer = arrays.pop(COMPOSER, None) if "composer" in about else None
        chosen = _vectors(arrays, options.vector, source.name)
        n = chosen.shape[0]
        beside = {
            name: array
            for name, array in arrays.items()
            if array.shape[:1] == (n,) and array is not chosen
        }
        raw = RawVectors(chosen.read(), "NumPy .npz", findings=findings)
        column = _name_column(beside, options.label, source.name)
        packed = {
            name[: -len(BYTES)]: _unpacked(arrays, name) for name in arrays if name.endswith(BYTES)
        }
        if "names" in packed and options.label is None:
            raw.names = packed.pop("names")
        elif column is not None:
            raw.names = beside.pop(column).read().astype(str).tolist()
        for name, texts in packed.items():
            raw.metadata[name.removeprefix("metadata ")] = np.array(list(texts), dtype=object)
        for name, array in beside.items():
            if name.startswith("map ") and len(array.shape) == 2 and array.is_numbers:
                note = about.get("maps", {}).get(name[4:], "")
                raw.maps[name[4:]] = StoredMap(array.read().astype(np.float32), str(note))
            elif name == "images" and array.dtype == np.uint8:
                raw.images = array.read()
            elif len(array.shape) == 1 and array.dtype.kind in "fiubUS":
                values = array.read()
                raw.metadata[name.removeprefix("metadata ")] = (
                    values.astype(object) if values.dtype.kind == "U" else values
                )
        if composer is not None:
            try:
                raw.composer = composer_from(about["composer"], composer.read(), chosen.shape[1])
            except VectorFileError:
                raise
            except ExplorerError as error:
                findings.append(Finding("composer of other words", 1, f"left out: {error}"))
    if about.get("trained_with") in ("dot", "cosine", "euclidean"):
        raw.trained_with = about["trained_with"]
    raw.steps = tuple(map(str, about.get("steps") or ()))
    raw.seed = about["seed"] if isinstance(about.get("seed"), int) else None
    return raw


def _unpacked(arrays: dict[str, _Array], name: str) -> PackedNames:
    """Text that `write` kept as bytes, because as NumPy text it would be too long."""
    source = arrays[name].source
    starts = arrays.get(name[: -len(BYTES)] + STARTS)
    joined = arrays[name].read().tobytes()
    places = np.zeros(0) if starts is None else starts.read().reshape(-1)
    ordered = len(places) > 0 and places[0] == 0 and places[-1] == len(joined)
    if not ordered or (np.diff(places) < 1).any():
        raise VectorFileError(source.name, f"array {name!r} is damaged: its parts do not fit.")
    decode_utf8(joined, source.name)
    return PackedNames(joined, places.astype(np.int64))


def _arrays(source: Source, archive: zipfile.ZipFile, findings: list[Finding]) -> dict[str, _Array]:
    """All arrays by name, from their headers; those of Python objects are left out and told."""
    members = [entry for entry in archive.infolist() if entry.filename.endswith(".npy")]
    size = sum(entry.file_size for entry in members)
    if size > source.limits.expanded_bytes:
        limit = byte_size(source.limits.expanded_bytes)
        raise FileTooLargeError(
            source.name, f"unpacks to {byte_size(size)}, and the limit here is {limit}."
        )
    arrays, objects = {}, []
    for entry in members:
        name = entry.filename.removesuffix(".npy")
        with archive.open(entry) as stream:
            try:
                shape, _, dtype = read_header(stream, source, name)  # type: ignore[arg-type]
            except FileTooLargeError:
                raise
            except VectorFileError as error:
                if "Python objects" not in error.problem:
                    raise
                objects.append(name)
                continue
        arrays[name] = _Array(source, archive, entry.filename, name, shape, dtype)
    if objects:
        done = "left out: only a pickle can hold them (save names with array.astype(str))"
        findings.append(Finding("arrays of Python objects", len(objects), done, tuple(objects[:5])))
    return arrays


def _about(arrays: dict[str, _Array]) -> dict[str, Any]:
    """What `write` noted of the space; nothing for files of other programs."""
    array = arrays.get("about")
    if array is None or array.shape != () or array.dtype.kind != "U":
        return {}
    try:
        about = json.loads(str(array.read()))
    except ValueError:
        return {}
    known = isinstance(about, dict) and isinstance(about.get("maps", {}), dict)
    return about if known else {}


def _vectors(arrays: dict[str, _Array], wanted: str | None, file: str) -> _Array:
    tables = [a for a in arrays.values() if len(a.shape) == 2 and a.is_numbers]
    if wanted is not None:
        if wanted not in arrays:
            raise VectorFileError(
                file, f"no array {wanted!r}; there are {', '.join(arrays) or 'none'}."
            )
        return arrays[wanted]
    for name in VECTOR_NAMES:
        for table in tables:
            if table.name.casefold() == name:
                return table
    if len(tables) == 1:
        return tables[0]
    if not tables:
        shapes = ", ".join(f"{a.name} {a.shape}" for a in arrays.values()) or "no array"
        raise VectorFileError(file, f"expected a 2-D array of numbers; found {shapes}.")
    names = ", ".join(table.name for table in tables[:8])
    raise VectorFileError(
        file, f"{len(tables)} arrays could be the vectors: {names}. Choose one with --vector NAME."
    )


def _name_column(beside: dict[str, _Array], wanted: str | None, file: str) -> str | None:
    """Which of the arrays beside the vectors names the items."""
    lists = {name: array for name, array in beside.items() if len(array.shape) == 1}
    if wanted is not None:
        if wanted not in lists:
            raise VectorFileError(
                file,
                f"no array {wanted!r} with one value an item; "
                f"there are {', '.join(lists) or 'none'}.",
            )
        return wanted
    texts = [name for name, array in lists.items() if array.is_text]
    for known in ITEM_NAMES:
        for name in texts:
            if name.casefold() == known:
                return name
    plain = [name for name in texts if not name.startswith("metadata ")]
    return plain[0] if len(plain) == 1 else None


def write(space: EmbeddingSpace, file: BinaryIO) -> None:
    """The whole space: vectors, names, metadata, maps, images, and how it came about."""
    arrays: dict[str, NDArray[Any]] = {"vectors": space.vectors}
    if not space.items.are_numbers:
        arrays |= _texts("names", list(space.items))
    for name, column in space.metadata.items():
        if column.dtype == object:
            arrays |= _texts(f"metadata {name}", column.tolist())
        else:
            arrays[f"metadata {name}"] = column
    for name, stored in space.maps.items():
        arrays[f"map {name}"] = stored.coordinates
    if space.images is not None:
        arrays["images"] = space.images
    about: dict[str, Any] = {
        "source": space.provenance.source,
        "format": space.provenance.format,
        "steps": space.provenance.steps,
        "seed": space.provenance.seed,
        "findings": list(map(str, space.provenance.findings)),
        "trained_with": space.trained_with,
        "maps": {name: stored.note for name, stored in space.maps.items()},
    }
    kept = None if space.composer is None else plain_composer(space.composer)
    if kept is not None:
        about["composer"], arrays[COMPOSER] = kept
    arrays["about"] = np.array(json.dumps(about, ensure_ascii=False))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)


def _texts(name: str, values: list[str]) -> dict[str, NDArray[Any]]:
    """Text as NumPy's own type; as bytes where that is too long, or would lose a zero byte."""
    longest = max(map(len, values))
    if 4 * longest * len(values) <= PADDED_BYTES and not any(v.endswith("\0") for v in values):
        return {name: np.array(values, dtype=f"U{max(1, longest)}")}
    packed = PackedNames.pack(values)
    joined = np.frombuffer(packed.joined, dtype=np.uint8)
    return {name + BYTES: joined, name + STARTS: packed.starts}
