"""How names and numbers stand in the sentences and formulas of a lesson."""

from __future__ import annotations

import re

LONGEST_NAME = 24
TEX_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "_": r"\_", "%": r"\%", "#": r"\#",
    "$": r"\$", "&": r"\&", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
}  # fmt: skip


def named(name: str) -> str:
    """An item's name in a sentence: “king”, cut where it is long."""
    name = " ".join(name.split())
    return f"“{name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + '…'}”"


def tex(name: str) -> str:
    r"""An item's name in a formula: \text{king}, with what LaTeX would read in it escaped."""
    name = " ".join(name.split())[:LONGEST_NAME]
    return rf"\text{{{''.join(TEX_SPECIAL.get(sign, sign) for sign in name)}}}"


def parts_of(formula: str) -> list[str]:
    r"""A formula cut at its wide gaps, where a line may end: "a = 1, \quad b = 2" in two."""
    return re.split(r"\s*\\q{1,2}uad\b\s*", formula)


def big(value: float) -> str:
    """A whole number in a formula, with commas that LaTeX sets without a gap: 20{,}000."""
    return f"{value:,.0f}".replace(",", "{,}")
