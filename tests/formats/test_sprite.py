"""Sprite sheets: tiles cut row by row."""

import io

import numpy as np
import pytest
from PIL import Image

from explorer.errors import FileTooLargeError, VectorFileError
from explorer.formats import load
from explorer.formats.source import Source
from explorer.formats.sprite import cut_tiles, grey_pixels
from explorer.limits import Limits


def sheet(pixels, kind="PNG", limits=None):
    file = io.BytesIO()
    Image.fromarray(np.asarray(pixels, dtype=np.uint8)).save(file, kind)
    return Source.open(file, name="sheet.png", limits=limits or Limits())


def numbered(across, down, w=2, h=2, extra=()):
    """A sheet whose tile i is filled with the grey value i."""
    grid = np.arange(across * down).reshape(down, 1, across, 1, *(1 for _ in extra))
    return np.broadcast_to(grid, (down, h, across, w, *extra)).reshape(down * h, across * w, *extra)


def values(tiles):
    return [int(tile.flat[0]) for tile in tiles]


@pytest.mark.parametrize(
    ("n", "across", "down"), [(1, 1, 1), (4, 2, 2), (3, 2, 2), (5, 3, 2), (5, 3, 3), (10, 4, 3)]
)
def test_tiles_are_cut_row_by_row_and_blank_ones_left(n, across, down):
    tiles = cut_tiles(sheet(numbered(across, down)), n)
    assert tiles.shape == (n, 2, 2)
    assert values(tiles) == list(range(n))
    assert all((tile == tile[0, 0]).all() for tile in tiles)


def test_tiles_that_are_not_square():
    assert cut_tiles(sheet(numbered(2, 2, w=4, h=3)), 4).shape == (4, 3, 4)


def test_a_known_tile_size_settles_the_columns():
    tiles = cut_tiles(sheet(numbered(5, 1)), 4, (2, 2))
    assert values(tiles) == [0, 1, 2, 3]


def test_colour_is_kept_and_made_grey_for_the_vectors():
    pixels = np.zeros((1, 3, 3), dtype=np.uint8)
    pixels[0] = np.diag([255, 255, 255])  # a red, a green and a blue pixel
    tiles = cut_tiles(sheet(pixels), 1)
    assert tiles.shape == (1, 1, 3, 3)
    np.testing.assert_allclose(grey_pixels(tiles), [[0.299, 0.587, 0.114]], rtol=1e-6)


def test_transparency_is_laid_on_white():
    clear = np.zeros((2, 2, 4), dtype=np.uint8)
    assert values(cut_tiles(sheet(clear), 1)) == [255]


def test_a_jpeg_is_read_too():
    file = sheet(np.full((8, 8), 200), "JPEG")
    assert abs(values(cut_tiles(file, 1))[0] - 200) < 4


@pytest.mark.parametrize("n", [0, 7, 100])
def test_labels_that_fit_no_grid_are_told(n):
    with pytest.raises(VectorFileError, match="label"):
        cut_tiles(sheet(numbered(2, 2)), n)


def test_a_tile_size_that_does_not_fit_is_told():
    with pytest.raises(VectorFileError, match="5 tiles of 2 x 2 pixels do not fit into 4 x 4"):
        cut_tiles(sheet(numbered(2, 2)), 5, (2, 2))


def test_too_many_pixels_are_refused_by_the_header():
    header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (60_000).to_bytes(4, "big") * 2 + b"\x08\0\0\0\0"
    bomb = io.BytesIO(header + b"\0" * 64)
    with pytest.raises((FileTooLargeError, VectorFileError)):
        cut_tiles(Source.open(bomb, name="bomb.png"), 4)
    with pytest.raises(FileTooLargeError, match="pixels"):
        cut_tiles(sheet(numbered(8, 8), limits=Limits(cells=100)), 64)


def test_a_damaged_image_is_told(tmp_path):
    whole = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 255, (64, 64), dtype=np.uint8)
    Image.fromarray(noise).save(whole, "PNG")
    (tmp_path / "cut.png").write_bytes(whole.getvalue()[:2000])
    (tmp_path / "labels.txt").write_text("a\nb\nc\nd\n")
    with pytest.raises(VectorFileError, match="cut short"):
        load(tmp_path / "cut.png", labels=tmp_path / "labels.txt")


def test_without_labels_the_remedy_is_named(tmp_path):
    Image.fromarray(np.ones((4, 4), dtype=np.uint8)).save(tmp_path / "sheet.png")
    with pytest.raises(VectorFileError, match="--labels"):
        load(tmp_path / "sheet.png")


def test_mnist_becomes_pixels_named_by_digit_and_row(shared_data):
    labels = shared_data("images/mnist_10k_labels.tsv")
    space = load(shared_data("images/mnist_10k_sprite.png"), labels=labels, limit=500)
    assert space.vectors.shape == (500, 784)
    assert space.images.shape == (500, 28, 28)
    assert space.items[:3] == ("7 · 0", "2 · 1", "1 · 2")
    assert space.metadata["label"][:3].tolist() == [7, 2, 1]
    assert 0 <= space.vectors.min() < space.vectors.max() <= 1
