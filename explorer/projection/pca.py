"""Principal component analysis in one pass over blocks and another to project.

With centred rows x_i - m, the axes are the unit eigenvectors of the covariance matrix

    C = (1 / (n - 1)) sum_i (x_i - m)(x_i - m)^T,

largest eigenvalue first; an eigenvalue is the variance along its axis, their sum the total
variance, and a coordinate is (x_i - m).v (Jolliffe, Principal Component Analysis, 2nd ed. 2002).
C is summed block by block, so the vectors are never copied or centred as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from explorer.blocks import row_blocks
from explorer.errors import ExplorerError
from explorer.neighbors.threads import in_turn, one_blas_thread
from explorer.projection.eigen import Float64Array, largest_eigenpairs

SAMPLE = 20_000  # rows that tell a preview's axes
NEAR = 100.0  # standard deviations: up to there the mean may be subtracted after the product
BLOCK_BYTES = 1 << 21  # 2 MB of float32 rows
CENTRED_BYTES = 1 << 20  # 1 MB: the centred copy stays in the processor's own cache
NEAR_BYTES = 1 << 23
OnProgress = Callable[[float], None]
Done = TypeVar("Done")


class PCA(NamedTuple):
    """The first k principal components of n vectors.

    coordinates : (n, k) float32, centred, in the vectors' own unit
    axes : (k, d) unit vectors; the largest loading of each is positive, which fixes the sign
    mean : (d,) what was subtracted
    variances : (k,) along each axis, with n - 1 in the denominator
    total_variance : summed over all d dimensions
    sample : how many rows gave the axes, the mean and the total variance; 0 for all
    """

    coordinates: NDArray[np.float32]
    axes: Float64Array
    mean: Float64Array
    variances: Float64Array
    total_variance: float
    sample: int = 0

    @property
    def explained(self) -> Float64Array:
        """(k,) the share of the total variance that each axis keeps, from 0 to 1."""
        return self.variances / self.total_variance if self.total_variance > 0 else self.variances


def pca(
    vectors: NDArray[Any], components: int = 2, *, on_progress: OnProgress | None = None
) -> PCA:
    """Project (n, d) vectors onto their first principal components.

    components : from 1 to the smaller of n and d
    on_progress : called with the share done, from 0 to 1; what it raises stops the work

    Exact but for rounding: blocks are multiplied in float32 after a vector near the mean is
    subtracted, and summed in float64 (all in float64 where float32 would over- or underflow).
    Cost: n d^2 multiplications and two reads of the vectors, which may be a memory map; memory
    d^2 numbers and a block. With fewer vectors than dimensions, n^2 in place of d^2.
    """
    report = on_progress or (lambda share: None)
    found = principal_axes(vectors, components, on_progress=lambda share: report(0.75 * share))
    coordinates = project(
        vectors, found.mean, found.axes, on_progress=lambda share: report(0.75 + 0.25 * share)
    )
    return PCA(coordinates, found.axes, found.mean, found.variances, found.total_variance)


class PrincipalAxes(NamedTuple):
    """What `PCA` holds but for the coordinates: see there."""

    axes: Float64Array
    mean: Float64Array
    variances: Float64Array
    total_variance: float


def principal_axes(
    vectors: NDArray[Any], components: int = 2, *, on_progress: OnProgress | None = None
) -> PrincipalAxes:
    """The first principal components of (n, d) vectors, without projecting: one read of them."""
    vectors = np.asarray(vectors)
    n, d = vectors.shape
    if not 1 <= components <= min(n, d):
        raise ExplorerError(
            f"components must be from 1 to {min(n, d):,} for {n:,} vectors of {d:,} dimensions; "
            f"got {components:,}."
        )
    report = on_progress or (lambda share: None)
    report(0.0)
    mean, matrix, axes_from = _moments(vectors, lambda share: report(0.95 * share))
    if not np.isfinite(np.trace(matrix)):
        raise ExplorerError("The vectors hold numbers that are not finite: leave those rows out.")
    values, found = largest_eigenpairs(matrix, components)
    axes = axes_from(found)
    axes *= np.sign(axes[np.arange(components), np.abs(axes).argmax(axis=1)])[:, None]
    degrees = max(n - 1, 1)
    report(1.0)
    variances = np.maximum(values, 0) / degrees
    return PrincipalAxes(axes, mean, variances, float(np.trace(matrix)) / degrees)


def pca_preview(
    vectors: NDArray[Any], components: int = 2, *, sample: int = SAMPLE, seed: int = 0
) -> PCA:
    """All n vectors on the principal components of a sample of them: sooner, and almost as good.

    sample : rows, drawn without replacement; `pca` where there are no more
    The coordinates are exact for these axes, and so are their variances; the axes, the mean and the
    total variance are the sample's. With 20,000 rows the axes keep some 0.999 of the variance that
    the best ones keep, if those few stand out at all.
    Cost: one read of the vectors, and 2 n d k operations, on several threads.
    """
    vectors = np.asarray(vectors)
    n = len(vectors)
    if n <= sample:
        return pca(vectors, components)
    rows = np.sort(np.random.default_rng(seed).choice(n, sample, replace=False))
    found = pca(vectors[rows], components)
    near = bool(np.square(found.mean).sum() < NEAR**2 * found.total_variance)
    coordinates = project(vectors, found.mean, found.axes, near=near)
    if not np.isfinite(coordinates).all():
        raise ExplorerError("The vectors hold numbers that are not finite: leave those rows out.")
    variances = coordinates.var(axis=0, ddof=1, dtype=np.float64)
    return PCA(coordinates, found.axes, found.mean, variances, found.total_variance, sample)


AxesFrom = Callable[[Float64Array], Float64Array]


def _moments(
    vectors: NDArray[Any], report: OnProgress
) -> tuple[Float64Array, Float64Array, AxesFrom]:
    """The mean, a matrix with the eigenvalues of (n - 1) C, and how its vectors give axes."""
    n, d = vectors.shape
    if n < d:
        return _between_rows(vectors)
    near_mean = vectors[:: max(1, n // 256)].astype(np.float64).mean(axis=0)
    for dtype in (np.float32, np.float64):
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            mean, scatter = _scatter(vectors, near_mean.astype(dtype), report)
        if 1e-20 < np.trace(scatter) < 1e30:  # far from both ends of float32
            break
    return mean, scatter, lambda found: np.ascontiguousarray(found.T)


def _scatter(
    vectors: NDArray[Any], shift: NDArray[Any], report: OnProgress
) -> tuple[Float64Array, Float64Array]:
    """The mean and sum_i (x_i - m)(x_i - m)^T, from sums over shifted blocks."""
    n, d = vectors.shape
    total, products = np.zeros(d), np.zeros((d, d))
    block_bytes = max(BLOCK_BYTES, 4 * d * d)  # at least d rows: adding up costs d^2 a block

    def moments(rows: slice) -> tuple[int, NDArray[Any], NDArray[Any]]:
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            moved = np.subtract(vectors[rows], shift, dtype=shift.dtype, casting="same_kind")
            return int(rows.stop), moved.sum(axis=0), moved.T @ moved

    for done, part, product in _each(moments, list(row_blocks(n, d, block_bytes=block_bytes))):
        total += part
        products += product
        report(done / n)
    return shift + total / n, products - np.outer(total, total) / n


def _between_rows(vectors: NDArray[Any]) -> tuple[Float64Array, Float64Array, AxesFrom]:
    """Fewer rows than dimensions: the (n, n) products of centred rows share C's eigenvalues.

    If K u = l u for K = X X^T, then X^T u / sqrt(l) is an eigenvector of X^T X.
    """
    n, d = vectors.shape
    mean = vectors.mean(axis=0, dtype=np.float64)
    products = np.zeros((n, n))
    for columns in row_blocks(d, n):
        part = vectors[:, columns].astype(np.float64) - mean[columns]
        products += part @ part.T

    def axes_from(found: Float64Array) -> Float64Array:
        axes = np.empty((found.shape[1], d))
        for columns in row_blocks(d, n):
            axes[:, columns] = found.T @ (vectors[:, columns].astype(np.float64) - mean[columns])
        lengths = np.linalg.norm(axes, axis=1)
        empty = lengths <= 1e-10 * max(float(lengths.max()), np.finfo(np.float64).tiny)
        axes[~empty] /= lengths[~empty, None]
        if empty.any():  # no variance left: any directions at right angles to the others will do
            axes[empty] = np.random.default_rng(0).standard_normal((int(empty.sum()), d))
            for _ in range(2):
                axes[empty] = np.linalg.qr(
                    (axes - (axes @ axes[~empty].T) @ axes[~empty])[empty].T
                )[0].T
        return axes

    return mean, products, axes_from


def project(
    vectors: NDArray[Any], mean: Float64Array, axes: Float64Array, *, near: bool = False,
    on_progress: OnProgress | None = None,
) -> NDArray[np.float32]:  # fmt: skip
    """(n, k) coordinates (x_i - m).v along (k, d) axes, each block centred before the product.

    near : the mean is subtracted after it, which is sooner; for rows not far from the origin
    """
    vectors = np.asarray(vectors)
    n, d = vectors.shape
    coordinates = np.empty((n, len(axes)), dtype=np.float32)
    wide = max(np.abs(mean).max(), 1.0) > 1e15 or vectors.dtype == np.float64
    dtype = np.dtype(np.float64 if wide else np.float32)
    middle, directions = mean.astype(dtype), np.ascontiguousarray(axes.T, dtype=dtype)
    moved = (mean @ axes.T).astype(dtype)

    def place(rows: slice) -> int:
        with np.errstate(invalid="ignore", over="ignore"):
            if near:
                coordinates[rows] = vectors[rows] @ directions - moved
            else:
                coordinates[rows] = np.subtract(vectors[rows], middle, dtype=dtype) @ directions
        return int(rows.stop)

    block_bytes = NEAR_BYTES if near else CENTRED_BYTES
    for done in _each(place, list(row_blocks(n, d, block_bytes=block_bytes))):
        if on_progress is not None:
            on_progress(done / n)
    return coordinates


def _each(work: Callable[[slice], Done], blocks: list[slice]) -> Iterator[Done]:
    """The results of all blocks in order, by several threads where there are several blocks."""
    if len(blocks) == 1:
        yield work(blocks[0])
        return
    with one_blas_thread():
        yield from in_turn(work, blocks)
