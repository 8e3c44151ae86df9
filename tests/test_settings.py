"""Configs and cards are read strictly."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import ROOT
from errors import UserError
from records import RunCard
from settings import Settings, card_names, load_card, load_settings, settings_of_run, to_yaml

CONFIGS = sorted((ROOT / "configs").glob("*.yaml"))
CPU = ROOT / "configs" / "cpu.yaml"


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_every_config_loads_and_names_known_benchmarks(path: Path) -> None:
    settings = load_settings(path)
    assert set(settings.benchmarks) <= set(card_names())


@pytest.mark.parametrize("name", card_names())
def test_every_card_is_complete(name: str) -> None:
    card = load_card(name)
    assert card.problems > 0
    assert card.sources
    for part in (part for source in card.sources for part in source.parts):
        assert sum(value is not None for value in (part.hub, part.url, part.file)) == 1
        if part.hub:
            assert part.revision is not None
            assert len(part.revision) == 40, "a Hub revision must be a whole commit, a short one is not accepted"
        if part.url:
            assert part.sha256 is not None
            assert len(part.sha256) == 64
    assert not card.answers or len(card.answers) == card.problems
    assert all(0 <= answer <= 999 for answer in card.answers.values())


def test_the_published_deepscaler_settings_are_what_the_config_says() -> None:
    settings = load_settings(ROOT / "configs" / "deepscaler.yaml")
    assert settings.model.name == "agentica-org/DeepScaleR-1.5B-Preview"
    sampling = settings.sampling
    assert (sampling.samples, sampling.temperature, sampling.top_p, sampling.max_tokens) == (16, 0.6, 0.95, 32768)
    assert settings.benchmarks == ("aime24",)


def test_overrides_take_the_type_of_their_field() -> None:
    settings = load_settings(
        CPU,
        ["sampling.samples=64", "benchmarks=aime24,aime25", "model.name=123", "engine.dtype=float32", "prompt.system="],
    )
    assert settings.sampling.samples == 64
    assert settings.benchmarks == ("aime24", "aime25")
    assert settings.model.name == "123"
    assert settings.engine["dtype"] == "float32"
    assert settings.engine["max_num_seqs"] == 32, "an override of one engine key keeps the others"
    assert settings.prompt.system == ""


def test_a_run_card_is_a_config_for_the_same_run(tmp_path: Path) -> None:
    settings = load_settings(CPU, ["sampling.seed=7"])
    card = RunCard(settings=_plain(settings), model={"name": "m"}, benchmarks={})
    path = tmp_path / "run.yaml"
    path.write_text(to_yaml(card))
    assert load_settings(path) == settings == settings_of_run(card)


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("sampling.max_token=5", "unknown key 'max_token'; did you mean 'max_tokens'?"),
        ("samplin.samples=5", "unknown key 'samplin'; did you mean 'sampling'?"),
        ("sampling.samples=0", "sampling.samples is 0; must be at least 1"),
        ("sampling.max_tokens=0", "sampling.max_tokens is 0; must be at least 1"),
        ("sampling.temperature=-0.1", "sampling.temperature is -0.1; must be 0 or more"),
        ("sampling.temperature=3", "sampling.temperature is 3.0; must be at most 2"),
        ("sampling.temperature=.nan", "sampling.temperature is nan"),
        ("sampling.top_p=0", "sampling.top_p is 0.0; must be above 0"),
        ("sampling.samples=many", "sampling.samples: Expected `int`"),
        ("prompt.question=hello", "prompt.question does not hold {question}"),
        ("benchmarks=", "benchmarks is empty"),
        ("benchmarks=aime24,aime24", "benchmarks names one twice"),
        ("model=x", "'model' is a section; write model.KEY=value"),
        ("samples", "not an override; write key=value"),
        ("engine.x={", "not valid YAML"),
    ],
)
def test_a_wrong_override_is_one_clear_line(override: str, message: str) -> None:
    with pytest.raises(UserError) as caught:
        load_settings(CPU, [override])
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "model: {name: x}\nbenchmarks: [a]\nsampling: {max_token: 5}\n",
            "sampling: unknown key 'max_token'; did you mean",
        ),
        ("model: {name: x}\nbenchmarks: [a]\nprompt: {few_shot: [{rol: user, content: x}]}\n", "unknown key 'rol'"),
        ("benchmarks: [a]\n", "missing required field `model`"),
        ("- a\n", "must hold keys and values"),
        ("model: {name: x\n", "config.yaml:2: not valid YAML"),
        ("model: {name: x}\nbenchmarks: [a]\nsampling: {top_p: high}\n", "sampling.top_p: Expected `float`"),
    ],
)
def test_a_wrong_config_is_one_clear_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text)
    with pytest.raises(UserError) as caught:
        load_settings(path)
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(path))


def test_a_missing_config_says_where_the_configs_are(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no such file; the configs are in configs/"):
        load_settings(tmp_path / "nope.yaml")


def test_an_unknown_benchmark_names_the_nearest() -> None:
    with pytest.raises(UserError, match="unknown benchmark 'aime2024'; the nearest are aime24"):
        load_card("aime2024")


def _plain(settings: Settings) -> dict[str, object]:
    import msgspec

    plain: dict[str, object] = msgspec.to_builtins(settings)
    return plain
