"""Reading embedding spaces that other programs wrote, and writing them again.

source    one input file, plain or compressed, bounded      detect    what kind it is, by content
READERS   a module for each kind, imported when needed      assemble  checked and made a space
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from explorer.errors import ExplorerError, VectorFileError
from explorer.limits import Limits
from explorer.whole_file import written_whole

if TYPE_CHECKING:
    from explorer.formats.options import Options
    from explorer.formats.raw import RawVectors
    from explorer.formats.source import Source
    from explorer.space import EmbeddingSpace

File = str | Path | BinaryIO


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
    "fasttext_model": Reader("fastText model", "fasttext_model"),
    "npy": Reader("NumPy .npy", "numpy_files", "read_npy"),
    "npz": Reader("NumPy .npz", "numpy_archive"),
    "table": Reader("CSV or TSV table", "table"),
    "jsonl": Reader("JSON lines", "jsonl"),
    "parquet": Reader("Parquet", "columnar", "read_parquet"),
    "arrow": Reader("Arrow", "columnar", "read_arrow"),
    "safetensors": Reader("safetensors", "safetensors"),
    "projector_tsv": Reader("Embedding Projector tensors, text", "projector", "read_tsv"),
    "projector_bytes": Reader("Embedding Projector tensors, raw", "projector", "read_bytes"),
    "projector_zip": Reader("Embedding Projector pair in a zip file", "projector", "read_zip"),
    "projector_config": Reader("Embedding Projector configuration", "projector", "read_config"),
    "sprite": Reader("sprite image", "sprite"),
    "anndata": Reader("AnnData .h5ad", "anndata"),
}


FIRST_ONLY = {"fasttext_model", "projector_config", "sprite", "anndata"}  # no random sample of them


@dataclass(frozen=True)
class Writer:
    """How a space is written as one kind of file: `module`.`function`(space, binary file).

    title : the kind's name on screen
    suffixes : the extensions it is chosen by
    """

    title: str
    module: str
    function: str
    suffixes: tuple[str, ...]

    def write(self, space: EmbeddingSpace, file: BinaryIO) -> None:
        """ExplorerError where the format cannot hold the space."""
        module = import_module(f"explorer.formats.{self.module}")
        getattr(module, self.function)(space, file)


WRITERS = {
    "npz": Writer("NumPy .npz, everything", "numpy_archive", "write", (".npz",)),
    "parquet": Writer("Parquet", "columnar", "write_parquet", (".parquet",)),
    "word2vec_text": Writer("word2vec text", "word2vec", "write_text", (".txt", ".vec")),
    "word2vec_binary": Writer("word2vec binary", "word2vec", "write_binary", (".bin",)),
    "projector": Writer("Embedding Projector pair", "projector", "write_zip", (".zip",)),
}


def load(
    file: File,
    *,
    labels: File | None = None,
    metadata: File | None = None,
    vector: str | None = None,
    label: str | None = None,
    limit: int | None = None,
    seed: int | None = None,
    name: str | None = None,
    limits: Limits = Limits(),  # noqa: B008 (frozen)
) -> EmbeddingSpace:
    """Open an embedding that any program wrote; the kind of file is seen from its content.

    Parameters
    ----------
    file : a path, or an open binary file (an upload); plain or .gz, .xz, .bz2, .zip
    labels : a file with the items' names, one a line or a column of a table
    metadata : a table with more about the items, in the vectors' order or with their names
    vector : the column (array, tensor, key) that holds the vectors, where the file has several
    label : the column that holds the items' names
    limit : take only so many items, the first
    seed : take a random sample of `limit` items instead, drawn by this seed; of a kind of file
        that is not in `FIRST_ONLY`
    name : of the space; the file's name without its extensions unless given
    limits : bounds on sizes, checked before numbers are read

    Returns
    -------
    EmbeddingSpace : float32 vectors; a plain float32 .npy stays on disk as a memory map. What
        was met on the way (repeated names, rows kept out) is in `provenance.findings`.

    Raises
    ------
    VectorFileError : one sentence with the place in the file and the remedy
    MissingDependencyError : the format needs a package that is not installed
    """
    from explorer.formats.assemble import assemble
    from explorer.formats.detect import detect
    from explorer.formats.options import Options
    from explorer.formats.source import Source

    if limit is not None and limit < 1:
        raise ExplorerError(f"limit must be at least 1; got {limit}.")
    if seed is not None and (limit is None or seed < 0):
        raise ExplorerError(
            "a random sample needs a seed of at least 0 and a limit, the number of items it takes."
        )
    with ExitStack() as opened:

        def opened_source(which: File) -> Source:
            return opened.enter_context(Source.open(which, limits=limits))

        source = opened_source(file)
        options = Options(
            vector=vector,
            label=label,
            limit=limit,
            seed=seed,
            labels=None if labels is None else opened_source(labels),
            metadata=None if metadata is None else opened_source(metadata),
        )
        try:
            kind = detect(source)
            if seed is not None and kind in FIRST_ONLY:
                raise VectorFileError(
                    source.name,
                    f"{READERS[kind].title} is read from its beginning only: take the first items, "
                    "without a seed.",
                )
            raw = READERS[kind].read(source, options)
            return assemble(raw, source, options, name)
        except OSError as error:
            reason = error.strerror or "the disk or the file failed"
            raise VectorFileError(source.name, f"cannot be read: {reason}.") from None
        except MemoryError:
            raise VectorFileError(
                source.name, "does not fit in memory; open its first part with --limit N."
            ) from None


def can_be_sampled(file: File, limits: Limits = Limits()) -> bool:  # noqa: B008 (frozen)
    """Whether `load` takes a random sample of this file."""
    from explorer.formats.detect import detect
    from explorer.formats.source import Source

    with Source.open(file, limits=limits) as source:
        return detect(source) not in FIRST_ONLY


def save(space: EmbeddingSpace, file: File, format: str | None = None) -> None:
    """Write a space in a format of `WRITERS`.

    file : a path, or an open binary file
    format : a key of `WRITERS`; by the path's extension unless given

    A file that was there before is replaced only once the new one is complete.
    """
    known = ", ".join(WRITERS)
    if format is None and isinstance(file, str | Path):
        suffix = Path(file).suffix.lower()
        format = next((key for key, w in WRITERS.items() if suffix in w.suffixes), None)
        if format is None:
            extensions = " ".join(suffix for w in WRITERS.values() for suffix in w.suffixes)
            raise ExplorerError(
                f"{Path(file).name}: the extension tells the format, and it must be one of "
                f"{extensions}; or give format: {known}."
            )
    if format not in WRITERS:
        raise ExplorerError(f"format must be one of {known}; got {format!r}.")
    if not isinstance(file, str | Path):
        WRITERS[format].write(space, file)
        return
    try:
        with written_whole(file) as stream:
            WRITERS[format].write(space, stream)
    except OSError as error:
        name = Path(file).name
        raise ExplorerError(f"{name} cannot be written: {error.strerror or error}.") from None
