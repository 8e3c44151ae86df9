r"""Whether two forms are the same answer.

The gold decides what form is wanted; a label (`x =`, `f(x) =`), the kind of brackets around a list, and the writing of an
interval as an inequality do not matter, open and closed, order in tuples and the number of equal members do.
"""

from __future__ import annotations

import re
from fractions import Fraction

from grading.evaluation import equal, number, substituted, variables
from grading.exactness import exact
from grading.families import same_family
from grading.forms import Form
from grading.labels import bare, expanded, named, unlabelled, with_names
from grading.regions import MIRRORED, region, same_region
from grading.rounding import rounded
from grading.tokens import Tree
from grading.units import conversion, parse_unit

Rule = str | None


def same(gold: Form, answer: Form) -> Rule:
    """The name of the rule by which two forms are equal, None where they are not."""
    if gold.text == answer.text or (
        gold.kind == answer.kind == "words" and gold.text.replace(" ", "") == answer.text.replace(" ", "")
    ):
        return "text"
    gold, answer = unlabelled(with_names(gold, answer), with_names(answer, gold))
    gold, answer = expanded(gold), expanded(answer)
    for rule, function in COMPARISONS:
        if function(gold, answer):
            return rule
    return None


def _values(gold: Form, answer: Form) -> bool:
    if gold.kind != "value" or answer.kind != "value":
        return False
    gold, answer = _as_measured(gold, answer), _as_measured(answer, gold)
    tree = answer.tree
    if gold.tree is None or tree is None:
        return False
    if gold.unit and answer.unit:
        factor = conversion(answer.unit, gold.unit)
        if factor is None:
            return False
        tree = ("*", tree, ("num", factor))
    elif RADIAN in (gold.unit, answer.unit) and (_degrees(gold.tree) or _degrees(tree)):
        return equal(gold.tree, tree)
    if equal(gold.tree, tree):
        return True
    first, second = _percent(gold.tree), _percent(tree)
    if (first is None) != (second is None):
        return equal(first or gold.tree, second or tree)
    first, second = _degrees(gold.tree), _degrees(tree)
    if (first is None) != (second is None):  # 30° and a bare 30; a multiple of π without sign is in radians
        bare = tree if first else gold.tree
        return not _mentions_pi(bare) and equal(first or gold.tree, second or tree)
    return False


def _mentions_pi(tree: Tree) -> bool:
    return tree == ("const", "pi") or any(_mentions_pi(part) for part in tree[1:] if isinstance(part, tuple))


def _as_measured(form: Form, other: Form) -> Form:
    """The second reading of a value where the other side makes it plausible: it has a unit itself."""
    if form.maybe is not None and (
        other.unit is not None
        or (other.maybe is not None and form.text != other.text and other.maybe[1] != form.maybe[1])
    ):
        return form._replace(tree=form.maybe[0], unit=form.maybe[1])
    return form


RADIAN = parse_unit("radian")


def _percent(tree: Tree) -> Tree | None:
    return tree[1] if tree[0] == "%" else None


def _degrees(tree: Tree) -> Tree | None:
    if tree[0] == "*" and tree[2] == ("const", "degree"):
        inner: Tree = tree[1]
        return inner
    if tree[0] == "neg" and (inside := _degrees(tree[1])) is not None:
        return ("neg", inside)
    return None


def _unordered(gold: Form, answer: Form) -> bool:
    """Lists and sets: the same members, as often as each stands; a set's repeats do not count."""
    kinds = {gold.kind, answer.kind}
    if not kinds <= {"list", "set"}:
        return False
    golds, answers = named(gold), named(answer)
    if golds is not None and answers is not None:
        return golds.keys() == answers.keys() and all(same(golds[name], answers[name]) for name in golds)
    return _same_members(_members(bare(gold)), _members(bare(answer)))


def _members(form: Form) -> list[Form]:
    if form.kind != "set":
        return list(form.parts)
    distinct: list[Form] = []
    for part in form.parts:
        if not any(same(part, other) for other in distinct):
            distinct.append(part)
    return distinct


def _same_members(golds: list[Form], answers: list[Form]) -> bool:
    if len(golds) != len(answers):
        return False
    left = list(answers)
    for gold in golds:
        found = next((index for index, answer in enumerate(left) if same(gold, answer)), None)
        if found is None:
            return False
        del left[found]
    return True


def _ordered(gold: Form, answer: Form) -> bool:
    """Tuples and intervals, and a tuple against a bare list in its order; for two parts the brackets count."""
    if gold.kind == answer.kind == "tuple":
        if len(gold.parts) == 2 and gold.brackets != answer.brackets:
            return False
    elif {gold.kind, answer.kind} != {"tuple", "list"} or {"()", ""} != {gold.brackets, answer.brackets}:
        return False
    if len(gold.parts) != len(answer.parts) or len(gold.parts) < 2:
        return False
    return all(same(*pair) for pair in zip(gold.parts, answer.parts, strict=True))


def _matrices(gold: Form, answer: Form) -> bool:
    if gold.kind == answer.kind == "matrix":
        return len(gold.parts) == len(answer.parts) and all(
            len(first.parts) == len(second.parts)
            and all(same(*pair) for pair in zip(first.parts, second.parts, strict=True))
            for first, second in zip(gold.parts, answer.parts, strict=True)
        )
    return False


def _ratios(gold: Form, answer: Form) -> bool:
    if gold.kind != "ratio" or answer.kind != "ratio":
        return False
    golds, answers = ([part.tree for part in form.parts] for form in (gold, answer))
    if len(golds) != len(answers):  # 20:34 and 20:34:00
        shorter, longer = sorted((golds, answers), key=len)
        return len(longer) == len(shorter) + 1 and shorter == longer[:-1] and longer[-1] == ("num", Fraction(0))
    if any(tree is None for tree in (*golds, *answers)):
        return False
    pairs = list(zip(golds, answers, strict=True))
    if any(tree is not None and exact(tree) == 0 for tree in (*golds, *answers)):  # a time of day
        return all(first is not None and second is not None and equal(first, second) for first, second in pairs)
    return all(equal(("*", golds[0], second), ("*", answers[0], first)) for first, second in pairs[1:])


def _equations(gold: Form, answer: Form) -> bool:
    """Equations with the same solutions: the differences of their sides are proportional."""
    if gold.kind != "relation" or answer.kind != "relation":
        return False
    if gold.parts[0].text == answer.parts[0].text and {*gold.operators, *answer.operators} == {"="}:
        return same(gold.parts[-1], answer.parts[-1]) is not None
    if len(gold.parts) != len(answer.parts):
        return False
    if gold.operators == answer.operators and all(same(*pair) for pair in zip(gold.parts, answer.parts, strict=True)):
        return True
    mirrored = tuple(MIRRORED.get(operator, operator) for operator in reversed(answer.operators))
    if gold.operators == mirrored and all(same(*pair) for pair in zip(gold.parts, reversed(answer.parts), strict=True)):
        return True
    if gold.operators != ("=",) or answer.operators != ("=",):
        return False
    first, second = _difference(gold), _difference(answer)
    if first is None or second is None or not variables(first) or variables(first) != variables(second):
        return False
    at_one: dict[str, Fraction] = {
        name: Fraction(7 + 3 * index, 5) for index, name in enumerate(sorted(variables(first)))
    }
    scale_first, scale_second = (substituted(tree, at_one) for tree in (first, second))
    return (
        equal(("*", first, scale_second), ("*", second, scale_first))
        and _nonzero(scale_first)
        and _nonzero(scale_second)
    )


def _difference(form: Form) -> Tree | None:
    left, right = form.parts
    return None if left.tree is None or right.tree is None else ("+", left.tree, ("neg", right.tree))


def _nonzero(tree: Tree) -> bool:
    value = number(tree)
    return value is not None and abs(value) > 10**-20


def _regions(gold: Form, answer: Form) -> bool:
    """Intervals, unions and inequalities as the same set of real numbers; two plain intervals have been compared."""
    if gold.kind == answer.kind and gold.kind in ("tuple", "set"):
        return False
    if not {gold.kind, answer.kind} <= {
        "tuple",
        "set",
        "union",
        "difference",
        "intersection",
        "relation",
        "list",
        "words",
    }:
        return False
    golds, answers = region(gold), region(answer)
    return golds is not None and answers is not None and same_region(golds, answers)


def _unions(gold: Form, answer: Form) -> bool:
    """Unions whose ends hold letters: the same members."""
    return gold.kind == answer.kind == "union" and _same_members(list(gold.parts), list(answer.parts))


def _decimal_comma(gold: Form, answer: Form) -> bool:
    """A gold such as 1,22 against 1.22: a decimal comma, which only a decimal point on the other side tells from a list."""
    return (
        re.fullmatch(r"-?(?:0,\d+|\d+,\d{1,2})", gold.text) is not None
        and "." in answer.text
        and answer.text == gold.text.replace(",", ".")
    )


def _single(gold: Form, answer: Form) -> bool:
    """A set or bracket with one member against the member."""
    for one, other in ((gold, answer), (answer, gold)):
        if one.kind == "set" and len(one.parts) == 1 and other.kind == "value":
            return same(one.parts[0], other) is not None
    return False


COMPARISONS = (
    ("value", _values),
    ("unordered", _unordered),
    ("ordered", _ordered),
    ("matrix", _matrices),
    ("ratio", _ratios),
    ("equation", _equations),
    ("region", _regions),
    ("union", _unions),
    ("family", same_family),
    ("single", _single),
    ("decimal_comma", _decimal_comma),
    ("rounded", rounded),
)
