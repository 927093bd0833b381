"""The tour of a first visit: twenty seconds, skipped by a click, never shown again by itself."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from explorer.ui.component_data import as_json

HERE = Path(__file__).parent
FIRST = "first_visit"  # in the session: the visitor came to the bare address
ASKED = "tour_asked"  # in the session: how often the tour was asked for
STEPS = (
    (
        "A map of meanings", ".ee-map",
        "Each dot is an item, here a word. What is used alike lies together. Click a dot.",
    ),
    (
        "The true neighbours", '[data-testid="stMain"] [data-testid="stColumn"]:nth-of-type(2)',
        "A flat map distorts, so this list is found in all dimensions. Each score has its baseline "
        "below.",
    ),
    (
        "Find anything", '[data-testid="stSidebarUserContent"]',
        "Press / and type. Choose another space, metric or colour, or filter by metadata: all "
        "pages follow.",
    ),
    (
        "Go on", '[data-testid="stSidebarNav"]',
        "Compare metrics, question the map, train your own vectors, or take a lesson. Press ? for "
        "all keys.",
    ),
)  # fmt: skip
DRAWN = ".ee-map[data-drawn]"
_tour = st.components.v2.component("tour", js=(HERE / "tour.js").read_text(encoding="utf-8"))


def tour() -> None:
    """Offer the tour to who comes to the bare address for the first time, or asks for it."""
    came = st.session_state.setdefault(FIRST, not st.query_params)
    asked = st.session_state.get(ASKED, 0)
    if came or asked:
        steps = [{"title": title, "at": at, "text": text} for title, at, text in STEPS]
        _tour(key="tour", data=as_json({"steps": steps, "asked": asked, "after": DRAWN}))


def ask_for_tour() -> None:
    st.session_state[ASKED] = st.session_state.get(ASKED, 0) + 1
