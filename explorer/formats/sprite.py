"""A sprite sheet (many small pictures in one PNG or JPEG) as vectors of grey pixels.

The layout is the Embedding Projector's: tiles of one size, row by row, as many columns as rows or
one more, ceil(sqrt(n)); blank tiles fill the end. How many pictures there are the image does not
tell: a labels file does, one line for each.
"""

from __future__ import annotations

import math
import struct
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.errors import FileTooLargeError, VectorFileError
from explorer.formats.beside import read_columns
from explorer.formats.options import Options
from explorer.formats.raw import RawVectors
from explorer.formats.source import Source

MOST_PIXELS = 1 << 27  # 8,192 x 16,384: twice what the Embedding Projector can show


def read(source: Source, options: Options) -> RawVectors:
    """The tiles' grey pixels, 0 (black) to 1 (white), row after row; the tiles stay as images.

    Raises VectorFileError without a labels file, where no grid of tiles fits the sheet, and for a
    damaged image; FileTooLargeError, before any pixel is unpacked, for too many of them.
    """
    beside = options.labels or options.metadata
    if beside is None:
        raise VectorFileError(
            source.name,
            "an image does not say how many pictures are in it; give a file with a line for each: "
            "--labels FILE.",
        )
    columns = read_columns(beside, 0)
    n = len(next(iter(columns.values()))) if columns else 0
    images = cut_tiles(source, n)
    images = images if options.limit is None else images[: options.limit]
    return RawVectors(
        grey_pixels(images),
        f"pixels of sprite tiles, {images.shape[2]} x {images.shape[1]}",
        images=images,
        place=lambda row: f"tile {row:,}",
    )


def cut_tiles(source: Source, n: int, tile: tuple[int, int] | None = None) -> NDArray[np.uint8]:
    """(n, h, w) uint8 tiles of a grey sheet, (n, h, w, 3) of a coloured one.

    tile : (width, height) in pixels, where it is known; else a grid of ceil(sqrt(n)) columns
    """
    sheet = _pixels(source)
    height, width = sheet.shape[:2]
    across = math.ceil(math.sqrt(n))
    if tile is None:
        tile = _tile_size(source, n, across, width, height)
    else:
        across = width // max(1, tile[0])
    w, h = tile
    if w < 1 or h < 1 or across < 1 or (height // h) * across < n:
        raise VectorFileError(
            source.name, f"{n:,} tiles of {w} x {h} pixels do not fit into {width:,} x {height:,}."
        )
    down = -(-n // across)
    grid = sheet[: down * h, : across * w].reshape(down, h, across, w, *sheet.shape[2:])
    tiles: NDArray[np.uint8] = grid.swapaxes(1, 2).reshape(down * across, h, w, *sheet.shape[2:])
    return np.ascontiguousarray(tiles[:n])


def _tile_size(source: Source, n: int, across: int, width: int, height: int) -> tuple[int, int]:
    """Square tiles if they fit, else as many rows as the pictures need."""
    if n < 1:
        raise VectorFileError(source.name, "needs a label for each picture; the file has none.")
    w, rest = divmod(width, across)
    down = -(-n // across)
    if rest == 0 and w > 0:
        if height % w == 0 and height // w in (down, across):
            return w, w
        if height % down == 0:
            return w, height // down
    raise VectorFileError(
        source.name,
        f"{n:,} labels need a grid of {across} x {down} tiles, which does not divide "
        f"{width:,} x {height:,} pixels; is there a label for each picture?",
    )


def grey_pixels(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(n, h * w) brightness from 0 to 1: 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601)."""
    if images.ndim == 4:
        grey = images @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
    else:
        grey = images.astype(np.float32)
    return np.asarray(grey.reshape(len(images), -1) / np.float32(255))


def _pixels(source: Source) -> NDArray[np.uint8]:
    """(height, width) grey or (height, width, 3); transparency is laid on white."""
    from PIL import Image

    try:
        with source.file() as file, warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image: Any = Image.open(file, formats=("PNG", "JPEG"))  # the header only
            width, height = image.size
            if width * height > min(MOST_PIXELS, source.limits.cells):
                raise Image.DecompressionBombError
            if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
                over = image.convert("RGBA")
                image = Image.new("RGBA", over.size, "white")
                image.alpha_composite(over)
            pixels = np.asarray(image.convert("RGB"))
    except Image.DecompressionBombError:
        raise FileTooLargeError(
            source.name, f"has more than {MOST_PIXELS:,} pixels; cut it into smaller sheets."
        ) from None
    except (OSError, SyntaxError, ValueError, struct.error):  # their words name files of ours
        raise VectorFileError(
            source.name, "cannot be read as an image; is the file cut short?"
        ) from None
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    if np.array_equal(red, green) and np.array_equal(green, blue):
        return np.ascontiguousarray(red)
    return pixels
