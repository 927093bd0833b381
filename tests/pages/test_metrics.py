"""The Metrics page: one query by several metrics, the whole space, softmax."""

from dataclasses import replace

import numpy as np
import pytest

from explorer import catalog
from explorer.metric_comparison import compare_metrics
from tests.pages.conftest import opened

PAGE = "pages/explore/metrics.py"
SPACE, SOFTMAX = "Where do they disagree most?", "Softmax"


def said(app) -> str:
    """All that the page says, without the strokes that keep Markdown from reading signs."""
    kinds = ("title", "header", "markdown", "caption", "info", "warning", "error", "latex")
    text = "\n".join(element.value for kind in kinds for element in getattr(app, kind))
    return text.replace("\\", "")


def words():
    return catalog.open_bundled("small-world")


def test_the_page_says_how_many_of_the_nearest_all_metrics_share(app):
    opened(app, PAGE, space="small-world", focus="queen")
    space = words()
    found = compare_metrics(space.vectors, space.row("queen"), 10)
    shared = set.intersection(*(set(line) for line in found.hits.tolist()))
    assert f"The 10 nearest to queen: {len(shared)} shared by all 3" in said(app)


def test_agreement_stands_beside_that_of_a_random_space(app):
    opened(app, PAGE, space="small-world", focus="queen")
    table = next(part.value for part in app.markdown if "overlap@10" in part.value)
    assert "| cosine · dot | **0.80** (0." in table
    assert "random space of 530 × 50" in said(app)


def test_normalised_vectors_make_the_metrics_agree_and_the_identity_hold(app):
    opened(app, PAGE, space="small-world", focus="queen")
    assert "neq" in said(app)
    app.toggle(key="compare_normalised").set_value(True).run()
    assert not app.exception
    assert "10 shared by all 3" in said(app)
    assert "neq" not in said(app)
    assert "preprocessing: unit length" in said(app)


def test_centring_and_normalising_are_told_in_their_order(app):
    opened(app, PAGE, space="small-world", focus="queen")
    app.toggle(key="compare_centred").set_value(True)
    app.toggle(key="compare_normalised").set_value(True).run()
    assert "preprocessing: centred, then unit length" in said(app)


def test_five_metrics_stand_side_by_side_and_one_alone_is_too_few(app):
    opened(app, PAGE, space="small-world", focus="queen")
    every = ["cosine", "dot", "euclidean", "manhattan", "angular"]
    app.multiselect(key="compared_metrics").set_value(every).run()
    assert "shared by all 5" in said(app)
    assert "**Manhattan distance**" in said(app)
    app.multiselect(key="compared_metrics").set_value(["dot"]).run()
    assert "Choose two metrics at least" in said(app)


def test_a_metric_other_than_that_of_the_training_is_told_with_what_it_changes(app):
    opened(app, PAGE, space="small-world", focus="queen")
    trained = replace(words(), name="trained", trained_with="dot", maps={})
    app.session_state["shelf"] = {"trained": trained}
    app.run()
    app.selectbox(key="pick_space").set_value("trained").run()
    assert "was trained with the dot product" in said(app)  # a space opens with cosine
    app.selectbox(key="pick_metric").set_value("dot").run()
    assert not app.exception
    assert "trained with" not in said(app)


def test_the_whole_space_is_asked_where_the_metrics_disagree(app):
    opened(app, PAGE, space="small-world", focus="queen")
    app.segmented_control(key="metrics_part").set_value(SPACE).run()
    assert not app.exception
    assert "Asked: all items" in said(app)
    table = app.dataframe[0].value
    assert list(table.columns) == ["item", "overlap@10", "norm", "frequency"]
    assert table["overlap@10"].is_monotonic_increasing
    assert "**Disagreement and norm**: rank correlation" in said(app)
    assert "**Disagreement and frequency**: rank correlation" in said(app)


def test_on_unit_vectors_there_is_nothing_to_hold_against_the_norm(app):
    opened(app, PAGE, space="small-world", focus="queen")
    app.toggle(key="compare_normalised").set_value(True)
    app.segmented_control(key="metrics_part").set_value(SPACE).run()
    assert "On average **100%**" in said(app)
    assert "nothing to compare" in said(app)


def test_a_large_space_is_asked_by_a_sample_that_is_told():
    from explorer.items import Items
    from explorer.space import EmbeddingSpace, Provenance
    from explorer.ui.cached_metrics import FEWEST, asked_rows

    vectors = np.broadcast_to(np.float32(1), (1_000_000, 300))
    space = EmbeddingSpace("large", Items.numbered(1_000_000), vectors, Provenance("made"))
    assert len(asked_rows(space, ("cosine", "dot", "euclidean"))) == FEWEST
    assert len(asked_rows(words(), ("cosine", "dot", "euclidean"))) == 530


def test_softmax_of_large_dot_products_saturates_and_the_overflow_is_shown(app):
    opened(app, PAGE, space="digits")
    app.segmented_control(key="metrics_part").set_value(SOFTMAX).run()
    assert not app.exception
    warm = float(app.metric[0].value)
    assert "The plain formula fails" not in said(app)
    app.segmented_control(key="softmax_metric").set_value("dot").run()
    assert float(app.metric[0].value) < 0.01 < warm
    assert "The plain formula fails here" in said(app)


def test_a_lower_temperature_lowers_the_entropy_and_the_true_item_sets_the_loss(app):
    opened(app, PAGE, space="small-world", focus="queen")
    app.segmented_control(key="metrics_part").set_value(SOFTMAX).run()
    before, loss = float(app.metric[0].value), float(app.metric[2].value)
    app.select_slider(key="temperature").set_value(0.1).run()
    assert float(app.metric[0].value) < before
    assert float(app.metric[2].value) < loss


@pytest.mark.parametrize("part", ["Side by side", SPACE, SOFTMAX])
def test_a_space_of_two_items_is_answered_in_a_sentence(app, part):
    from explorer.items import Items
    from explorer.space import EmbeddingSpace, Provenance

    opened(app, PAGE, space="small-world")
    two = EmbeddingSpace("two", Items("ab"), np.eye(2, dtype=np.float32), Provenance("made"))
    app.session_state["shelf"] = {"two": two}
    app.run()
    app.selectbox(key="pick_space").set_value("two").run()
    app.segmented_control(key="metrics_part").set_value(part).run()
    assert not app.exception
    assert not app.error
    assert "too few items" in said(app)
