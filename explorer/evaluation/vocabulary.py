"""Finding a list's words in a space: as spelled, else in lower case, among the first so many."""

from __future__ import annotations

from explorer.items import Items


class Vocabulary:
    """The rows of words, for evaluation.

    first : only the space's first rows count, which are the most frequent words in most files;
        None: all
    fold : a word not found as spelled is looked up in lower case
    """

    def __init__(self, items: Items, *, first: int | None = None, fold: bool = True) -> None:
        self._items, self._fold = items, fold
        self.size = len(items) if first is None else min(first, len(items))

    def row(self, word: str) -> int | None:
        """The row of a word, or None."""
        row = self._items.get(word)
        if row is None and self._fold:
            row = self._items.get(word.lower())
        return row if row is not None and row < self.size else None
