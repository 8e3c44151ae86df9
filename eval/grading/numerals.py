r"""Numbers as they are written: decimals, 1,000, mixed 1\frac12, repeating 0.\overline{3}, in a base 1011_2."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from grading.tokens import DIGITS, ParseError, Tree

if TYPE_CHECKING:
    from grading.parser import Parser


def read_number(parser: Parser, depth: int) -> Tree:
    """A number and what belongs to it: a period that repeats, a base, the fraction of a mixed number."""
    token = parser.take()
    value = Fraction(token.rstrip(".") if not token.startswith(".") else token)
    if parser.peek() in ("\\overline", "\\dot", "\\bar") and "." in token:
        value += _repeating(parser, token)
    if parser.peek() == "_":
        return _in_base(parser, token)
    following = parser.tokens[parser.position : parser.position + 4]
    if len(following) == 4 and following[0] == " " and following[2] == "/" and "." not in token:
        parser.take()
        part = ("num", Fraction(_digits(parser)))
        parser.take()
        return _mixed(value, ("/", part, ("num", Fraction(_digits(parser)))))
    if parser.peek() == "\\frac" and "." not in token:
        return _mixed(value, parser.command(depth))
    return ("num", value)


def _mixed(whole: Fraction, part: Tree) -> Tree:
    """A mixed number where the fraction is a plain proper one, else a product."""
    if part[0] == "/" and part[1][0] == part[2][0] == "num" and 0 < part[1][1] < part[2][1]:
        return ("+", ("num", whole), part)
    return ("*", ("num", whole), part)


def _repeating(parser: Parser, start: str) -> Fraction:
    parser.take()
    parser.expect("{")
    period = parser.take()
    parser.expect("}")
    if not set(period) <= DIGITS or len(period) > 100:
        raise ParseError
    places = len(start.partition(".")[2])
    return Fraction(int(period), (10 ** len(period) - 1) * 10**places)


def _in_base(parser: Parser, digits: str) -> Tree:
    parser.take()
    base = parser.group_or_token(0)
    if base[0] != "num" or base[1].denominator != 1 or not 2 <= base[1] <= 36:
        raise ParseError
    if base[1] == 10:
        return ("num", Fraction(digits))
    return ("base", ("var", digits), base)


def _digits(parser: Parser) -> str:
    token = parser.take()
    if not set(token) <= DIGITS:
        raise ParseError
    return token
