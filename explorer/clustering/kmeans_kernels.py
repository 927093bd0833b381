"""The assignment of k-means at the speed of the processor (Numba); told in `lloyd.py`.

Rows are worked on as (x - shift) factor, made block by block: the vectors are never copied as a
whole. Centres lie in packs (`pack_kernels.py`), (packs, d, LANES); a group is one pack or several,
and has one bound, or one for each few of its slots.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.clustering.pack_kernels import LANES, TILE, compare
from explorer.kernel_cache import njit
from explorer.machine_kernels import prefetch_row

BLOCK_BYTES = 1 << 18  # of copied rows: they stay in the processor's own cache
AHEAD = 6  # rows between asking for one and needing it
ANY_ORDER = {"reassoc", "contract", "nsz"}  # sums may be vectorised: every bound allows for it
WIDER = np.float32(1 + 2.0**-17)  # a distance known in float32 is at most this times what it says
ROUNDING = np.float32(2.0**-17)  # of squares that come from products, relative to their terms
CANCELLED = np.float32(2.0**-9)  # of a row's length: smaller squares are measured again
FAR = np.float32(3e38)
NEVER = np.float32(-1e37)  # the score of a slot that is empty, or out of the question
NOTHING = np.float32(0)
SMALLEST = 1e-70  # a squared length below it is none
Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


@njit(cache=True, nogil=True, error_model="numpy", fastmath=ANY_ORDER)  # type: ignore[untyped-decorator]
def assign(
    vectors: NDArray[Any], shift: NDArray[Any], factors: Floats, first: int, last: int, begin: bool,
    centers: Floats, packs: Floats, halves: Floats, wide: int,
    travelled: Floats, drift: Floats, slack: float,
    labels: Ints, upper: Floats, lower: Floats, sums: NDArray[np.float64], sizes: NDArray[np.int64],
    counted: NDArray[np.float64],
) -> None:  # fmt: skip
    """Rows first ... last - 1 to their nearest centres; bounds, sums and sizes follow.

    vectors (n, d); shift (d,); factors (n,), or (1,): one for all
    begin : nothing is known yet: labels, upper and lower are filled, whatever they hold
    centers (slots, d), slots = packs LANES; packs (packs, d, LANES) the same; halves (packs, LANES)
        -|c|^2 / 2, NEVER where a slot is empty; wide: packs in a group
    travelled (slots,), drift (bounds,) : the way that each centre, and at most any centre of a
        bound, has gone since the beginning
    slack : what rounding may have added to the two
    labels (n,) : slots
    upper (n,) : distance to the own centre is at most upper + travelled
    lower (bounds, n) : distance to all other centres of a bound is at least lower - drift; slot s
        is of bound s bounds // slots
    sums (slots, d), sizes (slots,) : of the rows of each cluster
    counted (3,) : += rows that changed, groups looked at, squared lengths (only with `begin`)
    """
    d, bounds, groups = vectors.shape[1], lower.shape[0], len(packs) // wide
    many, per = wide * LANES, bounds // groups  # slots and bounds of a group
    each = many // per
    one = len(factors) == 1
    size_of_block = max(4 * TILE, BLOCK_BYTES // (4 * d))
    flat, flat_halves = packs.reshape(-1), halves.reshape(-1)
    copies = np.empty((size_of_block, d), np.float32)
    flat_copies = copies.reshape(-1)
    least = np.empty(size_of_block, np.float32)
    row_of = np.empty(size_of_block, np.int64)
    length, best = np.empty(size_of_block, np.float32), np.empty(size_of_block, np.float32)
    reach, label = np.empty(size_of_block, np.float32), np.empty(size_of_block, np.int64)
    wanted = np.empty(size_of_block + TILE, np.int64)
    at = np.empty(TILE, np.int64)
    scores, tops = np.empty(wide * TILE * LANES, np.float32), np.empty(wide * TILE, np.float32)
    known = np.empty(many, np.float32)
    for start in range(first, last, size_of_block):
        size = min(size_of_block, last - start)
        if not begin:
            least[:size] = FAR
            for bound in range(bounds):
                gone, stored = drift[bound] + slack, lower[bound, start : start + size]
                for i in range(size):
                    low = stored[i] - gone
                    least[i] = low if low < least[i] else least[i]  # vectorised, which min is not
        waiting = 0
        for i in range(size):
            if begin or not upper[start + i] + travelled[labels[start + i]] < least[i]:
                wanted[waiting] = i
                waiting += 1
        count = 0
        for turn in range(waiting):
            if turn + AHEAD < waiting:
                prefetch_row(vectors, start + wanted[turn + AHEAD])
            i = wanted[turn]
            row = start + i
            factor = factors[0] if one else factors[row]
            square = np.float32(0)
            if begin:
                for t in range(d):
                    x = np.float32((vectors[row, t] - shift[t]) * factor)
                    copies[count, t] = x
                    square += x * x
                total = 0.0
                for t in range(d):
                    total += np.float64(copies[count, t]) * np.float64(copies[count, t])
                counted[2] += total
                best[count], label[count], reach[count] = FAR, -1, FAR
            else:
                slot = labels[row]
                away = np.float32(0)
                for t in range(d):
                    x = np.float32((vectors[row, t] - shift[t]) * factor)
                    copies[count, t] = x
                    square += x * x
                    away += (x - centers[slot, t]) * (x - centers[slot, t])
                reach[count] = np.sqrt(away) * WIDER
                if reach[count] < least[i]:
                    upper[row] = reach[count] - travelled[slot]
                    continue
                best[count], label[count] = away, slot
            length[count], row_of[count] = square, row
            count += 1
        if not count:
            continue
        for group in range(groups):
            base = group * many
            waiting = 0
            for i in range(count):
                near = begin
                if not begin:
                    for bound in range(group * per, (group + 1) * per):
                        near |= not reach[i] < lower[bound, row_of[i]] - (drift[bound] + slack)
                if near:
                    wanted[waiting] = i
                    waiting += 1
            if not waiting:
                continue
            counted[1] += waiting
            for i in range(waiting, waiting + TILE):
                wanted[i] = wanted[waiting - 1]
            for turn in range(0, waiting, TILE):
                for r in range(TILE):
                    at[r] = wanted[turn + r] * d
                for p in range(wide):
                    compare(
                        flat_copies, at, flat, flat_halves, group * wide + p, d, scores, tops, p
                    )
                for r in range(min(TILE, waiting - turn)):
                    i = wanted[turn + r]
                    row, pack = row_of[i], 0
                    for p in range(1, wide):
                        if tops[p * TILE + r] > tops[pack * TILE + r]:
                            pack = p
                    top = tops[pack * TILE + r]
                    nearest = length[i] - (top + top)
                    if nearest < best[i]:
                        place = (pack * TILE + r) * LANES
                        j = 0
                        while scores[place + j] < top:
                            j += 1
                        found = base + pack * LANES + j
                        if found != label[i]:
                            if label[i] >= 0:  # the bound that its nearest so far belongs to
                                left = label[i] // each
                                low = _at_least(best[i], length[i]) + drift[left]
                                lower[left, row] = min(lower[left, row], low)
                            best[i], label[i] = nearest, found
                            reach[i] = _at_most(nearest, length[i])
                    own = label[i] - base
                    if 0 <= own < many:
                        scores[(own // LANES * TILE + r) * LANES + own % LANES] = NEVER
                    for p in range(wide):
                        place = (p * TILE + r) * LANES
                        for j in range(LANES):
                            square = length[i] - (scores[place + j] + scores[place + j])
                            square -= ROUNDING * (length[i] + abs(square))
                            known[p * LANES + j] = np.sqrt(square if square > 0 else NOTHING)
                    if each == 1:
                        for j in range(LANES):
                            lower[base + j, row] = known[j] + drift[base + j]
                    else:
                        for bound in range(per):
                            low = FAR
                            for j in range(bound * each, (bound + 1) * each):
                                low = known[j] if known[j] < low else low
                            lower[group * per + bound, row] = low + drift[group * per + bound]
        for i in range(count):
            row, slot = row_of[i], label[i]
            upper[row] = reach[i] - travelled[slot]
            before = labels[row]
            if begin or slot != before:
                for t in range(d):
                    sums[slot, t] += copies[i, t]
                sizes[slot] += 1
                if not begin:
                    for t in range(d):
                        sums[before, t] -= copies[i, t]
                    sizes[before] -= 1
                labels[row] = slot
                counted[0] += 1


@njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _at_most(square: np.float32, length: np.float32) -> np.float32:
    """The distance that a square, known to within rounding of its terms, is at most."""
    largest: np.float32 = np.sqrt(abs(square) + ROUNDING * (length + abs(square)))
    return largest


@njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _at_least(square: np.float32, length: np.float32) -> np.float32:
    """The distance that a square, known to within rounding of its terms, is at least."""
    least = square - ROUNDING * (length + abs(square))
    return np.sqrt(least) if least > 0 else NOTHING


@njit(cache=True, nogil=True, error_model="numpy", fastmath=ANY_ORDER)  # type: ignore[untyped-decorator]
def squares(
    vectors: NDArray[Any], shift: NDArray[Any], factors: Floats, first: int, last: int,
    centers: Floats, labels: Ints, out: NDArray[np.float64],
) -> float:  # fmt: skip
    """The sum of squared distances from rows first ... last - 1 to their centres.

    out : (n,) filled with each, or empty
    """
    d = vectors.shape[1]
    one = len(factors) == 1
    everything = 0.0
    for row in range(first, last):
        factor = factors[0] if one else factors[row]
        vector, center = vectors[row], centers[labels[row]]
        total = 0.0
        for t in range(d):
            away = np.float64(np.float32((vector[t] - shift[t]) * factor)) - np.float64(center[t])
            total += away * away
        if len(out):
            out[row] = total
        everything += total
    return everything


@njit(cache=True, nogil=True, error_model="numpy", fastmath=ANY_ORDER)  # type: ignore[untyped-decorator]
def moments(
    vectors: NDArray[Any], about: NDArray[np.float64], first: int, last: int, factors: Floats,
    sums: NDArray[np.float64], counted: NDArray[np.float64],
) -> None:  # fmt: skip
    """sums (d,) += x - about; counted (2,) += |x - about|^2, rows without length.

    factors : (n,) filled with 1 / |x|, by which rows are then multiplied (0 for no length); or
        (0,): rows as they are
    """
    d = vectors.shape[1]
    for row in range(first, last):
        vector, total = vectors[row], 0.0
        if len(factors):
            for t in range(d):
                total += np.float64(vector[t]) * np.float64(vector[t])
            if np.isfinite(total):
                factor = np.float32(1 / np.sqrt(total)) if total > SMALLEST else np.float32(0)
                counted[1] += factor == 0
                factors[row] = factor
                total *= np.float64(factor) * np.float64(factor)
                for t in range(d):
                    sums[t] += np.float64(vector[t]) * np.float64(factor)
        else:
            for t in range(d):
                away = np.float64(vector[t]) - about[t]
                sums[t] += away
                total += away * away
        counted[0] += total


@njit(cache=True, nogil=True, error_model="numpy", fastmath=ANY_ORDER)  # type: ignore[untyped-decorator]
def potentials(
    vectors: NDArray[Any], shift: NDArray[Any], factors: Floats, first: int, last: int,
    weights: Floats, pack: Floats, best: Floats, found: Floats, left: NDArray[np.float64],
) -> None:  # fmt: skip
    """What the squared distances to the nearest seed become with each of a few points as the next.

    pack (d, LANES) : the points; weights (n,) : how often each row counts
    best (n,) : squared distances so far
    found (n, LANES) : filled, for rows first ... last - 1; left (LANES,) : += their weighted sums

    Squares come from products, where these leave enough digits; else from the differences, so that
    equal rows are at distance 0.
    """
    d = vectors.shape[1]
    one = len(factors) == 1
    copies, flat = np.empty((TILE, d), np.float32), pack.reshape(-1)
    flat_copies = copies.reshape(-1)
    scores, tops = np.empty(TILE * LANES, np.float32), np.empty(TILE, np.float32)
    at = np.arange(TILE) * d
    length, halves, sums = np.empty(TILE, np.float32), np.zeros(LANES, np.float32), np.zeros(LANES)
    for t in range(d):
        for c in range(LANES):
            halves[c] -= pack[t, c] * pack[t, c] / np.float32(2)
    for start in range(first, last, TILE):
        size = min(TILE, last - start)
        for r in range(size):
            factor = factors[0] if one else factors[start + r]
            square = np.float32(0)
            for t in range(d):
                x = np.float32((vectors[start + r, t] - shift[t]) * factor)
                copies[r, t] = x
                square += x * x
            length[r] = square
        compare(flat_copies, at, flat, halves, 0, d, scores, tops, 0)
        for r in range(size):
            nearest, weight = best[start + r], np.float64(weights[start + r])
            if length[r] - (tops[r] + tops[r]) < CANCELLED * length[r]:
                for c in range(LANES):
                    square = np.float32(0)
                    for t in range(d):
                        square += (copies[r, t] - pack[t, c]) ** 2
                    found[start + r, c] = min(square, nearest)
            else:
                for c in range(LANES):
                    square = length[r] - (scores[r * LANES + c] + scores[r * LANES + c])
                    found[start + r, c] = min(square, nearest)
            for c in range(LANES):
                sums[c] += found[start + r, c] * weight
    for c in range(LANES):
        left[c] += sums[c]
