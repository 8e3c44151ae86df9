"""Replays completions from a JSONL file: for tests and demonstrations, never the default.

    backend=recorded engine.path=outputs/other/completions.jsonl

The file holds completion records; each request gets the one with its key.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

from errors import UserError
from generation.models import Model
from generation.requests import Request
from records import Completion, Prompt
from run_folder import read_lines
from settings import Settings, unknown_name


class RecordedBackend:
    """Answers each request with the recorded completion of the same key."""

    def __init__(self, settings: Settings, model: Model, prompts: Sequence[Prompt]) -> None:  # noqa: ARG002  (the contract)
        for key in settings.engine:
            if key != "path":
                raise UserError(f"engine: {unknown_name('key', key, ['path'])}")
        path = Path(str(settings.engine.get("path", "")))
        if not path.is_file():
            raise UserError(f"engine.path={path}: no such file; backend=recorded needs a file of completions")
        self._path = path
        self._recorded = {completion.key: completion for _, completion in read_lines(path, Completion)}
        self.tokens_generated = 0

    async def generate(self, requests: Iterator[Request]) -> AsyncIterator[Completion]:
        """Yield the recorded completions in the order of the requests."""
        for request in requests:
            recorded = self._recorded.get(request.key)
            if recorded is None:
                benchmark, problem_id, sample = request.key
                raise UserError(f"{self._path}: no completion for {benchmark} {problem_id} sample {sample}; record it")
            self.tokens_generated += recorded.completion_tokens
            yield request.completed(
                recorded.text,
                recorded.finish_reason,
                tokens=(recorded.prompt_tokens, recorded.completion_tokens),
                seconds=recorded.seconds,
                thinking_opened=recorded.thinking_opened,
            )
            await asyncio.sleep(0)

    def close(self) -> None:
        """Nothing is held."""
