"""Kill a real run again and again: nothing finished may be lost, nothing made twice.

    python benchmarks/kills.py [--kills 20] [--seed 0] [key=value …]

Starts inference.py with configs/cpu.yaml in fp32, kills its process group (-9) at a random moment of its generation,
starts the same command again, and so on, then lets it end; beside it one uninterrupted run.  After each kill every
line that was whole before must still be there, byte for byte.  Prints the count and whether both runs are equal.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "eval"))

from run_folder import RunFolder  # noqa: E402  (eval/ must be on the path first)


def main() -> int:
    """Run the trial; returns 1 where anything was lost, doubled or different."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("overrides", nargs="*")
    arguments = parser.parse_intermixed_args()
    settings = ["engine.dtype=float32", "sampling.samples=8", "sampling.max_tokens=60", *arguments.overrides]
    moments = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as temporary:
        killed, whole = Path(temporary) / "killed", Path(temporary) / "whole"
        numbers = range(1, arguments.kills + 1)
        torn = sum(_kill_once(killed, settings, number, moments) for number in numbers)
        _finish(killed, settings)
        _finish(whole, settings)
        first, second = _texts(killed), _texts(whole)
        print(f"{arguments.kills} kills, {torn} torn lines repaired; {len(first)} samples, {len(second)} beside it; "
              f"lost {len(second.keys() - first.keys())}, doubled 0, different "
              f"{sum(first[key] != second[key] for key in first.keys() & second.keys())}")  # fmt: skip
        return int(first != second)


def _kill_once(run: Path, settings: list[str], number: int, moments: random.Random) -> bool:
    """Kill one start at a random moment; returns whether it left a torn line behind."""
    path = run / "completions.jsonl"
    before = path.read_bytes() if path.exists() else b""
    before = before[: before.rfind(b"\n") + 1]
    process = subprocess.Popen(_command(run, settings), start_new_session=True, stderr=subprocess.DEVNULL)
    while process.poll() is None and (not path.exists() or path.stat().st_size <= len(before)):
        time.sleep(0.01)
    time.sleep(moments.uniform(0, 4))
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    after = path.read_bytes()
    if not after.startswith(before):
        sys.exit(f"kill {number}: a finished line changed")
    keys = RunFolder(run).finished()  # raises where a key stands twice
    print(f"kill {number}: {len(keys)} finished", flush=True)
    return not after.endswith(b"\n")


def _finish(run: Path, settings: list[str]) -> None:
    subprocess.run(_command(run, settings), check=True, stderr=subprocess.DEVNULL)


def _command(run: Path, settings: list[str]) -> list[str]:
    config = str(ROOT / "configs" / "cpu.yaml")
    return [sys.executable, str(ROOT / "eval" / "inference.py"), "--config", config, "--run", str(run), *settings]


def _texts(run: Path) -> dict[tuple[str, str, int], tuple[str, str]]:
    return {one.key: (one.text, one.finish_reason) for one in RunFolder(run).completions()}


if __name__ == "__main__":
    sys.exit(main())
