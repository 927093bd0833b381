"""One HTML page that needs nothing else: styles, plotly.js once, figures, and text that is text."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.plots.plotly_js import plotly_js_folder

PAPER, INK, MUTED = "#ffffff", "#1f2328", "#57606a"
STYLE = f"""
body {{ margin: 0; background: {PAPER}; color: {INK}; font: 15px/1.5 system-ui, sans-serif; }}
header, footer {{ padding: .6rem 1.2rem; }}
h1 {{ font-size: 1.25rem; margin: 0; }}
footer p {{ margin: .1rem 0; color: {MUTED}; font-size: .85rem; overflow-wrap: anywhere; }}
"""
DRAW = """
for (const one of document.querySelectorAll("script[data-figure]")) {
  const figure = JSON.parse(one.textContent);
  Plotly.newPlot(one.dataset.figure, figure.data, figure.layout, {
    responsive: true, scrollZoom: Boolean(one.dataset.zoom), displaylogo: false,
    showSendToCloud: false,
    toImageButtonOptions: { format: "svg", filename: one.dataset.figure },
  });
}
"""


def html_page(title: str, body: str, *, style: str = "") -> bytes:
    """The page, UTF-8. No address of another host stands in it but in plotly.js's own text."""
    plotly = (plotly_js_folder() / "plotly.min.js").read_text(encoding="utf-8")
    page = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(title)}</title>
<style>{STYLE}{style}</style>
</head>
<body>
{body}
<script>{plotly}</script>
<script>{DRAW}</script>
</body>
</html>
"""
    return page.encode("utf-8")


def figure_place(key: str, figure_json: str, alt: str, *, zoom: bool = False) -> str:
    """Where a figure is drawn, and the figure itself; `key` is letters and digits."""
    zooming = ' data-zoom="1"' if zoom else ""
    return (
        f'<div id="{key}" role="img" aria-label="{html.escape(alt)}"></div>\n'
        f'<script type="application/json" data-figure="{key}"{zooming}>{figure_json}</script>'
    )


def footer(lines: Sequence[str]) -> str:
    """What a page says of itself at its end."""
    return f"<footer>{''.join(f'<p>{html.escape(line)}</p>' for line in lines)}</footer>"


def figure_json(figure: dict[str, Any]) -> str:
    """JSON that cannot end the script element it stands in; NumPy arrays as typed numbers."""
    text = json.dumps(figure, ensure_ascii=False, separators=(",", ":"), default=_typed)
    return text.replace("<", "\\u003c")


def _typed(values: NDArray[Any]) -> dict[str, str]:
    """Numbers as plotly.js takes them from base64."""
    packed = np.ascontiguousarray(values, dtype="<f4")
    return {"dtype": "f4", "bdata": base64.b64encode(packed.tobytes()).decode("ascii")}
