"""What a lesson shows: the numbers of a picture and what it says in words, not how it is drawn.

`explorer.plots.lessons` draws each kind. `alt` is read aloud where the picture cannot be seen, and
printed on the teacher's sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.metric_comparison import Comparison
from explorer.training.progress import Trainer

Float64Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Bars:
    """A number for each of some names, the first on top.

    marked : places drawn in the second colour
    baseline : a dashed line to compare with, and what it is
    log : on a logarithmic scale
    """

    alt: str
    names: Sequence[str]
    values: Sequence[float]
    unit: str
    marked: Sequence[int] = ()
    baseline: tuple[float, str] | None = None
    log: bool = False


@dataclass(frozen=True, eq=False)
class Lines:
    """Curves by name, each x and y.

    log : of "x" and "y" those with a logarithmic scale
    mark : an x to point at, and what it is
    steps : draw what stays level between its points, as a histogram does
    """

    alt: str
    curves: Mapping[str, tuple[Sequence[float], Sequence[float]]]
    x: str
    y: str
    log: str = ""
    mark: tuple[float, str] | None = None
    steps: bool = False


@dataclass(frozen=True, eq=False)
class Dots:
    """Points on a plane: all of them faint, some with names, some joined to the first of these.

    xy : (n, 2); colours : (n,) a group for each, or None
    named : (place, name) of those that are marked; linked : places joined to the first named
    log : of "x" and "y" those with a logarithmic scale
    """

    alt: str
    xy: NDArray[Any]
    named: Sequence[tuple[int, str]] = ()
    linked: Sequence[int] = ()
    groups: NDArray[np.integer[Any]] | None = None
    x: str = ""
    y: str = ""
    log: str = ""
    title: str = ""
    square: bool = False


@dataclass(frozen=True, eq=False)
class Side:
    """Pictures side by side."""

    alt: str
    parts: Sequence[Dots | Bars | Lines]


@dataclass(frozen=True, eq=False)
class Grid:
    """A small matrix with its numbers in the cells.

    values : (rows, columns), NaN for an empty cell
    marked : rows to point at; digits : after the point
    """

    alt: str
    rows: Sequence[str]
    columns: Sequence[str]
    values: NDArray[Any]
    marked: Sequence[int] = ()
    digits: int = 2


@dataclass(frozen=True)
class Arrow:
    """From one point of the plane to another; group 0 is drawn faint."""

    name: str
    start: tuple[float, float]
    end: tuple[float, float]
    group: int = 1


@dataclass(frozen=True, eq=False)
class Arrows:
    """Vectors in a plane with one scale for both axes."""

    alt: str
    arrows: Sequence[Arrow]


@dataclass(frozen=True, eq=False)
class Orders:
    """The nearest items of one query by several metrics, side by side; names of `found.union`."""

    alt: str
    names: Sequence[str]
    found: Comparison


@dataclass(frozen=True, eq=False)
class Live:
    """A training that runs while it is watched: its loss, its moving map.

    make : makes the trainer, untrained
    watched : names of items whose neighbours are shown; lasting : seconds the whole is to last
    """

    alt: str
    make: Callable[[], Trainer]
    watched: Sequence[str]
    lasting: float = 8.0


Picture = Bars | Lines | Dots | Side | Grid | Arrows | Orders | Live
