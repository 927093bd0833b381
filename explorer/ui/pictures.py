"""An item's picture as an address that a page can show."""

from __future__ import annotations

import base64
import io

import numpy as np
from numpy.typing import NDArray


def picture_address(pixels: NDArray[np.uint8]) -> str:
    """(h, w) or (h, w, 3) pixels as a PNG in a data: address."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(buffer, format="PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
