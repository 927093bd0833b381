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
import sys
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError, FileTooLargeError, VectorFileError
from explorer.formats.arrow_columns import check_cells
from explorer.formats.encoding import decode_utf8
from explorer.formats.kept_composer import composer_from, plain_composer
from explorer.formats.numpy_files import check_matrix, read_header, read_rows
from explorer.formats.options import Options
from explorer.formats.raw import RawVectors
from explorer.formats.sample import count, draw, some_of
from explorer.formats.source import Source, byte_size, damage_reported
from explorer.packed_names import PackedNames
from explorer.space import Finding, StoredMap

if TYPE_CHECKING:
    from explorer.space import EmbeddingSpace

VECTOR_NAMES = ("vectors", "embeddings", "embedding", "vector")
ITEM_NAMES = ("names", "items", "words", "labels", "tokens", "vocab", "keys", "ids", "titles")
COMPOSER = "composer"
BYTES, STARTS = " utf-8", " starts"  # the two arrays of text that is kept as bytes
EVERYTHING = Options()  # all rows of an array
MOST_ARRAYS = 3_000  # each is looked at before one is chosen
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

    def read(self, options: Options = EVERYTHING) -> NDArray[Any]:
        """The rows that `options` asks for; text as NumPy's own type."""
        with damage_reported(self.source.name, "zip"), self.archive.open(self.member) as stream:
            shape, fortran, dtype = read_header(stream, self.source, self.name)  # type: ignore[arg-type]
            values = read_rows(stream, shape, fortran, dtype, self.source, options)  # type: ignore[arg-type]
        return self._text(values) if self.is_text else values

    def _text(self, values: NDArray[Any]) -> NDArray[Any]:
        try:
            if values.dtype.kind == "S":
                return np.strings.decode(values, "utf-8")
            codes = np.ascontiguousarray(values).view(f"{values.dtype.byteorder}u4")
            if codes.size and codes.max() > sys.maxunicode:
                raise ValueError
        except ValueError:  # UnicodeDecodeError is one
            raise VectorFileError(
                self.source.name,
                f"array {self.name!r} holds text that is not Unicode; save names as text: "
                "array.astype(str).",
            ) from None
        return values


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
        chosen = _vectors(arrays, options.vector, source)
        n = chosen.shape[0]
        check_cells(source, count(n, options), chosen.shape[1])
        beside = {
            name: array
            for name, array in arrays.items()
            if array.shape[:1] == (n,) and array is not chosen
        }
        sample = draw(n, options)
        raw = RawVectors(chosen.read(options), "NumPy .npz", findings=findings, sample=sample)
        if sample is None and len(raw.vectors) < n:
            done = f"left out: the first {len(raw.vectors):,} of {n:,} were asked for"
            findings.append(Finding("items", n - len(raw.vectors), done))
        column = _name_column(beside, options.label, source.name)
        packed = {
            name[: -len(BYTES)]: some_of(_unpacked(arrays, name), n, options)
            for name in arrays
            if name.endswith(BYTES)
        }
        if "names" in packed and options.label is None:
            raw.names = packed.pop("names")
        elif column is not None:
            raw.names = beside.pop(column).read(options).astype(str).tolist()
        for name, texts in packed.items():
            raw.metadata[_column_of(name)] = np.array(list(texts), dtype=object)
        for name, array in beside.items():
            if name.startswith("map ") and array.shape[1:] in ((2,), (3,)) and array.is_numbers:
                note = about.get("maps", {}).get(name[4:], "")
                raw.maps[name[4:]] = StoredMap(array.read(options).astype(np.float32), str(note))
            elif name == "images" and array.dtype == np.uint8 and _are_images(array.shape):
                raw.images = array.read(options)
            elif len(array.shape) == 1 and array.dtype.kind in "fiubUS":
                values = array.read(options)
                raw.metadata[_column_of(name)] = (
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
    steps = about.get("steps")
    raw.steps = tuple(map(str, steps)) if isinstance(steps, list) else ()
    raw.seed = about["seed"] if isinstance(about.get("seed"), int) else None
    return raw


def _are_images(shape: tuple[int, ...]) -> bool:
    """(n, h, w) or (n, h, w, 3), and something to see."""
    return (len(shape) == 3 or (len(shape) == 4 and shape[3] == 3)) and 0 not in shape


def _unpacked(arrays: dict[str, _Array], name: str) -> PackedNames:
    """Text that `write` kept as bytes, because as NumPy text it would be too long."""
    source = arrays[name].source
    starts = arrays.get(name[: -len(BYTES)] + STARTS)
    joined = arrays[name].read().tobytes()
    places = np.zeros(0) if starts is None else starts.read().reshape(-1)
    ordered = len(places) > 0 and places[0] == 0 and places[-1] == len(joined)
    if not ordered or places.dtype.kind != "i" or (np.diff(places) < 1).any():
        raise VectorFileError(source.name, f"array {name!r} is damaged: its parts do not fit.")
    decode_utf8(joined, source.name)
    return PackedNames(joined, places.astype(np.int64))


def _arrays(source: Source, archive: zipfile.ZipFile, findings: list[Finding]) -> dict[str, _Array]:
    """All arrays by name, from their headers; those of Python objects are left out and told."""
    members = [entry for entry in archive.infolist() if entry.filename.endswith(".npy")]
    if len(members) > MOST_ARRAYS:
        raise FileTooLargeError(
            source.name, f"holds {len(members):,} arrays, and the limit here is {MOST_ARRAYS:,}."
        )
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
    except (ValueError, RecursionError):
        return {}
    known = isinstance(about, dict) and isinstance(about.get("maps", {}), dict)
    return about if known else {}


def _vectors(arrays: dict[str, _Array], wanted: str | None, source: Source) -> _Array:
    file = source.name
    tables = [a for a in arrays.values() if len(a.shape) == 2 and a.is_numbers]
    if wanted is not None:
        if wanted not in arrays:
            raise VectorFileError(
                file, f"no array {wanted!r}; there are {', '.join(arrays) or 'none'}."
            )
        chosen = arrays[wanted]
        check_matrix(chosen.shape, chosen.dtype, source)
        return chosen
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


def _entry_of(column: str) -> str:
    """The array's name; a zip file ends names at a NUL, so that stands as %00, and % as %25."""
    return "metadata " + column.replace("%", "%25").replace("\0", "%00")


def _column_of(entry: str) -> str:
    return entry.removeprefix("metadata ").replace("%00", "\0").replace("%25", "%")


def write(space: EmbeddingSpace, file: BinaryIO) -> None:
    """The whole space: vectors, names, metadata, maps, images, and how it came about."""
    arrays: dict[str, NDArray[Any]] = {"vectors": space.vectors}
    if not space.items.are_numbers:
        arrays |= _texts("names", list(space.items))
    for name, column in space.metadata.items():
        if column.dtype == object:
            arrays |= _texts(_entry_of(name), column.tolist())
        else:
            arrays[_entry_of(name)] = column
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
