"""Tables and arrays in an HDF5 file, as AnnData lays them out, old and new.

A column is a field of a compound dataset, a dataset, or a group with an `encoding-type`:
categorical (codes, categories) or nullable (values, mask). An array is a dataset, a field of a
compound dataset, or a sparse group (data, indices, indptr).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.errors import FileTooLargeError, VectorFileError
from explorer.formats.arrow_columns import check_cells
from explorer.formats.source import Source, byte_size


class PlainFile:
    """An open HDF5 file that is believed only as far as it holds its data itself.

    Links and storage that lead into other files are refused, sizes are checked before reading.
    """

    def __init__(self, file: Any, source: Source) -> None:
        self.file, self.source = file, source

    def names(self) -> list[str]:
        """What lies at the top of the file."""
        return [_text(name) for name in self.file]

    def get(self, path: str) -> Any:
        """The group or dataset at `path`; None where there is none."""
        found = self.file
        for name in path.split("/"):
            found = self.member(found, name)
            if found is None:
                return None
        return found

    def member(self, group: Any, name: str) -> Any:
        """The group or dataset called `name` in a group; None where there is none."""
        import h5py

        if not isinstance(group, h5py.Group) or name not in group:
            return None
        if not isinstance(group.get(name, getlink=True), h5py.HardLink):
            raise self._leads_outside(f"{group.name}/{name}")
        return group[name]

    def members(self, group: Any) -> Iterator[tuple[str, Any]]:
        """Everything in a group, by name."""
        for name in map(_text, group):
            held = self.member(group, name)
            if held is not None:
                yield name, held

    def read(self, dataset: Any, rows: int | None = None, field: str | None = None) -> NDArray[Any]:
        """A dataset, or its first rows, or one field of a compound one."""
        if dataset.is_virtual or dataset.external:
            raise self._leads_outside(dataset.name)
        count = dataset.shape[0] if dataset.shape else 1
        count = count if rows is None else min(rows, count)
        size = count * int(np.prod(dataset.shape[1:], dtype=np.int64)) * dataset.dtype.itemsize
        if size > self.source.limits.expanded_bytes:
            raise FileTooLargeError(
                self.source.name,
                f"{dataset.name} holds {byte_size(size)}, and the limit here is "
                f"{byte_size(self.source.limits.expanded_bytes)}.",
            )
        chosen = dataset if field is None else dataset.fields(field)
        return np.asarray(chosen[:count] if dataset.shape else chosen[()])

    def texts(self, values: NDArray[Any], where: str) -> NDArray[Any]:
        """Text as `str` objects; VectorFileError where its bytes are not UTF-8."""
        texts = np.empty(len(values), dtype=object)
        try:
            texts[:] = [
                value.decode("utf-8") if isinstance(value, bytes) else str(value)
                for value in values.tolist()
            ]
        except UnicodeDecodeError:
            raise VectorFileError(self.source.name, f"{where} holds text that is not UTF-8.") from (
                None
            )
        return texts

    def _leads_outside(self, path: str) -> VectorFileError:
        return VectorFileError(
            self.source.name, f"{path} leads into another file, which is not followed; copy it in."
        )


def read_index(file: PlainFile, table: Any, path: str) -> list[str]:
    """The names of a table's rows."""
    names = table.dtype.names if hasattr(table, "dtype") else None
    if names is not None:
        values = file.read(table, field=names[0])
    else:
        key = _text(table.attrs.get("_index", "_index"))
        dataset = file.member(table, key)
        if hasattr(dataset, "keys"):  # anndata 0.11 may write text with a mask
            dataset = file.member(dataset, "values")
        if dataset is None or not hasattr(dataset, "shape"):
            raise VectorFileError(file.source.name, f"the table {path} has no index.")
        values = file.read(dataset)
    index: list[str] = file.texts(values, f"the index of {path}").tolist()
    return index


def column_names(table: Any) -> list[str]:
    """The names of a table's columns, in their order, without the index."""
    if hasattr(table, "dtype"):
        return list(table.dtype.names[1:])
    index = _text(table.attrs.get("_index", "_index"))
    order = [_text(name) for name in table.attrs.get("column-order", ())]
    rest = sorted(name for name in table if name not in order and not name.startswith("__"))
    return [name for name in (*order, *rest) if name != index and name in table]


def read_column(file: PlainFile, table: Any, name: str, rows: int) -> NDArray[Any] | None:
    """The first rows of one column: numbers, truth values or text; None for another kind."""
    where = f"column {name}"
    if hasattr(table, "dtype"):
        values = file.read(table, rows, field=name)
        categories = file.get(f"uns/{name}_categories")
        if categories is not None and values.dtype.kind in "iu":
            return _decoded(file, values, file.read(categories), where)
        return _plain(file, values, where)
    member = file.member(table, name)
    if hasattr(member, "shape"):
        values = file.read(member, rows)
        categories = member.attrs.get("categories")
        if categories:  # anndata 0.7: a reference to obs/__categories/NAME
            return _decoded(file, values, file.read(file.file[categories]), where)
        return _plain(file, values, where)
    parts = {key: file.read(part, None) for key, part in file.members(member) if _is_flat(part)}
    if {"codes", "categories"} <= set(parts):
        return _decoded(file, parts["codes"][:rows], parts["categories"], where)
    if {"values", "mask"} <= set(parts):
        return _masked(file, parts["values"][:rows], parts["mask"][:rows], where)
    return None


def _is_flat(part: Any) -> bool:
    return hasattr(part, "shape") and len(part.shape) == 1


def _plain(file: PlainFile, values: NDArray[Any], where: str) -> NDArray[Any] | None:
    if values.ndim != 1:
        return None
    if values.dtype.kind in "biuf":
        return values
    return file.texts(values, where) if values.dtype.kind in "OSU" else None


def _decoded(
    file: PlainFile, codes: NDArray[Any], categories: NDArray[Any], where: str
) -> NDArray[Any]:
    """Codes as the categories they stand for; -1 (missing) as "" or NaN."""
    if codes.dtype.kind not in "iu":
        raise VectorFileError(
            file.source.name, f"{where} has codes of type {codes.dtype}; whole numbers are wanted."
        )
    codes = codes.astype(np.int64)
    if len(codes) and (codes.max() >= len(categories) or codes.min() < -1):
        raise VectorFileError(
            file.source.name,
            f"{where} has the code {max(codes.max(), -codes.min())}, "
            f"and there are {len(categories):,} categories.",
        )
    if categories.dtype.kind in "biuf":
        if len(codes) and codes.min() >= 0:
            values: NDArray[Any] = categories[codes]
        else:
            values = np.append(categories.astype(np.float64), np.nan)[codes]
        return values
    names: NDArray[Any] = np.append(file.texts(categories, where), "")[codes]
    return names


def _masked(
    file: PlainFile, values: NDArray[Any], mask: NDArray[Any], where: str
) -> NDArray[Any] | None:
    """Values, missing where the mask is true: NaN, or "" (then truth values are text)."""
    mask = mask.astype(bool)
    if not mask.any():
        return _plain(file, values, where)
    if values.dtype.kind in "iuf":
        return np.where(mask, np.nan, values.astype(np.float64))
    return np.where(mask, "", file.texts(values, where))


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


class H5Array:
    """A two-dimensional array in the file, not read yet; str() gives its shape."""

    def __init__(self, file: PlainFile, held: Any, shape: tuple[int, ...], field: str | None):
        self.file, self.held, self.shape, self.field = file, held, shape, field

    def __str__(self) -> str:
        return f"{self.shape[0]:,} x {self.shape[1]:,}"

    def read(self, rows: int) -> NDArray[Any]:
        """(rows, d) the first rows, dense."""
        check_cells(self.file.source, rows, self.shape[1])
        if hasattr(self.held, "dtype"):
            return self.file.read(self.held, rows, self.field)
        return self._dense(rows)

    def _dense(self, rows: int) -> NDArray[Any]:
        """A sparse group, its offsets and indices checked, as a dense array."""
        from scipy import sparse

        file = self.file
        by_row = _sparse_format(self.held) == "csr"
        make = sparse.csr_matrix if by_row else sparse.csc_matrix
        parts = [file.member(self.held, name) for name in ("data", "indices", "indptr")]
        if None in parts:
            raise VectorFileError(
                file.source.name, f"{self.held.name} is an incomplete sparse array."
            )
        try:
            pointers = file.read(parts[2], rows + 1 if by_row else None)
            if pointers.dtype.kind not in "iu":
                raise ValueError("its offsets are no whole numbers")
            stored = int(pointers[-1])
            data, indices = file.read(parts[0], stored), file.read(parts[1], stored)
            shape = (rows if by_row else self.shape[0], self.shape[1])
            check_cells(file.source, *shape)
            matrix = make((data, indices, pointers), shape=shape)
            matrix.check_format(full_check=True)
        except (ValueError, IndexError) as error:
            if isinstance(error, VectorFileError):
                raise
            raise VectorFileError(
                file.source.name, f"{self.held.name} is a damaged sparse array ({error})."
            ) from None
        dense: NDArray[Any] = matrix.astype(np.float32).toarray()[:rows]
        return dense


def _sparse_format(group: Any) -> str:
    """ "csr" or "csc" for a sparse group, "" for any other."""
    encoding = _text(group.attrs.get("encoding-type", group.attrs.get("h5sparse_format", "")))
    return encoding[:3] if encoding[:3] in ("csr", "csc") else ""


def arrays(file: PlainFile, path: str) -> dict[str, H5Array]:
    """The two-dimensional arrays in a group or a compound dataset (or at `path` itself, as "")."""
    held = file.get(path)
    if held is None:
        return {}
    alone = _array(file, held)
    if alone is not None:
        return {"": alone}
    if hasattr(held, "dtype"):
        fields = {name: held.dtype[name] for name in held.dtype.names or ()}
        return {
            name: H5Array(file, held, (held.shape[0], *kind.shape), name)
            for name, kind in fields.items()
            if len(kind.shape) == 1 and kind.base.kind in "biuf"
        }
    found = {name: _array(file, member) for name, member in file.members(held)}
    return {name: array for name, array in found.items() if array is not None}


def _array(file: PlainFile, held: Any) -> H5Array | None:
    if hasattr(held, "dtype"):
        flat = len(held.shape) == 2 and held.dtype.kind in "biuf"
        return H5Array(file, held, held.shape, None) if flat else None
    shape = held.attrs.get("shape", held.attrs.get("h5sparse_shape"))
    if not _sparse_format(held) or shape is None or len(shape) != 2:
        return None
    return H5Array(file, held, (int(shape[0]), int(shape[1])), None)
