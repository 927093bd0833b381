"""Projections beside the programs people use: PCA, random projection, UMAP.

PCA of a memory map is measured in a process of its own, because what matters there is memory, and
UMAP's first map too, because umap-learn compiles in every process (our kernels are compiled once
on a machine: see `explorer.warm_up`; a run before the measured one does it). Beside every UMAP time
stands how good the map is, over 2,000 items: the share of their 15 nearest that are kept, and
trustworthiness (Venna & Kaski 2001).
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import real_vectors
from benchmarks.measure import (
    available_cores,
    fresh_process,
    interleave,
    read_bandwidth,
    table,
    timed,
    write_npy,
)
from explorer.projection.pca import pca, pca_preview
from explorer.projection.random_projection import random_projection
from explorer.projection.umap import Umap, UmapSettings
from explorer.projection.umap_learn import UmapLearnSettings
from explorer.projection.umap_worker import UmapWorker

LARGE = 1_000_000, 300
K = 15
SCORED = 2_000  # items whose neighbours are looked at


def main(*parts: str) -> None:
    """Print the tables, or those of some parts."""
    print(f"{available_cores()} cores\n")
    for part in parts or PARTS:
        print(PARTS[part](), end="\n\n", flush=True)


def linear_maps() -> list[dict[str, Any]]:
    """Ours and scikit-learn's on the same vectors, in turn; beside one reading of memory."""
    from sklearn.decomposition import PCA
    from sklearn.random_projection import GaussianRandomProjection, SparseRandomProjection

    limit = read_bandwidth()
    vectors = spread_vectors(100_000, 300)
    pairs = {
        "PCA": (lambda: pca(vectors), lambda: PCA(2).fit_transform(vectors)),
        "Gaussian projection": (
            lambda: random_projection(vectors),
            lambda: GaussianRandomProjection(2, random_state=1).fit_transform(vectors),
        ),
        "sparse projection": (
            lambda: random_projection(vectors, kind="sparse"),
            lambda: SparseRandomProjection(2, random_state=1).fit_transform(vectors),
        ),
    }
    rows = []
    for method, (ours, theirs) in pairs.items():
        seconds = interleave({"ours": ours, "scikit-learn": theirs}, rounds=7)
        rows.append({
            "method": method, "ours ms": seconds["ours"] * 1e3,
            "scikit-learn ms": seconds["scikit-learn"] * 1e3,
            "ours is faster by": seconds["scikit-learn"] / seconds["ours"],
            "one read ms": vectors.nbytes / limit * 1e3,
        })  # fmt: skip
    exact = PCA(2, svd_solver="full").fit(vectors[:20_000]).explained_variance_
    close = np.abs(pca(vectors[:20_000]).variances / exact - 1).max()
    rows[0]["variances differ by"] = f"{close:.0e}"
    return rows


MEASURED = """
import json, sys, threading, time
import numpy as np
from benchmarks.measure import anonymous_bytes
vectors = np.load(sys.argv[1], mmap_mode="r")
if sys.argv[2] == "ours":
    from explorer.projection.pca import pca
    run = lambda: pca(vectors)
else:
    from sklearn.decomposition import PCA
    run = lambda: PCA(2).fit_transform(vectors)
before, peak, done = anonymous_bytes(), 0, False
def watch():
    global peak
    while not done:
        peak = max(peak, anonymous_bytes())
        time.sleep(0.002)
watcher = threading.Thread(target=watch)
watcher.start()
start = time.perf_counter()
run()
seconds = time.perf_counter() - start
done = True
watcher.join()
print(json.dumps([seconds, peak - before]))
"""


def mapped_pca() -> list[dict[str, Any]]:
    """Time and memory beyond the mapped file."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "vectors.npy"
        n, d = LARGE
        write_npy(file, LARGE, lambda count, first: spread_vectors(count, d, seed=first))
        for program in ("ours", "scikit-learn", "ours", "scikit-learn"):
            run = fresh_process(MEASURED, str(file), program)
            seconds, extra = json.loads(run.output)
            rows.append({
                "program": program, "seconds": seconds, "MB beside the file": extra / 1e6,
                "file MB": n * d * 4 / 1e6, "whole process s": run.seconds,
            })  # fmt: skip
    return rows


def preview() -> dict[str, Any]:
    """How much sooner the preview is there than the exact map, and what it keeps."""
    n, d = LARGE
    vectors = np.empty((n, d), dtype=np.float32)
    for start in range(0, n, 100_000):
        vectors[start : start + 100_000] = spread_vectors(100_000, d, seed=start)
    seconds = interleave(
        {"preview": lambda: pca_preview(vectors), "exact": lambda: pca(vectors)}, rounds=3
    )
    first, exact = pca_preview(vectors), pca(vectors)
    return {
        "preview ms": seconds["preview"] * 1e3, "exact ms": seconds["exact"] * 1e3,
        "sooner by": seconds["exact"] / seconds["preview"],
        "variance kept": f"{first.variances.sum() / exact.variances.sum():.5f}",
        "axes from rows": first.sample,
    }  # fmt: skip


FRESH = """
import json, sys, time
start = time.perf_counter()
import numpy as np
vectors = np.load(sys.argv[1])
seconds = []
for round in range(3):
    if sys.argv[2] == "ours":
        from explorer.projection.umap import UmapSettings, umap
        made = umap(vectors, UmapSettings())
    else:
        import umap
        seed = {"random_state": 1} if sys.argv[2] == "seeded" else {}
        made = umap.UMAP(metric="cosine", **seed).fit_transform(vectors)
    seconds.append(time.perf_counter() - start)
    np.save(sys.argv[3], made)
    if round + 1 >= int(sys.argv[4]):
        break
    start = time.perf_counter()
print(json.dumps(seconds))
"""
PROGRAMS = {"ours": "ours", "umap-learn, a seed": "seeded", "umap-learn, no seed": "unseeded"}


def umap_maps(name: str, vectors: np.ndarray, rounds: int = 2) -> list[dict[str, Any]]:
    """A fresh process's first map and, in the same process, warm ones; with their quality.

    rounds : maps of a process; of 1, none is warm
    """
    fresh_process(
        'from explorer.warm_up import warm_up; warm_up(["projection.umap", "neighbors.graph"])'
    )
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        file, made = Path(folder) / "vectors.npy", Path(folder) / "map.npy"
        np.save(file, vectors)
        for title, program in PROGRAMS.items():
            run = fresh_process(FRESH, str(file), program, str(made), str(rounds))
            first, *warm = json.loads(run.output)
            kept, trust = kept_and_trust(vectors, np.load(made))
            rows.append({
                "vectors": name, "program": title, "first s": first,
                "warm s": min(warm, default=np.nan), f"{K}-NN kept": f"{kept:.4f}",
                "trustworthiness": f"{trust:.4f}",
            })  # fmt: skip
    ours = rows[0]
    for row in rows:
        row["ours is sooner, first"] = f"{row['first s'] / ours['first s']:.1f}x"
        row["ours is sooner, warm"] = f"{row['warm s'] / ours['warm s']:.1f}x"
    ours["program"] += f" (first frame {first_frame(vectors) * 1e3:.0f} ms; {recall(vectors)})"
    return rows


def umap_of_few() -> list[dict[str, Any]]:
    """10,000 of GloVe's words, or synthetic vectors where they are not there."""
    if real_vectors.are_there():
        return umap_maps("10,000 words x 100", real_vectors.glove(10_000)[1], rounds=3)
    return umap_maps("10,000 x 100, synthetic", spread_vectors(10_000, 100), rounds=3)


def umap_of_many() -> list[dict[str, Any]]:
    """Two real sets of 100,000, or synthetic vectors where the shared data is not there."""
    if not real_vectors.are_there():
        return umap_maps("100,000 x 100, synthetic", spread_vectors(100_000, 100))
    words, passages = real_vectors.trained_words(), real_vectors.passages()
    return [
        *umap_maps("100,000 words x 100", words),
        *umap_maps("100,000 passages x 100", passages),
    ]


def first_frame(vectors: np.ndarray) -> float:
    """Seconds until the first coordinates, PCA's, can be drawn."""
    return min(timed(lambda: Umap(vectors).coordinates()) for _ in range(3))


def recall(vectors: np.ndarray) -> str:
    """How the neighbours were found."""
    making = Umap(vectors, UmapSettings(epochs=1))
    while making.graph is None:
        making.advance(10)
    if not making.graph.sample:
        return "neighbours exact"
    return f"recall {making.graph.recall:.3f}"


def kept_and_trust(
    vectors: np.ndarray, placed: np.ndarray, k: int = K, items: int = SCORED
) -> tuple[float, float]:
    """Share of the k nearest by cosine that a map keeps, and trustworthiness, of some items."""
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    n = len(unit)
    rows = np.sort(np.random.default_rng(0).choice(n, min(n, items), replace=False))
    kept = wrong = 0
    for start in range(0, len(rows), 200):
        block = rows[start : start + 200]
        far = -(unit[block] @ unit.T)
        near = np.square(placed).sum(axis=1) - 2 * placed[block] @ placed.T
        own = np.arange(len(block))
        far[own, block] = near[own, block] = -np.inf
        shown = np.argpartition(near, k, axis=1)[:, : k + 1]
        values = np.take_along_axis(far, shown, 1)
        ranks = np.array(
            [np.searchsorted(np.sort(line), value) for line, value in zip(far, values, strict=True)]
        )
        kept += int(((ranks <= k) & (ranks > 0)).sum())
        wrong += int(np.maximum(ranks - k, 0).sum())
    q = len(rows)
    return kept / (q * k), 1 - 2 * wrong / (q * k * (2 * n - 3 * k - 1))


def worker() -> list[dict[str, Any]]:
    """Seconds of its first map (start and compilation included), the next, and a cancel."""
    vectors = spread_vectors(5_000, 50)
    process = UmapWorker()
    seconds = []
    for seed in (1, 2):
        job = process.submit(vectors, UmapLearnSettings(seed=seed), "bench")
        seconds.append(timed(job.result))
    job = process.submit(vectors, UmapLearnSettings(seed=3, epochs=10**7), "long")
    while job.state != "running" or job.progress == 0:
        time.sleep(0.05)
    cancelled = timed(job.cancel)
    process.close()
    return [{"5,000 x 50, first s": seconds[0], "next s": seconds[1], "cancel s": cancelled}]


def spread_vectors(n: int, d: int, seed: int = 0) -> np.ndarray:
    """(n, d) float32 around 30 centres, with variances that fall as in real vectors."""
    random = np.random.default_rng(seed)
    spread = (np.arange(1, d + 1) ** -0.4).astype(np.float32)
    centres = random.standard_normal((30, d), dtype=np.float32) * spread
    vectors = random.standard_normal((n, d), dtype=np.float32) * spread
    vectors += centres[random.integers(0, 30, n)]
    return vectors


UMAP = "UMAP, 15 neighbours: seconds of a process's first map, and of the next"
PARTS = {
    "linear": lambda: table(linear_maps(), "100,000 x 300, to two dimensions"),
    "preview": lambda: table([preview()], "PCA of 1,000,000 x 300 in memory: its preview first"),
    "mapped": lambda: table(mapped_pca(), "PCA of a mapped 1,000,000 x 300, in fresh processes"),
    "umap": lambda: table(umap_of_few(), UMAP),
    "umap_many": lambda: table(umap_of_many(), UMAP),
    "worker": lambda: table(worker(), "umap-learn in its worker process"),
}


if __name__ == "__main__":
    main()
