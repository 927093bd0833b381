"""Taking away what a page shows: a table as CSV or Parquet, and the Python lines that repeat it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from explorer.ui import on_page

Table = Mapping[str, Sequence[Any]]


def add_metadata(table: dict[str, list[Any]], metadata: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The table with the metadata's columns behind its own, renamed where a name is taken."""
    for name, column in metadata.items():
        table[name if name not in table else f"{name} (metadata)"] = column.tolist()
    return table


def csv_bytes(table: Table) -> bytes:
    """RFC 4180 CSV in UTF-8, with a header."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(table)
    writer.writerows(zip(*table.values(), strict=True))
    return text.getvalue().encode("utf-8")


def parquet_bytes(table: Table) -> bytes:
    """The same columns as Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(pa.table({name: list(values) for name, values in table.items()}), buffer)
    return buffer.getvalue()


def export_menu(
    table: Callable[[], Table], *, name: str, python: str, key: str, label: str = "Export",
    page: Callable[[], bytes] | None = None,
) -> None:  # fmt: skip
    """A menu with the table as CSV and Parquet and the lines that compute it again.

    page : the picture as an HTML file that needs nothing else
    The table and the files are built when they are asked for, by a thread that knows no session:
    what they need of the state must be taken before.
    """
    on_page.enter_table(key, name, table, python)
    with st.popover(label, icon=":material/download:"):
        left, right = st.columns(2)
        left.download_button(
            "CSV", lambda: csv_bytes(table()), f"{name}.csv", "text/csv",
            on_click="ignore", key=f"{key}_csv", width="stretch",
        )  # fmt: skip
        right.download_button(
            "Parquet", lambda: parquet_bytes(table()), f"{name}.parquet",
            "application/vnd.apache.parquet",
            on_click="ignore", key=f"{key}_parquet", width="stretch",
        )  # fmt: skip
        if page is not None:
            st.download_button(
                "Picture that can be moved (HTML, offline)", page, f"{name}.html", "text/html",
                on_click="ignore", key=f"{key}_html", width="stretch",
            )  # fmt: skip
        st.caption("The same from Python:")
        st.code(python, language="python")
