"""A space's own map and neighbours: the numbers of the library, in a figure or a table."""

from __future__ import annotations

import json

import numpy as np
import pytest

from explorer import EmbeddingSpace, Items, Metadata, Provenance, neighbors_of
from explorer.errors import ExplorerError, UnknownItemError
from explorer.html_tables import html_table
from explorer.space import StoredMap

NAMES = ["king", "queen", "<b>boat</b>", "ship"]
VECTORS = np.array([[1, 0, 0], [0.9, 0.1, 0], [0, 0, 1], [0, 0.1, 1]], dtype=np.float32)


@pytest.fixture
def space():
    return EmbeddingSpace(
        "words", Items(NAMES), VECTORS, Provenance("by hand"),
        Metadata({"kind": ["person", "person", "thing", "thing"]}),
    )  # fmt: skip


def test_neighbors_are_those_of_the_library(space):
    found = space.neighbors("king", k=2)
    expected = neighbors_of(space, "king", 2)
    assert list(found.rows) == expected.indices[0].tolist()
    assert list(found) == list(zip(found.items, expected.scores[0].tolist(), strict=True))
    assert found.items[0] == "queen"
    assert len(found) == 2
    assert found.columns()["kind"][0] == "person"


def test_several_items_or_a_vector_can_be_asked_for(space):
    assert space.neighbors(["king", "queen"], k=1).asked == "king, queen"
    assert space.neighbors(np.array([0.0, 0.1, 1.0]), k=1).items == ("ship",)


def test_a_list_of_neighbours_tells_its_metric_its_space_and_the_baseline(space):
    found = space.neighbors("king", k=3, metric="euclidean")
    assert found.title == "3 nearest to king by Euclidean distance".replace("E", "e")
    assert "among 4 items x 3 dimensions of by hand" in found.caption
    assert "Two random items: " in found.caption


def test_names_are_text_in_tables_and_figures(space):
    found = space.neighbors("ship", k=3)
    for text in (found._repr_html_(), space._repr_html_()):
        assert "<b>boat" not in text
        assert "&lt;b&gt;boat&lt;/b&gt;" in text
    assert "<b>boat" not in json.dumps(
        space.neighbors("<b>boat</b>", k=2).plot().to_dict(), default=str
    )
    assert "<b>boat" not in json.dumps(space.map("PCA", focus="<b>boat</b>").to_dict(), default=str)


def test_the_plot_has_a_bar_for_each_neighbour_and_a_line_at_the_baseline(space):
    found = space.neighbors("king", k=3)
    figure = found.plot()
    np.testing.assert_allclose(figure.data[0].x, found.scores)
    assert figure.layout.shapes[0].x0 == found.baseline


def test_the_map_draws_every_item_and_lines_to_the_true_neighbours(space):
    figure = space.map("PCA", focus="king", pins=["ship"], k=2)
    items = [trace for trace in figure.data if trace.showlegend and trace.mode == "markers"]
    assert sum(len(trace.text) for trace in items) >= len(space)
    assert {trace.name for trace in figure.data} >= {"person", "thing", "focus", "pins"}
    assert "king and its 2 nearest" in figure.layout.title.text
    assert "drawn 4 of 4" in figure.layout.title.subtitle.text
    assert "PCA" in figure.layout.title.subtitle.text


def test_a_stored_umap_is_the_first_map_and_any_stored_one_can_be_named(space):
    places = np.arange(8, dtype=np.float32).reshape(4, 2)
    whole = EmbeddingSpace(
        "words", space.items, space.vectors, space.provenance,
        maps={"X_umap": StoredMap(places, "brought by the file")},
    )  # fmt: skip
    figure = whole.map()
    np.testing.assert_array_equal(np.asarray(figure.data[0].y, dtype=float), places[:, 1])
    assert "X_umap" in figure.layout.title.text


def test_a_random_projection_follows_its_seed(space):
    one, same, other = (
        space.map("Random projection", colour="", seed=seed).data[0].x for seed in (3, 3, 4)
    )
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)


def test_what_is_not_there_is_told(space):
    with pytest.raises(ExplorerError, match="no map named 'tsne'; there are PCA, UMAP"):
        space.map("tsne")
    with pytest.raises(UnknownItemError, match="Did you mean king"):
        space.map(focus="kings")


def test_a_long_table_is_cut_and_says_so():
    table = html_table({"n": list(range(150))}, caption="Numbers.")
    assert table.count("<tr>") == 101
    assert "100 of 150 rows shown. Numbers." in table
