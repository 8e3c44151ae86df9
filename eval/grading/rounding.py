"""A decimal of many digits that stands for the number it was rounded or cut from."""

from __future__ import annotations

import re
from fractions import Fraction

from grading.evaluation import number, variables
from grading.exactness import exact
from grading.forms import Form
from grading.tokens import Tree

ROUNDED_DIGITS, ROUNDED_PLACES = 10, 12
"""A decimal with at least so many significant digits stands for the number it is the rounding or cutting of."""


def rounded(gold: Form, answer: Form) -> bool:
    """A decimal of ten or more significant digits that is the gold rounded or cut at its last digit."""
    if gold.tree is None or answer.tree is None or gold.unit != answer.unit:
        return False
    for decimal, other in ((answer, gold), (gold, answer)):
        digits = re.search(r"(\d*)\.(\d+)", decimal.text)
        if digits is None or decimal.tree is None or other.tree is None:
            continue
        few = len((digits[1] + digits[2]).lstrip("0")) < ROUNDED_DIGITS and len(digits[2]) < ROUNDED_PLACES
        if few or variables(other.tree):
            continue
        whole = exact(other.tree)
        if whole is not None and whole.denominator == 1:
            continue
        place = _last_place(decimal.tree, len(digits[2]), digits[0])
        difference = number(("*", ("+", decimal.tree, ("neg", other.tree)), ("num", 1 / place))) if place else None
        if difference is not None and abs(difference) < 1:
            return True
    return False


def _last_place(tree: Tree, places: int, digits: str) -> Fraction | None:
    r"""The weight of the last digit of a decimal, scaled as the whole is scaled (2.31 \times 10^{-3}: 10^{-5})."""
    value, mantissa = exact(tree), Fraction(digits)
    if value is None or not mantissa:
        return None
    return abs(value / mantissa) / Fraction(10**places)
