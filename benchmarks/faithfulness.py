"""Scores of a map beside scikit-learn, which has the first of them at one k.

The vectors are English words, as bundled, and their UMAP map; a random cloud of 100,000 stands for
larger spaces, of which a sample is scored. scikit-learn sorts an n x n matrix: at 20,000 that is
6 GB, so the two are measured beside each other at 5,000.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.measure import available_cores, interleave, table, timed
from explorer.catalog import open_bundled
from explorer.faithfulness import baseline_maps, measure_faithfulness, neighbor_ranks, rows_to_score
from explorer.faithfulness.trustworthiness import trustworthiness

BESIDE = 5_000
LARGE = 100_000
K = 15


def main() -> None:
    """Print two tables: beside scikit-learn, and ours alone at sizes that it cannot do."""
    print(f"{available_cores()} cores\n")
    print(table(beside_scikit_learn(), f"{BESIDE:,} x 100, Euclidean"), end="\n\n")
    print(table(larger(), "All scores at k = 5, 15, 50, exact ranks among all items"))


def beside_scikit_learn() -> list[dict[str, Any]]:
    """Trustworthiness at k = 15 alone, and all our scores at three k."""
    from sklearn.manifold import trustworthiness as theirs

    vectors, points = words(BESIDE)
    alone = neighbor_ranks(vectors, points, K, metric="euclidean")
    expected = theirs(vectors, points, n_neighbors=K)
    seconds = interleave({
        "scikit-learn, trustworthiness at 15": lambda: theirs(vectors, points, n_neighbors=K),
        "ours, trustworthiness at 15": lambda: neighbor_ranks(
            vectors, points, K, metric="euclidean"
        ),
        "ours, all scores at 5, 15, 50": lambda: measure_faithfulness(
            vectors, {"map": points}, metric="euclidean"
        ),
    }, rounds=3)  # fmt: skip
    slowest = seconds["scikit-learn, trustworthiness at 15"]
    rows: list[dict[str, Any]] = [
        {"what": name, "seconds": took, "faster by": slowest / took}
        for name, took in seconds.items()
    ]
    rows[0]["differs by"] = ""
    rows[1]["differs by"] = f"{abs(trustworthiness(alone, K) - expected):.0e}"
    return rows


def larger() -> list[dict[str, Any]]:
    """20,000 words, alone and with both baselines; a sample of 100,000 points."""
    vectors, points = words(20_000)
    with_baselines = {"map": points, **baseline_maps(vectors)}
    random = np.random.default_rng(0)
    cloud = random.standard_normal((LARGE, 100), dtype=np.float32)
    cloud *= 0.97 ** np.arange(100, dtype=np.float32)
    flat = {"PCA": baseline_maps(cloud)["PCA"]}
    runs = {
        "20,000 words, one map": lambda: measure_faithfulness(vectors, {"map": points}),
        "20,000 words, one map and two baselines": lambda: measure_faithfulness(
            vectors, with_baselines
        ),
        f"{len(rows_to_score(LARGE)):,} of {LARGE:,}, one map": lambda: measure_faithfulness(
            cloud, flat
        ),
    }
    return [{"what": name, "seconds": timed(run)} for name, run in runs.items()]


def words(count: int) -> tuple[np.ndarray, np.ndarray]:
    """The most frequent words and where the bundled UMAP map has them."""
    space = open_bundled("english")
    return space.vectors[:count], np.asarray(space.maps["UMAP"].coordinates[:count])


if __name__ == "__main__":
    main()
