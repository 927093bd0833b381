"""A report: chosen views with their numbers and notes, as one HTML file that says how to repeat it.

Everything in it is text or figures drawn by the one plotly.js inside; it opens anywhere, offline.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from explorer.html_tables import MOST_ROWS, html_table
from explorer.plots.html_page import figure_place, footer, html_page
from explorer.plots.provenance import made_with, versions

STYLE = """
body { max-width: 62rem; margin: 0 auto; padding: 0 1.2rem 3rem; }
section { border-top: 1px solid #d8d4cb; margin-top: 2rem; }
h2 { font-size: 1.1rem; }
h3 { font-size: .95rem; margin: 1rem 0 .2rem; }
table { border-collapse: collapse; font-size: .85rem; }
th, td { text-align: left; padding: .15rem .6rem; border-bottom: 1px solid #ecebe7; }
td { font-variant-numeric: tabular-nums; }
pre { background: #f3f1ec; padding: .6rem; overflow-x: auto; font-size: .8rem; }
.note { white-space: pre-wrap; }
.facts { color: #57606a; font-size: .85rem; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
@media print { pre { white-space: pre-wrap; } section { break-inside: avoid; } }
"""


@dataclass(frozen=True, eq=False)
class ReportFigure:
    """json : the figure as `html_page.figure_json` writes it; alt : what it shows, in words"""

    title: str
    json: str
    alt: str


@dataclass(frozen=True, eq=False)
class ReportTable:
    """columns : the first rows; rows : how many there are in all"""

    title: str
    columns: Mapping[str, Sequence[Any]]
    rows: int

    @classmethod
    def of(cls, title: str, columns: Mapping[str, Sequence[Any]]) -> ReportTable:
        """Of a whole table, of which the report keeps the first rows."""
        kept = {name: list(islice(values, MOST_ROWS)) for name, values in columns.items()}
        return cls(title, kept, len(next(iter(columns.values()), ())))


@dataclass(frozen=True, eq=False)
class ReportEntry:
    """One view of a page.

    facts : space, metric, exactness, what is drawn: lines of text
    python : lines that make it again
    link : what stands behind the app's address for this view: "neighbors?focus=king"
    number : which of the visitor's entries it is, wherever in the report it stands
    """

    title: str
    facts: Sequence[str]
    figures: Sequence[ReportFigure]
    tables: Sequence[ReportTable]
    python: Sequence[str]
    link: str
    made: str
    note: str = ""
    number: int = 0

    @property
    def bytes(self) -> int:
        """About what it takes: its figures, and a little for each cell."""
        cells = sum(len(values) for table in self.tables for values in table.columns.values())
        return sum(len(figure.json) for figure in self.figures) + 60 * cells


def report_html(title: str, entries: Sequence[ReportEntry]) -> bytes:
    """The report, UTF-8."""
    contents = "".join(
        f'<li><a href="#view{number}">{html.escape(entry.title)}</a></li>'
        for number, entry in enumerate(entries, 1)
    )
    sections = "".join(_section(number, entry) for number, entry in enumerate(entries, 1))
    body = f"""<header><h1>{html.escape(title)}</h1><ol>{contents}</ol></header>
<main>{sections}</main>
{footer([made_with(()), f"Computed with {versions()}.", HOW])}"""
    return html_page(title, body, style=STYLE)


HOW = (
    "To make it again: install Embedding Explorer, and run the lines under each view, or start the "
    "app and put the view's link behind its address."
)


def _section(number: int, entry: ReportEntry) -> str:
    note = f'<p class="note">{html.escape(entry.note)}</p>' if entry.note.strip() else ""
    figures = "".join(
        figure_place(f"figure{number}x{place}", figure.json, figure.alt)
        for place, figure in enumerate(entry.figures)
    )
    tables = "".join(
        f"<h3>{html.escape(table.title)}</h3><div class='scroll'>"
        f"{html_table(table.columns, caption=_how_many(table))}</div>"
        for table in entry.tables
    )
    facts = "".join(f"<p class='facts'>{html.escape(fact)}</p>" for fact in entry.facts)
    lines = "".join(f"<pre>{html.escape(python)}</pre>" for python in entry.python)
    link = f"<p class='facts'>{html.escape(entry.made)}; in the app: /{html.escape(entry.link)}</p>"
    return (
        f'<section id="view{number}"><h2>{number}. {html.escape(entry.title)}</h2>'
        f"{note}{figures}{tables}{facts}{lines}{link}</section>"
    )


def _how_many(table: ReportTable) -> str:
    shown = len(next(iter(table.columns.values()), ()))
    return "" if shown == table.rows else f"{shown:,} of {table.rows:,} rows."
