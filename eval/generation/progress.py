"""The bar of a run: finished samples, tokens a second, time left.

warmup:  12/60 [00:41<02:44, 0.29 samples/s, 118 tokens/s]
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator
from typing import Any

from tqdm import tqdm

from generation.backends import Backend

TERMINAL_SECONDS, LOG_SECONDS = 1.0, 30.0
"""How often the bar is drawn: often where a person looks on, seldom where each drawing is a line in a log."""


@contextlib.asynccontextmanager
async def progress_bar(label: str, total: int, done: int, backend: Backend) -> AsyncIterator[tqdm[Any]]:
    """A bar over `total` samples, `done` of them from before; redrawn each second with the backend's token rate."""
    seconds = TERMINAL_SECONDS if sys.stderr.isatty() else LOG_SECONDS
    bar: tqdm[Any] = tqdm(
        total=total, initial=done, desc=label, unit="sample", dynamic_ncols=True, smoothing=0.1, mininterval=seconds
    )
    with bar:
        ticker = asyncio.create_task(_redraw(bar, backend, seconds))
        try:
            yield bar
        finally:
            ticker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await ticker
            bar.refresh()


async def _redraw(bar: tqdm[Any], backend: Backend, interval: float) -> None:
    started, before = time.monotonic(), backend.tokens_generated
    while True:
        await asyncio.sleep(interval)
        seconds = time.monotonic() - started
        bar.set_postfix_str(f"{(backend.tokens_generated - before) / seconds:.0f} tokens/s")
