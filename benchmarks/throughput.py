"""What the harness costs: tokens a second of `inference.py`'s backend against plain `vllm.LLM.generate`.

    python benchmarks/throughput.py [--config configs/cpu.yaml] [--rounds 3] [key=value …]

Both sides get the same prompts, sampling and engine settings, in a fresh process each, in turn (A B B A …), and count
only the time from the first request to the last completion.  Prints each round, the medians and their ratio.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]

COMMON = """
import asyncio, json, sys, tempfile, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import inference
from benchmarks.loading import load
from generation.backends import open_backend
from generation.models import find_model
from generation.prompts import build_prompts
from generation.requests import owed_requests
from generation.vllm_backend import prepare
from run_folder import RunFolder
from settings import load_card, load_settings
settings = load_settings(Path(sys.argv[2]), sys.argv[3:])
problems = [p for name in settings.benchmarks for p in load(name, settings.data_dir).problems]
prompts = build_prompts(problems, settings.prompt, {n: load_card(n).prompt for n in settings.benchmarks})
"""

PLAIN = """
prepared = prepare(settings, find_model(settings.model), prompts)
import vllm
engine = vllm.LLM(**prepared.arguments | {"disable_log_stats": True})
asked = list(owed_requests(prompts, settings.sampling, set()))
tokens = [{"prompt_token_ids": prepared.tokens(request)} for request in asked]
params = [prepared.sampling_params(request) for request in asked]
started = time.monotonic()
outputs = engine.generate(tokens, params, use_tqdm=False)
seconds = time.monotonic() - started
print(json.dumps({"tokens": sum(len(o.outputs[0].token_ids) for o in outputs), "seconds": seconds}))
"""

OURS = """
backend = open_backend(settings, find_model(settings.model), prompts)
with tempfile.TemporaryDirectory() as folder:
    run = RunFolder(Path(folder))
    started = time.monotonic()
    asyncio.run(inference.generate(run, backend, prompts, settings, set()))
    seconds = time.monotonic() - started
    tokens = sum(one.completion_tokens for one in run.completions())
print(json.dumps({"tokens": tokens, "seconds": seconds}))
"""


def main() -> None:
    """Run both sides in turn and print the ratio of their medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path, default=ROOT / "configs" / "cpu.yaml")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("overrides", nargs="*")
    arguments = parser.parse_intermixed_args()
    rates: dict[str, list[float]] = {"ours": [], "plain": []}
    for number in range(arguments.rounds):
        for name in ("ours", "plain") if number % 2 == 0 else ("plain", "ours"):
            measured = _measure(OURS if name == "ours" else PLAIN, arguments.config, arguments.overrides)
            rates[name].append(measured["tokens"] / measured["seconds"])
            print(
                f"{name:5}  {measured['tokens']:6.0f} tokens  {measured['seconds']:6.1f} s  {rates[name][-1]:6.1f} /s"
            )
    ours, plain = median(rates["ours"]), median(rates["plain"])
    print(f"median: ours {ours:.1f}, plain LLM.generate {plain:.1f} tokens/s; ratio {ours / plain:.3f}")


def _measure(script: str, config: Path, overrides: list[str]) -> dict[str, float]:
    command = [sys.executable, "-c", COMMON + script, str(ROOT / "eval"), str(config), *overrides]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stderr[-2000:])
    measured: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return measured


if __name__ == "__main__":
    main()
