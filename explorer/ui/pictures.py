"""An item's picture as an address that a page can show."""

from __future__ import annotations

import base64
import html
import io

import numpy as np
from numpy.typing import NDArray


def picture_address(pixels: NDArray[np.uint8]) -> str:
    """(h, w) or (h, w, 3) pixels as a PNG in a data: address."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(buffer, format="PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def picture_html(pixels: NDArray[np.uint8], alt: str, width: int = 96) -> str:
    """An <img> that shows every pixel as a square."""
    style = f"width:{width}px;image-rendering:pixelated;border-radius:6px"
    return f'<img src="{picture_address(pixels)}" alt="{html.escape(alt)}" style="{style}">'
