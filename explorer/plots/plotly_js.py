"""Where the installed plotly package keeps plotly.js, found without importing the package."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from explorer.errors import MissingDependencyError


def plotly_js_folder() -> Path:
    """The folder that holds plotly.min.js; MissingDependencyError without the package."""
    plotly = find_spec("plotly")
    if plotly is None or plotly.origin is None:
        raise MissingDependencyError("The map", "plotly")
    return Path(plotly.origin).parent / "package_data"
