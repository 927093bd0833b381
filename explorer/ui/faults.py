"""What a page shows when something goes wrong: a sentence, never a traceback."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from explorer.errors import ExplorerError
from explorer.ui.text import literal

log = logging.getLogger("explorer")


@contextmanager
def shielded() -> Iterator[None]:
    """Show an ExplorerError as its sentence; log anything else and say that it is our fault."""
    try:
        yield
    except ExplorerError as error:
        st.error(literal(str(error), 1_000), icon=":material/error:")
    except MemoryError:
        log.exception("out of memory")
        st.error("This needs more memory than the server has. Try a smaller space (--limit).")
    except Exception:
        log.exception("a page failed")
        st.error(
            "Something went wrong on our side; what you opened is still there. Reload the page, or "
            "choose another space or page. The server's log holds the details."
        )
