"""Exact nearest neighbours beside faiss, scikit-learn and plain NumPy: one query, and a thousand.

Unit vectors, so that inner product, cosine and Euclidean distance rank alike and every program is
asked in the way it is fastest. A scan of n x d float32 numbers cannot be faster than reading them:
"of limit" is the share of the read bandwidth, measured in the same run, that one query reaches.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from benchmarks.measure import available_cores, interleave, read_bandwidth, table
from explorer.neighbors import nearest_neighbors

SIZES = ((10_000, 100), (100_000, 100), (100_000, 300))
K = 10
SINGLES = 20  # single queries timed together
Search = Callable[[np.ndarray], np.ndarray]  # (q, d) queries -> (q, K) row numbers


def main() -> None:
    """Print two tables: seconds, ratios, and how far each program is from the memory limit."""
    limit = read_bandwidth()
    print(f"{available_cores()} cores; memory is read at {limit / 1e9:.1f} GB/s\n")
    single, batch = [], []
    for n, d in SIZES:
        vectors = unit_vectors(n, d)
        queries = vectors[np.random.default_rng(1).choice(n, 1000, replace=False)].copy()
        programs = searches(vectors)
        truth = programs["ours"](queries)
        seconds = interleave(
            {name: one_by_one(search, queries) for name, search in programs.items()}, rounds=7
        )
        for name, took in seconds.items():
            rate = vectors.nbytes / (took / SINGLES)
            single.append({
                "vectors": f"{n:,} x {d}", "program": name,
                "ms a query": took / SINGLES * 1e3, "GB/s": rate / 1e9, "of limit": rate / limit,
                "ours is faster by": took / seconds["ours"],
            })  # fmt: skip
        seconds = interleave(
            {name: partial(search, queries) for name, search in programs.items()}, rounds=5
        )
        for name, took in seconds.items():
            found = programs[name](queries)
            same = np.mean([len(set(a) & set(b)) / K for a, b in zip(found, truth, strict=True)])
            batch.append({
                "vectors": f"{n:,} x {d}", "program": name, "s for 1,000": took,
                "GFLOP/s": 2e3 * n * d / took / 1e9, "ours is faster by": took / seconds["ours"],
                "same rows": float(same),
            })  # fmt: skip
    print(table(single, "One query at a time, k = 10"), end="\n\n")
    print(table(batch, "1,000 queries at once, k = 10"))


def unit_vectors(n: int, d: int) -> np.ndarray:
    """(n, d) float32 unit rows around 50 centres, with variances that fall as in real vectors."""
    random = np.random.default_rng(0)
    spread = np.arange(1, d + 1) ** -0.4
    centres = random.standard_normal((50, d)) * spread
    vectors = centres[random.integers(0, 50, n)] + random.standard_normal((n, d)) * spread
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32)


def searches(vectors: np.ndarray) -> dict[str, Search]:
    """Each program, made ready on the vectors; those not installed are left out."""
    norms = np.linalg.norm(vectors, axis=1)
    found: dict[str, Search] = {
        "ours": lambda queries: (
            nearest_neighbors(vectors, queries, K, metric="dot", norms=norms).indices
        ),
        "NumPy argpartition": lambda queries: by_argpartition(vectors, queries),
    }
    try:
        import faiss

        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        found["faiss IndexFlatIP"] = lambda queries: index.search(queries, K)[1]
    except ImportError:
        print("faiss is not installed: pip install faiss-cpu")
    from sklearn.neighbors import NearestNeighbors

    brute = NearestNeighbors(n_neighbors=K, algorithm="brute").fit(vectors)
    found["scikit-learn brute"] = lambda queries: brute.kneighbors(queries, return_distance=False)
    return found


def by_argpartition(vectors: np.ndarray, queries: np.ndarray) -> np.ndarray:
    """What one writes by hand: all scores, the K largest, sorted."""
    scores = queries @ vectors.T
    rows = np.argpartition(scores, -K, axis=1)[:, -K:]
    order = np.argsort(-np.take_along_axis(scores, rows, 1), axis=1)
    return np.take_along_axis(rows, order, 1)


def one_by_one(search: Search, queries: np.ndarray) -> Callable[[], Any]:
    """A run of SINGLES separate queries."""
    return lambda: [search(queries[row : row + 1]) for row in range(SINGLES)]


if __name__ == "__main__":
    main()
