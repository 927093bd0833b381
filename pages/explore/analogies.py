"""Analogies & axes: what does arithmetic with items give, and which directions have a meaning?"""

import streamlit as st

from explorer.ui import analogies_view, axes_view, explained_analogies, frame, prototypes_view
from explorer.ui.faults import shielded
from explorer.ui.sections import section
from explorer.ui.state import current

PARTS = {
    "Expression": analogies_view.expression,
    "Odd one out": analogies_view.odd,
    "Between two": analogies_view.halfway,
    "Axes": axes_view.axes,
    "Poles": axes_view.against_poles,
    "Directions": axes_view.directions,
    "Prototypes": prototypes_view.prototypes,
}

space = current.space()
st.title("Analogies & axes", anchor=False)
part = section(list(PARTS), key="analogies_part")
with shielded():  # a typing error leaves the rest of the page standing
    PARTS[part](space)
frame.status_line(space)
explained_analogies.analogies_explained(space, part)
