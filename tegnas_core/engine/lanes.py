"""`Lanes`, a number type for compiled loops: one number for each of LANES cotangents, in one vector register.

In a numba function

    dz = load(cotangent, p)         # row p of an array (P, LANES); of an array (P,): its number p in every lane
    total = weight * dz + total     # arithmetic on all lanes at once; + and - and *, with a plain number or Lanes
    store(cotangent, p, total)      # into row p

do what the same lines would do inside a loop over the lanes. That loop is left out, since a compiler must first
prove that no two arrays overlap; where it cannot, it uses no vector instructions and keeps sums in memory. Arrays
must be C-contiguous; rows are not checked against their length.
"""

import operator

import numba
from llvmlite import binding, ir
from numba.core import types
from numba.core.datamodel import models
from numba.core.errors import TypingError
from numba.extending import intrinsic, overload, register_model

# As many 32-bit numbers as one register of this processor holds.
LANES = 16 if binding.get_host_cpu_features().get("avx512f") else 8


# contract: a multiplication and an addition may become one instruction; no sum is reordered, so that numbers are
# the same on every run. The cache of a file does not notice a change in another: after a change here, remove it.
compiled = numba.njit(cache=True, nogil=True, boundscheck=False, error_model="numpy", fastmath={"contract"})


class _LanesType(types.Type):
    """The type of a value with LANES numbers of type `dtype`."""

    def __init__(self, dtype: types.Type) -> None:
        self.dtype = dtype
        super().__init__(name=f"Lanes({dtype})")


@register_model(_LanesType)
class _LanesModel(models.PrimitiveModel):
    """How a value is held: as a vector."""

    def __init__(self, manager, lanes) -> None:
        super().__init__(manager, lanes, ir.VectorType(manager.lookup(lanes.dtype).get_value_type(), LANES))


@intrinsic
def load(typing_context, array, row):
    """Return row `row` of an array (P, LANES), or of an array (P,) its number `row` in every lane."""

    def generate(context, builder, signature, arguments):
        pointer = _pointer(context, builder, signature.args[0], *arguments)
        value = builder.load(pointer)
        value.align = _alignment(context, array)
        return value if array.ndim == 2 else _in_every_lane(builder, value)

    return _LanesType(array.dtype)(array, types.intp), generate


@intrinsic
def store(typing_context, array, row, value):
    """Write a value into row `row` of an array (P, LANES)."""

    def generate(context, builder, signature, arguments):
        pointer = _pointer(context, builder, signature.args[0], *arguments[:2])
        builder.store(arguments[2], pointer).align = _alignment(context, array)
        return context.get_dummy_value()

    return types.void(array, types.intp, value), generate


@intrinsic
def zero(typing_context, array):
    """Return 0 in every lane, in the precision of an array."""

    def generate(context, builder, signature, arguments):
        number = context.get_constant(array.dtype, 0)
        return ir.Constant(ir.VectorType(number.type, LANES), [number] * LANES)

    return _LanesType(array.dtype)(array), generate


@intrinsic
def where_positive(typing_context, mask, value):
    """Return a value in the lanes where the mask is above 0, and 0 in the others."""

    def generate(context, builder, signature, arguments):
        nothing = ir.Constant(arguments[0].type, [0.0] * LANES)
        return builder.select(builder.fcmp_ordered(">", arguments[0], nothing), arguments[1], nothing)

    return value(mask, value), generate


def _pointer(context, builder, array, value, row):
    """Return the address of a row, as one of vectors for an array (P, LANES)."""
    if array.layout != "C":
        raise TypingError("lanes are rows of C-contiguous arrays")
    data = context.make_array(array)(context, builder, value).data
    if array.ndim == 2:
        data = builder.bitcast(data, ir.VectorType(context.get_data_type(array.dtype), LANES).as_pointer())
    return builder.gep(data, [row])


def _alignment(context, array) -> int:
    return context.get_abi_sizeof(context.get_data_type(array.dtype))


def _in_every_lane(builder, number):
    vector = ir.VectorType(number.type, LANES)
    first = builder.insert_element(ir.Constant(vector, ir.Undefined), number, ir.Constant(ir.IntType(32), 0))
    order = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(first, first, order)


def _define(symbol, instruction: str) -> None:
    """Give Lanes an arithmetic operation, with Lanes or a plain number on either side."""

    @intrinsic
    def apply(typing_context, a, b):
        lanes = a if isinstance(a, _LanesType) else b
        operands = [side if isinstance(side, _LanesType) else lanes.dtype for side in (a, b)]

        def generate(context, builder, signature, arguments):
            vectors = [
                value if isinstance(side, _LanesType) else _in_every_lane(builder, value)
                for side, value in zip(operands, arguments, strict=True)
            ]
            # contract: a multiplication and an addition may become one instruction, with one rounding
            return getattr(builder, instruction)(*vectors, flags=("contract",))

        return lanes(*operands), generate

    @overload(symbol)
    def operation(a, b):
        if isinstance(a, _LanesType) or isinstance(b, _LanesType):
            return lambda a, b: apply(a, b)
        return None


_define(operator.add, "fadd")
_define(operator.sub, "fsub")
_define(operator.mul, "fmul")
