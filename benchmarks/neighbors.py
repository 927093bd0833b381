"""Exact nearest neighbours beside their peers: one query, a thousand, and the graph of all.

Unit vectors, so that inner product, cosine and Euclidean distance rank alike and every program is
asked in the way it is fastest. A scan of n x d float32 numbers cannot be faster than reading them:
"of limit" is the share of the read bandwidth, measured in the same run, at which float32 numbers
would have been read; above 1 is only possible because the 8-bit copy is a quarter of the bytes.

A thousand queries wait for the matrix product, so they are run twice: with the BLAS kernels that
this machine chooses, and with those for AVX2 (OPENBLAS_CORETYPE=Haswell), in a process each.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import available_cores, fresh_process, interleave, read_bandwidth, table
from explorer.neighbors import QuantizedIndex, nearest_neighbors

SINGLE_SIZES = ((10_000, 100), (100_000, 100), (100_000, 300), (1_000_000, 100), (1_000_000, 300))
BATCH_SIZES = ((100_000, 100), (100_000, 300))
GRAPH_SIZE = (100_000, 100)
ONE_THREAD_BELOW = 1_000_000  # rows; so few, and peers answer one query sooner on one thread
K = 10
SINGLES = 10  # single queries timed together
PINNED = "Haswell"
Search = Callable[[np.ndarray], np.ndarray]  # (q, d) queries -> (q, K) row numbers


def main() -> None:
    """Print the tables: times, ratios, and how far each program is from the memory limit."""
    limit = read_bandwidth()
    print(f"{available_cores()} cores; memory is read at {limit / 1e9:.1f} GB/s\n", flush=True)
    print(table(single_queries(limit), f"One query at a time, k = {K}"), end="\n\n", flush=True)
    batch = "from benchmarks.neighbors import batch_queries; print(batch_queries())"
    for environment in ({}, {"OPENBLAS_CORETYPE": PINNED}):
        print(fresh_process(batch, environment=environment).output, end="\n\n", flush=True)
    print(table(graphs(), "Every row's 15 nearest others, in a fresh process"))


def single_queries(limit: float) -> list[dict[str, Any]]:
    """The rows of the first table."""
    rows = []
    for n, d in SINGLE_SIZES:
        vectors = unit_vectors(n, d)
        queries = vectors[np.random.default_rng(1).choice(n, SINGLES, replace=False)].copy()
        index = QuantizedIndex.build(vectors)
        programs = {
            "ours, 8-bit copy": partial(ours, vectors, index=index),
            "ours, full scan": partial(ours, vectors, norms=np.ones(n, dtype=np.float32)),
            **peers(vectors, threads=1 if n < ONE_THREAD_BELOW else available_cores()),
        }
        found = {name: search(queries) for name, search in programs.items()}
        seconds = interleave(
            {name: one_by_one(search, queries) for name, search in programs.items()}, rounds=5
        )
        for name, took in seconds.items():
            rate = vectors.nbytes / (took / SINGLES)
            rows.append({
                "vectors": f"{n:,} x {d}", "program": name,
                "ms a query": took / SINGLES * 1e3, "GB/s": rate / 1e9, "of limit": rate / limit,
                "ours is faster by": took / seconds["ours, 8-bit copy"],
                "same rows": shared(found[name], found["ours, full scan"]),
            })  # fmt: skip
    return rows


def batch_queries() -> str:
    """The second table, titled with the BLAS that it was measured with."""
    rows = []
    for n, d in BATCH_SIZES:
        vectors = unit_vectors(n, d)
        queries = vectors[np.random.default_rng(1).choice(n, 1000, replace=False)].copy()
        programs = {
            "ours": partial(ours, vectors, norms=np.ones(n, dtype=np.float32)),
            "NumPy argpartition": partial(by_argpartition, vectors),
            **peers(vectors, threads=available_cores()),
        }
        found = {name: search(queries) for name, search in programs.items()}
        seconds = interleave(
            {name: partial(search, queries) for name, search in programs.items()},
            rounds=3, warm_up=False,
        )  # fmt: skip
        for name, took in seconds.items():
            rows.append({
                "vectors": f"{n:,} x {d}", "program": name, "s for 1,000": took,
                "GFLOP/s": 2e3 * n * d / took / 1e9, "ours is faster by": took / seconds["ours"],
                "same rows": shared(found[name], found["ours"]),
            })  # fmt: skip
    return table(rows, f"1,000 queries at once, k = {K}; {blas()}")


def graphs() -> list[dict[str, Any]]:
    """The rows of the third table."""
    n, d = GRAPH_SIZE
    vectors = unit_vectors(n, d)
    sample = np.arange(0, n, n // 200)
    true = nearest_neighbors(vectors, vectors[sample], 15, exclude=sample).indices
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        np.save(Path(folder) / "vectors.npy", vectors)
        for name, code in GRAPHS.items():
            try:
                run = fresh_process(CALL.format(code), folder)
            except RuntimeError as error:
                print(f"{name} did not run: {str(error).splitlines()[-1]}")
                continue
            found = np.load(Path(folder) / "graph.npy")[sample]
            rows.append({
                "vectors": f"{n:,} x {d}", "program": name, "seconds": run.seconds,
                "slower than ours by": run.seconds / rows[0]["seconds"] if rows else 1.0,
                "recall": shared(found, true),
            })  # fmt: skip
    return rows


CALL = """
import sys, numpy as np
vectors = np.load(sys.argv[1] + "/vectors.npy")
{}
np.save(sys.argv[1] + "/graph.npy", found)
"""
GRAPHS = {  # each sets `found`, (n, 15) row numbers without the row itself
    "ours, approximate": """
from explorer.neighbors import approximate_graph
found = approximate_graph(vectors, 15).indices""",
    "ours, exact": """
from explorer.neighbors import exact_graph
found = exact_graph(vectors, 15).indices""",
    "pynndescent": """
from pynndescent import NNDescent
found = NNDescent(vectors, n_neighbors=16, random_state=1).neighbor_graph[0][:, 1:]""",
}


def unit_vectors(n: int, d: int) -> np.ndarray:
    """(n, d) float32 unit rows around 50 centres, with variances that fall as in real vectors."""
    random = np.random.default_rng(0)
    spread = (np.arange(1, d + 1) ** -0.4).astype(np.float32)
    centres = random.standard_normal((50, d), dtype=np.float32)
    vectors = random.standard_normal((n, d), dtype=np.float32)
    vectors += centres[random.integers(0, 50, n)]
    vectors *= spread
    vectors /= np.sqrt(np.vecdot(vectors, vectors))[:, None]
    return vectors


def ours(vectors: np.ndarray, queries: np.ndarray, **options: Any) -> np.ndarray:
    """Row numbers by this program."""
    return nearest_neighbors(vectors, queries, K, metric="dot", **options).indices


def peers(vectors: np.ndarray, threads: int) -> dict[str, Search]:
    """Each peer, made ready on the vectors; those not installed are left out."""
    found: dict[str, Search] = {}
    try:
        import faiss

        flat = faiss.IndexFlatIP(vectors.shape[1])
        flat.add(vectors)
        for count in sorted({1, threads}):
            found[f"faiss IndexFlatIP, {count} thread{'s' * (count > 1)}"] = partial(
                by_faiss, faiss, flat, count
            )
    except ImportError:
        print("faiss is not installed: pip install faiss-cpu")
    try:
        from usearch.index import MetricKind
        from usearch.index import search as usearch_exact

        found["usearch exact"] = lambda queries: (
            usearch_exact(vectors, queries, K, MetricKind.IP, exact=True, threads=threads)
            .keys.reshape(len(queries), K)
        )  # fmt: skip
    except ImportError:
        print("usearch is not installed: pip install usearch")
    if len(vectors) < ONE_THREAD_BELOW:  # it takes seconds a query beyond
        from sklearn.neighbors import NearestNeighbors

        brute = NearestNeighbors(n_neighbors=K, algorithm="brute").fit(vectors)
        found["scikit-learn brute"] = partial(brute.kneighbors, return_distance=False)
    return found


def by_faiss(faiss: Any, flat: Any, threads: int, queries: np.ndarray) -> np.ndarray:
    """Row numbers by a faiss index on so many threads."""
    faiss.omp_set_num_threads(threads)
    rows: np.ndarray = flat.search(queries, K)[1]
    return rows


def by_argpartition(vectors: np.ndarray, queries: np.ndarray) -> np.ndarray:
    """What one writes by hand: all scores, the K largest, sorted."""
    scores = queries @ vectors.T
    rows = np.argpartition(scores, -K, axis=1)[:, -K:]
    order = np.argsort(-np.take_along_axis(scores, rows, 1), axis=1)
    return np.take_along_axis(rows, order, 1)


def one_by_one(search: Search, queries: np.ndarray) -> Callable[[], Any]:
    """A run of SINGLES separate queries."""
    return lambda: [search(queries[row : row + 1]) for row in range(SINGLES)]


def shared(found: np.ndarray, true: np.ndarray) -> float:
    """The share of the true rows that were found."""
    hits = [len(set(a) & set(b)) for a, b in zip(found.tolist(), true.tolist(), strict=True)]
    return sum(hits) / true.size


def blas() -> str:
    """The BLAS libraries of this process and the kernels they chose."""
    from threadpoolctl import threadpool_info

    kinds = {
        f"{library['internal_api']} {library.get('architecture', '')}"
        for library in threadpool_info() if library["user_api"] == "blas"
    }  # fmt: skip
    return "BLAS: " + ", ".join(sorted(kinds))


if __name__ == "__main__":
    main()
