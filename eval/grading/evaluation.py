r"""Trees -> values: exact where everything is rational, else numbers of high precision at random points.

Two expressions are equal when they agree at several random points to 45 of 60 digits: the test of Schwartz and Zippel
(J. ACM 27, 1980), on the points where both are defined.  Sizes are limited before anything is computed.
"""

from __future__ import annotations

import functools
import hashlib
import operator
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeVar

from grading.exactness import UndefinedError, exact
from grading.tokens import Tree

MAX_OPERATIONS = 20_000  # nodes evaluated for one comparison
DIGITS = 60
AGREEMENT = 45  # digits that must agree
POINTS = 4
MAX_POINTS = 12  # where an expression is not defined at some

Result = TypeVar("Result")
Number = Any  # mpmath's mpf or mpc; mpmath is untyped


def variables(tree: Tree) -> set[str]:
    """The names of all variables of a tree."""
    if tree[0] == "var":
        return {tree[1]}
    return set().union(*(variables(part) for part in tree[1:] if isinstance(part, tuple)))


def substituted(tree: Tree, values: dict[str, Fraction]) -> Tree:
    """The tree with numbers for its variables; a variable without one becomes 1."""
    if tree[0] == "var":
        return ("num", values.get(tree[1], Fraction(1)))
    return (tree[0], *(substituted(part, values) if isinstance(part, tuple) else part for part in tree[1:]))


def equal(first: Tree, second: Tree) -> bool:
    """Whether two trees have the same value wherever both are defined; False where neither is defined anywhere."""
    exact_first, exact_second = exact(first), exact(second)
    if exact_first is not None and exact_second is not None:
        return exact_first == exact_second
    if first == second:
        return True
    names = variables(first) | variables(second)
    agreed = 0
    imaginary = _mentions_i(first) or _mentions_i(second)
    for point in range(MAX_POINTS if names else 1):
        values = _values(first, second, names, point)
        if values is None or (names and not imaginary and any(_not_real(value) for value in values)):
            continue  # not defined there among the real numbers
        if not _close(*values):
            return False
        agreed += 1
        if agreed >= POINTS:
            break
    return agreed >= (POINTS if names else 1)


def _mentions_i(tree: Tree) -> bool:
    return tree == ("const", "i") or any(_mentions_i(part) for part in tree[1:] if isinstance(part, tuple))


def _not_real(value: Number) -> bool:
    import mpmath

    return bool(abs(mpmath.im(value)) > abs(value) * mpmath.mpf(10) ** -AGREEMENT)


def precisely(function: Callable[..., Result]) -> Callable[..., Result]:
    """A function whose arithmetic on numbers keeps all their digits."""

    @functools.wraps(function)
    def apply(*values: Any) -> Result:
        import mpmath

        with mpmath.workdps(DIGITS):
            return function(*values)

    return apply


def number(tree: Tree) -> Number | None:
    """The value of a tree without variables to 60 digits, None where it has none."""
    import mpmath

    try:
        with mpmath.workdps(DIGITS):
            return _Evaluation({}).value(tree)
    except (ArithmeticError, ValueError, TypeError, KeyError, RecursionError, AttributeError):
        return None


def _values(first: Tree, second: Tree, names: set[str], point: int) -> tuple[Number, Number] | None:
    import mpmath

    with mpmath.workdps(DIGITS):
        assignment = {name: _random_value(name, point) for name in names}
        try:
            evaluation = _Evaluation(assignment)
            values = evaluation.value(first), evaluation.value(second)
        except (ArithmeticError, ValueError, TypeError, KeyError, RecursionError, AttributeError):
            return None
        return None if any(mpmath.isnan(abs(value)) for value in values) else values


def _random_value(name: str, point: int) -> Number:
    """The value of a variable at a point: the same for the same name in every run; positive at every other point."""
    import mpmath

    seed = hashlib.blake2b(f"{name}/{point}".encode(), digest_size=8).digest()
    value = mpmath.mpf(random.Random(seed).randrange(10**30, 3 * 10**30)) / 10**30
    return -value if point % 4 == 3 else value


def _close(first: Number, second: Number) -> bool:
    import mpmath

    with mpmath.workdps(DIGITS):
        if mpmath.isinf(abs(first)) or mpmath.isinf(abs(second)):
            return bool(first == second)
        scale = max(abs(first), abs(second))
        return bool(abs(first - second) <= scale * mpmath.mpf(10) ** -AGREEMENT or scale < mpmath.mpf(10) ** -AGREEMENT)


class _Evaluation:
    """One evaluation at one point, with a budget of operations."""

    def __init__(self, assignment: dict[str, Number]) -> None:
        self._assignment = assignment
        self._operations = 0

    def value(self, tree: Tree) -> Number:
        import mpmath

        self._operations += 1
        if self._operations > MAX_OPERATIONS:
            raise UndefinedError
        operation = tree[0]
        if operation == "num":
            return mpmath.mpf(tree[1].numerator) / tree[1].denominator
        if operation == "var":
            return self._assignment[tree[1]]
        if operation == "const":
            return {
                "pi": mpmath.pi, "e": mpmath.e, "i": mpmath.mpc(0, 1), "inf": mpmath.inf, "degree": mpmath.pi / 180
            }[tree[1]] * 1  # fmt: skip
        return self._apply(operation, [self.value(part) for part in tree[1:]])

    def _apply(self, operation: str, values: list[Number]) -> Number:
        import mpmath

        if operation == "+":
            return sum(values, mpmath.mpf(0))
        if operation == "*":
            return functools.reduce(operator.mul, values)
        if operation == "/":
            if values[1] == 0:
                raise UndefinedError
            return values[0] / values[1]
        if operation == "^":
            return _power(*values)
        if operation in ("!", "binom"):
            if any(abs(value) > 10**6 for value in values):
                raise UndefinedError
            return mpmath.factorial(values[0]) if operation == "!" else mpmath.binomial(*values)
        if operation == "opaque":
            return _hashed(values)
        if operation in NUMERIC:
            return NUMERIC[operation](*values)
        if operation in MPMATH:
            if any(abs(value) > 10**9 for value in values):
                raise UndefinedError
            return getattr(mpmath, MPMATH[operation])(*values)
        raise UndefinedError


def _hashed(values: list[Number]) -> Number:
    """A function nobody knows, equal only to itself: a number drawn from its arguments, rounded to what must agree."""
    import mpmath

    text = "/".join(mpmath.nstr(value, AGREEMENT) for value in values)
    seed = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return mpmath.mpf(random.Random(seed).randrange(10**30, 3 * 10**30)) / 10**30


def _power(base: Number, exponent: Number) -> Number:
    import mpmath

    if base == 0 and mpmath.re(exponent) <= 0 and exponent != 0:
        raise UndefinedError
    if abs(exponent) > 10**6 or (base != 0 and abs(mpmath.log(abs(base)) * exponent) > 10**5):
        raise UndefinedError
    if mpmath.im(base) == 0 and base < 0 and mpmath.im(exponent) == 0:
        odd_root = _odd_denominator(exponent)
        if odd_root is not None:  # the real root, as people mean \sqrt[3]{-8}
            return (-1) ** odd_root[0] * (-base) ** exponent
    return mpmath.power(base, exponent)


def _odd_denominator(exponent: Number) -> tuple[int, int] | None:
    """Numerator and denominator of a simple fraction with an odd denominator, None for any other exponent."""
    import mpmath

    for denominator in (1, 3, 5, 7):
        numerator = exponent * denominator
        if abs(numerator - mpmath.nint(numerator)) < mpmath.mpf(10) ** -(DIGITS - 5):
            return int(mpmath.nint(numerator)), denominator
    return None


def _log_base(base: Number, value: Number) -> Number:
    import mpmath

    return mpmath.log(value) / mpmath.log(base)


def _real_only(function: Callable[..., Number]) -> Callable[..., Number]:
    def apply(*values: Number) -> Number:
        import mpmath

        if any(mpmath.im(value) != 0 for value in values):
            raise UndefinedError
        return function(*values)

    return apply


NUMERIC: dict[str, Callable[..., Number]] = {
    "neg": lambda value: -value,
    "%": lambda value: value / 100,
    "abs": abs,
    "logbase": _log_base,
    "log10": lambda value: _log_base(10, value),
    "max": _real_only(max),
    "min": _real_only(min),
}
MPMATH = {
    **{
        name: name
        for name in ("sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "exp", "floor", "ceil")
    },
    "ln": "log",
    "log": "log",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arccot": "acot",
    "asinh": "asinh",
    "acosh": "acosh",
    "atanh": "atanh",
    "arg": "arg",
    "Re": "re",
    "Im": "im",
    "sgn": "sign",
}
