"""Reading embedding spaces that other programs wrote, and writing them again.

source    one input file, plain or compressed, bounded      detect    what kind it is, by content
READERS   a module for each kind, imported when needed      assemble  checked and made a space
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from explorer.formats.options import Options
    from explorer.formats.raw import RawVectors
    from explorer.formats.source import Source


@dataclass(frozen=True)
class Reader:
    """How one kind of file is read: `module`.`function`, imported when it is first needed.

    title : the kind's name on screen
    """

    title: str
    module: str
    function: str = "read"

    def read(self, source: Source, options: Options) -> RawVectors:
        """The file's contents, not yet checked; VectorFileError where it cannot be read."""
        module = import_module(f"explorer.formats.{self.module}")
        raw: RawVectors = getattr(module, self.function)(source, options)
        return raw


READERS = {
    "word2vec_text": Reader("word2vec text", "text", "read_word2vec"),
    "glove": Reader("GloVe text", "text", "read_glove"),
    "word2vec_binary": Reader("word2vec binary", "word2vec"),
    "npy": Reader("NumPy .npy", "numpy_files", "read_npy"),
    "npz": Reader("NumPy .npz", "numpy_files", "read_npz"),
    "table": Reader("CSV or TSV table", "table"),
    "jsonl": Reader("JSON lines", "jsonl"),
    "parquet": Reader("Parquet", "columnar", "read_parquet"),
    "arrow": Reader("Arrow", "columnar", "read_arrow"),
    "safetensors": Reader("safetensors", "safetensors"),
    "projector_tsv": Reader("Embedding Projector tensors, text", "projector", "read_tsv"),
    "projector_bytes": Reader("Embedding Projector tensors, raw", "projector", "read_bytes"),
    "projector_config": Reader("Embedding Projector configuration", "projector", "read_config"),
    "sprite": Reader("sprite image", "sprite"),
    "anndata": Reader("AnnData .h5ad", "anndata"),
}
