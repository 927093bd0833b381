"""Arithmetic on items as text: `king - man + woman`, `0.5*paris + rome`, `2*("new york" - usa)`.

    expression = ["+" | "-"] product { ("+" | "-") product }
    product    = { number "*" } factor { ("*" | "/") number }
    factor     = item | "(" expression ")"
    item       = "text in quotes" | 'text in quotes' | name { name }

A name is what stands between blanks, signs, brackets and quotes; neighbouring names make one item
(`new york`). What the space holds as it stands is one name, whatever signs are in it
(`vice-president`). Numbers are factors only beside * or /, so that items named by numbers
can be added up: `2 * 7 - 3` is twice the item 7 less the item 3.

Whatever is written is a sum of items, each times a number: that is what `parse` gives.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from explorer.errors import ExplorerError

MOST_CHARACTERS = 2_000
MOST_TERMS = 100
DEEPEST = 30  # brackets within brackets
LARGEST = 1e6  # of a factor

Kind = Literal["name", "quoted", "number", "sign", "end"]
SIGNS = "+-*/()"
BREAKS = SIGNS + "\"'"
TYPESET = {
    "\u2212": "-",
    "\u2013": "-",
    "\u00d7": "*",
}  # a minus, a dash and a cross between blanks
NUMBER = re.compile(r"(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)


class ExpressionError(ExplorerError):
    """An expression could not be read: what was expected, what stands there, and where."""

    def __init__(self, text: str, place: int, problem: str) -> None:
        self.place = place
        super().__init__(f"{_cut(text)}, character {place + 1}: {problem}")


class Term(NamedTuple):
    """An item and the number it is multiplied by."""

    item: str
    weight: float


@dataclass(frozen=True)
class _Token:
    kind: Kind
    text: str
    place: int


def parse(text: str, is_item: Callable[[str], bool] = lambda name: False) -> tuple[Term, ...]:
    """The items of an expression and their weights, in the order written, each item once.

    parse("king - man + woman") -> (("king", 1), ("man", -1), ("woman", 1))
    parse("2*(a - b) + b") -> (("a", 2), ("b", -1))

    is_item : whether the space holds a name; tells `vice-president` from a subtraction

    Raises ExpressionError with the place of the fault.
    """
    if len(text) > MOST_CHARACTERS:
        raise ExpressionError(
            text, MOST_CHARACTERS, f"an expression holds at most {MOST_CHARACTERS:,} characters."
        )
    return _Parser(text, is_item).expression_alone()


class _Parser:
    """Recursive descent, one method a line of the grammar."""

    def __init__(self, text: str, is_item: Callable[[str], bool]) -> None:
        self.text = text
        self.tokens = _tokens(text, is_item)
        self.at = 0

    @property
    def now(self) -> _Token:
        return self.tokens[self.at]

    def next(self) -> _Token:
        token = self.now
        self.at += 1
        return token

    def is_sign(self, signs: str) -> bool:
        return self.now.kind == "sign" and self.now.text in signs

    def fault(self, wanted: str) -> ExpressionError:
        token = self.now
        found = "the end" if token.kind == "end" else repr(_cut(token.text))
        return ExpressionError(
            self.text, token.place, f"expected {wanted}, found {found}. Write king - man + woman."
        )

    def expression_alone(self) -> tuple[Term, ...]:
        weights = self.expression(1.0, 0)
        if self.now.kind != "end":
            raise self.fault("+, - or the end")
        if len(weights) > MOST_TERMS:
            raise ExpressionError(self.text, 0, f"an expression holds at most {MOST_TERMS} items.")
        return tuple(Term(item, weight) for item, weight in weights.items())

    def expression(self, factor: float, depth: int) -> dict[str, float]:
        if depth > DEEPEST:
            raise ExpressionError(
                self.text, self.now.place, f"brackets go at most {DEEPEST} deep here."
            )
        sign = -1.0 if self.is_sign("+-") and self.next().text == "-" else 1.0
        weights = dict(self.product(factor * sign, depth))
        while self.is_sign("+-"):
            sign = -1.0 if self.next().text == "-" else 1.0
            for item, weight in self.product(factor * sign, depth).items():
                weights[item] = weights.get(item, 0.0) + weight
        return weights

    def product(self, factor: float, depth: int) -> dict[str, float]:
        while self.now.kind == "number" and self.tokens[self.at + 1].text == "*":
            factor = self.times(factor, self.next(), "*")
            self.next()
        weights = self.factor(factor, depth)
        while self.is_sign("*/"):
            sign = self.next().text
            if self.now.kind != "number":
                raise self.fault("a number (items can be added, not multiplied)")
            scale = self.times(1.0, self.next(), sign)
            weights = {item: weight * scale for item, weight in weights.items()}
        return weights

    def times(self, factor: float, token: _Token, sign: str) -> float:
        number = float(token.text)
        if number > LARGEST or (sign == "/" and number < 1 / LARGEST):
            raise ExpressionError(
                self.text, token.place, f"a factor may be {LARGEST:,.0f} at most; got {token.text}."
            )
        return factor / number if sign == "/" else factor * number

    def factor(self, factor: float, depth: int) -> dict[str, float]:
        if self.is_sign("("):
            opened = self.next()
            weights = self.expression(factor, depth + 1)
            if not self.is_sign(")"):
                raise self.fault(f"a ) for the ( of character {opened.place + 1}")
            self.next()
            return weights
        if self.now.kind == "quoted":
            return {self.next().text: factor}
        if self.now.kind in ("name", "number"):
            words = [self.next().text]
            while self.now.kind in ("name", "number"):
                words.append(self.next().text)
            return {" ".join(words): factor}
        raise self.fault("an item")


def _tokens(text: str, is_item: Callable[[str], bool]) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    while at < len(text):
        start, sign = at, text[at]
        if sign.isspace():
            at += 1
            continue
        piece = text[at:].split(maxsplit=1)[0]
        known = _longest_known(piece, is_item)
        number = NUMBER.match(piece)
        plain = next((i for i, c in enumerate(piece) if c in BREAKS), len(piece))
        if known:
            at += len(known)
            tokens.append(_Token("name", known, start))
        elif sign in SIGNS or piece in TYPESET:
            at += 1
            tokens.append(_Token("sign", TYPESET.get(sign, sign), start))
        elif sign in "\"'":
            at = _end_of_quote(text, start)
            tokens.append(_Token("quoted", text[start + 1 : at - 1], start))
        elif number is not None and number.end() >= plain:
            at += number.end()
            tokens.append(_Token("number", number.group(), start))
        else:
            at += plain
            tokens.append(_Token("name", piece[:plain], start))
    tokens.append(_Token("end", "", len(text)))
    return tokens


def _longest_known(piece: str, is_item: Callable[[str], bool]) -> str:
    """The longest beginning of a piece that is an item with a sign or a quote in it, or ""."""
    ends = [i for i, character in enumerate(piece) if character in BREAKS]
    if not ends:
        return ""
    for end in reversed([*ends, len(piece)]):
        if end > max(ends[0], 1) and is_item(piece[:end]):
            return piece[:end]
    return ""


def _end_of_quote(text: str, start: int) -> int:
    """Where a quoted name has ended, its second quote included."""
    end = text.find(text[start], start + 1)
    if end < 0:
        raise ExpressionError(text, start, f"the quote {text[start]} that begins here has no end.")
    if not text[start + 1 : end].strip():
        raise ExpressionError(text, start, "an item's name is missing between the quotes.")
    return end + 1


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
