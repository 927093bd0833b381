"""Every bundled space opens and has what its entry promises."""

import pytest

from explorer.catalog import DEFAULT, bundled, open_bundled
from explorer.errors import ExplorerError


@pytest.mark.parametrize("name", bundled())
def test_a_bundled_space_has_the_focus_the_colour_and_the_map_it_promises(name):
    entry = bundled()[name]
    space = entry.open()
    assert space.name == name == entry.name
    assert entry.default_focus in space.items
    assert entry.colour in space.metadata
    assert entry.map in space.maps


def test_the_description_counts_the_items_correctly():
    for entry in bundled().values():
        assert entry.description.startswith(f"{len(entry.open()):,} ")


def test_the_default_is_the_first():
    assert next(iter(bundled())) == DEFAULT == open_bundled().name == "english"


def test_an_unknown_name_is_answered_with_those_there_are():
    with pytest.raises(
        ExplorerError, match="'iris' is no bundled space; there are english, digits, small"
    ):
        open_bundled("iris")
