"""The backends behind one contract: requests in, completions out as they finish.

To add one: a file in this folder with one class, one line in BACKENDS.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Protocol

from errors import UserError
from generation.models import Model
from generation.recorded_backend import RecordedBackend
from generation.requests import Request
from generation.vllm_backend import VllmBackend
from records import Completion, Prompt
from settings import Settings, unknown_name


class Backend(Protocol):
    """What generates.  Its constructor checks the prompts and all settings before it takes any resource."""

    tokens_generated: int
    """Tokens generated so far, unfinished samples included; read for the progress bar."""

    def generate(self, requests: Iterator[Request]) -> AsyncIterator[Completion]:
        """Yield one completion a request, in the order they finish; takes requests as it has room for them."""
        ...

    def close(self) -> None:
        """Give everything back."""
        ...


BACKENDS: dict[str, Callable[[Settings, Model, Sequence[Prompt]], Backend]] = {
    "vllm": VllmBackend,
    "recorded": RecordedBackend,
}


def open_backend(settings: Settings, model: Model, prompts: Sequence[Prompt]) -> Backend:
    """Start the backend that the settings name.

    Raises:
        UserError: unknown backend, or what the backend itself finds wrong.
    """
    check_backend_name(settings.backend)
    return BACKENDS[settings.backend](settings, model, prompts)


def check_backend_name(name: str) -> None:
    """Raise UserError for an unknown backend."""
    if name not in BACKENDS:
        raise UserError(f"backend: {unknown_name('backend', name, BACKENDS)}")
