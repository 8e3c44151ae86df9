"""The grader against the bars it is held to, Math-Verify beside it in the same run.

    pip install math-verify==0.9.0
    python benchmarks/grader.py --shared ../shared

Prints, for each file of labelled cases: how many are judged as labelled, right answers marked wrong, wrong answers
marked right, and the time of one verdict (median, 99th percentile) and of all; then the golds that do not equal
themselves, the speed of the AIME path and of extraction, and the time to import the grader.
"""

from __future__ import annotations

import argparse
import functools
import json
import logging
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "eval"))

from math_grader import extract_answer, grade, grade_answer  # noqa: E402  (eval/ must be on the path first)

Judge = Callable[[dict[str, Any]], bool]


def ours(case: dict[str, Any]) -> bool:
    """Our verdict; a whole text is read with the lenient policy where the others read any text at all."""
    if case["kind"] == "response":
        return grade(case["pred"], case["gold"], policy=case["policy"]).correct
    return grade_answer(case["pred"], case["gold"]).correct


def math_verify() -> Judge | None:
    """Math-Verify's verdict, None where it is not installed."""
    try:
        from math_verify import parse, verify
    except ImportError:
        return None
    logging.disable(logging.CRITICAL)

    def judge(case: dict[str, Any]) -> bool:
        wrapped = case["pred"] if case["kind"] == "response" else f"${case['pred'].strip('$')}$"
        return bool(verify(parse(f"${case['gold'].strip('$')}$"), parse(wrapped)))

    return judge


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="the folder with grader/ and data/")
    shared: Path = parser.parse_args().shared
    print(
        f"{'cases':16} {'grader':12} {'right %':>8} {'r as w':>7} {'w as r':>7} {'median ms':>10} {'p99 ms':>8} {'total s':>8}"
    )
    for name, policy in (("rewritten_golds", "normal"), ("peer_cases", "lenient")):
        cases = [
            case | {"policy": policy}
            for case in _lines(shared / "grader" / f"{name}.jsonl")
            if not case.get("disputed")
        ]
        for grader, judge in (("ours", ours), ("Math-Verify", math_verify())):
            if judge is not None:
                _print_row(name, grader, cases, judge)
    _print_self_match(shared / "data" / "limo")
    _print_speed()


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line:
            yield json.loads(line)


def _print_row(name: str, grader: str, cases: list[dict[str, Any]], judge: Judge) -> None:
    judge(cases[0])  # imports are not the first case's fault
    seconds, missed, accepted = [], 0, 0
    for case in cases:
        started = time.perf_counter()
        verdict = judge(case)
        seconds.append(time.perf_counter() - started)
        missed += case["expected"] and not verdict
        accepted += verdict and not case["expected"]
    right = 100 * (1 - (missed + accepted) / len(cases))
    p99 = quantiles(seconds, n=100)[98]
    print(
        f"{name:16} {grader:12} {right:8.2f} {missed:7} {accepted:7} {1e3 * median(seconds):10.3f} {1e3 * p99:8.2f} {sum(seconds):8.2f}"
    )


def _print_self_match(folder: Path) -> None:
    total, failed = 0, []
    for path in sorted(folder.glob("*/test.jsonl")):
        for number, row in enumerate(_lines(path)):
            gold = row["answer"]
            golds = list(gold.values()) if isinstance(gold, dict) else gold if isinstance(gold, list) else [gold]
            for one in golds:
                total += 1
                if not grade(f"So \\boxed{{{one}}}.", str(one)).correct:
                    failed.append(f"{path.parent.name} row {number}: {one}")
    print(f"golds that equal themselves: {total - len(failed)} of {total}", *failed, sep="\n  ")


def _print_speed() -> None:
    answers = [str(number % 1000) for number in range(50_000)]
    started = time.perf_counter()
    for answer in answers:
        grade_answer(answer, "33", answer_type="integer")
    print(f"AIME verdicts from extracted answers: {len(answers) / (time.perf_counter() - started):.0f} /s")
    long = "so we see that $x^2$ is {not} prime. " * 8000
    for name, text in (("box at the end", long + "\\boxed{33}"), ("no box", long)):
        seconds = _median_seconds(functools.partial(extract_answer, text))
        print(f"extraction from {len(text) // 1000} KB, {name}: {1e3 * seconds:.3f} ms")
    script = "import time; t = time.perf_counter(); import math_grader; print(time.perf_counter() - t)"
    runs = [
        subprocess.run([sys.executable, "-c", script], cwd=ROOT / "eval", capture_output=True, text=True, check=True)
        for _ in range(5)
    ]
    print(f"import of math_grader: {median(float(run.stdout) for run in runs):.3f} s")


def _median_seconds(function: Callable[[], object]) -> float:
    """The median time of one call in seconds."""
    seconds = []
    for _ in range(21):
        started = time.perf_counter()
        function()
        seconds.append(time.perf_counter() - started)
    return median(seconds)


if __name__ == "__main__":
    main()
