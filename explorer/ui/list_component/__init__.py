"""A list of items with score bars, thumbnails and pins, as a Streamlit component."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from explorer.ui.component_data import as_json
from explorer.ui.state import current, picked

HERE = Path(__file__).parent
_list = st.components.v2.component(
    "item_list",
    html='<ol class="ee-list"></ol>',
    css=(HERE / "list.css").read_text(encoding="utf-8"),
    js=(HERE / "list.js").read_text(encoding="utf-8"),
)


def item_list(
    items: Sequence[dict[str, Any]], *, key: str, label: str, empty: str = "Nothing to show."
) -> None:
    """Show items; a click looks at one, the star pins it.

    items : dicts with row, name, score (text) and share (0 to 1), maybe note, picture, pinned,
        second {share, text} (another bar), mark {colour, text, sign} (before the name)
    label : what the list is, for screen readers
    """

    def pick() -> None:
        row = st.session_state[key].get("pick")
        if isinstance(row, int):
            picked.set_focus(row)

    def pin() -> None:
        row = st.session_state[key].get("pin")
        if isinstance(row, int) and 0 <= row < len(current.space()):
            picked.toggle_pin(row)

    _list(
        key=key,
        data=as_json({"items": list(items), "label": label, "empty": empty}),
        on_pick_change=pick,
        on_pin_change=pin,
    )
