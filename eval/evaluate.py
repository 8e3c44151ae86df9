"""Completions -> verdicts -> scores -> report; needs neither a GPU nor torch nor vLLM, and can be repeated.

    python eval/evaluate.py outputs/x

Writes outputs/x/verdicts.jsonl, report.json and report.md; never touches a completion.
"""

from __future__ import annotations

import argparse
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import msgspec
from tqdm import tqdm

from errors import UserError, run_command
from grading.pool import GradingPool, Job
from records import NOT_TIMED, Completion, Problem, RunCard, Score, Verdict, problems_sha256
from reporting.report import owed_note, print_table, write_reports
from run_folder import RunFolder, write_atomically
from scoring.accuracy import SampleResult, score_benchmark
from settings import settings_of_run

TRUNCATED = "length"
"""The finish reason of a completion that was cut off at its token limit."""


def main() -> int:
    """Run the command; returns its exit code."""
    arguments = _parse_arguments()
    folder = RunFolder(arguments.run)
    card, problems = folder.read_card(), folder.read_problems()
    _check_problems(folder, card, problems)
    samples = settings_of_run(card).sampling.samples
    results: dict[str, list[SampleResult]] = {name: [] for name in card.benchmarks}
    verdict_lines: list[bytes] = []
    encode = msgspec.json.Encoder().encode
    for completion, verdict in _graded(folder, problems, samples):
        verdict_lines.append(encode(verdict) + b"\n")
        results[verdict.benchmark].append(_result(completion, verdict))
    scores = _scores(card, problems, samples, results)
    note = owed_note(scores)
    if note and not arguments.partial:
        owed = sum(score.owed for score in scores)
        raise UserError(f"{folder.path}: {owed} samples are owed; finish the run with the command that began it, or "
                        "score what is there with --partial")  # fmt: skip
    write_atomically(folder.verdicts_path, b"".join(verdict_lines))
    report_json, report_markdown = write_reports(folder.path, card, scores)
    print_table(scores)
    if note:
        print(note)
    print(f"{report_markdown} and {report_json.name} written")
    return 0


def _check_problems(folder: RunFolder, card: RunCard, problems: list[Problem]) -> None:
    """Raise UserError where problems.jsonl is not what the run card says: the denominator must not change unseen."""
    for name, facts in card.benchmarks.items():
        found = problems_sha256([problem for problem in problems if problem.benchmark == name])
        if facts.get("sha256", found) != found:
            raise UserError(
                f"{folder.problems_path}: the problems of {name} are not those of the run card; restore the file"
            )
    foreign = {problem.benchmark for problem in problems} - set(card.benchmarks)
    if foreign:
        raise UserError(f"{folder.problems_path}: {', '.join(foreign)} is not in the run card; restore the file")


def _graded(folder: RunFolder, problems: list[Problem], samples: int) -> Iterator[tuple[Completion, Verdict]]:
    """Every finished completion with its verdict, streamed: texts are dropped as soon as they are graded.

    Raises:
        UserError: a completion belongs to no problem of the run or to a sample beyond its number of samples.
    """
    by_key = {(problem.benchmark, problem.id): problem for problem in problems}
    waiting: deque[Completion] = deque()

    def jobs() -> Iterator[Job]:
        for completion in folder.completions():
            problem = by_key.get((completion.benchmark, completion.problem_id))
            if problem is None or not 0 <= completion.sample < samples:
                raise UserError(f"{folder.completions_path}: {completion.benchmark} {completion.problem_id} sample "
                                f"{completion.sample} is not part of this run; remove the line")  # fmt: skip
            waiting.append(msgspec.structs.replace(completion, text=""))
            yield Job(completion.text, problem.gold, problem.answer_type, completion.thinking_opened)

    bar = tqdm(desc="grading", total=len(problems) * samples, unit="sample", delay=1, leave=False)
    with bar, GradingPool() as pool:
        for verdict in pool.grade_many(jobs()):
            completion = waiting.popleft()
            bar.update()
            benchmark, problem_id, sample = completion.key
            key = {"benchmark": benchmark, "problem_id": problem_id, "sample": sample}
            yield completion, msgspec.structs.replace(verdict, seconds=NOT_TIMED, **key)


def _result(completion: Completion, verdict: Verdict) -> SampleResult:
    return SampleResult(
        problem_id=verdict.problem_id,
        answer=verdict.answer,
        outcome=verdict.outcome,
        truncated=completion.finish_reason == TRUNCATED,
        tokens=completion.completion_tokens,
    )


def _scores(
    card: RunCard, problems: list[Problem], samples: int, results: dict[str, list[SampleResult]]
) -> list[Score]:
    return [
        score_benchmark(name, [problem.id for problem in problems if problem.benchmark == name], samples, results[name])
        for name in card.benchmarks
    ]


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Grade and score a run; writes verdicts and reports beside it.")
    parser.add_argument("run", type=Path, help="a run folder, e.g. outputs/x")
    parser.add_argument("--partial", action="store_true", help="score a run that is not finished yet")
    return parser.parse_args()


if __name__ == "__main__":
    run_command(main)
