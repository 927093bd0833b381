"""The Data page's tab for texts that have no vectors yet: pasted, or a column of a file."""

from __future__ import annotations

import io

import streamlit as st

from explorer.errors import ExplorerError, MissingDependencyError
from explorer.limits import upload_limits
from explorer.space import EmbeddingSpace
from explorer.texts import model, space_of_text_file, space_of_texts
from explorer.ui import held
from explorer.ui.state import messages, opening, spaces
from explorer.ui.text import literal

MOST_PASTED = 1_000_000  # characters


def texts_form() -> None:
    """Paste texts or choose a file; each text becomes an item."""
    if not model.is_installed():
        needed = MissingDependencyError("Making vectors of texts", "wordllama")
        st.info(str(needed), icon=":material/info:")
        return
    st.caption(
        "Each text becomes an item. Its vector is the mean of its tokens' vectors (WordLlama, 256 "
        "dimensions, compared by cosine), made on this server; nothing is sent elsewhere. Word "
        "order is not seen, and the tokens are mostly of English."
    )
    pasted = st.text_area(
        "Texts, one a line", key="texts_pasted", max_chars=MOST_PASTED, height=160,
        placeholder="The harbour was calm.\nA storm came up.",
    )  # fmt: skip
    file = st.file_uploader("or a file: a table, or one text a line", key="texts_file")
    column = st.text_input(
        "Column of the texts", key="texts_column", max_chars=200, disabled=file is None,
        help="That with the longest texts, unless you name one. The others become metadata.",
    )  # fmt: skip
    nothing = file is None and not pasted.strip()
    if not st.button("Make vectors", type="primary", key="texts_make", disabled=nothing):
        return
    try:
        held.check_room(spaces.shelf().values())
        with st.spinner("Making vectors …"), held.turn():
            made = _made(file, column, pasted)
            name = opening.add_space(made)
    except ExplorerError as error:
        st.error(literal(str(error), 1_000), icon=":material/error:")
        return
    messages.notify(f"Opened {name}: {len(made):,} texts, {made.dimensions} dimensions.")
    st.rerun()


def _made(file: io.BytesIO | None, column: str, pasted: str) -> EmbeddingSpace:
    limits = upload_limits()
    if file is not None:
        return space_of_text_file(file, column=column or None, limits=limits)
    return space_of_texts(pasted.splitlines(), source="pasted texts", limits=limits)
