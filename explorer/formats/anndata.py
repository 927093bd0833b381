""".h5ad, the files of AnnData (single-cell biology), read through h5py without anndata itself.

    obs    a table, one row an item (a cell); its index names the items
    obsm   arrays with one row an item: X_pca, X_umap, …
    X      the matrix that all of them were made from, dense or sparse; layers/… are others

Arrays of two or three columns are maps that come with the file. Both layouts are read: the old
one, where obs and obsm are compound tables and the categories' names stand in uns, and the one of
anndata 0.7 and later, where they are groups.

HDF5 can point into other files (external links, external storage, virtual datasets): those are
refused, for a file that somebody uploads must not read the server's own.

Source: https://anndata.readthedocs.io/en/latest/fileformat-prose.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError, MissingDependencyError, VectorFileError
from explorer.formats.columns import listed
from explorer.formats.h5_tables import (
    H5Array,
    PlainFile,
    arrays,
    column_names,
    read_column,
    read_index,
)
from explorer.formats.options import Options
from explorer.formats.raw import Origin, RawVectors
from explorer.formats.source import Source
from explorer.space import Finding, StoredMap


class CellArray(Protocol):
    """A two-dimensional array of the cells; str() gives its shape."""

    shape: tuple[int, ...]

    def read(self, rows: int) -> NDArray[Any]:
        """(rows, d) the first rows, dense."""
        ...


def read(source: Source, options: Options) -> RawVectors:
    """The array that --vector names (a key of obsm, X, or layers/KEY), the cells' names and obs.

    Without --vector: X_pca, else the first array of obsm that is no map, else X.
    """
    try:
        import h5py
    except ModuleNotFoundError:
        raise MissingDependencyError("An .h5ad file", "h5py") from None
    try:
        with source.file() as opened, h5py.File(source.path or opened, "r") as file:
            return _read(PlainFile(file, source), options)
    except ExplorerError:
        raise
    except (OSError, RuntimeError, KeyError, ValueError, TypeError) as error:  # h5py: damage
        reason = str(error).strip("'\"").splitlines()[0] if str(error) else "damaged"
        raise VectorFileError(
            source.name, f"cannot be read as .h5ad ({reason}); is the file cut short?"
        ) from None


def _read(file: PlainFile, options: Options) -> RawVectors:
    source = file.source
    obs = file.get("obs")
    if obs is None:
        raise VectorFileError(
            source.name,
            f"is an HDF5 file without a table 'obs', so no .h5ad; it holds {listed(file.names())}.",
        )
    names = read_index(file, obs, "obs")
    n = len(names) if options.limit is None else min(len(names), options.limit)
    columns = {name: read_column(file, obs, name, n) for name in column_names(obs)}
    return raw_cells(names, _matrices(file, len(names)), columns, source, options)


def raw_cells(
    names: Sequence[str],
    matrices: Mapping[str, CellArray],
    columns: Mapping[str, NDArray[Any] | None],
    source: Origin,
    options: Options,
) -> RawVectors:
    """What is taken of the cells, from a file or from AnnData itself.

    matrices : all arrays with a row a cell, by their names: keys of obsm, X, layers/KEY
    columns : of obs; None for one of a kind that metadata cannot hold
    """
    maps = [name for name, matrix in matrices.items() if _is_map(name, matrix)]
    chosen = _choose(source, matrices, maps, options.vector)
    n = len(names) if options.limit is None else min(len(names), options.limit)
    metadata = {name: column[:n] for name, column in columns.items() if column is not None}
    if options.label is not None:
        if options.label not in metadata:
            raise VectorFileError(
                source.name, f"obs has no column {options.label!r}; it has {listed([*metadata])}."
            )
        names = [str(value) for value in metadata.pop(options.label).tolist()]
    return RawVectors(
        matrices[chosen].read(n),
        f"AnnData, {chosen}",
        names[:n],
        metadata=metadata,
        maps={
            name: StoredMap(matrices[name].read(n).astype(np.float32), "brought by the file")
            for name in maps
            if name != chosen
        },
        findings=[
            *_others([f"{name} ({matrices[name]})" for name in matrices if name != chosen]),
            *_left_out([name for name, column in columns.items() if column is None]),
        ],
    )


def _matrices(file: PlainFile, n: int) -> dict[str, H5Array]:
    """All arrays with n rows: those of obsm by their keys, then X, then layers/KEY."""
    found = arrays(file, "obsm")
    found |= {f"X{name}": array for name, array in arrays(file, "X").items()}  # name is ""
    found |= {f"layers/{name}": array for name, array in arrays(file, "layers").items()}
    return {name: array for name, array in found.items() if array.shape[0] == n and array.shape[1]}


def _is_map(name: str, array: CellArray) -> bool:
    """Two or three columns in obsm are coordinates to draw."""
    return array.shape[1] in (2, 3) and name != "X" and not name.startswith("layers/")


def _choose(
    source: Origin, matrices: Mapping[str, CellArray], maps: list[str], wanted: str | None
) -> str:
    """The name of the array to take as vectors; VectorFileError where there is none."""
    there = listed([f"{name} ({array})" for name, array in matrices.items()]) or "none"
    if wanted is not None:
        if wanted not in matrices:
            raise VectorFileError(
                source.name, f"no array for its items is called {wanted!r}; there are {there}."
            )
        return wanted
    usable = [name for name in matrices if name not in maps]
    if not usable:
        raise VectorFileError(
            source.name,
            f"expected an array of vectors in obsm or X; there are {there}. "
            "--vector NAME takes one of them.",
        )
    return "X_pca" if "X_pca" in usable else usable[0]


def _others(arrays: list[str]) -> list[Finding]:
    what = f"other array{'s' * (len(arrays) > 1)} in the file"
    done = "not taken as vectors (--vector NAME takes one)"
    return [Finding(what, len(arrays), done, tuple(arrays[:5]))] if arrays else []


def _left_out(columns: list[str]) -> list[Finding]:
    what = f"column{'s' * (len(columns) > 1)} of obs of a kind unknown here"
    return [Finding(what, len(columns), "left out", tuple(columns[:5]))] if columns else []
