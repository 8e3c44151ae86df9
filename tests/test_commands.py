"""The commands as a person runs them: generate, resume, score, and every wrong input as one clear line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from conftest import EVAL, ROOT, completion, one_line, run_python
from run_folder import RunFolder

Recorded = Callable[..., list[str]]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return tmp_path / "run"


def generate(run: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_python("inference.py", *arguments, "--run", run)


def scored(run: Path, *arguments: str) -> dict[str, object]:
    """The first benchmark of report.json after evaluate.py ran."""
    result = run_python("evaluate.py", run, *arguments)
    assert result.returncode == 0, result.stderr
    report = json.loads((run / "report.json").read_text())
    benchmark: dict[str, object] = report["benchmarks"][0]
    return benchmark


def test_a_run_is_generated_scored_and_reported(run: Path, recorded: Recorded) -> None:
    result = generate(run, *recorded(samples=2))
    assert result.returncode == 0, result.stderr
    assert "60 of 60 samples" in result.stdout
    result = run_python("evaluate.py", run)
    assert result.returncode == 0, result.stderr
    for column in ("benchmark", "pass@1", "majority", "truncated", "no answer", "tokens", "30×2"):
        assert column in result.stdout
    report = json.loads((run / "report.json").read_text())
    [benchmark] = report["benchmarks"]
    gold_12 = sum(problem.gold == ("12",) for problem in RunFolder(run).read_problems())
    assert benchmark["accuracy"] == pytest.approx(gold_12 / 30)
    assert (benchmark["problems"], benchmark["samples_per_problem"], benchmark["owed"]) == (30, 2, 0)
    assert (benchmark["truncated"], benchmark["no_answer"], benchmark["mean_tokens"]) == (0, 0, 20)
    verdicts = [json.loads(line) for line in (run / "verdicts.jsonl").read_text().splitlines()]
    assert len(verdicts) == 60
    assert {verdict["answer"] for verdict in verdicts} == {"12"}
    assert "| warmup | 30×2 |" in (run / "report.md").read_text()


def test_expressions_are_graded_in_worker_processes(run: Path, recorded: Recorded) -> None:
    generate(run, *recorded(samples=2, text="so \\boxed{\\frac{24}{2}}"))
    problems = RunFolder(run).read_problems()
    RunFolder(run).write_problems([msgspec.structs.replace(one, answer_type="expression") for one in problems])
    RunFolder(run).write_card(msgspec.structs.replace(RunFolder(run).read_card(), benchmarks={"warmup": {}}))
    gold_12 = sum(problem.gold == ("12",) for problem in problems)
    benchmark = scored(run)
    assert benchmark["accuracy"] == pytest.approx(gold_12 / 30)
    assert benchmark["outcomes"] == {"different": 60 - 2 * gold_12, "same_value": 2 * gold_12}


def test_scoring_again_gives_the_same_bytes_and_touches_no_completion(run: Path, recorded: Recorded) -> None:
    generate(run, *recorded())
    before = (run / "completions.jsonl").stat()
    scored(run)
    report = (run / "report.json").read_bytes()
    scored(run)
    assert (run / "report.json").read_bytes() == report
    assert (run / "completions.jsonl").stat().st_mtime_ns == before.st_mtime_ns


def test_the_same_command_again_generates_nothing(run: Path, recorded: Recorded) -> None:
    arguments = recorded()
    generate(run, *arguments)
    content = (run / "completions.jsonl").read_bytes()
    result = generate(run, *arguments)
    assert "complete, nothing to generate" in result.stdout
    assert (run / "completions.jsonl").read_bytes() == content


def test_more_samples_generate_only_what_is_owed(run: Path, recorded: Recorded) -> None:
    generate(run, *recorded(samples=2))
    content = (run / "completions.jsonl").read_bytes()
    result = generate(run, *recorded(samples=3))
    assert "60 of 90 samples are finished, going on with 30" in result.stdout
    assert (run / "completions.jsonl").read_bytes().startswith(content)
    assert len(RunFolder(run).finished()) == 90
    assert scored(run)["samples_per_problem"] == 3


def test_a_torn_line_is_repaired_and_said_so(run: Path, recorded: Recorded) -> None:
    arguments = recorded()
    generate(run, *arguments)
    path = run / "completions.jsonl"
    content = path.read_bytes()
    path.write_bytes(content[:-30])
    result = generate(run, *arguments)
    assert "the last line was torn off" in result.stderr
    assert path.read_bytes() == content


def test_every_session_of_a_run_is_recorded(run: Path, recorded: Recorded) -> None:
    generate(run, *recorded(samples=1))
    generate(run, *recorded(samples=2))
    sessions = RunFolder(run).read_card().sessions
    assert len(sessions) == 2
    assert all(session["versions"]["python"] and session["hardware"]["cores"] for session in sessions)


def test_a_changed_setting_is_refused_before_anything_is_written(run: Path, recorded: Recorded) -> None:
    arguments = recorded()
    generate(run, *arguments)
    content = (run / "completions.jsonl").read_bytes()
    line = one_line(generate(run, *arguments, "sampling.temperature=0.9"))
    assert "differs in sampling.temperature (0.6 -> 0.9); give another run name" in line
    assert (run / "completions.jsonl").read_bytes() == content


def test_a_run_card_repeats_its_run(run: Path, tmp_path: Path, recorded: Recorded) -> None:
    generate(run, *recorded())
    again = tmp_path / "again"
    result = generate(again, "--config", str(run / "run.yaml"))
    assert result.returncode == 0, result.stderr
    assert (again / "completions.jsonl").read_bytes() == (run / "completions.jsonl").read_bytes()


def test_a_partial_run_is_scored_only_when_asked_and_says_what_is_owed(run: Path, recorded: Recorded) -> None:
    generate(run, *recorded(samples=2))
    path = run / "completions.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:45]))
    assert "15 samples are owed; finish the run" in one_line(run_python("evaluate.py", run))
    assert not (run / "report.json").exists()
    assert scored(run, "--partial")["owed"] == 15
    assert "15 of 60 samples are owed" in (run / "report.md").read_text()


def test_parts_of_several_machines_are_read_together(run: Path, recorded: Recorded) -> None:
    generate(run, *recorded(samples=2))
    lines = (run / "completions.jsonl").read_bytes().splitlines(keepends=True)
    (run / "completions.jsonl").unlink()
    (run / "completions-0.jsonl").write_bytes(b"".join(lines[:20]))
    (run / "completions-1.jsonl").write_bytes(b"".join(lines[20:]))
    assert scored(run)["finished"] == 60


def test_an_interrupted_run_says_what_is_safe_and_goes_on(run: Path, recorded: Recorded) -> None:
    # where the tests run in the background of a shell, this signal is ignored, which a child would inherit
    signal.signal(signal.SIGINT, signal.default_int_handler)
    arguments = [*recorded(samples=2000), "--run", str(run)]
    process = subprocess.Popen([sys.executable, EVAL / "inference.py", *arguments], stderr=subprocess.PIPE, text=True)
    while not (run / "completions.jsonl").exists() or (run / "completions.jsonl").stat().st_size < 10_000:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "are safe, the same command goes on" in stderr
    assert "Traceback" not in stderr
    done = len(RunFolder(run).finished())
    assert f"{done} of 60000 samples are safe" in stderr


def test_completions_of_unknown_origin_are_neither_adopted_nor_cut(run: Path, recorded: Recorded) -> None:
    run.mkdir()
    (run / "completions.jsonl").write_bytes(b"my only notes")
    assert "holds completions but no run.yaml" in one_line(generate(run, *recorded()))
    assert (run / "completions.jsonl").read_bytes() == b"my only notes"


def test_changed_problems_stop_the_scoring(run: Path, recorded: Recorded) -> None:
    generate(run, *recorded())
    content = (run / "problems.jsonl").read_bytes()
    (run / "problems.jsonl").write_bytes(content[: content.rindex(b"{")])
    assert "the problems of warmup are not those of the run card" in one_line(run_python("evaluate.py", run))


def test_a_refused_writer_leaves_the_lock_of_the_first(run: Path, recorded: Recorded) -> None:
    with RunFolder(run).locked():
        assert "in use by" in one_line(generate(run, *recorded()))
        assert "in use by" in one_line(generate(run, *recorded()))


def test_a_second_writer_is_refused(run: Path, recorded: Recorded) -> None:
    arguments = recorded()
    generate(run, *arguments)
    with RunFolder(run).locked():
        assert f"in use by process {os.getpid()}" in one_line(generate(run, *arguments))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--config", "nope.yaml"], "nope.yaml: no such file"),
        (["sampling.sample=3"], "unknown key 'sample'; did you mean 'samples'?"),
        (["benchmarks=aime23"], "unknown benchmark 'aime23'; the nearest are aime25, aime24"),
        (["model.name=/no/model", "backend=vllm", "engine.path=null"], "model.name=/no/model: no such folder"),
        (["data_dir=/no/data"], "data_dir=/no/data: no such folder; it must hold warmup.jsonl"),
        (["sampling.max_tokens=0"], "sampling.max_tokens is 0; must be at least 1"),
        (["sampling.temperature=-1"], "sampling.temperature is -1.0; must be 0 or more"),
        (["sampling.samples=0"], "sampling.samples is 0; must be at least 1"),
        (["backend=vlm"], "unknown backend 'vlm'; did you mean 'vllm'?"),
        (["engine.path=/no/file"], "engine.path=/no/file: no such file"),
        (["engine.pth=x"], "engine: unknown key 'pth'; did you mean 'path'?"),
        (["sampling.samples=3"], "no completion for warmup warmup-01 sample 2"),
    ],
)
def test_a_wrong_input_is_one_line_and_leaves_nothing(
    run: Path, recorded: Recorded, arguments: list[str], message: str
) -> None:
    result = generate(run, *recorded(samples=2), *arguments)
    stderr = result.stderr.replace("\r", "\n").strip().splitlines()
    assert result.returncode == 2, result.stderr
    assert message in stderr[-1]
    assert "Traceback" not in result.stderr
    if "no completion" not in message:
        assert len(stderr) == 1
        assert not run.exists()


def test_evaluating_what_is_no_run_is_one_line(tmp_path: Path) -> None:
    assert "not a run folder" in one_line(run_python("evaluate.py", tmp_path))
    assert "not a run folder" in one_line(run_python("evaluate.py", tmp_path / "nope"))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"garbage\n", "completions.jsonl:61: not a completion"),
        (msgspec.json.encode(completion("warmup-99", 0)) + b"\n", "warmup warmup-99 sample 0 is not part of this run"),
        (msgspec.json.encode(completion("warmup-01", 7)) + b"\n", "warmup warmup-01 sample 7 is not part of this run"),
        (msgspec.json.encode(completion("warmup-01", 1)) + b"\n", "warmup warmup-01 sample 1 stands twice"),
    ],
)
def test_a_foreign_line_stops_the_scoring(run: Path, recorded: Recorded, line: bytes, message: str) -> None:
    generate(run, *recorded(samples=2))
    with (run / "completions.jsonl").open("ab") as file:
        file.write(line)
    assert message in one_line(run_python("evaluate.py", run))


def test_the_run_folder_is_named_after_config_and_settings() -> None:
    config = str(ROOT / "configs" / "cpu.yaml")
    where = run_python("inference.py", "--config", config, "--where", "sampling.seed=5").stdout.strip()
    assert where.startswith("outputs/cpu-")
    assert where != run_python("inference.py", "--config", config, "--where").stdout.strip()
