"""k-means: rows go to the nearest centre, centres to the mean, and the objective only falls."""

import numpy as np
import pytest

from explorer.clustering import k_means, k_means_steps, mini_batch_k_means
from explorer.errors import ExplorerError


def test_two_pairs_on_a_line_are_two_clusters_with_their_means():
    found = k_means(np.array([[0.0], [2.0], [10.0], [12.0]]), 2)
    assert sorted(found.centers.ravel().tolist()) == [1, 11]
    assert found.inertia == pytest.approx(4)
    assert found.labels[0] == found.labels[1] != found.labels[2] == found.labels[3]


def test_more_clusters_than_distinct_vectors_are_refused_with_their_number():
    with pytest.raises(ExplorerError, match="distinct vectors, 2; got 3"):
        k_means(np.array([[0.0], [1.0], [1.0]]), 3)


def test_the_preview_and_the_steps_end_in_k_clusters():
    vectors = np.random.default_rng(0).standard_normal((200, 3))
    assert len(mini_batch_k_means(vectors, 5)) == 5
    steps = list(k_means_steps(vectors, 5))
    assert [step.kind for step in steps[:6]] == ["seeding"] * 5 + ["assign"]
