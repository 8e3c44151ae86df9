"""What README and the golden run say is so."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT, run_python
from settings import card_names, load_settings

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line.split("  #")[0].strip()
    for block in re.findall(r"```bash\n(.*?)```", README + (ROOT / "CONTRIBUTING.md").read_text(), re.DOTALL)
    for line in block.splitlines()
]


@pytest.mark.parametrize(
    "command", [command for command in COMMANDS if "eval.sh" in command or "inference.py" in command]
)
def test_a_command_of_the_readme_names_real_configs_and_keys(command: str) -> None:
    words = shlex.split(command)
    assert (ROOT / words[1 if "=" not in words[0] else 2]).is_file()
    config = next((word for word in words if word.endswith(".yaml")), "configs/cpu.yaml")
    load_settings(ROOT / config, [word for word in words[1:] if "=" in word and not word.startswith("RUN=")])


def test_the_grader_command_of_the_readme_runs() -> None:
    [command] = [command for command in COMMANDS if "math_grader.py" in command]
    result = subprocess.run(
        [sys.executable, *shlex.split(command)[1:]], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert result.stdout.startswith("right: same_value")


def test_help_lists_what_the_readme_lists() -> None:
    result = subprocess.run(["bash", ROOT / "eval.sh", "--help"], capture_output=True, text=True, check=True)
    for word in ("bash eval.sh model.name=", "RUN=my-run", "--setup-only", "configs/deepscaler.yaml"):
        assert word in result.stdout
        assert word in README


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--nonsense"], "--nonsense: not understood"),
        (["configs/cpu.yaml", "configs/deepscaler.yaml"], "a second config; give one"),
        (["configs/nope.yaml"], "configs/nope.yaml: no such file; the configs are in configs/"),
        (["sampling.sample=1"], "unknown key 'sample'; did you mean 'samples'?"),
    ],
)
def test_eval_sh_refuses_what_it_does_not_understand(words: list[str], message: str) -> None:
    result = subprocess.run(["bash", "eval.sh", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("gpu", "fine_tune", "said", "benchmark"),
    [
        (1, True, "configs/deepscaler-limo.yaml: a GPU is seen and models/deepscaler-limo is there", "aime24"),
        (1, False, "configs/deepscaler.yaml: a GPU is seen and models/deepscaler-limo is not there", "aime24"),
        (0, False, "configs/cpu.yaml: no NVIDIA GPU is seen (nvidia-smi), so the small run", "warmup"),
    ],
)
def test_the_config_is_chosen_by_the_machine_and_said(
    tmp_path: Path, gpu: int, fine_tune: bool, said: str, benchmark: str
) -> None:
    for name in ("eval", "configs"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "eval.sh", tmp_path)
    if fine_tune:
        (tmp_path / "models" / "deepscaler-limo").mkdir(parents=True)
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "nvidia-smi").write_text("#!/bin/sh\necho 'GPU 0: a card'\n" if gpu else "#!/bin/sh\nexit 9\n")
    (tools / "nvidia-smi").chmod(0o755)
    path = f"{tools}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    result = subprocess.run(
        ["bash", "eval.sh", "data_dir=/no/data"], cwd=tmp_path, env={**os.environ, "PATH": path},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.stdout.splitlines() == [said]
    assert result.returncode == 2
    assert result.stderr.strip() == f"data_dir=/no/data: no such folder; it must hold {benchmark}.jsonl"


def test_every_config_and_benchmark_stands_in_the_readme() -> None:
    for path in (ROOT / "configs").glob("*.yaml"):
        assert f"`configs/{path.name}`" in README
    for name in card_names():
        assert f"`{name}`" in README


def test_every_script_of_the_readme_exists() -> None:
    for script in re.findall(r"python (benchmarks/\w+\.py)", README):
        assert (ROOT / script).is_file()


def test_the_golden_run_is_reproduced_byte_for_byte(tmp_path: Path) -> None:
    golden, copy = ROOT / "tests" / "golden", tmp_path / "golden"
    copy.mkdir()
    for name in ("run.yaml", "problems.jsonl", "completions.jsonl"):
        shutil.copy(golden / name, copy)
    result = run_python("evaluate.py", copy)
    assert result.returncode == 0, result.stderr
    for name in ("verdicts.jsonl", "report.json", "report.md"):
        assert (copy / name).read_bytes() == (golden / name).read_bytes()


def test_the_table_of_the_readme_is_the_golden_run(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests" / "golden", tmp_path / "golden")
    printed = run_python("evaluate.py", tmp_path / "golden", COLUMNS="80").stdout
    for line in printed.splitlines()[2:5]:
        assert line.rstrip() in README
