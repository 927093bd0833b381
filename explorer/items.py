"""The names of a space's items, in row order: looked up, searched, and made distinct."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import overload

from explorer.errors import ExplorerError, UnknownItemError
from explorer.packed_names import PackedNames

LONGEST_COMPARED = 100  # characters of an unknown name: comparing spellings costs their product


class Items(Sequence[str]):
    """n distinct names, one for each row. Never changes.

    Items(["king", "queen"]) holds what it is given; Items.numbered(1_000_000) names the rows
    "0" to "999999" without storing a million strings. PackedNames stay packed.
    """

    def __init__(self, names: Iterable[str]) -> None:
        packed = isinstance(names, PackedNames)
        self._names: Sequence[str] | range = names if packed else tuple(names)  # type: ignore[assignment]

    @classmethod
    def numbered(cls, n: int) -> Items:
        """Rows named by their own number, for files that hold vectors only."""
        items = cls(())
        items._names = range(n)
        return items

    @property
    def are_numbers(self) -> bool:
        """True when the rows have no name but their number."""
        return isinstance(self._names, range)

    def __len__(self) -> int:
        return len(self._names)

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> tuple[str, ...]: ...
    def __getitem__(self, row: int | slice) -> str | tuple[str, ...]:
        if isinstance(row, slice):
            return tuple(str(name) for name in self._names[row])
        return str(self._names[row])

    def __iter__(self) -> Iterator[str]:
        return map(str, self._names)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def __repr__(self) -> str:
        shown = ", ".join(map(repr, self[:3]))
        return f"Items({len(self):,}: {shown}{', …' if len(self) > 3 else ''})"

    @cached_property
    def _rows(self) -> dict[str, int]:
        rows = {name: row for row, name in enumerate(self)}
        if len(rows) < len(self):
            raise ExplorerError(
                f"Items need distinct names; {len(self):,} rows have {len(rows):,} names. "
                "number_duplicates makes them distinct."
            )
        return rows

    @cached_property
    def _folded(self) -> str:
        """All names case-folded, a newline before and after each: one string to search."""
        return "\n" + "\n".join(name.replace("\n", " ").casefold() for name in self) + "\n"

    def get(self, name: str) -> int | None:
        """The row of `name`, or None."""
        if isinstance(self._names, range):
            number = len(name) <= 19 and name.isascii() and name.isdigit()
            known = number and str(int(name)) == name and int(name) < len(self)
            return int(name) if known else None
        return self._rows.get(name)

    def row(self, name: str, space: str = "this space") -> int:
        """The row of `name`; UnknownItemError with close spellings when there is none."""
        row = self.get(name)
        if row is None:
            raise UnknownItemError(name, len(self), space, self.suggest(name))
        return row

    def take(self, rows: Iterable[int]) -> list[str]:
        """The names of `rows`, in their order."""
        names = self._names
        return [str(names[row]) for row in rows]

    def search(self, text: str, limit: int = 50) -> list[int]:
        """Rows whose name holds `text`, case ignored: equal first, then beginnings, then the rest.

        Within each of the three, in row order. A scan of one string: 1M names take some 10 ms.
        """
        wanted = text.strip().replace("\n", " ").casefold()
        if not wanted or limit < 1:
            return []
        found: dict[int, None] = {}
        exact = self.get(text.strip())
        if exact is not None:
            found[exact] = None
        for pattern in (f"\n{wanted}\n", f"\n{wanted}", wanted):
            for row in self._scan(pattern):
                found.setdefault(row, None)
                if len(found) == limit:
                    return list(found)
        return list(found)

    def _scan(self, pattern: str) -> Iterator[int]:
        """The rows whose folded name matches `pattern`, in order, each once."""
        folded, row, counted = self._folded, 0, 1
        at = folded.find(pattern)
        while at >= 0:
            start = at + 1 if pattern[0] == "\n" else at
            row += folded.count("\n", counted, start)
            counted = start
            yield row
            end_of_name = folded.index("\n", start)
            at = folded.find(pattern, end_of_name)

    def suggest(self, name: str, count: int = 3) -> list[str]:
        """Close spellings of an unknown name, best first; looks at the first 50,000 names."""
        wanted = name.casefold()[:LONGEST_COMPARED]
        near = [self[row] for row in self.search(name, count)]
        pool: dict[str, str] = {}
        for known in self[:50_000]:
            pool.setdefault(known.casefold(), known)
        close = difflib.get_close_matches(wanted, pool, count, cutoff=0.7)
        return list(dict.fromkeys([pool[folded] for folded in close] + near))[:count]

    @cached_property
    def digest(self) -> str:
        """A hash of all names in order, 32 hexadecimal digits."""
        if self.are_numbers:
            return hashlib.blake2b(f"numbered {len(self)}".encode(), digest_size=16).hexdigest()
        if isinstance(self._names, PackedNames):
            joined = self._names.joined[:-1]
        else:
            joined = "\0".join(self._names).encode("utf-8", "surrogatepass")  # type: ignore[arg-type]
        return hashlib.blake2b(joined, digest_size=16).hexdigest()


def number_duplicates(names: Sequence[str]) -> tuple[Sequence[str], list[int]]:
    """Make names distinct by numbering repeats, and tell which rows were renamed.

    ["a", "b", "a", "a"] -> (["a", "b", "a #2", "a #3"], [2, 3]). A number that is already
    somebody's name is stepped over: ["a", "a #2", "a"] -> (["a", "a #2", "a #3"], [2]).
    """
    if isinstance(names, PackedNames):
        if names.are_distinct():
            return names, []
        names = list(names)
    if len(set(names)) == len(names):
        return list(names), []
    taken, counts = set(names), dict.fromkeys(names, 0)
    distinct: list[str] = []
    renamed: list[int] = []
    for row, name in enumerate(names):
        counts[name] += 1
        if counts[name] > 1:
            while f"{name} #{counts[name]}" in taken:
                counts[name] += 1
            renamed.append(row)
            name = f"{name} #{counts[name]}"
            taken.add(name)
        distinct.append(name)
    return distinct, renamed
