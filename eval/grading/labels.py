r"""What stands around a value without changing it: labels (`x =`, `f(x) =`, `(x, y) =`), and ± as two values."""

from __future__ import annotations

import re

from grading.evaluation import equal, variables
from grading.forms import Form
from grading.tokens import Tree

NAME = re.compile(r"[A-Za-z\\(|][A-Za-z0-9\\_{}()'|,. +\-*/^:]*|[\u4e00-\u9fff]+|\([a-z](?:,\s*[a-z])*\)")
SIMPLE_NAME = re.compile(
    r"[A-Z]\w*(?:_\{\w+\})?:[A-Z]\w*(?:_\{\w+\})?|\\?[A-Za-z|]+'*(?:\^\{-1\})?(?:_\{?\w+\}?)?\|?(?:\s*\([^()]*\))?|\([a-zA-Z](?:,\s*[a-zA-Z])*\)|[A-Z]{1,3}|.*[\u4e00-\u9fff].*"
)
MAX_SIGNS = 4  # ± in one answer: sixteen values


def unlabelled(gold: Form, answer: Form) -> tuple[Form, Form]:
    """Without the label of one side where the other has none.

    Not symmetric: an answer may say `m+n = 33` for 33, but a gold `x+y = 5` is an equation and not 5.
    """
    if gold.kind == "relation" and answer.kind == "relation":
        return gold, answer
    left = gold.parts[0] if gold.kind == "relation" else None
    if left is not None and not SIMPLE_NAME.fullmatch(left.text) and (left.tree is None or variables(left.tree)):
        return gold, answer
    return without_label(gold), without_label(answer)


def with_names(form: Form, other: Form) -> Form:
    """(x, y) = (1, 2) as x = 1, y = 2 where the other side is a list."""
    if form.kind != "relation" or form.operators != ("=",) or other.kind != "list":
        return form
    names, values = form.parts
    if names.kind != "tuple" or values.kind != "tuple" or len(names.parts) != len(values.parts):
        return form
    pairs = zip(names.parts, values.parts, strict=True)
    parts = tuple(Form("relation", f"{n.text}={v.text}", parts=(n, v), operators=("=",)) for n, v in pairs)
    return Form("list", form.text, parts=parts)


def without_label(form: Form) -> Form:
    """The value behind a label, or behind a chain of equal sides; any other form as it is."""
    if form.kind == "relation" and set(form.operators) == {"="}:
        *labels, value = form.parts
        numbers = [part for part in labels if part.tree is not None and not variables(part.tree)]
        if NAME.fullmatch(labels[0].text) and not numbers:
            return value
        if len(labels) == 1 and numbers and value.tree is not None and variables(value.tree):
            return labels[0] if NAME.fullmatch(value.text) else form
        if (
            numbers
            and value.tree is not None
            and all(part.tree is not None and equal(part.tree, value.tree) for part in numbers)
        ):
            return value
        if NAME.fullmatch(labels[0].text):
            return value
    return form


def expanded(form: Form) -> Form:
    """± as the two values it stands for, in a list of its own or within one."""
    if form.kind == "value" and form.tree is not None and _signs(form.tree):
        if _signs(form.tree) > MAX_SIGNS:
            return form
        trees = _both_signs(form.tree)
        values = tuple(
            form._replace(tree=tree, text=f"{form.text} [{sign}]") for tree, sign in zip(trees, "+-", strict=True)
        )
        return form._replace(kind="list", tree=None, parts=values, brackets="±")
    if form.kind in ("list", "set"):
        parts: list[Form] = []
        for part in form.parts:
            whole = expanded(part)
            parts += whole.parts if whole.kind == "list" else (whole,)
        return form._replace(parts=tuple(parts))
    return form


def _signs(tree: Tree) -> int:
    return int(tree[0] == "pm") + sum(_signs(part) for part in tree[1:] if isinstance(part, tuple))


def _both_signs(tree: Tree) -> list[Tree]:
    """All trees that a tree with ± stands for; the signs go together."""

    def signed(part: Tree, sign: int) -> Tree:
        if part[0] == "pm":
            inner = signed(part[1], sign)
            return inner if sign > 0 else ("neg", inner)
        return (part[0], *(signed(inner, sign) if isinstance(inner, tuple) else inner for inner in part[1:]))

    return [signed(tree, 1), signed(tree, -1)]


def named(form: Form) -> dict[str, Form] | None:
    """X = 1, y = 2 as {x: 1, y: 2}; None where a part has no name, or a name stands twice (x = 1 or x = 2)."""
    pairs = [
        (part.parts[0].text, part.parts[1])
        for part in form.parts
        if part.kind == "relation" and part.operators == ("=",)
    ]
    names = dict(pairs)
    return names if len(names) == len(form.parts) > 1 else None


def bare(form: Form) -> Form:
    """A list whose members have lost their labels."""
    return form._replace(parts=tuple(without_label(part) for part in form.parts))
