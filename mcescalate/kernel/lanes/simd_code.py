"""What is compiled in place of the functions of `simd`; numba knows it once this is imported."""

import operator

from llvmlite import ir
from numba.core import types
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import lower_builtin, models, register_model

from mcescalate.kernel.lanes.simd import (
    OCTET,
    WIDTH,
    below,
    counted_from,
    greater,
    last,
    load,
    outside,
    same,
    shifted,
    store,
    total,
)


class OctetType(types.Type):
    """The type of an octet in compiled code."""

    def __init__(self):
        super().__init__(name="Octet")


_octet = OctetType()
_register = ir.VectorType(ir.DoubleType(), OCTET)
_int = ir.IntType(32)
_words = ir.VectorType(ir.IntType(32), WIDTH)


@register_model(OctetType)
class _OctetModel(models.PrimitiveModel):
    def __init__(self, manager, type_):
        super().__init__(manager, type_, _register)


def _compiles(function, result, *parameters):
    """Let `function` be what the decorated `(context, builder, types, values)` builds."""

    def register(build):
        class Template(AbstractTemplate):
            key = function

            def generic(self, arguments, keywords):
                if len(arguments) == len(parameters) and all(map(_fits, arguments, parameters)):
                    return signature(result, *arguments)
                return None

        infer_global(function)(Template)

        @lower_builtin(function, *parameters)
        def lower(context, builder, signature, values):
            return build(context, builder, signature.args, values)

        return build

    return register


def _fits(type_, parameter):
    is_stretch = not isinstance(type_, types.Array) or (type_.ndim, type_.layout) == (1, "C")
    return isinstance(type_, parameter) and is_stretch


def _widened(context, builder, type_, value):
    """An octet of what is one, or of a number."""
    if isinstance(type_, OctetType):
        return value
    number = context.cast(builder, value, type_, types.float64)
    return _repeated(builder, number, _register)


def _repeated(builder, value, register):
    one = builder.insert_element(ir.Constant(register, ir.Undefined), value, _int(0))
    return _picked(builder, one, one, [0] * register.count)


def _picked(builder, a, b, places):
    """Of the numbers of `a`, then `b`, those in `places`."""
    return builder.shuffle_vector(a, b, _constant([_int(place) for place in places]))


def _constant(numbers):
    return ir.Constant(ir.VectorType(numbers[0].type, len(numbers)), numbers)


def _address(context, builder, arguments, values, register):
    """Where a wide register is to be read or written, of an array and a place in it."""
    array = context.make_array(arguments[0])(context, builder, values[0])
    at = context.cast(builder, values[1], arguments[1], types.intp)
    return builder.bitcast(builder.gep(array.data, [at]), register.as_pointer())


@_compiles(load, _octet, types.Array, types.Integer)
def _(context, builder, arguments, values):
    return builder.load(_address(context, builder, arguments, values, _register), align=8)


@_compiles(store, types.none, types.Array, types.Integer, OctetType)
def _(context, builder, arguments, values):
    builder.store(values[2], _address(context, builder, arguments, values, _register), align=8)
    return context.get_dummy_value()


@_compiles(same, _octet, types.Number)
def _(context, builder, arguments, values):
    return _widened(context, builder, arguments[0], values[0])


@_compiles(counted_from, _octet, types.Integer)
def _(context, builder, arguments, values):
    first = _widened(context, builder, arguments[0], values[0])
    return builder.fadd(first, _constant([ir.DoubleType()(place) for place in range(OCTET)]))


@_compiles(shifted, _octet, OctetType, types.Float)
def _(context, builder, arguments, values):
    octet, lowest = values
    up = _picked(builder, octet, octet, [0, *range(OCTET - 1)])
    return builder.insert_element(up, lowest, _int(0))


@_compiles(last, types.float64, OctetType)
def _(context, builder, arguments, values):
    return builder.extract_element(values[0], _int(OCTET - 1))


@_compiles(total, types.float64, OctetType)
def _(context, builder, arguments, values):
    rest = values[0]
    for half in (4, 2, 1):
        low = _picked(builder, rest, rest, range(half))
        high = _picked(builder, rest, rest, range(half, 2 * half))
        rest = builder.fadd(low, high)
    return builder.extract_element(rest, _int(0))


@_compiles(
    outside, types.int64, types.Array, types.Integer, types.Array, types.Array, types.Integer
)
def _(context, builder, arguments, values):
    first, place = (arguments[1], values[1]), (arguments[4], values[4])
    drawn, low, high = (
        builder.load(
            _address(context, builder, (arguments[n], at), (values[n], value), _words), align=4
        )
        for n, at, value in ((0, *first), (2, *place), (3, *place))
    )
    is_outside = builder.or_(
        builder.icmp_unsigned("<", drawn, low), builder.icmp_unsigned(">", drawn, high)
    )
    return _bits(builder, is_outside)


@_compiles(below, types.int64, types.Array, types.Integer, types.Integer)
def _(context, builder, arguments, values):
    drawn = builder.load(_address(context, builder, arguments, values, _words), align=4)
    bound = context.cast(builder, values[2], arguments[2], types.int64)
    # One less than the bound is a word too.
    most = builder.trunc(builder.sub(bound, ir.Constant(bound.type, 1)), _int)
    return _bits(builder, builder.icmp_unsigned("<=", drawn, _repeated(builder, most, _words)))


def _bits(builder, truths):
    """Truths side by side as the bits of a number."""
    return builder.zext(builder.bitcast(truths, ir.IntType(WIDTH)), ir.IntType(64))


def _operate(operation, build):
    """Let `operation` on octets, or on an octet and a number, be what `build` builds."""
    for parameters in (
        (OctetType, OctetType),
        (OctetType, types.Number),
        (types.Number, OctetType),
    ):

        @_compiles(operation, _octet, *parameters)
        def _(context, builder, arguments, values):
            a, b = (
                _widened(context, builder, *both) for both in zip(arguments, values, strict=True)
            )
            return build(builder, a, b)


def _greater(builder, a, b):
    return builder.select(builder.fcmp_ordered(">", a, b), a, b)


def _less(builder, a, b):
    return builder.uitofp(builder.fcmp_ordered("<", a, b), _register)


_operate(operator.add, ir.IRBuilder.fadd)
_operate(operator.sub, ir.IRBuilder.fsub)
_operate(operator.mul, ir.IRBuilder.fmul)
_operate(operator.truediv, ir.IRBuilder.fdiv)
_operate(operator.lt, _less)
_operate(greater, _greater)
