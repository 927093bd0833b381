"""A quick preview of k-means: rounds on batches that grow, each holding the one before.

While centres still move far, a part of the rows tells them where to go; only where the batch's own
noise is all that is left do more rows help (Newling & Fleuret 2016, nested mini-batch k-means).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.clustering.in_parts import Crew, Stop
from explorer.clustering.kmeans import Clustering, OnProgress, _check, _work, clustering_of
from explorer.clustering.kmeans_seeding import first_centers, seeding_sample
from explorer.clustering.lloyd import Lloyd, Rounds
from explorer.clustering.rows import rows_of

BATCHES = (8, 4, 2, 1)  # every how many-th row
ROUNDS = 12  # at most on each
ENOUGH = 1e-3  # a batch is left when a round improves its objective by less than this share
LEAST_ROWS = 10_000  # of a batch
LARGEST_BATCH = 200_000  # rows; with more, only the last assignment sees them all


def mini_batch_k_means(
    vectors: NDArray[Any],
    k: int,
    *,
    spherical: bool = False,
    seed: int = 0,
    threads: int | None = None,
    progress: OnProgress | None = None,
    stop: Stop | None = None,
) -> Clustering:
    """Divide (n, d) vectors into k clusters, nearly as well as `k_means` and much sooner.

    The arguments are those of `k_means`. The history has the last assignment only: objectives of
    different batches cannot be compared.
    """
    _check(vectors, k, 1, 0.0, 1)
    crew, work, report = Crew(threads, stop), _work(), progress or (lambda share: None)
    report(0.0)
    n = len(vectors)
    rows = rows_of(vectors, spherical, work, crew)
    random = np.random.default_rng(seed)
    centers = first_centers(rows, k, "k-means++", random, work, crew)
    report(0.3)
    order = random.permutation(n) if n > LEAST_ROWS else np.arange(n)
    rounds_done, size = 0, 0
    for number, share in enumerate(BATCHES):
        size = min(n, max(LEAST_ROWS, 20 * k, min(n, LARGEST_BATCH) // share))
        batch = rows.sample(np.sort(order[:size]) if size < n else None)
        lloyd = Lloyd(batch, centers, spherical=spherical, work=work, crew=crew)
        found = lloyd.run(1e-4, ROUNDS, enough=ENOUGH)
        centers, rounds_done = found.centers, rounds_done + len(found.history) - 1
        report(0.3 + 0.15 * (number + 1))
        if size == n and (found.converged or number == len(BATCHES) - 1):
            break
    if size < n:
        lloyd = Lloyd(rows, centers, spherical=spherical, work=work, crew=crew)
        lloyd.assign(begin=True)
    inertia = lloyd.inertia()
    labels = lloyd.center_of[lloyd.labels]
    report(1.0)
    method = (
        f"preview: {'spherical ' * spherical}k-means, k = {k:,}, {rounds_done} rounds on batches "
        f"up to {size:,} rows, seeding on {min(n, seeding_sample(k)):,}, seed {seed}"
    )
    outcome = Rounds(labels, centers, [inertia], found.converged)
    return clustering_of(rows, outcome, inertia, seed, method)
