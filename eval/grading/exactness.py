"""Trees -> exact rational values, by integers and fractions alone; sizes are limited before anything is computed."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from grading.tokens import Tree

MAX_BITS = 20_000  # of an exact numerator or denominator
MAX_FACTORIAL = 2_000


class UndefinedError(ArithmeticError):
    """The value does not exist, or is too large to be computed."""


def exact(tree: Tree) -> Fraction | None:
    """The exact rational value of a tree, None where it has none or is too large."""
    try:
        return _exact(tree)
    except (ArithmeticError, ValueError, KeyError, RecursionError):
        return None


def _exact(tree: Tree) -> Fraction:
    operation = tree[0]
    if operation == "num":
        value: Fraction = tree[1]
        return value
    if operation in ("var", "const") or operation not in EXACT:
        raise UndefinedError
    value = EXACT[operation](*(_exact(part) for part in tree[1:]))
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > MAX_BITS:
        raise UndefinedError
    return value


def _exact_product(*factors: Fraction) -> Fraction:
    result = Fraction(1)
    for factor in factors:
        result *= factor
        if max(result.numerator.bit_length(), result.denominator.bit_length()) > MAX_BITS:
            raise UndefinedError
    return result


def _exact_power(base: Fraction, exponent: Fraction) -> Fraction:
    size = max(base.numerator.bit_length(), base.denominator.bit_length())
    if exponent.denominator == 1:
        if size * abs(exponent.numerator) > MAX_BITS and abs(base) != 1 and base:
            raise UndefinedError
        return base**exponent.numerator
    if exponent.denominator > MAX_FACTORIAL or abs(exponent.numerator) > MAX_FACTORIAL or base < 0:
        raise UndefinedError
    root = Fraction(_root(base.numerator, exponent.denominator), _root(base.denominator, exponent.denominator))
    return _exact_power(root, Fraction(exponent.numerator))


def _root(value: int, degree: int) -> int:
    """The exact root of an integer; raises where it is none."""
    approximate = round(value ** (1 / degree)) if value < 1 << 1000 else 0
    root = math.isqrt(value) if degree == 2 else approximate
    if root**degree != value:
        raise UndefinedError
    return root


def _whole(value: Fraction, limit: int) -> int:
    if value.denominator != 1 or not 0 <= value <= limit:
        raise UndefinedError
    return value.numerator


def _exact_binomial(above: Fraction, below: Fraction) -> Fraction:
    return Fraction(math.comb(_whole(above, MAX_BITS), _whole(below, MAX_BITS)))


EXACT: dict[str, Callable[..., Fraction]] = {
    "+": lambda *terms: sum(terms, Fraction(0)),
    "neg": lambda value: -value,
    "*": _exact_product,
    "/": lambda first, second: first / second,
    "^": _exact_power,
    "!": lambda value: Fraction(math.factorial(_whole(value, MAX_FACTORIAL))),
    "%": lambda value: value / 100,
    "abs": abs,
    "floor": lambda value: Fraction(math.floor(value)),
    "ceil": lambda value: Fraction(math.ceil(value)),
    "binom": _exact_binomial,
    "gcd": lambda *values: Fraction(math.gcd(*(_whole(abs(value), 1 << 256) for value in values))),
    "lcm": lambda *values: Fraction(math.lcm(*(_whole(abs(value), 1 << 256) for value in values))),
    "max": max,
    "min": min,
}
