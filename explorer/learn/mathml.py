"""Formulas as MathML, which browsers draw and print by themselves: no script, no other host."""

from __future__ import annotations

import re
from html import escape

from explorer.learn.wording import TEX_SPECIAL

TEXT = re.compile(r"\\text\{(?:[^{}\\]|\\.|\{\})*\}")
STAND_INS = {  # by what `tex` writes for a sign: a character that stands for it on the way
    escaped: (chr(0xE000 + place), sign)
    for place, (sign, escaped) in enumerate(TEX_SPECIAL.items())
}


def mathml(formula: str) -> str:
    r"""A LaTeX formula as a <math> element of its own line.

    docutils takes what stands in \text{} to the letter, so that the signs which `tex` escapes
    there are taken out before, and put in afterwards.
    """
    from docutils.utils.math.latex2mathml import tex2mathml

    drawn: str = tex2mathml(TEXT.sub(_without_escapes, formula), as_block=True)
    for stand_in, sign in STAND_INS.values():
        drawn = drawn.replace(stand_in, escape(sign))
    return drawn


def _without_escapes(found: re.Match[str]) -> str:
    text = found[0][len(r"\text{") : -1]
    for escaped, (stand_in, _) in STAND_INS.items():
        text = text.replace(escaped, stand_in)
    return rf"\text{{{text}}}"
