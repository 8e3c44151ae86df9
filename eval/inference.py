"""Settings and cards -> problems -> prompts -> completions, resumable.

    python eval/inference.py --config configs/cpu.yaml --run outputs/x sampling.samples=4

Every finished sample is appended to outputs/x/completions.jsonl at once; the same command goes on where it stopped.
It never scores: `python eval/evaluate.py outputs/x` does.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.loading import describe, load
from errors import run_command
from generation.backends import Backend, check_backend_name, open_backend
from generation.models import Model, find_model
from generation.progress import progress_bar
from generation.prompts import build_prompts
from generation.requests import owed_requests
from generation.resume import check_resumable, default_run, make_card, with_session
from records import Key, Prompt, RunCard
from run_folder import CompletionWriter, RunFolder
from settings import Settings, load_card, load_settings


def main() -> int:
    """Run the command; returns its exit code."""
    arguments = _parse_arguments()
    settings = load_settings(arguments.config, arguments.overrides)
    folder = RunFolder(arguments.run or default_run(arguments.config, settings))
    if arguments.where:
        print(folder.path)
        return 0
    check_backend_name(settings.backend)
    loaded = [load(name, settings.data_dir) for name in settings.benchmarks]
    problems = [problem for one in loaded for problem in one.problems]
    prompts = build_prompts(problems, settings.prompt, {name: load_card(name).prompt for name in settings.benchmarks})
    model = Model(name=settings.model.name, path="") if settings.backend == "recorded" else find_model(settings.model)
    card = make_card(settings, model, describe(loaded), prompts)
    folder.check_not_foreign()
    with folder.locked():
        if folder.exists():
            check_resumable(folder.path, folder.read_card(), card)
        finished = _repaired_keys(folder)
        if folder.exists() and not any(True for _ in owed_requests(prompts, settings.sampling, finished)):
            folder.write_card(with_same_sessions(folder, card))
            print(f"{folder.path}: complete, nothing to generate")
            return 0
        backend = open_backend(settings, model, prompts)
        try:
            if not folder.exists():
                folder.write_problems(problems)
            sessions = folder.read_card().sessions if folder.exists() else ()
            folder.write_card(with_session(card, sessions))
            asyncio.run(generate(folder, backend, prompts, settings, finished))
        finally:
            backend.close()
    return 0


def with_same_sessions(folder: RunFolder, card: RunCard) -> RunCard:
    """The new card with the sessions of the old one."""
    return RunCard(
        settings=card.settings, model=card.model, benchmarks=card.benchmarks, sessions=folder.read_card().sessions
    )


def _repaired_keys(folder: RunFolder) -> set[Key]:
    """The finished keys, after a torn last line was cut off."""
    if folder.completions_path.exists():
        with CompletionWriter(folder.completions_path) as writer:
            if writer.torn_bytes:
                print(f"{folder.completions_path}: the last line was torn off ({writer.torn_bytes} bytes); it is cut "
                      "away and its sample generated again", file=sys.stderr)  # fmt: skip
    return folder.finished()


async def generate(
    folder: RunFolder, backend: Backend, prompts: Sequence[Prompt], settings: Settings, finished: set[Key]
) -> None:
    """Append every completion as it ends and say what was done."""
    total = len(prompts) * settings.sampling.samples
    done = len(finished)
    if done:
        print(f"{folder.path}: {done} of {total} samples are finished, going on with {total - done}")
    started = time.monotonic()
    requests = owed_requests(prompts, settings.sampling, finished)
    label = ",".join(settings.benchmarks)
    with CompletionWriter(folder.completions_path) as writer:
        try:
            async with progress_bar(label, total, done, backend) as bar:
                async for completion in backend.generate(requests):
                    writer.append(completion)
                    done += 1
                    bar.update()
        except (KeyboardInterrupt, asyncio.CancelledError):
            message = f"{folder.path}: interrupted; {done} of {total} samples are safe, the same command goes on"
            raise KeyboardInterrupt(message) from None
    seconds = time.monotonic() - started
    tokens = backend.tokens_generated
    rate = f"{tokens} new tokens in {seconds:.0f} s ({tokens / seconds:.0f} tokens/s)"
    print(f"{folder.path}: {done} of {total} samples, {rate}")


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Generate completions for benchmarks; the same command resumes.",
        epilog="example: python eval/inference.py --config configs/cpu.yaml --run outputs/x sampling.samples=4",
    )
    parser.add_argument("--config", type=Path, required=True, help="a file in configs/, or a run's run.yaml")
    parser.add_argument("--run", type=Path, help="the run folder (default: outputs/ and a name made from the settings)")
    parser.add_argument("--where", action="store_true", help="print the run folder and exit")
    parser.add_argument("overrides", nargs="*", metavar="key=value", help="e.g. benchmarks=aime24,aime25")
    return parser.parse_intermixed_args()


if __name__ == "__main__":
    run_command(main)
