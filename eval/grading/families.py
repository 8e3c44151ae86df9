"""Families of values over the integers, such as k·π: equal when they hold the same values."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from grading.evaluation import number, precisely, substituted, variables
from grading.forms import Form
from grading.labels import without_label
from grading.regions import CLOSE
from grading.tokens import Tree


@precisely
def same_family(gold: Form, answer: Form) -> bool:
    """A + k·d for all integers k: the same step but for its sign, and starts that lie a whole number of steps apart."""
    if gold.kind != "family" or answer.kind != "family":
        return False
    first, second = (without_label(form.parts[0]).tree for form in (gold, answer))
    if first is None or second is None:
        return False
    start, step = _progression(first, gold.brackets)
    other_start, other_step = _progression(second, answer.brackets)
    if None in (start, step, other_start, other_step) or not step:
        return False
    distance = (start - other_start) / step
    return bool(abs(abs(step) - abs(other_step)) < CLOSE and abs(distance - round(distance)) < CLOSE)


def _progression(tree: Tree, name: str) -> tuple[Any, Any]:
    """Start and step of a tree that is linear in one variable, (None, None) for any other."""
    values: list[Any] = [number(substituted(tree, {name: Fraction(k)})) for k in range(3)]
    if variables(tree) != {name} or None in values or abs(values[2] - 2 * values[1] + values[0]) > CLOSE:
        return None, None
    return values[0], values[1] - values[0]
