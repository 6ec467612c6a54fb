"""The innermost steps of the fast reverse pass, in vector instructions.

`one_tap(slab, s, target, t, gradient, d, weight, v)` does for all lanes b at once what these lines say:

    dz = slab[s + b]
    target[t + b] += weight * dz                         # gradient of the input
    gradient[d + b] += v * dz                            # gradient of the weight

and `nine_taps(slab, top, row, target, t, gradient, d, weights, v)` the same for a whole 3×3 window:

    for k in range(9):                                   # its taps, row by row
        dz = slab[top + (2 - k // 3) * row + (2 - k % 3) * LANES + b]
        target[t + b] += weights[k] * dz
        gradient[d + k * LANES + b] += v * dz

Each dz is loaded once and used twice. A compiler given the plain loops must first prove that the arrays do not
overlap, and gives 0.5 to 0.8 times the speed (measured); so the vector instructions are spelled out here, which
is all this file does. `reverse_loops` is the only caller.
"""

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

LANES = 32  # cotangents that travel together
_VECTOR = 8  # lanes in one instruction


@intrinsic
def nine_taps(typing_context, slab, top, row, target, t, gradient, d, weights, v):
    """Add one pixel's share to `target` and `gradient`; flat arrays, offsets in elements (see the module)."""
    signature = types.void(slab, top, row, target, t, gradient, d, weights, v)

    def generate(context, builder, signature, arguments):
        _, top, row, _, t, _, d, weights, v = arguments
        slab, target, gradient = (
            context.make_array(signature.args[i])(context, builder, arguments[i]).data for i in (0, 3, 5)
        )
        emit = _Emitter(builder, context.get_data_type(signature.args[0].dtype))
        splat_weights = [emit.splat(builder.extract_value(weights, k)) for k in range(9)]
        splat_v = emit.splat(v)
        middle = builder.add(top, row)
        rows = (builder.add(middle, row), middle, top)  # window row 0 meets the slab's bottom row
        for lane in range(0, LANES, _VECTOR):
            sums = [emit.load(target, t, lane), emit.zero, emit.zero]  # three short chains, not one of nine
            for k in range(9):
                dz = emit.load(slab, rows[k // 3], (2 - k % 3) * LANES + lane)
                sums[k // 3] = emit.multiply_add(splat_weights[k], dz, sums[k // 3])
                total = emit.multiply_add(splat_v, dz, emit.load(gradient, d, k * LANES + lane))
                emit.store(total, gradient, d, k * LANES + lane)
            emit.store(builder.fadd(builder.fadd(sums[0], sums[1]), sums[2]), target, t, lane)
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def one_tap(typing_context, slab, s, target, t, gradient, d, weight, v):
    """Add one pixel's share through one weight; flat arrays, offsets in elements (see the module)."""
    signature = types.void(slab, s, target, t, gradient, d, weight, v)

    def generate(context, builder, signature, arguments):
        _, s, _, t, _, d, weight, v = arguments
        slab, target, gradient = (
            context.make_array(signature.args[i])(context, builder, arguments[i]).data for i in (0, 2, 4)
        )
        emit = _Emitter(builder, context.get_data_type(signature.args[0].dtype))
        splat_weight, splat_v = emit.splat(weight), emit.splat(v)
        for lane in range(0, LANES, _VECTOR):
            dz = emit.load(slab, s, lane)
            emit.store(emit.multiply_add(splat_weight, dz, emit.load(target, t, lane)), target, t, lane)
            emit.store(emit.multiply_add(splat_v, dz, emit.load(gradient, d, lane)), gradient, d, lane)
        return context.get_dummy_value()

    return signature, generate


class _Emitter:
    """The vector instructions that the taps are made of."""

    def __init__(self, builder: ir.IRBuilder, scalar: ir.Type) -> None:
        self.builder = builder
        self.vector = ir.VectorType(scalar, _VECTOR)
        self.alignment = 4 if scalar == ir.FloatType() else 8
        self.zero = ir.Constant(self.vector, [0.0] * _VECTOR)

    def splat(self, scalar: ir.Value) -> ir.Value:
        undefined = ir.Constant(self.vector, ir.Undefined)
        first = self.builder.insert_element(undefined, scalar, ir.Constant(ir.IntType(32), 0))
        lanes = ir.Constant(ir.VectorType(ir.IntType(32), _VECTOR), [0] * _VECTOR)
        return self.builder.shuffle_vector(first, undefined, lanes)

    def _pointer(self, base: ir.Value, offset: ir.Value, constant: int) -> ir.Value:
        index = self.builder.add(offset, ir.Constant(ir.IntType(64), constant))
        return self.builder.bitcast(self.builder.gep(base, [index]), self.vector.as_pointer())

    def load(self, base: ir.Value, offset: ir.Value, constant: int) -> ir.Value:
        value = self.builder.load(self._pointer(base, offset, constant))
        value.align = self.alignment
        return value

    def store(self, value: ir.Value, base: ir.Value, offset: ir.Value, constant: int) -> None:
        self.builder.store(value, self._pointer(base, offset, constant)).align = self.alignment

    def multiply_add(self, a: ir.Value, b: ir.Value, c: ir.Value) -> ir.Value:
        contract = ("contract",)  # one rounding where the processor has the instruction
        return self.builder.fadd(self.builder.fmul(a, b, flags=contract), c, flags=contract)
