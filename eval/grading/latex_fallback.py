r"""What our own grammar lacks (derivatives, determinants, the gamma function), read by latex2sympy2's maintained line; the home of sympy.

    fallback("\frac{d}{dx} x^2")  ->  ("*", ("num", 2), ("var", "x"))

That parser computes while it reads and has no limits of its own, so only short texts with small numbers reach it, and
only those that hold a sign it is needed for: an ordinary run never imports it.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from grading.normalise import ROW_END
from grading.tokens import FUNCTIONS, Tree

MAX_CHARACTERS = 160
NEEDED_FOR = re.compile(r"\\frac\s*\{\s*(?:d|\\partial)\s*[\^}]|\\det(?![a-zA-Z])|\\Gamma\s*\(")
TOO_LARGE = re.compile(
    r"\d{4}|!|\^[^\^]*\^|\\(?:sum|prod|int|lim|binom)(?![a-zA-Z])|\\Gamma[^\d]*\d{3}|\\Gamma.*\^|\^\s*\{?\s*\d{2}"
)
MAX_NODES = 200
MAX_BITS = 256


def fallback(text: str) -> Tree | None:
    """The tree of a text that our grammar cannot read, None where this parser is not needed or cannot either."""
    if len(text) > MAX_CHARACTERS or not NEEDED_FOR.search(text) or TOO_LARGE.search(text):
        return None
    from latex2sympy2_extended import latex2sympy

    try:
        return _Conversion().tree(latex2sympy(text.replace(ROW_END, r"\\")).doit())
    except Exception:
        return None  # its parsers raise whatever their grammar and sympy raise; to us they all say: unreadable


class _Conversion:
    """sympy's expression as our tree, with a budget of nodes."""

    def __init__(self) -> None:
        self._nodes = 0

    def tree(self, expression: Any) -> Tree:
        import sympy

        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise ValueError
        if expression.is_Rational:
            if max(abs(int(expression.p)).bit_length(), int(expression.q).bit_length()) > MAX_BITS:
                raise ValueError
            return ("num", Fraction(int(expression.p), int(expression.q)))
        if expression.is_Symbol:
            return ("var", str(expression.name))
        constants = {sympy.pi: "pi", sympy.E: "e", sympy.I: "i", sympy.oo: "inf"}
        if expression in constants:
            return ("const", constants[expression])
        operations = {sympy.Add: "+", sympy.Mul: "*", sympy.Pow: "^", sympy.Abs: "abs", sympy.log: "ln"}
        name = operations.get(expression.func) or RENAMED.get(expression.func.__name__, expression.func.__name__)
        parts = tuple(self.tree(part) for part in expression.args)
        if expression.func in operations or name in FUNCTIONS:
            return (name, *parts)
        return ("opaque", ("var", name), *parts)


RENAMED = {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "ceiling": "ceil"}
