"""Maps chosen to stand side by side: as text and back, in range, and fitting their space."""

from __future__ import annotations

import pytest

from explorer.catalog import open_bundled
from explorer.ui.map_choice import METHODS, MapChoice, first_choices, fits, from_text


@pytest.mark.parametrize(
    "text",
    [
        "PCA",
        "PCA;first=3;second=4",
        "UMAP;neighbors=30;min_dist=0.5;epochs=100;seed=7",
        "Random projection;kind=sparse;seed=2",
        "t-SNE;perplexity=12.5",
        "Columns;x=a column;y=50%25 %3B%3D",
        "Stored;name=UMAP",
    ],
)
def test_a_choice_comes_back_from_its_text(text):
    assert from_text(text).text == text


def test_only_what_differs_from_the_default_is_written():
    assert MapChoice("UMAP").having(neighbors=15, seed=3).text == "UMAP;seed=3"
    assert from_text("UMAP;neighbors=15") == MapChoice("UMAP")


def test_a_column_may_have_any_name():
    choice = MapChoice("Columns").having(x="a;b=c%", y="ü & ö")
    assert from_text(choice.text) == choice


@pytest.mark.parametrize(
    "text",
    [
        "", "Isomap", "PCA;", "PCA;third=3", "PCA;first=0", "PCA;first=1.5", "PCA;first=2;first=3",
        "PCA;first=2", "UMAP;min_dist=nan", "UMAP;min_dist=2", "UMAP;neighbors=1e9",
        "UMAP;neighbors=10;min_dist=0;epochs=1;seed=1;seed=2", "Random projection;kind=evil",
    ],
)  # fmt: skip
def test_a_text_that_means_no_map_gives_none(text):
    assert from_text(text) is None


def test_every_default_is_in_its_range():
    for known in METHODS.values():
        for option in known.values():
            if not isinstance(option.default, str):
                assert option.least <= option.default <= option.most


def test_a_space_must_have_what_a_choice_asks_for():
    digits = open_bundled("digits")
    assert fits(MapChoice("PCA").having(first=49, second=50), digits)
    assert fits(MapChoice("Stored").having(name="UMAP"), digits)
    assert not fits(MapChoice("Stored").having(name="../UMAP"), digits)
    assert fits(MapChoice("Columns").having(x="digit", y="digit"), digits)
    assert not fits(MapChoice("Columns"), digits)


def test_a_bundled_space_is_first_shown_by_pca_and_its_stored_umap():
    assert [one.text for one in first_choices(open_bundled("english"))] == [
        "PCA", "Stored;name=UMAP",
    ]  # fmt: skip
