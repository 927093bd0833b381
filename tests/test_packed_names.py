import numpy as np
import pytest

from explorer.items import Items, number_duplicates
from explorer.packed_names import PackedNames

NAMES = ["king", "", "Zürich", "two words", "a name of more than eight bytes", "null\0inside", "x"]


def test_packed_names_are_the_names():
    packed = PackedNames.pack(NAMES)
    assert list(packed) == NAMES
    assert [packed[row] for row in range(len(NAMES))] == NAMES
    assert packed[-1] == "x"
    assert packed[1:3] == ("", "Zürich")
    with pytest.raises(IndexError):
        packed[len(NAMES)]


def test_packed_and_plain_names_have_one_digest():
    assert Items(PackedNames.pack(NAMES)).digest == Items(NAMES).digest


def test_a_repeat_is_found_whatever_its_length():
    for name in NAMES:
        assert not PackedNames.pack([*NAMES, name]).are_distinct()
    assert PackedNames.pack(NAMES).are_distinct()


def test_distinct_packed_names_are_not_unpacked():
    packed = PackedNames.pack(NAMES)
    assert number_duplicates(packed) == (packed, [])
    assert number_duplicates(PackedNames.pack(["a", "b", "a"])) == (["a", "b", "a #2"], [2])


def test_two_names_with_one_hash_are_still_two(monkeypatch):
    monkeypatch.setattr(PackedNames, "_hashes", lambda self: np.zeros(len(self), dtype=np.uint64))
    assert PackedNames.pack(["a", "b"]).are_distinct()
    assert not PackedNames.pack(["a", "a"]).are_distinct()
