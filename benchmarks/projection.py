"""Projections beside the programs people use: PCA, random projection, and UMAP's first map.

PCA of a memory map is measured in a process of its own, because what matters there is memory.
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import (
    available_cores,
    fresh_process,
    interleave,
    read_bandwidth,
    table,
    timed,
)
from explorer.projection.pca import pca
from explorer.projection.random_projection import random_projection
from explorer.projection.umap_learn import UmapSettings
from explorer.projection.umap_worker import UmapWorker

LARGE = 1_000_000, 300


def main() -> None:
    """Print three tables: PCA and random projection, PCA of 1M x 300 on disk, UMAP."""
    limit = read_bandwidth()
    print(f"{available_cores()} cores; memory is read at {limit / 1e9:.1f} GB/s\n")
    print(table(linear_maps(limit), "100,000 x 300, to two dimensions"), end="\n\n")
    print(table(mapped_pca(), "PCA of a 1,000,000 x 300 memory map, each in a fresh process"))
    print()
    print(table(umap_maps(), "UMAP, seconds to the map"))


def linear_maps(limit: float) -> list[dict[str, Any]]:
    """Ours and scikit-learn's on the same vectors, in turn."""
    from sklearn.decomposition import PCA
    from sklearn.random_projection import GaussianRandomProjection, SparseRandomProjection

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
        stored = np.lib.format.open_memmap(file, "w+", np.float32, (n, d))
        for start in range(0, n, 100_000):
            stored[start : start + 100_000] = spread_vectors(100_000, d, seed=start)
        del stored
        for program in ("ours", "scikit-learn", "ours", "scikit-learn"):
            run = fresh_process(MEASURED, str(file), program)
            seconds, extra = json.loads(run.output)
            rows.append({
                "program": program, "seconds": seconds, "MB beside the file": extra / 1e6,
                "file MB": n * d * 4 / 1e6, "whole process s": run.seconds,
            })  # fmt: skip
    return rows


DIRECT = """
import sys, time
import numpy as np
vectors = np.load(sys.argv[1])
start = time.perf_counter()
import umap
for _ in range(2):
    umap.UMAP(random_state=1).fit_transform(vectors)
    print(time.perf_counter() - start)
    start = time.perf_counter()
"""


def umap_maps() -> list[dict[str, Any]]:
    """The worker's first map (start and compilation included) and second, beside umap-learn's."""
    vectors = spread_vectors(5_000, 50)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    worker = UmapWorker()
    ours = []
    for seed in (1, 2):
        start = time.perf_counter()
        worker.submit(vectors, UmapSettings(seed=seed, metric="euclidean"), "bench").result()
        ours.append(time.perf_counter() - start)
    job = worker.submit(vectors, UmapSettings(seed=3, epochs=10**7), "long")
    while job.state != "running" or job.progress == 0:
        time.sleep(0.05)
    cancelled = timed(job.cancel)
    worker.close()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "vectors.npy"
        np.save(file, vectors)
        direct = [float(line) for line in fresh_process(DIRECT, str(file)).output.split()]
    return [
        {"what": "5,000 x 50, first map", "worker": ours[0], "umap-learn": direct[0],
         "ours is faster by": direct[0] / ours[0]},
        {"what": "5,000 x 50, next map", "worker": ours[1], "umap-learn": direct[1],
         "ours is faster by": direct[1] / ours[1]},
        {"what": "cancel a running map", "worker": cancelled},
    ]  # fmt: skip


def spread_vectors(n: int, d: int, seed: int = 0) -> np.ndarray:
    """(n, d) float32 around 30 centres, with variances that fall as in real vectors."""
    random = np.random.default_rng(seed)
    spread = (np.arange(1, d + 1) ** -0.4).astype(np.float32)
    centres = random.standard_normal((30, d), dtype=np.float32) * spread
    vectors = random.standard_normal((n, d), dtype=np.float32) * spread
    vectors += centres[random.integers(0, 30, n)]
    return vectors


if __name__ == "__main__":
    main()
