"""A card for each cluster: what it holds, what sets it apart, what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import streamlit as st

from explorer.clustering.cards import Card
from explorer.clustering.enrichment import Enriched, Table
from explorer.clustering.groups import MOST_CHARACTERS, Groups
from explorer.errors import ExplorerError
from explorer.plots.clusters import colour_of
from explorer.space import EmbeddingSpace
from explorer.ui import cluster_measures, cluster_names
from explorer.ui.cluster_results import Chosen, Clusters
from explorer.ui.export import export_menu
from explorer.ui.pictures import picture_address
from explorer.ui.python_lines import opening_lines
from explorer.ui.state import current, messages, opening
from explorer.ui.text import literal, number

AT_ONCE = 12  # cards
ACROSS = 3
SHOWN = 3  # lines of metadata on a card
ORDERS = {
    "largest first": lambda card: -card.size,
    "tightest first": lambda card: card.spread,
    "clearest border first": lambda card: card.border,
}


def card_grid(space: EmbeddingSpace, chosen: Chosen, found: Clusters, named: Groups) -> None:
    """Cards in a grid, a dozen at a time."""
    known = cluster_measures.cards_of(space, chosen, found, named)
    table = cluster_measures.enriched(space, found, named)
    title, middle, export = st.columns([4, 5, 3.4], vertical_alignment="bottom")
    title.header("What is in them?", anchor=False)
    sort, page = middle.columns(2)
    order = sort.selectbox("Order", list(ORDERS), key="card_order")
    known = sorted(known, key=ORDERS[order])
    first = 0
    if len(known) > AT_ONCE:
        starts = range(0, len(known), AT_ONCE)
        first = page.selectbox(
            "Cards", starts, key=f"card_page_{len(known)}",
            format_func=lambda at: f"{at + 1} to {min(at + AT_ONCE, len(known))} of {len(known)}",
        )  # fmt: skip
    with export:
        export_menu(
            lambda: card_table(space, known, table, named), name=f"{space.name}-cluster-cards",
            key="cards", label="Export cards",
            python=(
                f"{opening_lines(space)}\n{chosen.python()}\n"
                "from explorer.clustering.cards import cards\n"
                "from explorer.clustering.enrichment import enrichment\n"
                "found, facts = cards(vectors, labels), enrichment(space.metadata, labels)"
            ),
        )  # fmt: skip
    shown = known[first : first + AT_ONCE]
    for at in range(0, len(shown), ACROSS):
        row = shown[at : at + ACROSS]
        for column, card in zip(st.columns(ACROSS, gap="small"), row, strict=False):
            with column.container(border=True, height="stretch"):
                _card(space, card, table.by_cluster[card.number], found, named)
    tests = f", times the {table.tests:,} tests made" if table.tests else ""
    st.caption(
        "**Most its own**: members that lie farther from the next cluster than from their own "
        "centre, by the largest margin. **More than chance**: count, count expected, and p, the "
        f"chance of as many or more if labels were dealt at random (hypergeometric{tests}; above "
        "0.01 is not told). A column that was itself made from these vectors must agree with them. "
        "**Spread**: root mean square distance to the centre; in brackets that of as many random "
        "items. **Border**: share of members that lie nearer to another centre than to their own."
    )


def _card(
    space: EmbeddingSpace, card: Card, facts: Sequence[Enriched], found: Clusters, named: Groups
) -> None:
    name = named.names[card.number]
    share = card.size / len(space)
    st.markdown(
        f'<div style="font-weight:600;font-size:17px"><span style="display:inline-block;width:12px;'
        f"height:12px;border-radius:50%;margin-right:8px;background:"
        f'{colour_of(card.number, len(named))}"></span>{escape(name)}'
        f'<span style="font-weight:400;opacity:.75">&ensp;{card.size:,} items, {share:.1%}</span>'
        "</div>",
        unsafe_allow_html=True,
    )
    if space.images is not None:
        st.html(_pictures(space, card))
    parts = [
        f"**Nearest the centre**: {_names(space, card.nearest)}",
        f"**Most its own**: {_names(space, card.apart)}",
    ]
    if facts:
        told = "; ".join(_fact(one) for one in facts[:SHOWN])
        more = f"; {len(facts) - SHOWN} more" if len(facts) > SHOWN else ""
        parts.append(f"**More than chance**: {told}{more}")
    next_one = (
        f" · next: **{literal(named.names[card.neighbor])}**, {number(card.distance)} away"
        if card.neighbor is not None
        else ""
    )
    parts.append(
        f"spread {number(card.spread)} ({number(card.random_spread)}) · border {card.border:.0%}"
        f"{next_one}"
    )
    st.markdown("\n\n".join(parts))
    _actions(card, name, found, named)


def _actions(card: Card, name: str, found: Clusters, named: Groups) -> None:
    group, key = card.number, f"{found.key}_{card.number}"
    row = st.container(horizontal=True, gap="small")
    alone = cluster_names.isolated(found) == group
    row.button(
        "Show all" if alone else "Isolate", key=f"isolate_{group}",
        on_click=cluster_names.isolate, args=(found, None if alone else group),
    )  # fmt: skip
    with row.popover("Rename"):
        st.text_input(
            "Name", name, key=f"name_{key}_{name}", max_chars=MOST_CHARACTERS,
            on_change=_rename, args=(found, named, group, f"name_{key}_{name}"),
        )  # fmt: skip
    row.button(
        "Open as a space", key=f"open_{group}", on_click=_open, args=(found, named, group),
        help="These items alone, as a space of their own.",
    )  # fmt: skip


def _rename(found: Clusters, named: Groups, group: int, key: str) -> None:
    wanted = st.session_state[key]
    cluster_names.change_groups(found, lambda: named.renamed(group, wanted))


def _open(found: Clusters, named: Groups, group: int) -> None:
    space = current.space()
    rows = np.flatnonzero(named.codes(found.labels) == group)
    name = named.names[group]
    part = space.subset(rows, f"{len(rows):,} items of cluster {name} ({found.note})")
    try:
        opening.add_space(part.renamed(f"{space.name}, cluster {name}"))
    except ExplorerError as error:  # too many are open
        messages.notify(str(error))


def _fact(one: Enriched) -> str:
    p = "p < 1e-300" if one.p == 0 else f"p = {one.p:.1g}"
    expected = f"{one.expected:,.0f}" if one.expected >= 10 else number(one.expected)
    return (
        f"{literal(one.column)} **{literal(one.value)}** {one.count:,} of {one.total:,} "
        f"({expected} expected, {p})"
    )


def _names(space: EmbeddingSpace, rows: Any) -> str:
    return ", ".join(literal(name, 40) for name in space.items.take(rows.tolist()))


def _pictures(space: EmbeddingSpace, card: Card) -> str:
    assert space.images is not None
    style = "width:11.2%;image-rendering:pixelated;border-radius:4px;margin-right:1.2%"
    shown = [
        f'<img src="{picture_address(space.images[row])}" alt="{escape(space.items[row])}" '
        f'title="{escape(space.items[row])}" style="{style}">'
        for row in card.nearest.tolist()
    ]
    return f"<div>{''.join(shown)}</div>"


def card_table(
    space: EmbeddingSpace, known: Sequence[Card], table: Table, named: Groups
) -> dict[str, list[Any]]:
    """All cards as a table, one line a cluster."""
    return {
        "cluster": [named.names[card.number] for card in known],
        "items": [card.size for card in known],
        "nearest the centre": [_plain(space, card.nearest) for card in known],
        "most its own": [_plain(space, card.apart) for card in known],
        "more than chance": [
            "; ".join(
                f"{one.column} {one.value}: {one.count} ({one.expected:.1f} expected, "
                f"p {one.p:.2g})"
                for one in table.by_cluster[card.number]
            )
            for card in known
        ],
        "spread": [card.spread for card in known],
        "spread of random items": [card.random_spread for card in known],
        "next cluster": [
            "" if card.neighbor is None else named.names[card.neighbor] for card in known
        ],
        "distance to it": [card.distance for card in known],
        "border": [card.border for card in known],
    }


def _plain(space: EmbeddingSpace, rows: Any) -> str:
    return ", ".join(space.items.take(rows.tolist()))
