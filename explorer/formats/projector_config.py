"""projector_config.json: which tensors, metadata and sprite sheet belong together.

    {"embeddings": [{"tensorName": "Iris", "tensorShape": [150, 4],
                     "tensorPath": "iris_tensors.bytes", "metadataPath": "iris_labels.tsv",
                     "sprite": {"imagePath": "iris.png", "singleImageDim": [28, 28]}}, …]}

A configuration may come from anywhere, so its paths are taken relative to its own folder and must
stay inside it: nothing absolute, no "..", no address, no link that leads outside.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from explorer.errors import VectorFileError
from explorer.formats.source import Source

CONFIG = "projector_config.json"
CONFIG_BYTES = 1 << 24


@dataclass(frozen=True)
class Entry:
    """One embedding of a configuration; paths as they stand there.

    shape : (rows, dimensions), or None where the configuration does not say
    tile : (width, height) of a picture of the sprite sheet, in pixels
    """

    name: str
    tensors: str
    shape: tuple[int, int] | None = None
    metadata: str | None = None
    sprite: str | None = None
    tile: tuple[int, int] | None = None


def read_entries(config: Source) -> list[Entry]:
    """The embeddings that a configuration lists; VectorFileError where it is none."""
    with config.file() as file:
        text = file.read(CONFIG_BYTES)
    try:
        listed = json.loads(text)["embeddings"]
        entries = [_entry(one) for one in listed]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        entries = []
    if not entries:
        raise VectorFileError(
            config.name,
            'expected {"embeddings": [{"tensorPath": "tensors.tsv", …}, …]}; '
            "is this a configuration of the Embedding Projector?",
        )
    return entries


def _entry(one: dict[str, Any]) -> Entry:
    sprite = one.get("sprite") or {}
    return Entry(
        name=str(one.get("tensorName") or one["tensorPath"]),
        tensors=str(one["tensorPath"]),
        shape=_two_numbers(one.get("tensorShape")),
        metadata=str(one["metadataPath"]) if one.get("metadataPath") else None,
        sprite=str(sprite["imagePath"]) if sprite.get("imagePath") else None,
        tile=_two_numbers(sprite.get("singleImageDim")),
    )


def _two_numbers(value: Any) -> tuple[int, int] | None:
    if value is None:
        return None
    first, second = value
    if type(first) is not int or type(second) is not int or min(first, second) < 1:
        raise ValueError(value)
    return first, second


def open_inside(config: Source, path: str) -> Source:
    """Open a file that a configuration names; VectorFileError for one outside its folder."""
    if config.path is None:
        raise VectorFileError(
            config.name,
            f"names other files ({path}) that did not come with it; open the tensors file and "
            "give its metadata, or open the configuration where it lies.",
        )
    posix, windows = PurePosixPath(path), PureWindowsPath(path)
    parts = {*posix.parts, *windows.parts}
    folder = config.path.parent.resolve()
    outside = posix.is_absolute() or bool(windows.anchor) or ".." in parts or "://" in path
    file = folder / path if not outside else folder
    if outside or "\0" in path or not _is_inside(file, folder):
        raise VectorFileError(
            config.name, f"names {path!r}, which is not inside its own folder; only that is read."
        )
    return Source.open(file, limits=config.limits)


def _is_inside(file: Path, folder: Path) -> bool:
    """Whether a file lies in a folder once all links are followed."""
    try:
        return file.resolve().is_relative_to(folder)
    except OSError:  # a name longer than any file's, a ring of links
        return False


def entry_beside(tensors: Source) -> tuple[Path, Entry] | None:
    """The configuration in the folder of a tensors file and its entry there, if it has one."""
    if tensors.path is None:
        return None
    file = tensors.path.with_name(CONFIG)
    if not file.is_file():
        return None
    try:
        with Source.open(file, limits=tensors.limits) as config:
            entries = read_entries(config)
    except VectorFileError:
        return None  # the tensors were asked for, not the configuration
    name = tensors.path.name
    return next(((file, entry) for entry in entries if Path(entry.tensors).name == name), None)


def metadata_beside(tensors: Source) -> Path | None:
    """The metadata file that a tensors file has by its name.

    metadata.tsv or labels.tsv beside tensors.tsv or vectors.tsv; iris_labels.tsv beside
    iris_tensors.bytes.
    """
    if tensors.path is None:
        return None
    stem = tensors.path.stem
    for own in ("tensors", "tensor", "vectors"):
        if stem.endswith(own):
            for other in ("metadata", "labels"):
                file = tensors.path.with_name(f"{stem.removesuffix(own)}{other}.tsv")
                if file.is_file():
                    return file
    return None
