r"""The grader's front door: completion text and gold answer in, verdict out.

    from math_grader import extract_answer, grade, grade_answer      # with eval/ on the path
    grade("so it is \boxed{0.5}.", "\frac{1}{2}")  ->  Verdict(answer="1/2", outcome="same_value", rule="value", …)

    python eval/math_grader.py --gold '\frac{1}{2}' 'So we get \boxed{0.5}'
    python eval/math_grader.py --jsonl answers.jsonl        # {"text" or "answer", "gold", …} in, verdicts out

Nothing from a model ever reaches `eval` or a parser built on it.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from errors import UserError, run_command
from grading.extraction import EXTRACTORS, extract
from grading.forms import read
from grading.rules import RULES, Tolerance
from grading.verdicts import judge
from records import Verdict

__all__ = ["Verdict", "extract_answer", "grade", "grade_answer"]


def extract_answer(text: str, *, thinking_opened: bool = False, policy: str = "normal") -> str | None:
    """The final answer of a completion, None where there is none.

    `thinking_opened`: the prompt ended in `<think>`; `policy`: "strict" (boxes only), "normal" or "lenient".
    """
    found = extract(text, thinking_opened=thinking_opened, policy=_known(policy, "policy", EXTRACTORS))
    return None if found is None else found.answer


def grade(
    text: str,
    gold: str | Sequence[str],
    *,
    answer_type: str = "expression",
    policy: str = "normal",
    thinking_opened: bool = False,
    tolerance: Tolerance = Tolerance(),  # noqa: B008  (an immutable tuple)
) -> Verdict:
    """Grade a whole completion.

    Several golds mean that any of them is accepted; an answer of several parts is one gold, written as a list ("1, 2").
    `thinking_opened` and `policy` as in `extract_answer`; `tolerance` is for the type numeric alone.

    Raises:
        UserError: the answer type or the policy is unknown.
    """
    started = time.perf_counter()
    found = extract(text, thinking_opened=thinking_opened, policy=_known(policy, "policy", EXTRACTORS))
    if found is None:
        return Verdict(answer=None, outcome="no_answer", rule="none")
    verdict = judge(found.answer, found.others, _golds(gold), _known(answer_type, "answer_type", RULES), tolerance)
    seconds = time.perf_counter() - started
    return msgspec.structs.replace(verdict, extractor=found.extractor, seconds=seconds)


def grade_answer(
    answer: str,
    gold: str | Sequence[str],
    *,
    answer_type: str = "expression",
    tolerance: Tolerance = Tolerance(),  # noqa: B008  (an immutable tuple)
) -> Verdict:
    """Grade an answer that is already extracted.

    Raises:
        UserError: the answer type is unknown.
    """
    return judge(answer, (), _golds(gold), _known(answer_type, "answer_type", RULES), tolerance)


def _golds(gold: str | Sequence[str]) -> tuple[str, ...]:
    return (gold,) if isinstance(gold, str) else tuple(gold)


def _known(name: str, kind: str, known: Mapping[str, object]) -> str:
    if name not in known:
        raise UserError(f"{kind}: unknown '{name}'; known: {', '.join(sorted(known))}")
    return name


def main() -> int:
    """Run the command; exit code 0 for right, 1 for wrong, 2 for a fault in what was given."""
    arguments = _parse_arguments()
    tolerance = Tolerance(arguments.relative, arguments.absolute)
    options = {"answer_type": arguments.type, "tolerance": tolerance}
    if arguments.jsonl is not None:
        return _grade_file(arguments.jsonl, arguments.policy, options)
    if arguments.gold is None or arguments.text is None:
        raise UserError("math_grader: nothing to grade; give --gold GOLD 'TEXT', or --jsonl FILE")
    verdict = grade(arguments.text, arguments.gold, policy=arguments.policy, **options)
    answer = extract_answer(arguments.text, policy=arguments.policy)
    print(f"{'right' if verdict.correct else 'wrong'}: {verdict.outcome}, rule {verdict.rule}")
    print(f"  extracted  {answer!r} by {verdict.extractor or 'nothing'}")
    if answer is not None:
        print(f"  read as    {read(answer).kind}, canonical {verdict.answer!r}")
    print(f"  gold       {arguments.gold!r}, read as {read(arguments.gold).kind}")
    if verdict.warning:
        print(f"  look       {verdict.warning}")
    return 0 if verdict.correct else 1


def _grade_file(path: Path, policy: str, options: dict[str, Any]) -> int:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: cannot be read: {error}") from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            golds = row["gold"]
            verdict = grade_answer(row["answer"], golds, **options) if "answer" in row else grade(
                row["text"], golds, policy=policy, **options
            )  # fmt: skip
        except (ValueError, KeyError, TypeError, AttributeError):
            raise UserError(
                f"{path}:{number}: not a JSON object with gold and text (or answer); mend this line"
            ) from None
        sys.stdout.write(msgspec.json.encode(verdict).decode() + "\n")
    return 0


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Grade one answer, or a file of answers.")
    parser.add_argument("text", nargs="?", help="a completion, e.g. 'So we get \\boxed{0.5}'")
    parser.add_argument("--gold", help="the right answer")
    parser.add_argument(
        "--jsonl", type=Path, help='a file with {"text" or "answer", "gold"} a line; verdicts go to stdout'
    )
    parser.add_argument("--type", default="expression", choices=sorted(RULES), help="the answer's type")
    parser.add_argument(
        "--policy", default="normal", choices=sorted(EXTRACTORS), help="what counts as the final answer"
    )
    parser.add_argument("--relative", type=float, default=Tolerance().relative, help="tolerance of the type numeric")
    parser.add_argument("--absolute", type=float, default=Tolerance().absolute, help="tolerance of the type numeric")
    return parser.parse_args()


if __name__ == "__main__":
    run_command(main)
