"""The house keeps its shape: arrows point one way, heavy imports have one home, names clash with nothing."""

from __future__ import annotations

import ast
import importlib.metadata
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import EVAL, ROOT

ROOMS = ("benchmarks", "generation", "grading", "scoring", "reporting", "interchange")
FLOOR = ("settings", "run_folder", "records", "errors", "cache", "hub")
COMMANDS = {
    "inference": {"benchmarks", "generation"},
    "evaluate": {"math_grader", "grading", "scoring", "reporting", "interchange", "benchmarks"},
    "math_grader": {"grading"},
}
FLOOR_IMPORTS = {
    "records": set(),
    "errors": set(),
    "cache": set(),
    "hub": set(),
    "settings": {"records", "errors"},
    "run_folder": {"records", "errors", "settings"},
}
HOMES = {
    "vllm": ("generation/vllm_backend.py",),
    "transformers": ("generation/builtin_models.py",),
    "torch": ("generation/builtin_models.py",),
    "datasets": ("benchmarks/sources.py",),
    "huggingface_hub": ("hub.py", "generation/models.py"),
    "sympy": ("grading/",),
    "latex2sympy2_extended": ("grading/",),
    "yaml": ("settings.py",),
    "rich": ("reporting/",),
}
MODULES = sorted(EVAL.rglob("*.py"))


def imports(path: Path) -> set[str]:
    """The top-level names a module imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add((node.module or "").partition(".")[0])
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(EVAL)))
def test_arrows_point_one_way(path: Path) -> None:
    place = path.relative_to(EVAL)
    own = imports(path) & {*ROOMS, *FLOOR, *COMMANDS}
    if len(place.parts) > 1:
        allowed = {place.parts[0], *FLOOR}
    elif place.stem in COMMANDS:
        allowed = COMMANDS[place.stem] | set(FLOOR)
    else:
        allowed = FLOOR_IMPORTS[place.stem]
    assert own <= allowed, f"{place} imports {sorted(own - allowed)}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(EVAL)))
def test_heavy_imports_stay_in_their_home(path: Path) -> None:
    place = str(path.relative_to(EVAL))
    for name in imports(path) & set(HOMES):
        assert place.startswith(HOMES[name]), f"{place} imports {name}, which belongs to {HOMES[name]}"


def test_no_module_or_room_carries_the_name_of_another_package() -> None:
    ours = {path.stem for path in EVAL.glob("*.py")} | {path.name for path in EVAL.iterdir() if path.is_dir()}
    ours -= {"data", "__pycache__"}
    assert not ours & set(sys.stdlib_module_names)
    installed = set(importlib.metadata.packages_distributions())
    assert not ours & installed


def test_eval_is_a_folder_of_scripts_and_not_a_package() -> None:
    assert not (EVAL / "__init__.py").exists()
    for path in [*MODULES, *(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]:
        assert "eval" not in imports(path), path


@pytest.mark.parametrize("command", ["evaluate.py", "inference.py", "math_grader.py"])
def test_a_command_starts_without_heavy_libraries(command: str) -> None:
    script = (
        "import runpy, sys\nsys.argv = [sys.argv[1], '--help']\n"
        "try: runpy.run_path(sys.argv[0], run_name='__main__')\n"
        "except SystemExit: pass\n"
        "print(sorted({'vllm', 'torch', 'transformers', 'datasets', 'sympy', 'rich'} & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(EVAL)!r})\n{script}", EVAL / command],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert result.stdout.strip().endswith("[]"), result.stdout


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(EVAL)))
def test_modules_and_functions_stay_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 40, f"{path.name}: {node.name} is longer than 40 lines"
