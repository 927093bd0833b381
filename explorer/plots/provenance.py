"""What a file says of where it comes from: the space, the versions, the day."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from datetime import date
from importlib.metadata import PackageNotFoundError, version

from explorer.space import EmbeddingSpace

PACKAGES = ("numpy", "scipy", "scikit-learn", "numba", "plotly", "streamlit")


def about_space(space: EmbeddingSpace) -> str:
    """Its name, size, origin, preprocessing and the digest of its vectors, in a sentence."""
    return (
        f"Space: {space.name}, {len(space):,} items x {space.dimensions} dimensions, from "
        f"{space.provenance.source}; preprocessing: {space.provenance.preprocessing}; "
        f"digest {space.digest[:12]}."
    )


def made_with(packages: Sequence[str] = ("numpy", "plotly")) -> str:
    """Which versions made a file, and when."""
    return f"Made with Embedding Explorer on {date.today().isoformat()}; {versions(packages)}."


def versions(packages: Sequence[str] = PACKAGES) -> str:
    """ "Python 3.11.9, numpy 2.4.6, …"; a package that is not installed is left out."""
    found = [f"Python {platform.python_version()}"]
    for package in packages:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)
