"""Numbers with a tolerance, and golds in Python's notation: `7.25e-11`, `-3./2`, `np.arcsin(10/13)`."""

from __future__ import annotations

from typing import Any

from grading.evaluation import number, precisely
from grading.forms import Form, read

DEFAULT_RELATIVE = 1e-2
"""The relative tolerance where a card names none, as Minerva's own evaluation has it."""


@precisely
def within(gold: str, answer: str, relative: float, absolute: float) -> bool | None:
    """Whether two numbers differ by no more than a share of the gold or an absolute amount; None where one is none."""
    first, second = _number(read(gold)), _number(read(answer))
    if first is None or second is None:
        return None
    difference = abs(first - second)
    return bool(difference <= max(relative * abs(first), absolute))


def _number(form: Form) -> Any:
    while form.kind == "relation" and set(form.operators) == {"="}:
        form = form.parts[-1]
    tree = form.maybe[0] if form.maybe is not None else form.tree
    value = None if tree is None else number(tree)
    return None if value is None or getattr(value, "imag", 0) != 0 else value
