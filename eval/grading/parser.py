r"""A scalar expression in LaTeX, or as people type it, -> a tree; our own parser, never one built on `eval`.

    parse("\frac{1}{2}x^2+\sin 2x")  ->  ("+", ("*", ("num", 1/2), ("^", ("var", "x"), ("num", 2))), ("sin", …))

A tree is a tuple: ("num", Fraction), ("var", name), ("const", "pi" | "e" | "i" | "inf"), or (operation, tree, …).
What the grammar does not know (integrals, limits, sums) becomes an opaque operation that is equal only to itself.
"""

from __future__ import annotations

from fractions import Fraction

from grading.functions import read_function, read_opaque, read_root
from grading.numerals import read_number
from grading.tokens import (
    ACCENTS,
    BRACKETS,
    CONSTANTS,
    DIGITS,
    FENCES,
    FUNCTIONS,
    GREEK,
    MAX_DEPTH,
    NOT_FACTORS,
    OPAQUE,
    RENAMED,
    ParseError,
    Tree,
    tokens,
)

__all__ = ["ParseError", "Tree", "parse"]


def parse(text: str) -> Tree:
    """The tree of a scalar expression; raises ParseError for anything else."""
    parser = Parser(tokens(text))
    tree = parser.sum(0)
    if parser.peek() is not None:
        raise ParseError
    return tree


def _product(factors: list[Tree]) -> Tree:
    return factors[0] if len(factors) == 1 else ("*", *factors)


class Parser:
    """Recursive descent; each method reads one level of the grammar."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.position = 0
        self.bars = 0

    def peek(self) -> str | None:
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def take(self) -> str:
        token = self.peek()
        if token is None:
            raise ParseError
        self.position += 1
        return token

    def _deeper(self, depth: int) -> int:
        """One level more; raises ParseError where that is too deep."""
        if depth >= MAX_DEPTH:
            raise ParseError
        return depth + 1

    def expect(self, *tokens: str) -> None:
        if self.take() not in tokens:
            raise ParseError

    def sum(self, depth: int) -> Tree:
        if depth > MAX_DEPTH:
            raise ParseError
        terms = [self.term(depth)]
        while (sign := self.peek()) in ("+", "-", "\\pm", "\\mp"):
            self.take()
            term = self.term(depth)
            terms.append(term if sign == "+" else ("neg", term) if sign == "-" else ("pm", term))
        return terms[0] if len(terms) == 1 else ("+", *terms)

    def term(self, depth: int) -> Tree:
        """Factors; a product is one flat operation, so that a long one is no deep tree."""
        factors, divisions = [self.signed(depth)], 0
        while True:
            token = self.peek()
            if token in ("*", "\\cdot", "\\times"):
                self.take()
                factors.append(self.signed(depth))
            elif token in ("/", "\\div", "∶"):
                self.take()
                divisions += 1
                if divisions > MAX_DEPTH:
                    raise ParseError
                factors = [("/", _product(factors), self.signed(depth))]
            elif token is not None and self.starts_factor(token):
                factors.append(self.power(depth))
            elif token == " " and factors[-1][0] != "num":  # 2^6 3^5 is a product, 3 3 is nothing
                self.take()
                factors.append(self.power(depth))
            else:
                return _product(factors)

    def starts_factor(self, token: str) -> bool:
        if token == "|":
            return self.bars == 0
        if token[0] in DIGITS:  # x2 is 2x and (x)2 is 2x, but 3 3 is nothing
            if self.tokens[self.position - 1] == ")":
                return True
            return self.tokens[self.position - 1][0].isalpha() or self.tokens[self.position - 1] == "!"
        return token in ("(", "[", "{") or token[0].isalpha() or (token[0] == "\\" and token not in NOT_FACTORS)

    def signed(self, depth: int) -> Tree:
        token = self.peek()
        if token in ("+", "-", "\\pm", "\\mp"):
            self.take()
            tree = self.signed(depth + 1) if depth < MAX_DEPTH else self.power(depth + 1)
            return tree if token == "+" else ("neg", tree) if token == "-" else ("pm", tree)
        return self.power(depth)

    def power(self, depth: int) -> Tree:
        base = self.postfix(depth)
        if self.peek() != "^":
            return base
        self.take()
        if self.peek() in ("\\circ", "{") and self._is_degree():
            return self._trailing(("*", base, ("const", "degree")), depth)
        exponent = self.group_or_token(depth)
        return self._trailing(("^", base, exponent), depth)

    def _trailing(self, tree: Tree, depth: int) -> Tree:
        """What may follow a power: a factorial or percent sign, or another power."""
        while self.peek() in ("!", "%", "\\%", "^"):
            token = self.take()
            depth = self._deeper(depth)
            tree = (
                ("!", tree)
                if token == "!"
                else ("^", tree, self.group_or_token(depth))
                if token == "^"
                else ("%", tree)
            )
        return tree

    def _is_degree(self) -> bool:
        r"""Whether ^\circ or ^{\circ} stands here; reads it if so."""
        length = 1 if self.peek() == "\\circ" else 3
        if self.tokens[self.position : self.position + length] in (["\\circ"], ["{", "\\circ", "}"]):
            self.position += length
            return True
        return False

    def postfix(self, depth: int) -> Tree:
        tree = self.atom(depth + 1)
        while (token := self.peek()) in ("!", "%", "\\%"):
            self.take()
            depth = self._deeper(depth)
            tree = ("!", tree) if token == "!" else ("%", tree)
        return tree

    def group_or_token(self, depth: int) -> Tree:
        token = self.peek()
        if token == "{":
            return self.bracketed("{", "}", depth)
        if token in ("-", "+"):
            self.take()
            tree = self.group_or_token(depth)
            return ("neg", tree) if token == "-" else tree
        return self.atom(depth + 1)

    def bracketed(self, opening: str, closing: str, depth: int) -> Tree:
        self.expect(opening)
        bars, self.bars = self.bars, 0
        tree = self.sum(depth + 1)
        self.bars = bars
        self.expect(closing)
        return tree

    def atom(self, depth: int) -> Tree:
        if depth > MAX_DEPTH:
            raise ParseError
        token = self.peek()
        if token is None:
            raise ParseError
        if token[0] in DIGITS or (token[0] == "." and len(token) > 1):
            return read_number(self, depth)
        if token in BRACKETS:
            return self.bracketed(token, BRACKETS[token], depth)
        if token == "|":
            return self.absolute(depth)
        if token[0].isalpha() and token.isascii():
            return self.variable(depth)
        if token[0] == "\\":
            return self.command(depth)
        raise ParseError

    def absolute(self, depth: int) -> Tree:
        self.take()
        self.bars += 1
        tree = self.sum(depth + 1)
        self.expect("|")
        self.bars -= 1
        return ("abs", tree)

    def variable(self, depth: int) -> Tree:
        name = self.take()
        if name == "e":
            return ("const", "e")
        if name == "i":
            return ("const", "i")
        return ("var", name + self._subscript(depth))

    def _subscript(self, depth: int) -> str:
        if self.peek() != "_":
            return ""
        self.take()
        start = self.position
        if self.peek() == "{":
            level = 0
            while True:
                token = self.take()
                level += (token == "{") - (token == "}")
                if level == 0:
                    return "_" + "".join(self.tokens[start + 1 : self.position - 1])
        if depth > MAX_DEPTH:
            raise ParseError
        return "_" + self.take()

    def command(self, depth: int) -> Tree:
        name = self.take()[1:]
        if name == "frac":
            return ("/", self.argument(depth), self.argument(depth))
        if name == "binom":
            return ("binom", self.argument(depth), self.argument(depth))
        if name == "sqrt":
            return read_root(self, depth)
        if name in CONSTANTS:
            return ("const", CONSTANTS[name])
        if name in FENCES:
            inside = self.sum(depth + 1)
            self.expect(FENCES[name][1])
            return (FENCES[name][0], inside)
        if name in FUNCTIONS:
            return read_function(self, RENAMED.get(name, name), depth)
        if name in GREEK:
            return ("var", f"\\{name}{self._subscript(depth)}")
        if name in ACCENTS:
            accent = "overline" if name == "bar" else name
            return ("var", f"\\{accent}({self.argument(depth)!r}){self._subscript(depth)}")
        if name in OPAQUE:
            return read_opaque(self, name, depth)
        raise ParseError

    def argument(self, depth: int) -> Tree:
        r"""The argument of a command: a group, or as in \frac12 a single digit or letter."""
        token = self.peek()
        if token == " ":
            self.take()
            return self.argument(depth)
        if token == "{":
            return self.bracketed("{", "}", depth)
        if token is not None and set(token) <= DIGITS and len(token) > 1:
            self.tokens[self.position] = token[1:]
            return ("num", Fraction(token[0]))
        if token is not None and set(token) <= DIGITS:
            self.take()
            return ("num", Fraction(token))
        return self.atom(depth + 1)
