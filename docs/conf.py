"""How the documentation is built: `sphinx-build -W docs <folder>`."""

import sys
from importlib import metadata
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent / "extensions"), str(Path(__file__).parents[1])]

project = "Embedding Explorer"
author = "the Embedding Explorer contributors"
copyright = "2026, the Embedding Explorer contributors"
try:
    release = metadata.version("embedding-explorer")
except metadata.PackageNotFoundError:  # a checkout that was never installed
    release = ""

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "myst_parser",
    "plain_docstrings",
    "mathml",
    "terms",
]
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_type_aliases = {
    name: name for name in ("ArrayLike", "FloatArray", "Float64Array", "IntArray", "Scores")
}
highlight_language = "text"
napoleon_google_docstring = False
exclude_patterns = ["_build", "extensions"]
nitpicky = False

html_theme = "furo"
html_title = "Embedding Explorer"
html_static_path: list[str] = []
html_copy_source = False
html_show_sourcelink = False
html_math_renderer = "mathml"
