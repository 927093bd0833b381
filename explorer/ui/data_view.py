"""The parts of the Data page."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import streamlit as st

from explorer import catalog, formats
from explorer.errors import ExplorerError, LimitError
from explorer.formats.source import byte_size
from explorer.limits import server_limits, upload_limits, variable_of
from explorer.metrics import METRICS
from explorer.space import EmbeddingSpace, centred, normalized
from explorer.ui import cached, held
from explorer.ui.python_lines import opening_lines
from explorer.ui.state import current, messages, opening, spaces
from explorer.ui.text import literal, number

OFFER = "upload_offer"  # the slot of the session that keeps why a file was not opened
SAMPLE_SEED = 0
PREVIEW_ROWS = 100
PREVIEW_DIMENSIONS = 8


def open_form() -> None:
    """Upload a file, maybe with labels and metadata; on failure the open space stays open."""
    st.header("Open a file", anchor=False)
    limits = upload_limits()
    st.caption(
        "word2vec, GloVe and fastText text, word2vec binary, .npy and .npz, CSV and TSV, JSON "
        "lines, Parquet, Arrow, safetensors, Embedding Projector, .h5ad; plain or .gz, .xz, .bz2, "
        f".zip. Read by content. Up to {limits.cells:,} numbers here; "
        "`python -m explorer FILE` opens larger files without an upload. What you open is seen in "
        "this session alone and goes when you leave."
    )
    vectors = st.file_uploader("Vectors", key="upload_vectors")
    with st.expander("Labels, metadata and options"):
        labels = st.file_uploader("Labels: one name a line, or a table", key="upload_labels")
        metadata = st.file_uploader("Metadata: a table with one row an item", key="upload_metadata")
        left, right = st.columns(2)
        vector = left.text_input("Vector column", key="upload_vector", max_chars=200)
        label = right.text_input("Label column", key="upload_label", max_chars=200)
        limit = st.number_input(
            "Read at most (items; 0: all)", min_value=0, value=0, step=1000, key="upload_limit"
        )
    limits_table()
    pressed = st.button("Open", type="primary", disabled=vectors is None, key="upload_open")
    if vectors is None:
        return
    asked, seed = int(limit) or None, None
    if not pressed:
        sample = _sample_offered(vectors.file_id)
        if sample is None:
            return
        asked, seed = sample
    try:
        held.check_room(spaces.shelf().values())
        with st.spinner(f"Reading {literal(vectors.name)} …"), held.turn():
            opened = formats.load(
                vectors, name=vectors.name, labels=labels, metadata=metadata,
                vector=vector or None, label=label or None, limit=asked, seed=seed, limits=limits,
            )  # fmt: skip
            name = opening.add_space(opened)
    except ExplorerError as error:
        rows = error.rows if isinstance(error, LimitError) else None
        sampled = rows is not None and formats.can_be_sampled(vectors, limits)
        st.session_state[OFFER] = (vectors.file_id, str(error), rows, sampled)
    else:
        st.session_state.pop(OFFER, None)
        messages.notify(f"Opened {name}: {len(opened):,} items, {opened.dimensions} dimensions.")
    st.rerun()


def _sample_offered(file_id: str) -> tuple[int, int | None] | None:
    """Why the file was not opened, and buttons for a part of it where that would fit.

    (items, seed or None for the first) of the button that was pressed.
    """
    offer = st.session_state.get(OFFER)
    if offer is None or offer[0] != file_id:
        return None
    _, problem, rows, sampled = offer
    st.error(literal(problem, 1_000), icon=":material/error:")
    if rows is None:
        return None
    first, some = st.columns(2)
    if first.button(f"Open the first {rows:,} items", key="upload_first", width="stretch"):
        return rows, None
    chance = f"Open {rows:,} items drawn at random, seed {SAMPLE_SEED}"
    if sampled and some.button(chance, key="upload_sample", width="stretch"):
        return rows, SAMPLE_SEED
    return None


def limits_table() -> None:
    """What this server lets in, and the names of the settings."""
    files, server = upload_limits(), server_limits()
    upload = int(st.get_option("server.maxUploadSize"))
    rows = [
        ("Size of an upload", f"{upload:,} MB", "STREAMLIT_SERVER_MAX_UPLOAD_SIZE"),
        ("Unpacked", byte_size(files.expanded_bytes), variable_of("expanded_bytes")),
        ("Items x dimensions", f"{files.cells:,}", variable_of("cells")),
        ("Items x metadata columns", f"{files.metadata_cells:,}", variable_of("metadata_cells")),
        ("Characters of a name", f"{files.name_characters:,}", variable_of("name_characters")),
        ("Length of a line", byte_size(files.line_bytes), variable_of("line_bytes")),
        ("Own spaces of a visitor", f"{server.session_spaces:,}", variable_of("session_spaces")),
        ("They hold", byte_size(server.session_bytes), variable_of("session_bytes")),
        ("All visitors' spaces hold", byte_size(server.server_bytes), variable_of("server_bytes")),
        ("Files read at the same time", f"{server.readings:,}", variable_of("readings")),
    ]
    with st.expander("Limits of this server"):
        columns = zip(*rows, strict=True)
        st.table(dict(zip(("Limit", "Here", "Setting"), map(list, columns), strict=True)))


def space_list() -> None:
    """The spaces that can be looked at; one's own can be closed."""
    st.header("Spaces", anchor=False)
    known = catalog.bundled()
    for name in spaces.names():
        own = name in spaces.shelf()
        title, close = st.columns([6, 1.4], vertical_alignment="center")
        label = known[name].title if name in known and not own else name
        title.button(
            literal(label), key=f"open_{name}", width="stretch",
            on_click=opening.set_space, args=(name,),
            type="primary" if name == current.view().space else "secondary",
        )  # fmt: skip
        if own:
            close.button("Close", key=f"close_{name}", on_click=opening.close_space, args=(name,))
        elif name in known:
            st.caption(known[name].description)


def summary(space: EmbeddingSpace) -> None:
    """The numbers of `python -m explorer --check`."""
    check = cached.checked(space)
    st.header(literal(space.name), anchor=False)
    st.markdown(f"From {literal(str(space.provenance))}.")
    least, low, median, high, most = map(number, check.norms)
    spread = f"quartiles {low} and {high}; from {least} to {most}"
    cosine = f"mean over random pairs; were all directions random: 0 ± {number(check.pair_spread)}"
    with st.container(horizontal=True, gap="medium"):
        for label, value, told in (
            ("Items", f"{check.items:,}", "Rows: each has a name and a vector"),
            ("Dimensions", f"{check.dimensions:,}", "Numbers in each vector"),
            ("Norm, median", median, spread),
            ("Random cosine", number(check.pair_cosine), cosine),
        ):
            st.metric(label, value, help=told, width="content")
    st.markdown(
        f"**Similarity that fits**: {METRICS[check.similarity].title}, {literal(check.reason, 500)}"
    )


def problems(space: EmbeddingSpace) -> None:
    """What loading met, or that it met nothing."""
    check = cached.checked(space)
    found = [str(finding) for finding in space.provenance.findings]
    if check.duplicate_vectors:
        found.append(
            f"{check.duplicate_vectors:,} rows repeat the vector of an earlier row: kept; each is "
            "the other's nearest neighbour"
        )
    if not found:
        st.success("No problems: every row is finite and not zero, every name its own.",
                   icon=":material/check:")  # fmt: skip
        return
    lines = "\n".join(f"- {literal(line, 800)}" for line in found)
    st.warning(f"Loading met:\n{lines}", icon=":material/info:")


def preview(space: EmbeddingSpace) -> None:
    """The first rows: item, metadata, the first numbers of the vector."""
    rows = np.arange(min(PREVIEW_ROWS, len(space)))
    table: dict[str, Any] = {"item": space.items.take(rows.tolist())}
    table |= {name: column.tolist() for name, column in space.metadata.take(rows).items()}
    shown = min(PREVIEW_DIMENSIONS, space.dimensions)
    for place in range(shown):
        table[f"x{place + 1}"] = space.vectors[rows, place].astype(float).tolist()
    st.dataframe(table, hide_index=True, height=240, key="preview")
    st.caption(
        f"{len(rows):,} of {len(space):,} items and {shown} of {space.dimensions} dimensions shown."
    )


def derive(space: EmbeddingSpace) -> None:
    """New spaces from this one: nothing is ever changed in place."""
    unit, centre, note = st.columns([1.3, 1.2, 3.5], vertical_alignment="center")
    if unit.button("Normalise", help="a new space with every vector at length 1", width="stretch"):
        _add(normalized(space), "unit length")
    if centre.button("Centre", help="a new space with the mean vector subtracted", width="stretch"):
        _add(centred(space), "centred")
    note.caption("Each makes a new space; this one stays as it is.")


def _add(new: EmbeddingSpace, step: str) -> None:
    opening.add_space(new.renamed(f"{new.name}, {step}"))
    st.rerun()


def export(space: EmbeddingSpace) -> None:
    """The whole space in another format; the file is built when it is asked for."""
    st.markdown("**Export the space**")
    kind, button = st.columns([4, 2], vertical_alignment="bottom")
    chosen = kind.selectbox(
        "Format", list(formats.WRITERS), key="export_format",
        format_func=lambda key: formats.WRITERS[key].title,
    )  # fmt: skip
    writer = formats.WRITERS[chosen]

    def build() -> bytes:
        buffer = io.BytesIO()
        formats.save(space, buffer, format=chosen)
        return buffer.getvalue()

    button.download_button(
        "Download", build, f"{space.name}{writer.suffixes[0]}", on_click="ignore",
        key="export_space", width="stretch",
    )  # fmt: skip
    lines = f"{opening_lines(space)}\nspace.vectors.shape  # ({len(space)}, {space.dimensions})"
    st.code(lines, language="python")
