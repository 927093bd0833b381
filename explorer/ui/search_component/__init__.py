"""The search box of the sidebar: suggestions while one types, `/` from anywhere."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from explorer.ui.component_data import as_json
from explorer.ui.state import current, picked, search

HERE = Path(__file__).parent
SHOWN = 12
HTML = """
<div class="ee-search">
<input type="text" role="combobox" aria-label="Search items" aria-expanded="false"
 aria-autocomplete="list" autocomplete="off" spellcheck="false">
<ul role="listbox" hidden></ul>
</div>
"""
_search = st.components.v2.component(
    "item_search",
    html=HTML,
    css=(HERE / "search.css").read_text(encoding="utf-8"),
    js=(HERE / "search.js").read_text(encoding="utf-8"),
)


def search_box(*, key: str = "search") -> None:
    """Search the space's items by name. What is typed is marked on the map; a pick is focused."""
    shown = current.space()

    def value(name: str) -> object:
        return st.session_state[key].get(name)

    def typed() -> None:
        query = value("query")
        if isinstance(query, str):
            search.set_query(query)

    def chosen() -> None:
        row = value("pick")
        if isinstance(row, int):
            search.set_query("")
            picked.set_focus(row)

    def entered() -> None:
        query = value("enter")
        if isinstance(query, str) and (rows := shown.items.search(query, 1)):
            search.set_query("")
            picked.set_focus(rows[0])

    query = search.query()
    rows = search.hits()
    count = f"{len(rows)}" if len(rows) < search.MOST_HITS else f"{search.MOST_HITS} or more"
    _search(
        key=key,
        data=as_json(
            {
                "query": query,
                "hits": [{"row": row, "name": shown.items[row]} for row in rows[:SHOWN]],
                "more": f"{min(SHOWN, len(rows))} of {count} shown" if len(rows) > SHOWN else "",
                "placeholder": f"Search {len(shown):,} items ( / )",
            }
        ),
        on_query_change=typed,
        on_pick_change=chosen,
        on_enter_change=entered,
    )
