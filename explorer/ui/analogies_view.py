"""The page of analogies: an expression and its answers, the odd one out, the way between two."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import streamlit as st

from explorer.analogies import METHODS, Answer, Term, between, odd_one_out, parse, poles
from explorer.analogies.analogy import input_points, target_vector, unit_rows
from explorer.errors import ExplorerError
from explorer.metrics import METRICS
from explorer.neighbors import neighbors_of
from explorer.plots import analogies as charts
from explorer.plots.in_words import listed
from explorer.projection.pca import pca
from explorer.space import EmbeddingSpace
from explorer.ui import cached_analogies
from explorer.ui.export import export_menu
from explorer.ui.figure import show_figure
from explorer.ui.focus_panel import entries
from explorer.ui.linked import linked
from explorer.ui.list_component import item_list
from explorer.ui.pictures import picture_address
from explorer.ui.python_lines import opening_lines
from explorer.ui.query import parse_items
from explorer.ui.state import current, picked
from explorer.ui.text import even_number, literal, number

ANSWERS = 10
ASKED_WITH = {"colour": charts.INPUT, "text": "asked with", "sign": "■"}
DRAWN = 5  # answers on the small map


# --- Expression --------------------------------------------------------------------------------


def expression(space: EmbeddingSpace) -> None:
    """The box, the answers with both ranks, and the picture."""
    box, how, keep = st.columns([4, 3.3, 2.7], vertical_alignment="bottom")
    key = f"expression_{space.name}"
    linked("expression", key, example(space), bool)
    linked("method", "analogy_method", "3CosAdd", METHODS.keys().__contains__)
    text = box.text_input(
        "Expression", key=key, max_chars=2_000,
        help="Items with + and -, numbers with * or /, brackets. Names with blanks or signs go in "
        "quotes where they would be misread.",
    )  # fmt: skip
    method = how.segmented_control("Method", list(METHODS), key="analogy_method") or "3CosAdd"
    kept = keep.toggle(
        "Keep the inputs", key="keep_inputs",
        help="Whether the items of the expression may be answers. Most programs drop them.",
    )  # fmt: skip
    terms = parse(text, lambda name: name in space.items)
    answer = cached_analogies.solved(space, terms, ANSWERS, method, kept)
    if not len(answer.rows):
        st.info("The expression names every item of the space: no other is left to answer.")
        return
    st.markdown(_first_answers(space, answer))
    if answer.composed and space.composer is not None:
        names = ", ".join(literal(name) for name in answer.composed)
        st.info(
            f"Not in the space, so **composed** ({literal(space.composer.title)}): {names}.",
            icon=":material/extension:",
        )
    left, right = st.columns([5, 6], gap="large")
    with left:
        st.markdown(f"**Answers by {method}**: {METHODS[method].description}")
        item_list(_lines(space, answer), key="answers", label="Answers")
        _expected(space, answer)
        export_menu(
            lambda: answer_table(space, answer), name=f"{space.name}-analogy", key="analogy",
            python=(
                f"{opening_lines(space)}\nfrom explorer.analogies import parse, solve\n"
                f"terms = parse({text!r}, lambda name: name in space.items)\n"
                f"answer = solve(space, terms, {ANSWERS}, method={method!r}, keep_inputs={kept})\n"
                "space.items.take(answer.rows), answer.ranks_kept, answer.ranks_dropped"
            ),
        )  # fmt: skip
    with right:
        _picture(space, answer)


def example(space: EmbeddingSpace) -> str:
    """An expression to begin with: king - man + woman, or one of the space's own items."""
    if all(name in space.items for name in ("king", "man", "woman")):
        return "king - man + woman"
    row = picked.focus_row() or 0
    names = [quoted(space.items[place % len(space)]) for place in (row, row + len(space) // 2)]
    return f"{names[0]} + {names[1]}" if names[0] != names[1] else names[0]


def quoted(name: str) -> str:
    """A name as an expression writes it: in quotes unless it is a plain word."""
    if name.isalnum():
        return name
    return f'"{name}"' if '"' not in name else f"'{name}'"


def _first_answers(space: EmbeddingSpace, answer: Answer) -> str:
    """What stands first with the inputs kept, and what once they are dropped."""
    first = int(np.argmax(answer.all_scores))
    others = answer.all_scores.copy()
    others[answer.inputs] = -np.inf
    best = int(np.argmax(others))
    if first not in answer.inputs:
        return (
            f"The first answer is **{literal(space.items[first])}**, whether the inputs are kept "
            "or dropped."
        )
    kept, _ = answer.ranks_of(best)
    return (
        f"With its inputs kept, the first answer is **{literal(space.items[first])}**, which was "
        f"asked with. Dropping them puts **{literal(space.items[best])}** first; with them it "
        f"stands at {kept:,}."
    )


def _lines(space: EmbeddingSpace, answer: Answer) -> list[dict[str, Any]]:
    """The answers as lines of the list component, with both ranks."""
    scores = answer.scores
    whole = float(np.abs(scores).max()) or 1.0
    pins = set(current.view().pins)
    inputs = set(answer.inputs.tolist())
    return [
        {
            "row": row,
            "name": space.items[row],
            "score": even_number(score),
            "share": score / whole,
            "note": f"kept {kept:,} · " + (f"dropped {dropped:,}" if dropped else "an input"),
            "mark": ASKED_WITH if row in inputs else None,
            "picture": None if space.images is None else picture_address(space.images[row]),
            "pinned": space.items[row] in pins,
        }
        for row, score, kept, dropped in zip(
            answer.rows.tolist(), scores.tolist(), answer.ranks_kept.tolist(),
            answer.ranks_dropped.tolist(), strict=True,
        )
    ]  # fmt: skip


def answer_table(space: EmbeddingSpace, answer: Answer) -> dict[str, list[Any]]:
    """The answers as columns."""
    return {
        "item": space.items.take(answer.rows.tolist()),
        "score": answer.scores.tolist(),
        "rank, inputs kept": answer.ranks_kept.tolist(),
        "rank, inputs dropped": answer.ranks_dropped.tolist(),
    }


def _expected(space: EmbeddingSpace, answer: Answer) -> None:
    """The ranks of an answer that the visitor has in mind."""
    name = st.text_input(
        "An answer you expect",
        key=f"expected_{space.name}",
        max_chars=200,
        placeholder="queen" if "queen" in space.items else space.items[0],
    ).strip()
    if name:
        kept, dropped = answer.ranks_of(space.row(name))
        without = f"{dropped:,} with them dropped" if dropped else "none with them dropped"
        st.markdown(
            f"**{literal(name)}** has rank **{kept:,}** of {len(space):,} with the inputs kept, "
            f"**{without}**."
        )


def _picture(space: EmbeddingSpace, answer: Answer) -> None:
    """The inputs, the point and the first answers on a PCA map of just these points."""
    rows = answer.rows[~np.isin(answer.rows, answer.inputs)][:DRAWN]
    whole = sum(term.weight for term in answer.terms)
    point = target_vector(space, answer.terms) / (whole if whole > 0 else 1)
    together = np.concatenate(
        [input_points(space, answer.terms), unit_rows(space.vectors[rows]), point[None]]
    )
    if space.dimensions < 2 or len(together) < 3:
        st.caption("A map needs three points and two dimensions.")
        return
    found = pca(together, 2)
    places = found.coordinates
    m = len(answer.terms)
    st.markdown("**On a map of just these points**")
    chart = charts.parallelogram(
        places[:m], places[m:-1], places[-1], [term.item for term in answer.terms],
        space.items.take(rows.tolist()), arrows(answer.terms),
    )  # fmt: skip
    asked = ", ".join(term.item for term in answer.terms)
    show_figure(
        chart, key="parallelogram",
        alt=f"A map of {asked}, the point that the sum names, and the answers: "
        f"{', '.join(space.items.take(rows.tolist()))}.",
    )  # fmt: skip
    st.caption(
        f"PCA of {len(together)} points, all items at length 1; the two axes hold "
        f"{float(found.explained.sum()):.0%} of their variance."
        + (
            f" The point is divided by the sum of the weights, {number(whole)}: answers are sought "
            "in its direction, so its length does not matter."
            if whole > 0 and whole != 1
            else ""
        )
    )


def arrows(terms: tuple[Term, ...]) -> list[tuple[int, int]]:
    """For b - a + c: a to b, and c to the point; for other sums none that would mean something."""
    plus = [place for place, term in enumerate(terms) if term.weight == 1]
    minus = [place for place, term in enumerate(terms) if term.weight == -1]
    if (len(plus), len(minus), len(terms)) != (2, 1, 3):
        return []
    return [(minus[0], plus[0]), (plus[1], -1)]


# --- Odd one out -------------------------------------------------------------------------------


def odd(space: EmbeddingSpace) -> None:
    """Which of some items does not belong?"""
    left, right = st.columns([3, 7], gap="large")
    with left:
        text = st.text_area(
            "Items, one a line", _odd_example(space), key=f"odd_{space.name}", height=200,
            max_chars=20_000,
        )  # fmt: skip
    rows = np.array(parse_items(text, space), dtype=np.int64)
    if len(rows) < 3:
        st.info("Name three items or more.")
        return
    found = odd_one_out(space, rows)
    names = space.items.take(found.rows.tolist())
    with right:
        st.header(f"{literal(names[0])} is the odd one out", anchor=False)
        show_figure(
            charts.share_bars(
                names, found.likeness.tolist(), title="mean cosine to the others in the list"
            ),
            key="odd_bars",
            alt=f"Mean cosine to the others in the list: {listed(names, found.likeness)}.",
        )
        gap = float(found.likeness[1] - found.likeness[0])
        st.caption(
            f"It is {number(gap)} less like the others than the next one is. There is always a "
            "last one: look at the gap before believing that it is odd."
        )


def _odd_example(space: EmbeddingSpace) -> str:
    words = ["cat", "dog", "horse", "cow", "paris"]
    if all(word in space.items for word in words):
        return "\n".join(words)
    row = picked.focus_row() or 0
    near = neighbors_of(space, space.items[row], min(4, len(space) - 1)).indices[0].tolist()
    some = np.arange(0, len(space), max(1, len(space) // 2_000))
    far = int(some[np.argmin(poles(space, row, some))])  # one of the least alike
    return "\n".join(space.items.take(dict.fromkeys([row, *near, far])))


# --- Between two -------------------------------------------------------------------------------


def halfway(space: EmbeddingSpace) -> None:
    """What lies between two items?"""
    one, other, share, path = st.columns([2.5, 2.5, 2.6, 2.4], vertical_alignment="bottom")
    row = picked.focus_row() or 0
    pair = ("paris", "rome") if "paris" in space.items and "rome" in space.items else (
        space.items[row], space.items[(row + len(space) // 2) % len(space)]
    )  # fmt: skip
    start = one.text_input("From", pair[0], key=f"from_{space.name}", max_chars=300).strip()
    goal = other.text_input("To", pair[1], key=f"to_{space.name}", max_chars=300).strip()
    way = share.slider("Share of the way", 0.0, 1.0, 0.5, 0.05, key="way")
    paths: tuple[Literal["line", "arc"], ...] = ("line", "arc")
    kind = path.segmented_control(
        "Along", paths, default="line", key="path",
        help="The straight line between the vectors, or the arc between their directions.",
    ) or "line"  # fmt: skip
    if not start or not goal:
        st.info("Name both items.")
        return
    if len(space) < 3:
        raise ExplorerError("A space of two items has nothing between them.")
    point = between(space, start, goal, way, path=kind)
    metric = METRICS[current.view().metric]
    found = neighbors_of(space, point, min(ANSWERS, len(space)), metric=metric)
    st.markdown(
        f"**Nearest to the point {way:.0%} of the way from {literal(start)} to {literal(goal)}**, "
        f"by {metric.title.lower()}; the two themselves are not left out"
    )
    item_list(entries(space, found), key="between", label="Items between the two")
    st.caption(
        f"The point has length {number(float(np.linalg.norm(point)))}; the two have "
        f"{number(float(space.norms[space.row(start)]))} and "
        f"{number(float(space.norms[space.row(goal)]))}. On the line the middle is shorter than "
        "its ends: all but the cosine and the angle see that."
    )
