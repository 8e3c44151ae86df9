r"""Sets of real numbers: intervals, inequalities, unions, differences, the same set however it is written.

    region(read("|x|<2"))  ->  [Interval(-2, 2, False, False)]      region(read("x \neq 2"))  ->  two open rays

Ends are numbers of 40 digits; a set with a letter in an end is no region and is compared part by part instead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from grading.evaluation import number, precisely, variables
from grading.forms import Form
from grading.tokens import Tree

MIRRORED = {"<": ">", ">": "<", "\\le": "\\ge", "\\ge": "\\le", "=": "=", "\\ne": "\\ne"}
INFINITY: Any = float("inf")
CLOSE = 10**-20


class Interval(NamedTuple):
    """All numbers between two ends, each with (closed) or without its end; a point is closed and has equal ends."""

    low: Any
    high: Any
    low_closed: bool
    high_closed: bool


Region = list[Interval]
LINE: Region = [Interval(-INFINITY, INFINITY, False, False)]


@precisely
def region(form: Form) -> Region | None:
    """The set of real numbers that a form describes, None where it describes none."""
    found = _region(form)
    return None if found is None else _merged(found)


@precisely
def same_region(first: Region, second: Region) -> bool:
    """Whether two regions have the same intervals."""
    return len(first) == len(second) and all(
        _same_end(one.low, other.low) and _same_end(one.high, other.high) and one[2:] == other[2:]
        for one, other in zip(first, second, strict=True)
    )


def _region(form: Form) -> Region | None:
    if form.kind == "tuple" and len(form.parts) == 2:
        ends = [_end(part) for part in form.parts]
        if None in ends:
            return None
        return [Interval(ends[0], ends[1], form.brackets[0] == "[", form.brackets[1] == "]")]
    if form.kind == "set":
        points = [_end(part) for part in form.parts]
        return None if None in points else [Interval(point, point, True, True) for point in points]
    if form.kind in ("union", "difference", "intersection", "list"):
        return _combined(form)
    if form.kind == "relation":
        return _solution(form)
    if form.kind == "words" and re.fullmatch(r"all real numbers?|real numbers|r|全体实数|reals", form.text):
        return LINE
    return None


def _combined(form: Form) -> Region | None:
    if form.kind == "list" and not all(part.kind in ("relation", "union") for part in form.parts):
        return None
    names = set().union(
        *(variables(side.tree) for part in form.parts for side in part.parts if part.kind == "relation" and side.tree)
    )
    if len(names) > 1:  # x = 1, y = 2 is no set of numbers
        return None
    parts = [_region(part) for part in form.parts]
    if any(part is None for part in parts):
        return None
    known: list[Region] = [part for part in parts if part is not None]
    if form.kind == "union" or (form.kind == "list" and form.brackets == "or"):
        return [interval for part in known for interval in part]
    if form.kind == "difference":
        return _intersection([known[0], *(_complement(part) for part in known[1:])])
    both = _intersection(known)
    return (
        both if both or form.brackets == "and" or form.kind == "intersection" else [i for part in known for i in part]
    )


def _end(form: Form) -> Any:
    if form.tree is None or variables(form.tree):
        return None
    if form.tree == ("const", "inf"):
        return INFINITY
    if form.tree == ("neg", ("const", "inf")):
        return -INFINITY
    value = number(form.tree)
    return None if value is None or getattr(value, "imag", 0) != 0 else value


def _solution(form: Form) -> Region | None:
    """The solutions of x > 2, a < x ≤ b, |x - 1| < 2, x ≠ 2 and x = 2 in their one variable."""
    operators, parts = form.operators, form.parts
    if len(operators) == 2 and len(parts) == 3:
        first = _one_relation(parts[0], operators[0], parts[1])
        second = _one_relation(parts[1], operators[1], parts[2])
        return None if first is None or second is None else _intersection([first, second])
    return _one_relation(parts[0], operators[0], parts[1]) if len(operators) == 1 else None


def _one_relation(left: Form, operator: str, right: Form) -> Region | None:
    if left.tree is not None and not variables(left.tree):
        left, right, operator = right, left, MIRRORED.get(operator, "")
    bound = _end(right)
    if left.tree is None or bound is None or operator not in MIRRORED:
        return None
    if left.tree[0] == "abs":
        return _absolute(left.tree[1], operator, bound)
    return _ray(operator, bound) if left.tree[0] == "var" else None


def _ray(operator: str, bound: Any) -> Region:
    below = Interval(-INFINITY, bound, False, operator == "\\le")
    above = Interval(bound, INFINITY, operator == "\\ge", False)
    return {
        "<": [below], "\\le": [below], ">": [above], "\\ge": [above],
        "=": [Interval(bound, bound, True, True)], "\\ne": [below, above],
    }[operator]  # fmt: skip


def _absolute(inside: Tree, operator: str, bound: Any) -> Region | None:
    """|x - a| against a bound."""
    centre: Any = 0
    if inside[0] == "+" and len(inside) == 3 and inside[1][0] == "var" and not variables(inside[2]):
        centre = number(("neg", inside[2]))
    elif inside[0] != "var":
        return None
    if centre is None:
        return None
    if operator in ("<", "\\le"):
        return [Interval(centre - bound, centre + bound, operator == "\\le", operator == "\\le")]
    if operator in (">", "\\ge"):
        return [
            Interval(-INFINITY, centre - bound, False, operator == "\\ge"),
            Interval(centre + bound, INFINITY, operator == "\\ge", False),
        ]
    return None


def _complement(region: Region) -> Region:
    result = LINE
    for interval in region:
        outside = [
            Interval(-INFINITY, interval.low, False, not interval.low_closed),
            Interval(interval.high, INFINITY, not interval.high_closed, False),
        ]
        result = _intersection([result, outside])
    return result


def _intersection(regions: Sequence[Region]) -> Region:
    result = regions[0]
    for other in regions[1:]:
        result = [piece for one in result for two in other if (piece := _overlap(one, two)) is not None]
    return result


def _overlap(one: Interval, two: Interval) -> Interval | None:
    low, low_closed = max((one.low, not one.low_closed), (two.low, not two.low_closed))
    high, high_closed = min((one.high, one.high_closed), (two.high, two.high_closed))
    piece = Interval(low, high, not low_closed, high_closed)
    return None if _empty(piece) else piece


def _empty(interval: Interval) -> bool:
    if _same_end(interval.low, interval.high):
        return not (interval.low_closed and interval.high_closed)
    return bool(interval.low > interval.high)


def _merged(region: Region) -> Region:
    """Sorted, without empty intervals, touching and overlapping ones joined."""
    merged: Region = []
    for interval in sorted(
        (piece for piece in region if not _empty(piece)), key=lambda piece: (piece.low, not piece.low_closed)
    ):
        last = merged[-1] if merged else None
        touches = last is not None and (
            interval.low < last.high
            or (_same_end(interval.low, last.high) and (interval.low_closed or last.high_closed))
        )
        if last is None or not touches:
            merged.append(interval)
        elif (interval.high, interval.high_closed) > (last.high, last.high_closed):
            merged[-1] = last._replace(high=interval.high, high_closed=interval.high_closed)
    return merged


def _same_end(one: Any, other: Any) -> bool:
    return bool(one == other or (abs(one) != INFINITY and abs(other) != INFINITY and abs(one - other) < CLOSE))
