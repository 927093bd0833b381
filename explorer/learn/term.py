"""One entry of the glossary."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A word of the field.

    name : the standard term
    meaning : what it is, in a sentence or two
    formula : LaTeX, "" where there is none
    where : what the letters of the formula are, with shapes
    cost : time and memory in big-O, "" where the question makes no sense
    mistake : what people usually get wrong
    source : the paper or book
    page : the address of the page where it can be tried: "metrics"
    also : other names that a search finds
    """

    name: str
    meaning: str
    formula: str = ""
    where: str = ""
    cost: str = ""
    mistake: str = ""
    source: str = ""
    page: str = ""
    also: tuple[str, ...] = ()
