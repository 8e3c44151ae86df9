r"""Answer text -> its form: value, list, tuple or interval, set, union, relation, ratio, matrix, or words.

    read("x \in (2,\infty)")  ->  Form("tuple", parts=(2, \infty), brackets="()")

Reading decides nothing about equality; `grading.matching` does.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from grading.latex_fallback import fallback
from grading.normalise import ROW_END, clean, matching, split_top
from grading.parser import Tree, parse
from grading.units import Unit, split_unit
from grading.wording import is_wording, plain_words

MAX_PARTS = 60
REMEMBERED = 2048  # forms kept: a gold is read once, not once a sample
RELATION = re.compile(r"\\(?:le|ge|ne|in|equiv|approx|sim|to)(?![a-zA-Z])|[<>]=?|!=|=")
AND_OR = re.compile(r"\\text\s*\{\s*,?\s*(?:and|or|And|Or|AND|OR|or\s*also|或|和)\s*,?\s*\}|(?<![a-zA-Z\\])(?:and|or|And|OR)(?![a-z])"
                    r"|\\(?:lor|vee|wedge)(?![a-zA-Z])|[或和与]|及")  # fmt: skip
MODULUS = re.compile(
    r"\(?\s*(?:\\?(?:pmod|bmod|mod)|\\text\s*\{\s*\(?mod\s*\}?)\s*(?:\{\s*\d+\s*\}|\d+)\s*\}?\s*\)?\s*$"
)
SCALED_MATRIX = re.compile(
    r"(?P<scale>[^=<>]*?)\\begin\{(?P<name>[bpvBV]?(?:small)?matrix|array)\}(?:\{[^{}]*\})?(?P<body>(?:(?!\\begin).)*)\\end\{(?P=name)\}",
    re.DOTALL,
)
FAMILY = re.compile(
    r"[,;]?\s*\(?\s*(?:\\text\s*\{\s*(?:where|for|,)?\s*\}|where|for)?\s*\(?([a-z])\s*(?:\\in\s*(?:\\mathbb|\\mathbf)?\s*\{?\s*\\?Z\s*\}?"
    r"|\\text\s*\{\s*(?:is )?(?:an? )?(?:any )?integer\s*\}|(?:is )?(?:an? )?(?:any )?integer|为整数|是整数)\s*\)?\s*$"
)
DECORATION = re.compile(r"\\text\s*\{([^{}]*)\}")


class Form(NamedTuple):
    """How an answer is built; `tree` is set for a value, `parts` for the rest, `operators` for a relation.

    `maybe` is a second reading of a value: `5 m` may be a product or five meters.
    """

    kind: str
    text: str
    tree: Tree | None = None
    unit: Unit | None = None
    maybe: tuple[Tree, Unit] | None = None
    parts: tuple[Form, ...] = ()
    brackets: str = ""
    operators: tuple[str, ...] = ()


@functools.lru_cache(maxsize=REMEMBERED)
def read(text: str) -> Form:
    """The form of an answer or gold."""
    return _read(clean(text), 0)


def _read(text: str, depth: int) -> Form:
    text = _unwrapped(text.strip())
    if depth > 8 or not text:
        return Form("words", text)
    if is_wording(text):
        return Form("words", plain_words(text))
    tree = fallback(text)
    if tree is not None:
        return Form("value", text, tree=tree)
    if text[0] == "{" and matching(text, 0) == len(text) - 1 and len(split_top(text[1:-1], ",;|")) == 1:
        return _read(text[1:-1], depth + 1)
    matrix = SCALED_MATRIX.fullmatch(text) or (SCALED_MATRIX.fullmatch(text[1:-1].strip()) if text[0] in "([" else None)
    if matrix:
        return _matrix(text, matrix["body"], depth, matrix["scale"].strip())
    text = MODULUS.sub("", text).strip() or text
    family = FAMILY.search(text)
    if family and text[: family.start()].strip():
        inner = _read(text[: family.start()].strip(), depth + 1)
        return Form("family", text, parts=(inner,), brackets=family[1])
    for reader in (_list, _union, _relation, _bracketed, _ratio):
        form = reader(text, depth)
        if form is not None:
            return form
    return _value(text)


def _unwrapped(text: str) -> str:
    """Without a text command around everything."""
    match = DECORATION.fullmatch(text)
    return match[1].strip() if match else text


def _read_parts(parts: list[str], depth: int) -> tuple[Form, ...]:
    return tuple(_read(part, depth + 1) for part in parts if part.strip())


def _list(text: str, depth: int) -> Form | None:
    """Parts joined by commas, semicolons, "and", "or"."""
    joined = _replace_top(text, AND_OR, ";")
    parts = [part for part in split_top(joined, ";") if part]
    if len(parts) < 2:
        parts = [part for part in split_top(joined, ",") if part]
    else:
        parts = [piece for part in parts for piece in split_top(part, ",") if piece]
    if not 2 <= len(parts) <= MAX_PARTS:
        return _read(parts[0], depth + 1) if len(parts) == 1 and parts[0] != text.strip() else None
    if RELATION.search(parts[0]) and not any(RELATION.search(part) for part in parts[1:]):
        operator, value = _first_relation(parts[0])
        if operator == "=":  # x = 1, 2, 3
            parts[0] = value
    return Form("list", text, parts=_read_parts(parts, depth), brackets=_joining_word(text))


def _joining_word(text: str) -> str:
    if re.search(r"(?<![a-zA-Z])or(?![a-zA-Z])|\\(?:lor|vee)|或", text):
        return "or"
    return "and" if re.search(r"(?<![a-zA-Z])and(?![a-zA-Z])|\\(?:land|wedge)|[和且]", text) else ""


def _replace_top(text: str, pattern: re.Pattern[str], replacement: str) -> str:
    r"""Replace matches that stand in no bracket (a \text{…} of the pattern counts as standing outside)."""
    pieces, end = [], 0
    for match in pattern.finditer(text):
        before = text[: match.start()]
        if sum(before.count(c) for c in "([{") == sum(before.count(c) for c in ")]}"):
            pieces += [text[end : match.start()], replacement]
            end = match.end()
    return "".join([*pieces, text[end:]])


def _union(text: str, depth: int) -> Form | None:
    """Unions, intersections and differences of sets."""
    for kind, command in (("union", "cup"), ("difference", "setminus|backslash"), ("intersection", "cap")):
        parts = split_top(re.sub(rf"\\(?:{command})(?![a-zA-Z])", "\x01", text), "\x01")
        if len(parts) > 1 and all(parts):
            return Form(kind, text, parts=_read_parts(parts, depth))
    return None


def _first_relation(text: str) -> tuple[str, str]:
    """The first relation sign of a text and what stands behind it."""
    match = RELATION.search(text)
    return ("", text) if match is None else (match.group(), text[match.end() :].strip())


def _relation(text: str, depth: int) -> Form | None:
    """Sides and operators at the top level; x ∈ S is read as S, and what follows ≈ is dropped."""
    sides, operators, start = [], [], 0
    for match in RELATION.finditer(text):
        if _depth(text[: match.start()]) == 0:
            sides.append(text[start : match.start()].strip())
            operators.append(match.group())
            start = match.end()
    sides.append(text[start:].strip())
    if not operators:
        return None
    if operators[0] == "\\in":
        return _read(sides[-1], depth + 1)
    if "\\approx" in operators[1:]:
        keep = operators.index("\\approx", 1)
        sides, operators = sides[: keep + 1], operators[:keep]
    same = {"<=": "\\le", ">=": "\\ge", "!=": "\\ne", "\\approx": "=", "\\equiv": "=", "\\to": "="}
    names = tuple(same.get(operator, operator) for operator in operators)
    if not all(sides[1:]) or len(sides) > MAX_PARTS:
        return None
    if not sides[0]:
        return (
            _read(sides[-1], depth + 1)
            if names == ("=",)
            else Form("relation", text, parts=_read_parts(["x", *sides[1:]], depth), operators=names)
        )
    return Form("relation", text, parts=_read_parts(sides, depth), operators=names)


def _depth(text: str) -> int:
    return sum(text.count(character) for character in "([{") - sum(text.count(character) for character in ")]}")


def _bracketed(text: str, depth: int) -> Form | None:
    r"""(a, b), [a, b), \{a, b\}, {a, b}, and \{x | condition\}."""
    if text.startswith("\\{") and text.endswith("\\}"):
        return _set(text, text[2:-2], depth)
    if text[0] == "{" and text[-1] == "}" and matching(text, 0) == len(text) - 1:
        form = _set(text, text[1:-1], depth)
        return form._replace(kind="list") if form.kind == "set" else form  # without backslash no sign that it is a set
    if text[0] in "([" and text[-1] in ")]" and matching(text, 0) == len(text) - 1:
        parts = split_top(text[1:-1], ",;")
        if len(parts) > 1:
            return Form("tuple", text, parts=_read_parts(parts, depth), brackets=text[0] + text[-1])
        if RELATION.search(text) or "\\text" in text:
            return _read(text[1:-1], depth + 1)
        if text[0] == "[":
            return Form("tuple", text, parts=_read_parts(parts, depth), brackets="[]")
    return None


def _set(text: str, inside: str, depth: int) -> Form:
    bar = split_top(re.sub(r"\\mid(?![a-zA-Z])", "|", inside), "|:")
    if len(bar) == 2 and RELATION.search(bar[1]):
        return _read(bar[1], depth + 1)
    parts = [part for part in split_top(_replace_top(inside, AND_OR, ","), ",;") if part]
    return Form("set", text, parts=_read_parts(parts, depth))


def _ratio(text: str, depth: int) -> Form | None:
    parts = split_top(text, ":")
    if len(parts) < 2 or not all(parts):
        return None
    return Form("ratio", text, parts=_read_parts(parts, depth))


def _matrix(text: str, body: str, depth: int, scale: str) -> Form:
    rows = [row for row in body.split(ROW_END) if row.strip() and row.strip() != "\\hline"]
    factor = f"({scale})" if scale not in ("", "-", "+") else scale
    entries = [[f"{factor}({entry})" if factor else entry for entry in row.split("&")] for row in rows]
    return Form(
        "matrix", text, parts=tuple(Form("row", "&".join(row), parts=_read_parts(row, depth)) for row in entries)
    )


def _value(text: str) -> Form:
    """A scalar, with or without a unit; words where it is none."""
    sure = split_unit(text, certain=True)
    tree = _tree(sure[0]) if sure else None
    if sure and tree is not None:
        return Form("value", text, tree=tree, unit=sure[1])
    tree = _tree(text)
    perhaps = split_unit(text, certain=False)
    value = _tree(perhaps[0]) if perhaps else None
    if tree is None and perhaps and value is not None:
        return Form("value", text, tree=value, unit=perhaps[1])
    if tree is None:
        return Form("words", plain_words(text))
    maybe = (value, perhaps[1]) if perhaps and value is not None else None
    return Form("value", text, tree=tree, maybe=maybe)


def _tree(text: str) -> Tree | None:
    try:
        return parse(text)
    except (ValueError, RecursionError):  # a ParseError is a ValueError, as is what Python says of an odd number
        return None
