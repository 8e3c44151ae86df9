r"""Functions, roots, and the signs that are known only to themselves (sums, integrals, limits)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from grading.tokens import BRACKETS, FUNCTIONS, Tree

if TYPE_CHECKING:
    from grading.parser import Parser


def read_root(parser: Parser, depth: int) -> Tree:
    r"""What follows \sqrt: an index in brackets, and the radicand."""
    index: Tree = ("num", Fraction(2))
    if parser.peek() == "[":
        index = parser.bracketed("[", "]", depth)
    return ("^", parser.argument(depth), ("/", ("num", Fraction(1)), index))


def read_function(parser: Parser, name: str, depth: int) -> Tree:
    r"""\sin^2 x, \log_2 8, \ln(x+1), \max(a, b), \sin 2x; \sin^{-1} is the inverse."""
    base: Tree | None = None
    exponent: Tree | None = None
    while parser.peek() in ("^", "_"):
        if parser.take() == "_":
            base = parser.group_or_token(depth)
        else:
            exponent = parser.group_or_token(depth)
    tree = _apply(name, base, _arguments(parser, depth))
    if exponent is None:
        return tree
    if exponent == ("neg", ("num", Fraction(1))) and name in ("sin", "cos", "tan"):
        return (f"arc{name}", *tree[1:])
    return ("^", tree, exponent)


def _apply(name: str, base: Tree | None, arguments: list[Tree]) -> Tree:
    if name in ("log", "lg") and base is None:
        return ("log10", *arguments) if name == "lg" else ("log", *arguments)
    if base is not None:
        return ("logbase", base, *arguments)
    if name == "cbrt":
        return ("^", arguments[0], ("num", Fraction(1, 3)))
    return (name, *arguments)


def _arguments(parser: Parser, depth: int) -> list[Tree]:
    token = parser.peek()
    if token == " ":
        parser.take()
        token = parser.peek()
    if token in ("(", "{", "["):
        closing = BRACKETS[token]
        parser.take()
        arguments = [parser.sum(depth + 1)]
        while parser.peek() == ",":
            parser.take()
            arguments.append(parser.sum(depth + 1))
        parser.expect(closing)
        return arguments
    factors = [parser.signed(depth + 1) if token == "-" else parser.power(depth + 1)]
    while (token := parser.peek()) is not None and parser.starts_factor(token) and token not in ("(", "|"):
        if token[0] == "\\" and token[1:] in FUNCTIONS - {"sqrt"}:
            break
        factors.append(parser.power(depth + 1))
    return [factors[0] if len(factors) == 1 else ("*", *factors)]


def read_opaque(parser: Parser, name: str, depth: int) -> Tree:
    r"""\sum_{k=1}^{n} k^2, \int_0^1 f dx, \lim_{x \to 0}: a function of its bounds and its body, known only to itself."""
    bounds: dict[str, Tree] = {}
    while parser.peek() in ("_", "^"):
        side = parser.take()
        if parser.peek() == "{":
            parser.take()
            bounds[side] = _bound(parser, depth)
        else:
            bounds[side] = ("var", parser.take()) if (parser.peek() or " ")[0].isalpha() else parser.atom(depth + 1)
    empty: Tree = ("num", Fraction(0))
    if name in ("int", "iint", "oint"):
        differential = _differential(parser)
        body = parser.sum(depth + 1) if parser.peek() is not None else ("num", Fraction(1))
        return ("opaque", differential, bounds.get("_", empty), bounds.get("^", empty), body)
    body = parser.term(depth + 1)
    return ("opaque", ("var", f"\\{name}"), bounds.get("_", empty), bounds.get("^", empty), body)


def _differential(parser: Parser) -> Tree:
    """The dx at the end of an integral, taken off; where it stands elsewhere it stays a part of the body."""
    if parser.tokens[-2:-1] == ["d"] and len(parser.tokens) - parser.position >= 2:
        name = parser.tokens.pop()
        parser.tokens.pop()
        return ("var", f"d{name}")
    return ("var", "d")


def _bound(parser: Parser, depth: int) -> Tree:
    r"""What stands in braces under or over a sign: empty, a value, k=1, or x \to 0."""
    if parser.peek() == "}":
        parser.take()
        return ("num", Fraction(0))
    parts = [parser.sum(depth + 1)]
    while parser.peek() in ("=", "\\to"):
        parser.take()
        parts.append(parser.sum(depth + 1))
        if parser.peek() == "^":  # a one-sided limit
            parser.take()
            side = "".join(iter(parser.take, "}")).strip("{")
            if parser.peek() == "}":
                parser.take()
            if side != "+":
                parts.append(("var", f"side{side}"))
            return ("opaque", *parts)
    parser.expect("}")
    return parts[0] if len(parts) == 1 else ("opaque", *parts)
