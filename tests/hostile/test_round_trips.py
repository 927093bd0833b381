"""Whatever a space holds comes back from every format that can hold it; the others say so.

Random spaces by Hypothesis: names of any characters, numbers of any size, columns of every kind.
"""

from __future__ import annotations

import contextlib
import io

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from explorer import EmbeddingSpace, Items, Metadata, Provenance, load, save
from explorer.errors import ExplorerError
from explorer.formats import WRITERS

EXACT = ("npz", "parquet")  # hold every space, metadata and all
quick = settings(  # the same tries each time: fuzz.py is there to find new ones
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
names = texts.filter(bool)
numbers = st.floats(width=32, allow_nan=False, allow_infinity=False)


@st.composite
def spaces(draw) -> EmbeddingSpace:
    n, d = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    vectors = draw(arrays.arrays(np.float32, (n, d), elements=numbers))
    vectors[~vectors.any(axis=1), 0] = 1  # a row of zeros is kept out on loading
    columns = st.dictionaries(
        names,
        st.one_of(
            st.lists(texts, min_size=n, max_size=n),
            st.lists(st.integers(-(2**53), 2**53), min_size=n, max_size=n),
            st.lists(st.floats(), min_size=n, max_size=n),
            st.lists(st.booleans(), min_size=n, max_size=n),
        ),
        max_size=3,
    )
    return EmbeddingSpace(
        name="random",
        items=Items(draw(st.lists(names, min_size=n, max_size=n, unique=True))),
        vectors=vectors,
        provenance=Provenance("hypothesis"),
        metadata=Metadata(draw(columns)),
    )


def back(space: EmbeddingSpace, format: str) -> EmbeddingSpace:
    file = io.BytesIO()
    save(space, file, format)
    return load(file)


@pytest.mark.parametrize("format", EXACT)
def test_any_space_comes_back_with_its_metadata(format):
    @quick
    @given(spaces())
    def whole(space):
        again = back(space, format)
        assert list(again.items) == list(space.items)
        assert again.vectors.tobytes() == space.vectors.tobytes()
        assert list(again.metadata) == list(space.metadata)
        for name, column in space.metadata.items():
            assert again.metadata[name].dtype == column.dtype
            np.testing.assert_array_equal(again.metadata[name], column)

    whole()


@pytest.mark.parametrize("format", sorted(set(WRITERS) - set(EXACT)))
def test_any_space_comes_back_or_is_refused_before_it_is_lost(format):
    @quick
    @given(spaces())
    def whole(space):
        try:
            again = back(space, format)
        except ExplorerError:
            return
        assert np.array_equal(again.vectors, space.vectors)
        if format != "projector":  # it writes tabs and line ends of names as \t and \n
            assert list(again.items) == list(space.items)

    whole()


@quick
@given(st.lists(st.text(max_size=20), min_size=1, max_size=5), st.binary(max_size=40))
def test_any_bytes_with_any_name_are_loaded_or_refused(names, content):
    file = io.BytesIO(content)
    file.name = "".join(names)
    with contextlib.suppress(ExplorerError):
        assert len(load(file)) > 0
