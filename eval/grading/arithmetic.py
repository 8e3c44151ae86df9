r"""Plain arithmetic in LaTeX -> an exact Fraction; never a float, never an `eval`-based parser.

    exact_value("\frac{66}{2}")  ->  Fraction(33, 1)        exact_value("x+1")  ->  None

Reads numbers (thousands marks, decimals), + - * / ^ !, brackets, \frac, \binom, square roots that come out even, and
mixed numbers.  Sizes are limited before anything is computed.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction

MAX_CHARACTERS = 400  # an answer that is arithmetic is short; a longer one is text
MAX_DEPTH = 30  # brackets in brackets
MAX_BITS = 4096  # of a numerator or denominator: powers and factorials stop here
MAX_FACTORIAL = 300

TOKEN = re.compile(
    r"(?P<repeating>\d*\.\d*)\\(?:overline|bar|dot)\s*\{(?P<period>\d+)\}"
    r"|(?P<number>\d{1,3}(?:(?:,|\{,\}|\\,)\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d*)?|\.\d+)"
    r"|(?P<operator>\\cdot(?![a-zA-Z])|\\times(?![a-zA-Z])|\\div(?![a-zA-Z])|\\[dtc]?frac(?![a-zA-Z])"
    r"|\\[dt]?binom(?![a-zA-Z])|\\sqrt(?![a-zA-Z])|[-+*/^!(){}\[\]−×·÷])|(?P<space>\s+)"
)
SAME = {"\\times": "*", "×": "*", "\\cdot": "*", "·": "*", "\\div": "/", "÷": "/", "−": "-"}
FRACTIONS = ("\\frac", "\\dfrac", "\\tfrac", "\\cfrac")
BINOMIALS = ("\\binom", "\\dbinom", "\\tbinom")


class _NotArithmeticError(Exception):
    """The text is no plain arithmetic, or too large to be computed."""


def exact_value(text: str) -> Fraction | None:
    """The exact value of plain arithmetic; None for anything else, and beyond the limits."""
    if len(text) > MAX_CHARACTERS:
        return None
    try:
        parser = _Parser(_tokens(text))
        value = parser.expression(0)
    except (_NotArithmeticError, ZeroDivisionError, ValueError):
        return None
    return value if parser.at_end() else None


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    position = 0
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            raise _NotArithmeticError
        position = match.end()
        if match["space"] is not None:
            tokens.append(" ")
        elif match["period"] is not None:
            tokens += ["(", *_repeating(match["repeating"], match["period"]), ")"]
        elif match["number"] is not None:
            tokens.append(re.sub(r",|\{,\}|\\,", "", match["number"]))
        else:
            tokens.append(SAME.get(match["operator"], match["operator"]))
    return tokens


def _repeating(start: str, period: str) -> list[str]:
    r"""0.1\overline{6} as tokens of an exact sum: what stands before the period, and period / (9…9 0…0)."""
    places = len(start.partition(".")[2])
    return [start if start != "." else "0", "+", period, "/", "9" * len(period) + "0" * places]


def _bounded(value: Fraction) -> Fraction:
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > MAX_BITS:
        raise _NotArithmeticError
    return value


class _Parser:
    """Recursive descent over tokens; a blank is a token, so that "3 3" is not 33 or 9."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._position = 0

    def at_end(self) -> bool:
        self._skip_blank()
        return self._position == len(self._tokens)

    def expression(self, depth: int) -> Fraction:
        if depth > MAX_DEPTH:
            raise _NotArithmeticError
        value = self._term(depth)
        while (sign := self._peek()) in ("+", "-"):
            self._take()
            term = self._term(depth)
            value = _bounded(value + term if sign == "+" else value - term)
        return value

    def _term(self, depth: int) -> Fraction:
        value = self._signed(depth)
        while True:
            following = self._peek()
            if following in ("*", "/"):
                self._take()
                factor = self._signed(depth)
                value = _bounded(value * factor if following == "*" else value / factor)
            elif following == "(":  # 3(11) and (3)(11)
                value = _bounded(value * self._signed(depth))
            else:
                return value

    def _signed(self, depth: int) -> Fraction:
        sign = 1
        while (found := self._peek()) in ("+", "-"):
            self._take()
            sign = -sign if found == "-" else sign
        return sign * self._power(depth)

    def _power(self, depth: int) -> Fraction:
        base = self._postfix(depth)
        if self._peek() != "^":
            return base
        self._take()
        # without braces the whole number, as people mean it, not the one digit that TeX reads
        exponent = self._group(depth) if self._peek() in ("{", "(") else self._number()
        if exponent.denominator != 1:
            raise _NotArithmeticError
        size = max(base.numerator.bit_length(), base.denominator.bit_length()) * abs(exponent.numerator)
        if size > MAX_BITS:
            raise _NotArithmeticError
        return base**exponent.numerator

    def _postfix(self, depth: int) -> Fraction:
        value = self._atom(depth)
        if self._position < len(self._tokens) and self._tokens[self._position] == "!":
            self._take()
            if self._peek() == "!" or value.denominator != 1 or not 0 <= value <= MAX_FACTORIAL:
                raise _NotArithmeticError
            value = Fraction(math.factorial(value.numerator))
        return value

    def _atom(self, depth: int) -> Fraction:
        token = self._peek()
        if token in ("(", "{"):
            return self._group(depth)
        if token in FRACTIONS:
            self._take()
            return self._argument(depth) / self._argument(depth)
        if token in BINOMIALS:
            self._take()
            return self._binomial(self._argument(depth), self._argument(depth))
        if token == "\\sqrt":
            return self._root(depth)
        value = self._number()
        following = self._peek()
        if following in FRACTIONS and value.denominator == 1:  # a mixed number
            self._take()
            part = self._argument(depth) / self._argument(depth)
            if not 0 <= part < 1:
                raise _NotArithmeticError
            value += part
        return value

    def _root(self, depth: int) -> Fraction:
        self._take()
        if self._peek() == "[":
            raise _NotArithmeticError
        value = self._argument(depth)
        if value < 0:
            raise _NotArithmeticError
        root = Fraction(math.isqrt(value.numerator), math.isqrt(value.denominator))
        if root * root != value:
            raise _NotArithmeticError
        return root

    def _binomial(self, above: Fraction, below: Fraction) -> Fraction:
        if above.denominator != 1 or below.denominator != 1 or not 0 <= below <= above <= MAX_FACTORIAL:
            raise _NotArithmeticError
        return Fraction(math.comb(above.numerator, below.numerator))

    def _group(self, depth: int) -> Fraction:
        closing = ")" if self._take() == "(" else "}"
        value = self.expression(depth + 1)
        if self._peek() != closing:
            raise _NotArithmeticError
        self._take()
        return value

    def _argument(self, depth: int) -> Fraction:
        r"""The argument of a command: a group, or as in \frac12 a single digit."""
        return self._group(depth) if self._peek() == "{" else self._digit()

    def _digit(self) -> Fraction:
        self._skip_blank()
        token = self._tokens[self._position] if self._position < len(self._tokens) else ""
        if not token.isascii() or not token.isdigit():
            raise _NotArithmeticError
        if len(token) == 1:
            self._take()
        else:
            self._tokens[self._position] = token[1:]
        return Fraction(int(token[0]))

    def _number(self) -> Fraction:
        token = self._peek()
        if token is None or not token.replace(".", "", 1).isdecimal() or not token.isascii():
            raise _NotArithmeticError
        self._take()
        return _bounded(Fraction(token if not token.endswith(".") else token[:-1]))

    def _skip_blank(self) -> None:
        while self._position < len(self._tokens) and self._tokens[self._position] == " ":
            self._position += 1

    def _peek(self) -> str | None:
        self._skip_blank()
        return self._tokens[self._position] if self._position < len(self._tokens) else None

    def _take(self) -> str:
        token = self._peek()
        if token is None:
            raise _NotArithmeticError
        self._position += 1
        return token
