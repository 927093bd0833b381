"""A training kept in a file: arrays and plain values in one .npz, nothing in it that can run."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError
from explorer.items import Items
from explorer.metadata import Metadata
from explorer.training.progress import File
from explorer.whole_file import written_whole

_ABOUT = "about.json"


def write_checkpoint(
    file: File, kind: str, about: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]
) -> None:
    """Write a training of some `kind`: plain values in `about`, numbers in `arrays`."""
    text = json.dumps({"kind": kind, **about}, ensure_ascii=False)
    packed = {_ABOUT: np.frombuffer(text.encode("utf-8", "surrogatepass"), np.uint8), **arrays}
    if isinstance(file, str | Path):
        with written_whole(file) as opened:
            np.savez(opened, **packed)  # type: ignore[arg-type]
    else:
        np.savez(file, **packed)  # type: ignore[arg-type]


def read_checkpoint(file: File, kind: str) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """What `write_checkpoint` wrote; ExplorerError for anything else, or for another kind."""
    name = Path(file).name if isinstance(file, str | Path) else "the file"
    try:
        with np.load(file, allow_pickle=False) as archive:
            arrays = {key: archive[key] for key in archive.files}
        about = json.loads(arrays.pop(_ABOUT).tobytes().decode("utf-8", "surrogatepass"))
        found = about["kind"]
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise ExplorerError(f"{name} holds no training that was saved ({error}).") from None
    if found != kind:
        raise ExplorerError(f"{name} holds a training of {found}; one of {kind} is wanted.")
    return about, arrays


@contextmanager
def restoring(kind: str) -> Iterator[None]:
    """Around the making of a trainer from what was read: what is missing ends in ExplorerError."""
    try:
        yield
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise ExplorerError(
            f"The saved training of {kind} is damaged, or of another version ({error}); "
            "train again from its corpus."
        ) from None


def copy_of(trainer: Any) -> Any:
    """The same training once more, by saving and loading it in memory."""
    kept = io.BytesIO()
    trainer.save(kept)
    kept.seek(0)
    return type(trainer).load(kept)


def plain_items(items: Items) -> list[str] | int:
    """Names as JSON takes them; their number alone where rows have no other name."""
    return len(items) if items.are_numbers else list(items)


def items_from(plain: list[str] | int) -> Items:
    return Items.numbered(plain) if isinstance(plain, int) else Items(plain)


def plain_metadata(metadata: Metadata) -> dict[str, list[Any]]:
    """Columns as JSON takes them: booleans, whole numbers, fractions (NaN too) and text."""
    return {name: column.tolist() for name, column in metadata.items()}


def metadata_from(plain: dict[str, list[Any]], rows: int) -> Metadata:
    return Metadata({name: np.asarray(column) if _has_fractions(column) else column
                     for name, column in plain.items()}, rows=rows)  # fmt: skip


def _has_fractions(column: list[Any]) -> bool:
    return bool(column) and isinstance(column[0], float)
