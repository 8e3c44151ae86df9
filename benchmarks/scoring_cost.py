"""What scoring costs: evaluate.py on 30 problems × 64 samples of 100 KB, against only reading the file.

    python benchmarks/scoring_cost.py [--problems 30] [--samples 64] [--kilobytes 100] [--rounds 5]

Prints the medians in seconds, their difference and the peak memory of evaluate.py in MB.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "eval"))

from records import Completion, Problem, RunCard  # noqa: E402  (eval/ must be on the path first)
from run_folder import CompletionWriter, RunFolder  # noqa: E402

WORDS = ("so we have", "that the sum of all $x^2$", "is \\frac{1}{2}", "hence \\boxed{12} cannot hold", "and then")


def main() -> None:
    """Write a run, time reading and scoring it, print the medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("problems", 30), ("samples", 64), ("kilobytes", 100), ("rounds", 5)):
        parser.add_argument(f"--{name}", type=int, default=default)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        run = RunFolder(Path(temporary) / "run")
        _write_run(run, arguments.problems, arguments.samples, arguments.kilobytes * 1000)
        size = run.completions_path.stat().st_size / 1e6
        reading = [sys.executable, "-c", f"open({str(run.completions_path)!r}, 'rb').read()"]
        scoring = [sys.executable, str(ROOT / "eval" / "evaluate.py"), str(run.path)]
        read = [_seconds(reading) for _ in range(arguments.rounds)]
        score = [_seconds(scoring) for _ in range(arguments.rounds)]
        peak = _peak(scoring[1:])
    size_text = f"{arguments.problems} × {arguments.samples} samples, {size:.0f} MB"
    seconds = f"reading {median(read):.2f} s, scoring {median(score):.2f} s"
    print(f"{size_text}: {seconds}, difference {median(score) - median(read):.2f} s, peak memory {peak:.0f} MB")


def _write_run(run: RunFolder, problems: int, samples: int, size: int) -> None:
    run.path.mkdir()
    ids = [f"p{number}" for number in range(problems)]
    made = [Problem(benchmark="b", id=name, question="?", gold=("12",), answer_type="integer") for name in ids]
    run.write_problems(made)
    settings = {"model": {"name": "m"}, "benchmarks": ["b"], "sampling": {"samples": samples, "temperature": 0.6,
                "top_p": 0.95, "max_tokens": 32768, "seed": 0}}  # fmt: skip
    run.write_card(RunCard(settings=settings, model={"name": "m"}, benchmarks={"b": {}}))
    draw = random.Random(0)
    with CompletionWriter(run.completions_path) as writer:
        for name in ids:
            for sample in range(samples):
                text = " ".join(draw.choices(WORDS, k=size // 6))[:size] + f"\n\\boxed{{{draw.randrange(20)}}}"
                writer.append(_completion(name, sample, text))


def _completion(problem_id: str, sample: int, text: str) -> Completion:
    return Completion(
        benchmark="b",
        problem_id=problem_id,
        sample=sample,
        seed=1,
        text=text,
        finish_reason="stop",
        prompt_tokens=1,
        completion_tokens=1,
        seconds=1.0,
    )


def _seconds(command: Sequence[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def _peak(arguments: Sequence[str]) -> float:
    """Peak resident memory of one Python command in MB, asked of a process that has no other child."""
    script = (
        "import resource, subprocess, sys; subprocess.run([sys.executable, *sys.argv[1:]], check=True, stdout=-3)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000)"
    )
    command = [sys.executable, "-c", script, *arguments]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


if __name__ == "__main__":
    main()
