"""What is in a space, in numbers: size, duplicates, zeros, norms, and which similarity may fit.

Two passes over the vectors in blocks and a sample of 10,000 rows: 1,000,000 x 300 take about a
second, and no second copy of them.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.blocks import row_blocks
from explorer.space import EmbeddingSpace, Finding, FloatArray, IntArray

SAMPLE = 10_000  # rows, for all that need not be counted exactly
PAIRS = 10_000
SEED = 0
SAME_LENGTH = 1e-3  # norms that differ by less, relative to the median, count as one length
CORRELATED = 0.3  # rank correlation from which one is worth telling
FEW = 50  # rows below which no correlation is told
EXAMPLES = 3
REPEATED = "repeated names"  # as explorer/formats/assemble.py calls them in its findings


@dataclass(frozen=True)
class Check:
    """The numbers of one space.

    dtype : of the numbers as they were read; a space keeps them as float32
    repeated_names : names that an earlier row had too, numbered on reading
    duplicate_vectors : rows whose vector an earlier row has too
    duplicate_examples : some of them, (earlier item, later item)
    zero_rows, non_finite_rows : rows of zeros alone; rows that hold an infinity or NaN
    norms : minimum, lower quartile, median, upper quartile, maximum of the finite norms
    pair_cosine, pair_spread : mean and standard deviation over 10,000 random pairs of different
        rows; random directions would give 0 and 1 / sqrt(dimensions)
    similarity : the name of the metric that may fit, for the `reason` given
    findings : what reading the file met, and what was done about it
    """

    name: str
    source: str
    items: int
    dimensions: int
    dtype: str
    repeated_names: int
    duplicate_vectors: int
    duplicate_examples: tuple[tuple[str, str], ...]
    zero_rows: int
    non_finite_rows: int
    norms: tuple[float, float, float, float, float]
    pair_cosine: float
    pair_spread: float
    similarity: str
    reason: str
    findings: tuple[Finding, ...]


def check(space: EmbeddingSpace) -> Check:
    """Count, measure and guess."""
    usable = _finite_rows(space)
    repeated = list(duplicate_rows(space.vectors))
    pair_cosine, pair_spread = _random_pairs(space, usable)
    similarity, reason = guess_similarity(space)
    return Check(
        name=space.name,
        source=str(space.provenance),
        items=len(space),
        dimensions=space.dimensions,
        dtype=space.provenance.dtype,
        repeated_names=sum(
            found.count for found in space.provenance.findings if found.what == REPEATED
        ),
        duplicate_vectors=len(repeated),
        duplicate_examples=tuple(
            (space.items[first], space.items[later]) for first, later in repeated[:EXAMPLES]
        ),
        zero_rows=sum(not space.vectors[row].any() for row in np.flatnonzero(space.norms == 0)),
        non_finite_rows=len(space) - len(usable),
        norms=_quartiles(space.norms),
        pair_cosine=pair_cosine,
        pair_spread=pair_spread,
        similarity=similarity,
        reason=reason,
        findings=space.provenance.findings,
    )


def format_check(checked: Check) -> str:
    """The numbers as lines of text for a terminal."""
    smallest, lower, median, upper, largest = checked.norms
    by_chance = 1 / np.sqrt(checked.dimensions)
    examples = ", ".join(f"{later} = {first}" for first, later in checked.duplicate_examples)
    lines = {
        "items": f"{checked.items:,}",
        "dimensions": f"{checked.dimensions:,}",
        "numbers": checked.dtype + ("" if checked.dtype == "float32" else ", kept as float32"),
        "repeated names": f"{checked.repeated_names:,}",
        "equal vectors": f"{checked.duplicate_vectors:,}" + (f" ({examples})" if examples else ""),
        "zero rows": f"{checked.zero_rows:,}",
        "non-finite rows": f"{checked.non_finite_rows:,}",
        "norms": f"{smallest:.4g} to {largest:.4g}; quartiles {lower:.4g}, {median:.4g}, "
        f"{upper:.4g}",
        "random pairs": f"cosine {checked.pair_cosine:.3f} on average, spread "
        f"{checked.pair_spread:.3f} (random directions: 0 and {by_chance:.3f})",
        "similarity": f"{checked.similarity}, perhaps: {checked.reason}",
    }
    told = [*lines.items(), *(("reading met", str(finding)) for finding in checked.findings)]
    return "\n".join([checked.source, *(_line(name, text) for name, text in told)])


def _line(name: str, text: str) -> str:
    """A name and its text, wrapped into a column beside it."""
    indent = " " * 19
    first = f"  {name}".ljust(len(indent))
    return textwrap.fill(text, 100, initial_indent=first, subsequent_indent=indent)


def duplicate_rows(vectors: FloatArray) -> Iterator[tuple[int, int]]:
    """(earlier, later) for each row that equals an earlier one; -0 equals 0.

    [[1, 2], [3, 4], [1, 2]] -> (0, 2). Rows are compared only where their hashes are equal.
    """
    hashes = np.concatenate([row_hashes(vectors[rows]) for rows in row_blocks(*vectors.shape)])
    distinct, counts = np.unique(hashes, return_counts=True)
    first_with: dict[bytes, int] = {}
    for row in np.flatnonzero(np.isin(hashes, distinct[counts > 1])).tolist():
        first = first_with.setdefault((vectors[row] + np.float32(0)).tobytes(), row)
        if first != row:
            yield first, row


def row_hashes(block: FloatArray) -> NDArray[np.uint64]:
    """(b, d) float32 -> (b,) sums of the numbers' bits times odd weights, modulo 2^64."""
    weights = np.random.default_rng(SEED).integers(2**63, size=block.shape[1], dtype=np.uint64)
    bits = (block + np.float32(0)).view(np.uint32).astype(np.uint64)  # -0 + 0 is 0
    hashes: NDArray[np.uint64] = bits @ (2 * weights + 1)
    return hashes


def guess_similarity(space: EmbeddingSpace) -> tuple[str, str]:
    """The name of the metric that may fit, and why, in a sentence. A guess: files rarely say."""
    if space.trained_with is not None:
        return space.trained_with, "it is what these vectors were trained with."
    shortest, _, median, _, longest = _quartiles(space.norms)
    if longest - shortest <= SAME_LENGTH * median:
        return "cosine", f"all lengths are {median:.4g}, and then every metric ranks alike."
    rows = _spread_rows(space)
    sample = space.vectors[rows].astype(np.float64)
    if sample.min() >= 0:
        return "euclidean", (
            f"numbers from {sample.min():.4g} to {sample.max():.4g}, none negative, as pixels and "
            "measurements are: the distance takes them as they stand. Counts of words want cosine."
        )
    if _look_like_principal_components(sample):
        return "euclidean", (
            "each dimension varies less than the one before, around zero, as principal components "
            "do, and those keep Euclidean distances."
        )
    return "cosine", (
        f"lengths differ ({shortest:.3g} to {longest:.3g}{_told_correlation(space, rows)}) "
        "and the cosine leaves them out, as is usual for trained vectors. If the model was trained "
        "to be scored by the dot product, use that."
    )


def _finite_rows(space: EmbeddingSpace) -> IntArray:
    """Rows without an infinity or NaN; a norm may overflow where the numbers do not."""
    finite = np.isfinite(space.norms)
    for row in np.flatnonzero(~finite):
        finite[row] = np.isfinite(space.vectors[row]).all()
    return np.flatnonzero(finite)


def _quartiles(norms: FloatArray) -> tuple[float, float, float, float, float]:
    """Minimum, quartiles and maximum of the finite norms; zeros where none is finite."""
    finite = norms[np.isfinite(norms)].astype(np.float64)
    if len(finite) == 0:
        return 0.0, 0.0, 0.0, 0.0, 0.0
    smallest, lower, median, upper, largest = np.quantile(finite, (0, 0.25, 0.5, 0.75, 1)).tolist()
    return smallest, lower, median, upper, largest


def _spread_rows(space: EmbeddingSpace) -> IntArray:
    """Up to 10,000 finite rows, evenly spread over the space."""
    rows = np.linspace(0, len(space) - 1, min(len(space), SAMPLE)).astype(np.int64)
    return rows[np.isfinite(space.norms[rows])]


def _random_pairs(space: EmbeddingSpace, usable: IntArray) -> tuple[float, float]:
    """Mean and standard deviation of the cosine over random pairs of different usable rows."""
    if len(usable) < 2:
        return 0.0, 0.0
    random = np.random.default_rng(SEED)
    first = random.integers(len(usable), size=PAIRS)
    second = (first + random.integers(1, len(usable), size=PAIRS)) % len(usable)
    a, b = (space.vectors[usable[rows]].astype(np.float64) for rows in (first, second))
    lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    cosines = np.einsum("ij,ij->i", a, b) / np.where(lengths > 0, lengths, 1)
    return float(cosines.mean()), float(cosines.std())


def _look_like_principal_components(sample: NDArray[np.float64]) -> bool:
    if len(sample) < FEW or sample.shape[1] < 3:
        return False
    spreads = sample.std(axis=0)
    falling = rank_correlation(spreads, -np.arange(len(spreads))) > 0.95
    around_zero = np.abs(sample.mean(axis=0)).max() < 0.5 * spreads[0]
    return bool(falling and around_zero and spreads[0] > 2 * spreads[-1])


def _told_correlation(space: EmbeddingSpace, rows: IntArray) -> str:
    """The column that goes with the norms: ", and go with count: rank correlation -0.72" or ""."""
    if len(rows) < FEW:
        return ""
    columns = {name: space.metadata[name][rows] for name in space.metadata.of_kind("number")}
    columns["the row number"] = rows
    norms = space.norms[rows]
    strongest, correlation = "", 0.0
    for name, values in columns.items():
        known = np.isfinite(values)
        found = rank_correlation(values[known], norms[known])
        if abs(found) > abs(correlation):
            strongest, correlation = name, found
    if abs(correlation) < CORRELATED:
        return ""
    return f", and go with {strongest}: rank correlation {correlation:.2f}"


def rank_correlation(x: NDArray[np.generic], y: NDArray[np.generic]) -> float:
    """Spearman's rank correlation, from -1 to 1; 0 where either is constant. Ties share a rank."""
    a, b = _ranks(x), _ranks(y)
    if len(a) < 2 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])


def _ranks(values: NDArray[np.generic]) -> NDArray[np.float64]:
    """[10, 30, 10] -> [0.5, 2, 0.5]"""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks: NDArray[np.float64] = (np.cumsum(counts) - (counts + 1) / 2)[place]
    return ranks
