"""What the tests share: commands as a person runs them, small runs, records."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from records import Completion

ROOT = Path(__file__).parents[1]
EVAL = ROOT / "eval"
SEVEN_PLUS_FIVE = "7 + 5 = 12, so the answer is \\boxed{12}."


def completion(problem_id: str, sample: int, text: str = SEVEN_PLUS_FIVE, **changes: Any) -> Completion:
    """A completion of the warm-up benchmark."""
    made = Completion(
        benchmark="warmup",
        problem_id=problem_id,
        sample=sample,
        seed=1,
        text=text,
        finish_reason="stop",
        prompt_tokens=40,
        completion_tokens=20,
        seconds=0.5,
    )
    return msgspec.structs.replace(made, **changes)


def warmup_ids() -> list[str]:
    """The ids of the warm-up problems in order."""
    lines = (EVAL / "data" / "warmup.jsonl").read_text(encoding="utf-8").splitlines()
    return [msgspec.json.decode(line)["id"] for line in lines]


def run_python(script: str, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """One of eval/'s commands, run from outside of the checkout as a person might."""
    return subprocess.run(
        [sys.executable, EVAL / script, *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd="/",
        env={**os.environ, **environment},
        check=False,
        timeout=600,
    )


def one_line(result: subprocess.CompletedProcess[str]) -> str:
    """The one line of a fault that a person can mend: exit code 2, no traceback."""
    assert result.returncode == 2, result.stderr
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    return lines[0]


@pytest.fixture
def recorded(tmp_path: Path) -> Callable[..., list[str]]:
    """Writes recorded completions of the warm-up benchmark; returns the arguments of inference.py that replay them."""

    def write(samples: int = 2, text: str = SEVEN_PLUS_FIVE) -> list[str]:
        path = tmp_path / "recorded.jsonl"
        lines = [completion(name, sample, text) for name in warmup_ids() for sample in range(samples)]
        path.write_bytes(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
        config = tmp_path / "recorded.yaml"
        config.write_text(
            "model: {name: recorded}\nbenchmarks: [warmup]\nbackend: recorded\n"
            f"sampling: {{samples: {samples}, max_tokens: 100}}\nengine: {{path: {path}}}\n"
        )
        return ["--config", str(config)]

    return write
