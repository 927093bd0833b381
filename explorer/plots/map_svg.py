"""A map as SVG of a chosen size: points, marks and names as shapes and text, for print.

Written directly, for no browser is needed and no point becomes a pixel.
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from explorer.plots import theme
from explorer.plots.html_page import INK, MUTED, PAPER
from explorer.plots.map import whole_view
from explorer.plots.map_file import LINE, MapFile, alt
from explorer.plots.names import SIDES, sides_in_pixels

LEAST, MOST = 200, 8_000  # pixels of a side
NAMED = 5_000  # points; of more, only those that are marked tell their names
LEFT, TOP, GAP = 44.0, 40.0, 14.0
LEGEND = 190.0
ANCHORS = {-1: "end", 0: "middle", 1: "start"}  # of a name left, at or right of its point
LETTER = 6.0  # width of one, about, in the small type
Shape = Callable[[float, float, float, str], str]


def map_svg(shown: MapFile, width: int = 1200, height: int = 800) -> bytes:
    """The map drawn `width` x `height`, both from 200 to 8,000 pixels; UTF-8."""
    width, height = (min(max(side, LEAST), MOST) for side in (width, height))
    told = _wrapped(shown, int((width - 2 * GAP) / LETTER))
    legend = LEGEND if shown.colours.kind != "none" else 0.0
    box = (LEFT, TOP, width - LEFT - GAP - legend, height - TOP - 44 - 14 * len(told))
    places = _on_paper(shown, box)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" font-family="system-ui, sans-serif">',
        f"<title>{_text(alt(shown))}</title>",
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>',
        _line(GAP, 24, shown.title, size=16),
        f'<rect x="{box[0]}" y="{box[1]}" width="{box[2]:.1f}" height="{box[3]:.1f}" fill="none" '
        'stroke="#d8d4cb"/>',
        _line(box[0], box[1] + box[3] + 18, f"→ {shown.axes[0]}", size=12),
        f'<g transform="translate({GAP + 12} {box[1] + box[3]:.1f}) rotate(-90)">'
        f"{_line(0, 0, f'→ {shown.axes[1]}', size=12)}</g>",
        *_points(shown, places),
        *_marks(shown, places, box),
        *_legend(shown, width - LEGEND, TOP + 4),
        *(
            _line(GAP, height - 14 * (len(told) - place) + 4, text, size=11, colour=MUTED)
            for place, text in enumerate(told)
        ),
        "</svg>",
    ]
    return "\n".join(parts).encode("utf-8")


def _wrapped(shown: MapFile, letters: int) -> list[str]:
    return [
        part for line in shown.provenance for part in textwrap.wrap(line, max(30, letters)) or [""]
    ]


def _on_paper(shown: MapFile, box: tuple[float, float, float, float]) -> NDArray[np.float64]:
    """(n, 2) where every item lies on the paper: one scale for both axes, y upwards."""
    x0, x1, y0, y1 = whole_view(shown.coordinates[shown.drawn])
    left, top, wide, high = box
    scale = min(max(wide, 1) / (x1 - x0), max(high, 1) / (y1 - y0))
    middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
    on_paper = np.array([left + wide / 2, top + high / 2])
    centred = shown.coordinates[:, :2].astype(np.float64) - middle
    placed: NDArray[np.float64] = on_paper + centred * np.array([scale, -scale])
    return placed


def _points(shown: MapFile, places: NDArray[np.float64]) -> Iterator[str]:
    """One group for each category, so that colours are written once; numbers have their own."""
    radius = 2.0 if len(shown.drawn) > NAMED else 3.0
    colours, drawn = shown.colours, shown.drawn
    if colours.codes is not None:
        codes = colours.codes[drawn]
        for place, entry in enumerate(colours.entries):
            rows = drawn[codes == place]
            shape = _diamond if entry["symbol"] == "diamond" else _circle
            yield f'<g fill="{entry["colour"]}" fill-opacity="0.75">'
            for row in rows.tolist():
                yield shape(
                    float(places[row, 0]), float(places[row, 1]), radius, _end(shown, row, shape)
                )
            yield "</g>"
        return
    fills = [theme.CATEGORICAL[0]] * len(drawn)
    if colours.values is not None:
        fills = _fills(colours.values[drawn], colours.low, colours.high)
    yield '<g fill-opacity="0.75">'
    for row, fill in zip(drawn.tolist(), fills, strict=True):
        yield _circle(
            float(places[row, 0]),
            float(places[row, 1]),
            radius,
            f' fill="{fill}"{_end(shown, row, _circle)}',
        )
    yield "</g>"


def _fills(values: NDArray[np.float32], low: float, high: float) -> list[str]:
    """The step of the scale for each value; grey where there is none."""
    steps = len(theme.SEQUENTIAL)
    share = (values.astype(np.float64) - low) / ((high - low) or 1.0)
    step = np.clip(np.nan_to_num(share, nan=-1.0) * steps, 0, steps - 1).astype(int)
    known = np.isfinite(values)
    return [
        theme.SEQUENTIAL[at] if there else theme.OTHER
        for at, there in zip(step.tolist(), known.tolist(), strict=True)
    ]


def _circle(x: float, y: float, radius: float, end: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}"{end}'


def _diamond(x: float, y: float, radius: float, end: str) -> str:
    r = radius * 1.3
    corners = f"M{x:.1f} {y - r:.1f}l{r:.1f} {r:.1f} {-r:.1f} {r:.1f} {-r:.1f} {-r:.1f}z"
    return f'<path d="{corners}"{end}'


def _end(shown: MapFile, row: int, shape: Shape) -> str:
    """The end of an element: with its item's name, which a browser shows, where points are few."""
    if len(shown.drawn) > NAMED:
        return "/>"
    element = "circle" if shape is _circle else "path"
    return f"><title>{_text(shown.names[row])}</title></{element}>"


def _marks(
    shown: MapFile, places: NDArray[np.float64], box: tuple[float, float, float, float]
) -> Iterator[str]:
    """Lines to the true neighbours, rings round them, and the names of what is marked."""
    if shown.focus is not None:
        x, y = places[shown.focus]
        for row in shown.neighbors:
            far_x, far_y = places[row]
            yield (
                f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{far_x:.1f}" y2="{far_y:.1f}" '
                f'stroke="{LINE}"/>'
            )
    focus = [] if shown.focus is None else [shown.focus]
    looks = dict.fromkeys(shown.neighbors, (5, 11))
    looks |= dict.fromkeys(shown.pins, (7, 12)) | dict.fromkeys(focus, (9, 14))
    rows = list(dict.fromkeys([*focus, *shown.pins, *shown.neighbors]))  # these choose first
    left, top, wide, high = box
    around = sides_in_pixels(
        places[rows] * (1, -1), [shown.names[row] for row in rows],
        frame=(left, left + wide, -top - high, -top),
    )  # fmt: skip
    for row, side in reversed(list(zip(rows, around, strict=True))):
        (x, y), (radius, size) = places[row].tolist(), looks[row]
        yield (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="none" stroke="{LINE}" '
            'stroke-width="2"/>'
        )
        across, up = SIDES[side]
        x += across * (radius + 2)
        y += size / 3 - up * (radius + size / 2 + 1)
        yield _line(x, y, shown.names[row], size=size, halo=True, anchor=ANCHORS[across])


def _legend(shown: MapFile, x: float, y: float) -> Iterator[str]:
    colours = shown.colours
    if colours.kind == "none":
        return
    yield _line(x, y + 8, colours.title, size=12)
    if colours.kind == "number":
        for step, colour in enumerate(theme.SEQUENTIAL):
            yield f'<rect x="{x + 14 * step}" y="{y + 18}" width="14" height="12" fill="{colour}"/>'
        yield _line(x, y + 46, f"{colours.low:.4g} to {colours.high:.4g}", size=11)
        return
    for place, entry in enumerate(colours.entries):
        at = y + 28 + 18 * place
        shape = _diamond if entry["symbol"] == "diamond" else _circle
        yield shape(x + 5, at - 4, 4.5, f' fill="{entry["colour"]}"/>')
        name = entry["name"] if len(entry["name"]) <= 20 else f"{entry['name'][:19]}…"
        yield _line(x + 16, at, f"{name} ({entry['count']:,})", size=11)


def _line(
    x: float, y: float, text: str, *, size: int, colour: str = INK, halo: bool = False,
    anchor: str = "start",
) -> str:  # fmt: skip
    """A line of text; with a halo it can be read on points."""
    look = f' paint-order="stroke" stroke="{PAPER}" stroke-width="3"' if halo else ""
    look += f' text-anchor="{anchor}"' if anchor != "start" else ""
    where = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}"{look}'
    return f"<text {where}>{_text(text)}</text>"


def _text(text: str, most: int = 400) -> str:
    """Text that XML may hold, to the letter, on one line."""
    line = " ".join("".join(sign for sign in text if sign.isprintable() or sign == "\t").split())
    return html.escape(line if len(line) <= most else f"{line[: most - 1]}…")
