"""Two experiments never share a folder; more samples of the same one may."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT
from errors import UserError
from generation.models import Model
from generation.prompts import build_prompts
from generation.resume import check_resumable, default_run, make_card
from records import Problem, RunCard
from settings import PromptSettings, load_settings

CPU = ROOT / "configs" / "cpu.yaml"
PROBLEMS = [Problem(benchmark="warmup", id="p", question="1+1?", gold=("2",), answer_type="integer")]


def card(*overrides: str, fingerprint: str = "f", content: str = "c", card_prompt: str = "{question}") -> RunCard:
    settings = load_settings(CPU, overrides)
    facts: dict[str, dict[str, Any]] = {"warmup": {"problems": 1, "sha256": content, "source": "s"}}
    prompts = build_prompts(PROBLEMS, settings.prompt, {"warmup": PromptSettings(question=card_prompt)})
    return make_card(settings, Model(name=settings.model.name, path="", fingerprint=fingerprint), facts, prompts)


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        (card("sampling.temperature=0.7"), "sampling.temperature (0.3 -> 0.7)"),
        (card("sampling.top_p=0.9"), "sampling.top_p"),
        (card("sampling.max_tokens=99"), "sampling.max_tokens"),
        (card("sampling.seed=1"), "sampling.seed"),
        (card("sampling.stop=END"), "sampling.stop"),
        (card("engine.dtype=float32"), "engine.dtype (not set -> float32)"),
        (card("backend=recorded"), "backend (vllm -> recorded)"),
        (card(fingerprint="g"), "model (f -> g)"),
        (card(content="d"), "benchmarks.warmup.content (c -> d)"),
        (card("prompt.system=Think."), "benchmarks.warmup.prompt"),
        (card("prompt.question=Q {question}"), "benchmarks.warmup.prompt"),
    ],
)
def test_what_shapes_completions_may_not_change(changed: RunCard, key: str) -> None:
    with pytest.raises(UserError) as caught:
        check_resumable(Path("outputs/x"), card(), changed)
    assert "holds another experiment; differs in" in str(caught.value)
    assert key in str(caught.value)


def test_every_differing_key_is_named() -> None:
    with pytest.raises(UserError) as caught:
        check_resumable(Path("x"), card(), card("sampling.top_p=0.9", "sampling.seed=4", fingerprint="g"))
    assert all(key in str(caught.value) for key in ("sampling.top_p", "sampling.seed", "model"))


@pytest.mark.parametrize(
    "changed",
    [
        card(),
        card("sampling.samples=64"),
        card("engine.max_num_seqs=4", "engine.gpu_memory_utilization=0.5", "engine.tensor_parallel_size=2"),
        card("model.name=/elsewhere/same-weights"),
        card("data_dir=/elsewhere/same-content"),
    ],
)
def test_what_only_shapes_speed_and_place_may_change(changed: RunCard) -> None:
    check_resumable(Path("x"), card(), changed)


def test_fewer_samples_are_refused() -> None:
    with pytest.raises(UserError, match="has 2 samples per problem, 1 asked; more is possible"):
        check_resumable(Path("x"), card(), card("sampling.samples=1"))


def test_the_same_command_finds_its_run_again_and_another_does_not() -> None:
    def folder(*overrides: str) -> Path:
        return default_run(CPU, load_settings(CPU, overrides))

    assert folder() == folder("sampling.samples=9") == folder("engine.max_num_seqs=3")
    assert len({folder(), folder("sampling.seed=1"), folder("model.name=/x"), folder("prompt.system=S")}) == 4
    assert folder().parent == Path("outputs")
    assert folder().name.startswith("cpu-")
