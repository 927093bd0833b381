"""A tile of rows against a pack of eight points, by fused multiply-adds alone (LLVM vectors).

Written as plain loops, Numba keeps the running sums in memory; here they are spelled out as
vectors, which LLVM holds in registers: one number of a row is used for the whole pack, and one
load of the pack for the whole tile.
"""

from __future__ import annotations

from typing import Any

from llvmlite import binding, ir
from numba import types
from numba.core import cgutils

from explorer.machine_kernels import machine_code

LANES = 8  # points in a pack
TILE = (
    16 if binding.get_host_cpu_features().get("avx512vl") else 8
)  # rows: sums that registers hold
FLOAT, LONG, INDEX = ir.FloatType(), ir.IntType(64), ir.IntType(32)
PACK = ir.VectorType(FLOAT, LANES)
NONE = ir.Constant(PACK, ir.Undefined)


def _numbers(numbers: list[int]) -> Any:
    return ir.Constant(ir.VectorType(INDEX, len(numbers)), numbers)


class _Arrays:
    """The arguments of an intrinsic: flat arrays as addresses, whole numbers as they are."""

    def __init__(self, context: Any, builder: Any, signature: Any, values: Any) -> None:
        self._builder = builder
        self._values = [
            context.make_array(kind)(context, builder, value).data
            if isinstance(kind, types.Array)
            else value
            for kind, value in zip(signature.args, values, strict=True)
        ]

    def __iter__(self) -> Any:
        return iter(self._values)


def _at(builder: Any, pointer: Any, *factors: Any) -> Any:
    """The address of the number at the product of the factors."""
    place = ir.Constant(LONG, 1)
    for factor in factors:
        place = builder.mul(place, factor)
    return builder.gep(pointer, [place])


def _pack_at(builder: Any, pointer: Any) -> Any:
    return builder.bitcast(pointer, PACK.as_pointer())


def _tile(builder: Any, rows: Any, at: Any, pack: Any, width: Any, begin: Any) -> list[Any]:
    """TILE vectors: begin + sums over t < width of a row's number t times the pack's numbers t."""
    row = [
        builder.gep(rows, [builder.load(builder.gep(at, [ir.Constant(LONG, r)]))])
        for r in range(TILE)
    ]
    sums = [cgutils.alloca_once_value(builder, begin) for _ in range(TILE)]
    with cgutils.for_range(builder, width, intp=LONG) as loop:
        column = _pack_at(builder, _at(builder, pack, loop.index, ir.Constant(LONG, LANES)))
        column = builder.load(column, align=4)
        for r in range(TILE):
            x = builder.load(builder.gep(row[r], [loop.index]))
            x = builder.insert_element(NONE, x, ir.Constant(INDEX, 0))
            x = builder.shuffle_vector(x, NONE, _numbers([0] * LANES))
            product = builder.fmul(x, column, flags=["contract"])
            total = builder.fadd(builder.load(sums[r]), product, flags=["contract"])
            builder.store(total, sums[r])
    return [builder.load(total) for total in sums]


@machine_code
def compare(
    typing: Any, rows: Any, at: Any, packs: Any, start: Any, number: Any, width: Any, scores: Any,
    tops: Any, turn: Any,
) -> Any:  # fmt: skip
    """scores[turn, r, l] = start[p, l] + sum over t of rows[at[r] + t] packs[p, t, l], r < TILE.

    And tops[turn, r] = the largest of scores[turn, r]. All arrays flat: at int64, the others
    float32; p is `number`, t < `width`.
    """
    whole = types.int64

    def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        rows, at, packs, start, number, width, scores, tops, turn = _Arrays(
            context, builder, signature, values
        )
        lanes, tile = ir.Constant(LONG, LANES), ir.Constant(LONG, TILE)
        begin = builder.load(_pack_at(builder, _at(builder, start, number, lanes)), align=4)
        pack = _at(builder, packs, number, width, lanes)
        found = _tile(builder, rows, at, pack, width, begin)
        scores, tops = _at(builder, scores, turn, tile, lanes), _at(builder, tops, turn, tile)
        for r in range(TILE):
            place = builder.gep(scores, [ir.Constant(LONG, r * LANES)])
            builder.store(found[r], _pack_at(builder, place), align=4)
        even, odd = (_numbers(list(range(side, 2 * LANES, 2))) for side in (0, 1))
        for _ in range(LANES.bit_length() - 1):  # two vectors become one, of their pairs' maxima
            found = [
                _larger(
                    builder, builder.shuffle_vector(a, b, even), builder.shuffle_vector(a, b, odd)
                )
                for a, b in zip(found[::2], found[1::2], strict=True)
            ]
        for part, best in enumerate(found):
            place = builder.gep(tops, [ir.Constant(LONG, part * LANES)])
            builder.store(best, _pack_at(builder, place), align=4)
        return context.get_dummy_value()

    return types.void(rows, at, packs, start, whole, whole, scores, tops, whole), build


def _larger(builder: Any, one: Any, other: Any) -> Any:
    return builder.select(builder.fcmp_ordered(">", one, other), one, other)
