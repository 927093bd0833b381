"""A short walk of the fuzzer, and the files that a long one found, which must stay mended."""

from __future__ import annotations

import base64

import pytest

from tests.hostile.fuzz import attempt, run
from tests.hostile.seeds import FOUND


def test_a_short_walk_finds_nothing():
    tries, loaded, found = run(seconds=8, seed=1)
    assert not found, "\n".join(found)
    assert tries > 50
    assert loaded > 0


@pytest.mark.parametrize("what", FOUND)
def test_what_the_fuzzer_once_found_is_refused_or_loaded(what):
    name, content = FOUND[what]
    attempt(name, base64.b85decode(content))
