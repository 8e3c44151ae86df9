"""May this run go on in that folder?  Two experiments never share one.

What shapes a completion (model, prompt, sampling, benchmark content, a few engine keys) must be the same; what only
shapes speed (batch sizes, memory, number of GPUs) may change, and more samples may be asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from errors import UserError
from generation.machine import hardware, library_versions
from generation.models import Model
from records import Prompt, RunCard
from settings import Settings

EXPERIMENT_ENGINE_KEYS = (
    "dtype",
    "quantization",
    "kv_cache_dtype",
    "max_model_len",
    "hf_overrides",
    "tokenizer",
    "load_format",
    "speculative_config",
)
"""Engine arguments that change what the model says; all others change only how fast."""

SHOWN_CHARACTERS = 24


def default_run(config: Path, settings: Settings) -> Path:
    """The folder of a run without a name: the config's name and a checksum of the settings that shape completions.

    So the same command finds its run again, and another one never runs into it.
    """
    name = config.parent.name if config.name == "run.yaml" else config.stem
    identity = msgspec.json.encode(_settings_identity(settings), order="sorted")
    return Path("outputs") / f"{name}-{hashlib.sha256(identity).hexdigest()[:8]}"


def make_card(
    settings: Settings, model: Model, benchmarks: Mapping[str, dict[str, Any]], prompts: Sequence[Prompt]
) -> RunCard:
    """The run card of a run that is about to start."""
    described = {
        name: {**facts, "prompts_sha256": _prompts_sha256(prompts, name)} for name, facts in benchmarks.items()
    }
    return RunCard(settings=msgspec.to_builtins(settings), model=model.describe(), benchmarks=described)


def check_resumable(folder: Path, old: RunCard, new: RunCard) -> None:
    """Raise UserError where going on would mix two experiments; names every key that differs."""
    before, now = _identity(old), _identity(new)
    differing = [key for key in before | now if before.get(key) != now.get(key)]
    if differing:
        changes = ", ".join(f"{key} ({_short(before.get(key))} -> {_short(now.get(key))})" for key in differing)
        raise UserError(f"{folder}: holds another experiment; differs in {changes}; give another run name")
    samples_before, samples_now = (card.settings["sampling"]["samples"] for card in (old, new))
    if samples_now < samples_before:
        raise UserError(f"{folder}: has {samples_before} samples per problem, {samples_now} asked; more is possible, "
                        "fewer needs another run name")  # fmt: skip


def with_session(card: RunCard, sessions: Sequence[dict[str, Any]]) -> RunCard:
    """The card with the sessions so far and this one: when, with which libraries, on which machine."""
    session = {
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": library_versions(),
        "hardware": hardware(),
    }
    return msgspec.structs.replace(card, sessions=(*sessions, session))


def _identity(card: RunCard) -> dict[str, Any]:
    """Flat key -> value of all that shapes completions."""
    identity = _settings_identity(msgspec.convert(card.settings, Settings))
    del identity["benchmarks"], identity["model.name"], identity["model.revision"]
    identity = {key: value for key, value in identity.items() if not key.startswith("prompt.")}
    model = card.model
    identity["model"] = model.get("fingerprint") or model.get("revision") or model["name"]
    for name, facts in card.benchmarks.items():
        identity[f"benchmarks.{name}.content"] = facts["sha256"]
        identity[f"benchmarks.{name}.prompt"] = facts["prompts_sha256"]
    return identity


def _settings_identity(settings: Settings) -> dict[str, Any]:
    plain = msgspec.to_builtins(settings)
    identity = {"benchmarks": plain["benchmarks"], "backend": plain["backend"]}
    for section in ("model", "sampling", "prompt"):
        identity |= {f"{section}.{key}": value for key, value in plain[section].items() if key != "samples"}
    identity |= {f"engine.{key}": plain["engine"][key] for key in EXPERIMENT_ENGINE_KEYS if key in plain["engine"]}
    return identity


def _prompts_sha256(prompts: Sequence[Prompt], benchmark: str) -> str:
    return hashlib.sha256(msgspec.json.encode([p for p in prompts if p.benchmark == benchmark])).hexdigest()


def _short(value: object) -> str:
    text = "not set" if value is None else str(value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 1]}…"
