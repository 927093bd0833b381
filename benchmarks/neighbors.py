"""Exact nearest neighbours beside their peers: one query, a thousand, and the graph of all.

Unit vectors, so that inner product, cosine and Euclidean distance rank alike and every program is
asked in the way it is fastest. All take turns, round after round; medians and best times are both
given, and ratios of medians. A scan of n x d float32 numbers cannot be faster than reading them, so
reading them (an inner product with themselves, on one thread and on all, handed out as our own scan
hands out its halves) takes its turn too; faster than that is only the 8-bit copy, which is a
quarter of the bytes. Of a matrix not much larger than the processor's last cache, a good part is
read from there; so each time is also given as a share of what reading as many bytes from memory
takes, at the bandwidth measured on an array far larger than any cache.

A thousand queries wait for the matrix product, so they are run twice: with the BLAS kernels that
this machine chooses, and with those for AVX2 (OPENBLAS_CORETYPE=Haswell), in a process each.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.measure import (
    available_cores,
    fresh_process,
    in_rounds,
    read_bandwidth,
    table,
)
from explorer.neighbors import QuantizedIndex, nearest_neighbors, quantized
from explorer.neighbors.threads import one_blas_thread, side_by_side

SINGLE_SIZES = ((10_000, 100), (100_000, 100), (100_000, 300))
MILLION_SIZES = ((1_000_000, 100), (1_000_000, 300))
BATCH_SIZES = ((100_000, 100), (100_000, 300))
GRAPH_SIZE = (100_000, 100)
ONE_THREAD_BELOW = 1_000_000  # rows; so few, and peers answer one query sooner on one thread
K = 10
SINGLES = 10  # single queries timed together
SINGLE_ROUNDS, BATCH_ROUNDS = 7, 5
PINNED = "Haswell"
Search = Callable[[np.ndarray], np.ndarray]  # (q, d) queries -> (q, K) row numbers


def main(*parts: str) -> None:
    """Print the tables: times, ratios, and how far each program is from the memory limit."""
    print(f"{available_cores()} cores\n", flush=True)
    for part in parts or PARTS:
        PARTS[part]()


def single(sizes: Sequence[tuple[int, int]]) -> None:
    print(table(single_queries(sizes), f"One query at a time, k = {K}"), end="\n\n", flush=True)


def batch() -> None:
    code = "from benchmarks.neighbors import batch_queries; print(batch_queries())"
    for environment in ({}, {"OPENBLAS_CORETYPE": PINNED}):
        print(fresh_process(code, environment=environment).output, end="\n\n", flush=True)


def graph() -> None:
    print(table(graphs(), "Every row's 15 nearest others, in a fresh process"))


PARTS: dict[str, Callable[[], None]] = {
    "single": partial(single, SINGLE_SIZES),
    "million": partial(single, MILLION_SIZES),
    "batch": batch,
    "graph": graph,
}


def single_queries(sizes: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    """The rows of the first table."""
    rows = []
    bandwidth = read_bandwidth()
    print(f"Memory is read at {bandwidth / 1e9:.1f} GB/s.", flush=True)
    for n, d in sizes:
        vectors = unit_vectors(n, d)
        queries = vectors[np.random.default_rng(1).choice(n, SINGLES, replace=False)].copy()
        index = QuantizedIndex.build(vectors)
        programs = {
            "ours, 8-bit copy": partial(ours, vectors, index=index),
            "ours, 8-bit copy, 1 thread": partial(on_one_thread, vectors, index=index),
            "ours, full scan": partial(ours, vectors, norms=np.ones(n, dtype=np.float32)),
            "ours, full scan, no norms given": partial(ours, vectors),
            **peers(vectors, threads=1 if n < ONE_THREAD_BELOW else available_cores()),
        }
        found = {name: search(queries) for name, search in programs.items()}
        readers = {f"reading, {t} thread{'s' * (t > 1)}": t for t in {1, available_cores()}}
        seconds = in_rounds(
            {name: one_by_one(search, queries) for name, search in programs.items()}
            | {name: partial(read, vectors, threads) for name, threads in readers.items()},
            rounds=SINGLE_ROUNDS,
        )
        middle = {name: median(times) / SINGLES for name, times in seconds.items()}
        reading = min(middle[name] for name in readers)
        for name, took in middle.items():
            rows.append({
                "vectors": f"{n:,} x {d}", "program": name, "ms a query": took * 1e3,
                "best ms": min(seconds[name]) / SINGLES * 1e3, "GB/s": vectors.nbytes / took / 1e9,
                "of reading": took / reading, "of memory": took * bandwidth / vectors.nbytes,
                "ours is faster by": took / middle["ours, 8-bit copy"],
                "same rows": shared(found[name], found["ours, full scan"]) if name in found else "",
            })  # fmt: skip
    return rows


def batch_queries() -> str:
    """The second table, titled with the BLAS that it was measured with."""
    rows = []
    for n, d in BATCH_SIZES:
        vectors = unit_vectors(n, d)
        queries = vectors[np.random.default_rng(1).choice(n, 1000, replace=False)].copy()
        index = QuantizedIndex.build(vectors)
        programs = {
            "ours, 8-bit copy": partial(ours, vectors, index=index),
            "ours, matrix product": partial(ours, vectors, norms=np.ones(n, dtype=np.float32)),
            "NumPy argpartition": partial(by_argpartition, vectors),
            **peers(vectors, threads=available_cores()),
        }
        found = {name: search(queries) for name, search in programs.items()}
        programs["making the 8-bit copy"] = lambda _, v=vectors: QuantizedIndex.build(v)
        seconds = in_rounds(
            {name: partial(search, queries) for name, search in programs.items()},
            rounds=BATCH_ROUNDS, warm_up=False,
        )  # fmt: skip
        fastest = median(seconds["ours, 8-bit copy"])
        for name, times in seconds.items():
            rows.append({
                "vectors": f"{n:,} x {d}", "program": name, "s for 1,000": median(times),
                "best s": min(times), "GFLOP/s": 2e3 * n * d / median(times) / 1e9,
                "ours is faster by": median(times) / fastest,
                "same rows": (
                    shared(found[name], found["ours, matrix product"]) if name in found else ""
                ),
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


def on_one_thread(vectors: np.ndarray, queries: np.ndarray, **options: Any) -> np.ndarray:
    """The same, the 8-bit copy read by one thread whatever its size."""
    before, quantized.THREADS_FROM = quantized.THREADS_FROM, sys.maxsize
    try:
        return ours(vectors, queries, **options)
    finally:
        quantized.THREADS_FROM = before


def read(vectors: np.ndarray, threads: int) -> None:
    """Read all numbers once for each query."""
    parts = np.array_split(vectors.reshape(-1), threads)
    with one_blas_thread():
        for _ in range(SINGLES):
            side_by_side(lambda at: np.dot(parts[at], parts[at]), threads)


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
