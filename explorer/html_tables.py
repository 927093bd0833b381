"""Small HTML tables. Everything that is put in is text: names may hold anything."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from explorer.plain_numbers import number

if TYPE_CHECKING:
    from explorer.space import EmbeddingSpace

MOST_ROWS = 100
LONGEST = 80  # characters of a cell


def html_table(columns: Mapping[str, Sequence[Any]], *, title: str = "", caption: str = "") -> str:
    """A table with a header; the first 100 rows, and how many there are where that is not all."""
    rows = list(zip(*columns.values(), strict=True))
    head = "".join(f"<th>{_cell(name)}</th>" for name in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row) + "</tr>"
        for row in islice(rows, MOST_ROWS)
    )
    if len(rows) > MOST_ROWS:
        caption = f"{MOST_ROWS:,} of {len(rows):,} rows shown. {caption}"
    above = f"<p><b>{html.escape(title)}</b></p>" if title else ""
    below = f"<p><small>{html.escape(caption)}</small></p>" if caption else ""
    return f"{above}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{below}"


def space_table(space: EmbeddingSpace) -> str:
    """What a space is: its size, origin, preprocessing, metadata and maps."""
    facts = {
        "items": f"{len(space):,}: {', '.join(space.items[:5])}{', …' if len(space) > 5 else ''}",
        "dimensions": f"{space.dimensions:,}",
        "from": str(space.provenance),
        "preprocessing": space.provenance.preprocessing,
        "trained with": space.trained_with or "not told",
        "metadata": ", ".join(space.metadata) or "none",
        "maps": ", ".join(space.maps) or "none stored",
        "digest": space.digest[:12],
    }
    met = "; ".join(map(str, space.provenance.findings))
    table = {"": list(facts), "EmbeddingSpace": list(facts.values())}
    return html_table(table, title=space.name, caption=f"Loading met: {met}." if met else "")


def _cell(value: Any) -> str:
    text = number(value) if isinstance(value, float) else str(value)
    text = " ".join(text.split())
    return html.escape(text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…")
