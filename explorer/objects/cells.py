"""AnnData in memory, by the rule for .h5ad files."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.formats.anndata import raw_cells
from explorer.formats.arrow_batches import METADATA_KINDS
from explorer.formats.arrow_columns import check_cells, kind_of, metadata_column
from explorer.formats.options import Options
from explorer.formats.raw import RawVectors
from explorer.objects.arrays import matrix
from explorer.objects.origin import ObjectOrigin


class HeldArray:
    """One array of AnnData, dense or sparse; str() gives its shape."""

    def __init__(self, held: Any, origin: ObjectOrigin) -> None:
        self.held, self.origin, self.shape = held, origin, held.shape

    def __str__(self) -> str:
        return f"{self.shape[0]:,} x {self.shape[1]:,}"

    def read(self, rows: int) -> NDArray[Any]:
        check_cells(self.origin, rows, self.shape[1])
        return matrix(self.held[:rows])


def is_anndata(thing: Any) -> bool:
    return all(hasattr(thing, name) for name in ("obs", "obsm", "obs_names", "X", "layers"))


def from_anndata(cells: Any, origin: ObjectOrigin, options: Options) -> RawVectors:
    """The array that `options.vector` names, the cells' names and the columns of obs."""
    import pyarrow as pa

    held = {str(name): cells.obsm[name] for name in cells.obsm}
    if cells.X is not None:
        held["X"] = cells.X
    held |= {f"layers/{name}": cells.layers[name] for name in cells.layers if name is not None}
    arrays = {
        name: HeldArray(array, origin)
        for name, array in held.items()
        if len(getattr(array, "shape", ())) == 2 and array.shape[1] and hasattr(array, "dtype")
    }
    table = pa.Table.from_pandas(cells.obs, preserve_index=False)
    columns = {
        field.name: metadata_column(table[field.name])
        if kind_of(field.type) in METADATA_KINDS else None
        for field in table.schema
    }  # fmt: skip
    names = [str(name) for name in np.asarray(cells.obs_names)]
    return raw_cells(names, arrays, columns, origin, options)
