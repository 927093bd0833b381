"""Our UMAP as a whole: stages, repeatability, corners, and real vectors beside umap-learn."""

import gzip

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.neighbors.graph import exact_graph
from explorer.projection.umap import Umap, UmapSettings, start_of, umap

CLOUDS = 3


def three_clouds(n=150, d=8, seed=0):
    random = np.random.default_rng(seed)
    cloud = np.arange(n) % CLOUDS
    return random.normal(0, 0.3, (n, d)) + 3 * np.eye(d)[cloud], cloud


def kept_and_trust(vectors, placed, k=15):
    """Share of the k nearest that are kept, and trustworthiness (Venna & Kaski 2001), by ranks."""

    def squares(rows):
        rows = rows.astype(np.float64)
        lengths = np.square(rows).sum(axis=1)
        return lengths[:, None] + lengths - 2 * rows @ rows.T

    n = len(vectors)
    far, near = squares(vectors), squares(placed)
    np.fill_diagonal(far, -1)
    np.fill_diagonal(near, -1)
    ranks = far.argsort(axis=1).argsort(axis=1)
    shown = near.argsort(axis=1)[:, 1 : k + 1]
    ranks = np.take_along_axis(ranks, shown, 1)
    wrong = np.maximum(ranks - k, 0).sum()
    return (ranks <= k).mean(), 1 - 2 * wrong / (n * k * (2 * n - 3 * k - 1))


def test_clouds_stay_apart_and_together():
    vectors, cloud = three_clouds()
    placed = umap(vectors, UmapSettings(epochs=200, metric="euclidean"))
    middles = np.stack([placed[cloud == c].mean(axis=0) for c in range(CLOUDS)])
    nearest = np.linalg.norm(placed[:, None] - middles, axis=2).argmin(axis=1)
    assert (nearest == cloud).all()
    assert placed.shape == (150, 2)
    assert placed.dtype == np.float32


def test_the_first_frame_is_pca_and_there_before_anything_is_searched():
    vectors, _ = three_clouds()
    making = Umap(vectors, UmapSettings(epochs=5, metric="euclidean"))
    assert making.progress.stage == "neighbours"
    from explorer.projection.pca import pca

    first, components = making.coordinates(), pca(vectors, 2).coordinates
    for axis in range(2):
        assert abs(np.corrcoef(first[:, axis], components[:, axis])[0, 1]) > 0.9999
        assert first[:, axis].min() == pytest.approx(0, abs=0.01)
        assert first[:, axis].max() == pytest.approx(10, abs=0.01)


def test_it_moves_from_stage_to_stage_and_can_be_stopped_at_any_epoch():
    vectors, _ = three_clouds(600)
    making = Umap(vectors, UmapSettings(epochs=50))
    seen = [making.progress]
    while making.progress.epoch < 10:
        seen.append(making.advance(0.0005))
    stopped = making.coordinates()
    assert np.isfinite(stopped).all()
    while not making.done:
        seen.append(making.advance())
    shares = [progress.share for progress in seen]
    assert shares == sorted(shares)
    assert [progress.stage for progress in seen][:1] == ["neighbours"]
    assert seen[-1].stage == "done"
    assert (seen[-1].share, seen[-1].epoch, seen[-1].epochs) == (1.0, 50, 50)
    assert (stopped != making.coordinates()).any()


@pytest.mark.parametrize("components", [2, 3])
def test_the_same_map_in_one_go_in_slices_and_with_the_graph_given(components):
    vectors, _ = three_clouds(500)
    settings = UmapSettings(epochs=30, components=components)
    whole = umap(vectors, settings)
    sliced = Umap(vectors, settings, threads=1)
    while not sliced.done:
        sliced.advance(0.001)
    given = umap(vectors, settings, graph=exact_graph(vectors, 14))
    assert whole.shape == (500, components)
    assert (whole == sliced.coordinates()).all()
    assert (whole == given).all()


def test_settings_change_the_map():
    vectors, _ = three_clouds()
    base = umap(vectors, UmapSettings(epochs=20))
    for change in ({"seed": 2}, {"neighbors": 5}, {"min_dist": 0.5}, {"spread": 2.0},
                   {"negatives": 2}, {"metric": "euclidean"}, {"start": "random"}):  # fmt: skip
        other = umap(vectors, UmapSettings(epochs=20, **change))
        assert (other != base).any(), change


def test_a_given_graph_of_another_size_is_refused():
    vectors, _ = three_clouds()
    with pytest.raises(ExplorerError, match="must hold 14 neighbours of 150 items; got 5 of 150"):
        Umap(vectors, graph=exact_graph(vectors, 5))


@pytest.mark.parametrize("n", [5, 6, 14, 16])
def test_few_items_have_a_map(n):
    placed = umap(np.random.default_rng(n).normal(size=(n, 3)), UmapSettings(epochs=20))
    assert placed.shape == (n, 2)
    assert np.isfinite(placed).all()


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize(
    "vectors",
    [np.ones((30, 4)), np.zeros((30, 4)), np.arange(30.0)[:, None] + 1,
     np.repeat(np.eye(5), 8, axis=0), np.random.default_rng(0).normal(size=(30, 4)) * 1e30],
    ids=["equal", "zero", "a line", "duplicates", "huge"],
)  # fmt: skip
def test_odd_vectors_have_a_finite_map(vectors, metric):
    placed = umap(vectors.astype(np.float32), UmapSettings(epochs=20, metric=metric))
    assert np.isfinite(placed).all()
    assert len(np.unique(placed, axis=0)) == len(placed)


@pytest.mark.parametrize(
    ("settings", "message"),
    [({"neighbors": 1}, "neighbors must be a whole number from 2"),
     ({"min_dist": 1.5}, "at most its spread, 1; got 1.5"),
     ({"metric": "dot"}, "cosine, euclidean"), ({"components": 4}, "from 2 to 3"),
     ({"epochs": -1}, "from 0")],
)  # fmt: skip
def test_settings_out_of_range_are_refused(settings, message):
    with pytest.raises(ExplorerError, match=message):
        UmapSettings(**settings)


def test_too_few_items_and_numbers_that_are_not_finite_are_refused():
    with pytest.raises(ExplorerError, match="at least 5 items; got 4"):
        umap(np.eye(4))
    with pytest.raises(ExplorerError, match="not finite"):
        umap(np.full((9, 2), np.nan))


def test_settings_read_as_a_sentence():
    assert str(UmapSettings()) == "UMAP, 15 neighbours, minimum distance 0.1, cosine, seed 1"
    other = UmapSettings(spread=2.0, epochs=1_000, negatives=3, start="random", metric="euclidean")
    assert str(other) == (
        "UMAP, 15 neighbours, minimum distance 0.1, spread 2, euclidean, 1,000 epochs, "
        "3 negatives, random start, seed 1"
    )
    assert UmapSettings(**other.as_dict()) == other


def test_what_on_progress_raises_stops_the_work():
    vectors, _ = three_clouds()

    def enough(progress):
        if progress.epoch > 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        umap(vectors, UmapSettings(epochs=100_000), on_progress=enough)


def test_beyond_50_000_items_neighbours_are_approximate_and_their_recall_is_known(monkeypatch):
    monkeypatch.setattr("explorer.neighbors.graph.EXACT_UP_TO", 500)
    vectors, _ = three_clouds(2_000)
    making = Umap(vectors, UmapSettings(epochs=5))
    while not making.done:
        making.advance()
    assert making.graph.sample > 0
    assert 0.8 < making.graph.recall <= 1


def test_rows_of_a_large_space_begin_where_a_sample_puts_them(monkeypatch):
    vectors = np.random.default_rng(0).normal(size=(3_000, 6)) * [5, 3, 1, 1, 1, 1]
    whole = start_of(vectors, UmapSettings())
    monkeypatch.setattr("explorer.projection.umap.START_SAMPLE", 500)
    sampled = start_of(vectors, UmapSettings())
    for axis in range(2):
        assert abs(np.corrcoef(whole[:, axis], sampled[:, axis])[0, 1]) > 0.95


def test_handwritten_digits_keep_their_neighbours_far_better_than_on_pca():
    from explorer.bundled.digits import open_digits
    from explorer.projection.pca import pca

    vectors = open_digits().vectors
    kept, trust = kept_and_trust(vectors, umap(vectors, UmapSettings(metric="euclidean")))
    flat_kept, flat_trust = kept_and_trust(vectors, pca(vectors, 2).coordinates)
    assert kept > 0.5 > 0.2 > flat_kept
    assert trust > 0.98 > 0.9 > flat_trust


def test_words_keep_the_neighbours_that_pulling_before_pushing_keeps():
    from explorer.bundled.english import open_english

    words = open_english().vectors[:3_000]
    unit = words / np.linalg.norm(words, axis=1, keepdims=True)
    kept, trust = kept_and_trust(unit, umap(words))
    assert kept > 0.37  # .35 where every pull was followed by its pushes
    assert trust > 0.925  # .907


@pytest.mark.slow  # umap-learn compiles for half a minute
@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_real_vectors_are_mapped_as_well_as_by_umap_learn(shared_data, metric):
    theirs = pytest.importorskip("umap")
    vectors = glove(shared_data("vectors/glove.6B.100d.top20k.txt.gz"), 2_000)
    maps = {
        "ours": umap(vectors, UmapSettings(metric=metric)),
        "theirs": theirs.UMAP(metric=metric, random_state=1).fit_transform(vectors),
    }
    if metric == "cosine":
        vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    (kept, trust), (their_kept, their_trust) = (
        kept_and_trust(vectors, placed) for placed in maps.values()
    )
    assert kept > their_kept - 0.005
    assert trust > their_trust - 0.005


def glove(file, n):
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        rows = [line.split(" ")[1:] for line, _ in zip(lines, range(n), strict=False)]
    return np.array(rows, dtype=np.float32)
