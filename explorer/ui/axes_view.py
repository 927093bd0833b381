"""Axes of meaning: a map with named axes, one item against many poles, and the direction finder."""

from __future__ import annotations

import numpy as np
import streamlit as st

from explorer.analogies import axis, on_axes, parallelism, parse_pairs, poles
from explorer.analogies.axes import Pairs
from explorer.plots import analogies as charts
from explorer.plots.in_words import listed, quartiles
from explorer.space import EmbeddingSpace
from explorer.ui import cached
from explorer.ui.export import export_menu
from explorer.ui.figure import show_figure
from explorer.ui.python_lines import opening_lines
from explorer.ui.query import parse_items
from explorer.ui.state import picked
from explorer.ui.text import literal, number

WORDS_X = "man - woman\nking - queen\nfather - mother"
WORDS_Y = "cat - cats\nbook - books\nking - kings"
WORDS = (
    "prince\nprincess\nlord\nlords\nladies\nson\ndaughters\nactor\nactresses\nhens\ntable\nchairs"
)
SEED, SHUFFLES = 0, 200


def axes(space: EmbeddingSpace) -> None:
    """Two axes, each from pairs of opposites, and the chosen items on them."""
    controls, picture = st.columns([3, 7], gap="large")
    with controls:
        first, second = _example_pairs(space)
        x_pairs = _pairs("x axis: pairs, one a line", first, "axis_x", space)
        y_pairs = _pairs("y axis: pairs, one a line", second, "axis_y", space)
        text = st.text_area(
            "Items, one a line", _example_items(space), key=f"axis_items_{space.name}",
            height=180, max_chars=20_000,
        )  # fmt: skip
    rows = np.array(parse_items(text, space), dtype=np.int64)
    if not x_pairs or not y_pairs or not len(rows):
        with picture:
            st.info("Name a pair for each axis, and the items to place on them.")
        return
    both = np.stack([axis(space, x_pairs), axis(space, y_pairs)])
    placed = on_axes(space, rows, both)
    names = space.items.take(rows.tolist())
    with picture:
        chart = charts.axes_map(
            placed.coordinates, placed.residual, names, _ends(space, x_pairs), _ends(space, y_pairs)
        )
        show_figure(
            chart, key="axes_map",
            alt=f"{len(names)} items on two axes made of pairs, missed by "
            f"{placed.residual.mean():.0%} on average: {', '.join(names)}.",
        )  # fmt: skip
        st.markdown(
            f"The axes miss **{placed.residual.mean():.0%}** of these items on average (a random "
            f"plane would miss {placed.by_chance:.0%}). They cross at a cosine of "
            f"**{placed.crossing[0, 1]:.2f}** (0 is a right angle)."
        )
        export_menu(
            lambda: {
                "item": names, "x": placed.coordinates[:, 0].tolist(),
                "y": placed.coordinates[:, 1].tolist(), "missed": placed.residual.tolist(),
            },
            name=f"{space.name}-axes", key="axes",
            python=(
                f"{opening_lines(space)}\nimport numpy as np\n"
                "from explorer.analogies import axis, on_axes\n"
                f"x, y = axis(space, {list(x_pairs)}), axis(space, {list(y_pairs)})\n"
                f"on_axes(space, np.array({rows.tolist()}), np.stack([x, y]))"
            ),
        )  # fmt: skip


def against_poles(space: EmbeddingSpace) -> None:
    """One item's cosine to many poles, drawn around a circle."""
    row = picked.focus_row()
    if row is None:
        st.info("Press / and type a name: the item in focus is held against the poles.")
        return
    controls, picture = st.columns([3, 7], gap="large")
    with controls:
        text = st.text_area(
            "Poles, one a line", _example_poles(space, row), key=f"poles_{space.name}", height=240,
            max_chars=20_000,
        )  # fmt: skip
    others = np.array(parse_items(text, space), dtype=np.int64)
    if len(others) < 3:
        st.info("Name three poles or more.")
        return
    names = space.items.take(others.tolist())
    cosines = poles(space, row, others)
    with picture:
        st.header(f"{literal(space.items[row])} against {len(names)} poles", anchor=False)
        usual = cached.usual_scores(space, "cosine")
        show_figure(
            charts.polar(names, cosines.tolist(), usual.median), key="polar",
            alt=f"Cosine of {space.items[row]} to each pole: {listed(names, cosines)}.",
        )  # fmt: skip
        st.caption(
            f"Cosine, from the middle outwards. The dashed circle, {number(usual.median)}, is the "
            f"median of {usual.pairs:,} random pairs (seed 0). Another item: press / and type."
        )


def directions(space: EmbeddingSpace) -> None:
    """Are the differences of some pairs parallel?"""
    controls, picture = st.columns([3, 7], gap="large")
    with controls:
        pairs = _pairs(
            "Pairs, one a line", _example_pairs(space, many=True)[0], "directions", space, 300
        )
    if len(pairs) < 2:
        with picture:
            st.info("Name two pairs or more, such as man - woman and king - queen.")
        return
    found = parallelism(space, pairs, shuffles=SHUFFLES, seed=SEED)
    with picture:
        usual = float(found.shuffled.mean())
        verdict = (
            "these pairs share a direction that comes from their pairing"
            if found.share < 0.05
            else "the pairing adds nothing that chance would not give"
        )
        st.header(f"Mean cosine of the differences: {found.mean:.2f}", anchor=False)
        st.markdown(
            f"Shuffled pairs reach {usual:.2f} on average; among {SHUFFLES} shuffles (seed {SEED}) "
            f"a mean as high has p = {found.share:.3f}: {verdict}."
        )
        show_figure(
            charts.against_random(
                found.mean, found.shuffled, title="mean cosine of two differences",
                what="as paired",
            ),
            key="direction_histogram",
            alt=f"Mean cosine of two differences, as paired: {found.mean:.3g}; of shuffled pairs: "
            f"{quartiles(found.shuffled)}.",
        )  # fmt: skip
        order = np.argsort(-found.each, kind="stable")
        names = [" → ".join(space.items.take(pairs[place])) for place in order.tolist()]
        each = found.each[order]
        show_figure(
            charts.share_bars(names, each.tolist(), title="mean cosine to the other differences"),
            key="direction_bars",
            alt=f"Mean cosine to the other differences: {listed(names, each)}.",
        )


def _pairs(label: str, example: str, key: str, space: EmbeddingSpace, height: int = 110) -> Pairs:
    text = st.text_area(
        label, example, key=f"{key}_{space.name}", height=height, max_chars=20_000,
        help="One pair a line: low - high. Several pairs are averaged.",
    )  # fmt: skip
    return parse_pairs(text, space)


def _ends(space: EmbeddingSpace, pairs: Pairs) -> tuple[str, str]:
    low, high = pairs[0]
    return space.items[low], space.items[high]


def _known(space: EmbeddingSpace, text: str) -> str:
    """The lines whose words the space holds."""
    lines = text.split("\n")
    return "\n".join(
        line for line in lines if all(word in space.items for word in line.split(" - "))
    )


def _example_pairs(space: EmbeddingSpace, *, many: bool = False) -> tuple[str, str]:
    """Pairs of words, or of items of different categories where the words are not there."""
    more = "\nson - daughter\nprince - princess\nactor - actress\nuncle - aunt" if many else ""
    x, y = _known(space, WORDS_X + more), _known(space, WORDS_Y)
    if x and y:
        return x, y
    groups = _some_of_each(space, 4, 3)
    if len(groups) < 4:
        return "", ""
    lines = [
        "\n".join(f"{one} - {other}" for one, other in zip(*pair, strict=True))
        for pair in (groups[:2], groups[2:])
    ]
    return lines[0], lines[1]


def _some_of_each(space: EmbeddingSpace, groups: int, items: int) -> list[list[str]]:
    """Names of as many items of each of some categories; else neighbours in row order."""
    for name in space.metadata.of_kind("category"):
        values = space.metadata[name].astype(str)
        found = [np.flatnonzero(values == value)[:items] for value in np.unique(values)]
        full = [space.items.take(rows.tolist()) for rows in found if len(rows) == items]
        if len(full) >= groups:
            return full[:groups]
    if len(space) < groups * items:
        return []
    return [space.items.take(range(g * items, (g + 1) * items)) for g in range(groups)]


def _one_of_each(space: EmbeddingSpace, count: int) -> list[int]:
    """Rows of different categories where there are some, else spread over the space."""
    for name in space.metadata.of_kind("category"):
        _, rows = np.unique(space.metadata[name].astype(str), return_index=True)
        if len(rows) >= count:
            return [int(row) for row in rows[:count]]
    return _spread(space, count)


def _spread(space: EmbeddingSpace, count: int) -> list[int]:
    """Rows at even distances over the space."""
    return [int(row) for row in np.unique(np.linspace(0, len(space) - 1, count).astype(int))]


def _example_items(space: EmbeddingSpace) -> str:
    words = _known(space, WORDS)
    return words or "\n".join(space.items.take(_spread(space, 24)))


def _example_poles(space: EmbeddingSpace, row: int) -> str:
    rows = [other for other in _one_of_each(space, 9) if other != row]
    return "\n".join(space.items.take(rows[:8]))
