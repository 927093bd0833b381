"""Arrays that a kernel only borrows: nobody counts who refers to them.

Numba counts the references to an array, at each call that takes it, by a locked instruction. In the
innermost loop that takes a tenth of the time, and more where threads share the array and pass the
counter to and fro. Whoever calls a kernel holds its arrays until it returns, so it need not count.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic


def borrowed_of(typing: Any, value: Any) -> Any:
    """The same array, or tuple of arrays and numbers, uncounted: only for arguments of a kernel."""

    def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return _uncounted(context, builder, signature.args[0], values[0])

    return value(value), code


borrowed = intrinsic(borrowed_of)


def _uncounted(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    if isinstance(kind, types.Array):
        array = context.make_array(kind)(context, builder, value)
        array.meminfo = ir.Constant(array.meminfo.type, None)
        return array._getvalue()
    if isinstance(kind, types.BaseTuple):
        parts = [
            _uncounted(context, builder, part, builder.extract_value(value, at))
            for at, part in enumerate(kind)
        ]
        return context.make_tuple(builder, kind, parts)
    return value
