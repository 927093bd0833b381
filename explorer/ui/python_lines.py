"""The Python that opens the space a page shows: the first line of every export."""

from __future__ import annotations

from explorer import catalog
from explorer.space import EmbeddingSpace
from explorer.ui import filtered
from explorer.ui.state import current, spaces


def opening_lines(space: EmbeddingSpace) -> str:
    """Lines after which `space` is what the page shows; preprocessing steps as a comment."""
    whole = filtered.whole(space)
    if whole is space:
        return whole_lines(space)
    part = 'whole, space = space, space.subset(rows, "filtered")'
    return f"{whole_lines(whole)}{filtered.python_lines(space)}\n{part}"


def whole_lines(space: EmbeddingSpace) -> str:
    """The same of a space that no filter has cut."""
    name = current.view().space
    if name in catalog.bundled() and name not in spaces.shelf():
        return f"from explorer.catalog import open_bundled\nspace = open_bundled({name!r})"
    source, kind = space.provenance.source, space.provenance.format
    steps = space.provenance.steps
    done = f"  # then: {space.provenance.preprocessing}" if steps else ""
    if kind.startswith("texts by WordLlama"):
        found = f"space = space_of_text_file({source!r})  # {kind}{done.replace('  #', ';')}"
        return f"from explorer.texts import space_of_text_file\n{found}"
    return f"from explorer import load\nspace = load({source!r}){done}"
