"""What the page that is drawn shows: its figures, tables and facts, to be shared as they stand.

Figures and export menus enter themselves while the page runs; the Share dialog reads them after it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import streamlit as st

from explorer.plots.map_file import MapFile, alt, map_figure

Table = Mapping[str, Sequence[Any]]
TITLE = 70  # characters


@dataclass(frozen=True, eq=False)
class PageFigure:
    """alt : what it shows, in words
    make : {"data", "layout"}, made when it is asked for
    map : what a map shows, which can also be written as SVG
    """

    alt: str
    make: Callable[[], dict[str, Any]]
    map: MapFile | None = None

    @property
    def title(self) -> str:
        """The beginning of its words; a map's own title."""
        if self.map is not None:
            return self.map.title
        first = " ".join(self.alt.split()).partition(": ")[0].partition(". ")[0]
        return first if len(first) <= TITLE else f"{first[: TITLE - 1]}…"


@dataclass(frozen=True, eq=False)
class PageTable:
    """make : the columns, made when they are asked for; python : lines that compute them again"""

    title: str
    make: Callable[[], Table]
    python: str


@dataclass
class OnPage:
    """What one page shows, in the order in which it was drawn."""

    title: str = ""
    figures: dict[str, PageFigure] = field(default_factory=dict)
    tables: dict[str, PageTable] = field(default_factory=dict)
    facts: list[str] = field(default_factory=list)


def shown() -> OnPage:
    """What the page has shown so far."""
    return cast(OnPage, st.session_state.setdefault("on_page", OnPage()))


def begin(title: str) -> None:
    """A page of that title is about to be drawn."""
    st.session_state["on_page"] = OnPage(title)


def enter_figure(key: str, alt: str, figure: Any) -> None:
    """A plotly.graph_objects.Figure, or {"traces", "layout"} of plain values."""

    def make() -> dict[str, Any]:
        if isinstance(figure, Mapping):
            return {"data": figure["traces"], "layout": figure["layout"]}
        return cast("dict[str, Any]", json.loads(figure.to_json()))

    shown().figures[key] = PageFigure(alt, make)


def enter_map(key: str, file: MapFile) -> None:
    """A map with its marks."""
    shown().figures[key] = PageFigure(alt(file), lambda: map_figure(file), file)


def enter_table(key: str, title: str, make: Callable[[], Table], python: str) -> None:
    """What an export menu offers."""
    shown().tables[key] = PageTable(title, make, python)


def enter_fact(fact: str) -> None:
    """A line on what the page shows: space, metric, how much of it."""
    if fact not in shown().facts:
        shown().facts.append(fact)
