"""Scores -> console table, report.json and report.md.

report.json, format 1:

    {"format": 1, "run": "x", "partial": false, "model": {…}, "settings": {…}, "sessions": […],
     "benchmarks": [{"benchmark": "aime24", "problems": 30, "samples_per_problem": 16, "finished": 480, "owed": 0,
                     "correct": 207, "accuracy": 0.43125, "majority": 0.6, "truncated": 0.08, "no_answer": 0.07,
                     "mean_tokens": 9134.2, "outcomes": {"same_text": 207, …},
                     "problem_accuracy": {"2024-I-1": 0.9, …}}]}

Shares are from 0 to 1 and not rounded; null where nothing is finished.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from records import RunCard, Score
from run_folder import write_atomically

COLUMNS = (
    "benchmark",
    "problems×samples",
    "pass@1",
    "majority",
    "truncated",
    "no answer",
    "tokens",
)


def print_table(scores: Sequence[Score]) -> None:
    """The scores as a table on the console."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console  # a tenth of a second that --help should not pay
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)  # fits into 80 columns
    for column in COLUMNS:
        table.add_column(column, justify="left" if column == "benchmark" else "right", no_wrap=True)
    for score in scores:
        table.add_row(*_cells(score))
    Console().print("\n", table, "\npass@1: mean over all samples; tokens: mean; shares in %", sep="")


def write_reports(folder: Path, card: RunCard, scores: Sequence[Score]) -> tuple[Path, Path]:
    """Write report.json and report.md into the run folder; returns their paths."""
    report = {
        "format": 1,
        "run": folder.resolve().name,
        "partial": any(score.owed for score in scores),
        "model": card.model,
        "settings": card.settings,
        "sources": card.benchmarks,
        "sessions": card.sessions,
        "benchmarks": scores,
    }
    json_path, markdown_path = folder / "report.json", folder / "report.md"
    write_atomically(json_path, msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n")
    write_atomically(markdown_path, _markdown(card, scores).encode())
    return json_path, markdown_path


def owed_note(scores: Sequence[Score]) -> str | None:
    """One line on what a partly finished run still owes, None for a whole one."""
    owed = sum(score.owed for score in scores)
    if not owed:
        return None
    total = sum(score.problems * score.samples_per_problem for score in scores)
    correct = sum(score.correct for score in scores)
    low, high = 100 * correct / total, 100 * (correct + owed) / total
    return (
        f"partial: {owed} of {total} samples are owed; the table covers the finished ones, "
        f"and the whole run will score between {low:.1f} and {high:.1f} %"
    )


def _cells(score: Score) -> tuple[str, ...]:
    return (
        score.benchmark,
        f"{score.problems}×{score.samples_per_problem}",
        _percent(score.accuracy),
        _percent(score.majority),
        _percent(score.truncated),
        _percent(score.no_answer),
        "–" if score.mean_tokens is None else f"{score.mean_tokens:.0f}",
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f}"


def _markdown(card: RunCard, scores: Sequence[Score]) -> str:
    sampling = card.settings["sampling"]
    model = card.model.get("revision") or card.model.get("fingerprint") or ""
    lines = [
        f"# {card.model['name']}",
        "",
        f"Model {card.model['name']} {model}; temperature {sampling['temperature']}, top-p {sampling['top_p']}, "
        f"at most {sampling['max_tokens']} tokens, seed {sampling['seed']}. pass@1 is the mean over all samples; "
        "shares in %.",
        "",
        f"| {' | '.join(COLUMNS)} |",
        f"|{'---|' * len(COLUMNS)}",
        *(f"| {' | '.join(_cells(score))} |" for score in scores),
        "",
    ]
    note = owed_note(scores)
    if note:
        lines += [note, ""]
    for score in scores:
        outcomes = ", ".join(f"{name} {count}" for name, count in score.outcomes.items())
        lines += [f"{score.benchmark}: {outcomes or 'nothing finished'}.", ""]
    return "\n".join(lines)
