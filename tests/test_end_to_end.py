"""The real engine (vLLM's CPU build) with the real small model, through the commands a person uses."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import EVAL, ROOT, one_line, run_python
from run_folder import RunFolder

CPU = ROOT / "configs" / "cpu.yaml"
SMALL = ["sampling.samples=1", "sampling.max_tokens=40", "engine.max_num_seqs=8"]
FP32 = [*SMALL, "engine.dtype=float32"]


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole run in fp32, where the engine gives the same tokens whatever runs beside them."""
    run = tmp_path_factory.mktemp("whole") / "run"
    result = run_python("inference.py", "--config", CPU, "--run", run, *FP32)
    assert result.returncode == 0, result.stderr
    return run


def texts(run: Path) -> dict[object, tuple[str, str, int]]:
    return {one.key: (one.text, one.finish_reason, one.completion_tokens) for one in RunFolder(run).completions()}


def test_one_command_generates_and_scores_in_a_fresh_clone(tmp_path: Path) -> None:
    for name in ("eval", "configs"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "eval.sh", tmp_path)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    result = subprocess.run(
        ["bash", "eval.sh", "configs/cpu.yaml", *SMALL], cwd=tmp_path, env={**os.environ, "RUN": "first", "PATH": path},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert "30 of 30 samples" in result.stdout
    assert "warmup" in result.stdout
    assert not (tmp_path / ".venv").exists(), "the active Python has all that is needed"
    [benchmark] = json.loads((tmp_path / "outputs" / "first" / "report.json").read_text())["benchmarks"]
    assert benchmark["finished"] == 30
    assert benchmark["accuracy"] > 0, "the small model is right on some easy problem"
    assert benchmark["mean_tokens"] > 1


def test_a_killed_run_goes_on_and_equals_an_uninterrupted_one(tmp_path: Path, uninterrupted: Path) -> None:
    run = tmp_path / "run"
    command = [sys.executable, str(EVAL / "inference.py"), "--config", str(CPU), "--run", str(run), *FP32]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(command, start_new_session=True, stdout=log, stderr=log)
        path = run / "completions.jsonl"
        while process.poll() is None and (not path.exists() or path.read_bytes().count(b"\n") < 5):
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    before = path.read_bytes()
    assert 5 <= before.count(b"\n") < 30, (tmp_path / "log").read_text()
    with path.open("ab") as file:
        file.write(b'{"benchmark":"warmup","problem_id":"warm')
    result = run_python("inference.py", "--config", CPU, "--run", run, *FP32)
    assert result.returncode == 0, result.stderr
    assert "the last line was torn off (40 bytes)" in result.stderr
    assert path.read_bytes().startswith(before), "what was finished stays as it was"
    assert texts(run) == texts(uninterrupted)


def test_completions_are_what_the_model_said(uninterrupted: Path) -> None:
    completions = list(RunFolder(uninterrupted).completions())
    assert len({one.seed for one in completions}) == len(completions)
    assert all(one.prompt_tokens > 100 for one in completions), "the worked turns are part of the prompt"
    assert all(1 <= one.completion_tokens <= 40 for one in completions)
    assert {one.completion_tokens for one in completions if one.finish_reason == "length"} == {40}
    assert all("<|im_end|>" not in one.text for one in completions)
    assert all(0 < one.seconds < 600 for one in completions)
    card = RunFolder(uninterrupted).read_card()
    assert card.model["fingerprint"]
    assert "torch" in card.sessions[0]["versions"]


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("engine.kv_cache_memory_bytes=1000000000000000", "not enough memory for the engine: needs about"),
        ("engine.max_model_len=100000", "engine.max_model_len=100000: the model's context is 8192; lower it"),
        ("engine.max_model_len=64", "tokens, the context only 64; raise engine.max_model_len"),
        ("engine.max_num_seq=4", "engine: unknown key 'max_num_seq'; did you mean 'max_num_seqs'?"),
        ("engine.kv_cache_memory_bytes=1000", "the engine did not start"),
        ("engine.kv_cache_memory_bytes=2GiB", "engine.kv_cache_memory_bytes=2GiB: must be a whole number"),
    ],
)
def test_an_engine_that_cannot_start_is_one_line_and_leaves_nothing(
    tmp_path: Path, override: str, message: str
) -> None:
    run = tmp_path / "run"
    assert message in one_line(run_python("inference.py", "--config", CPU, "--run", run, override))
    assert not run.exists()
