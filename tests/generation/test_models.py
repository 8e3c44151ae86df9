"""A wrong model is found before any engine is imported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from errors import UserError
from generation.models import Model, find_model, fingerprint
from settings import ModelSettings


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    (tmp_path / "config.json").write_text(json.dumps({"max_position_embeddings": 2048}))
    (tmp_path / "model.safetensors").write_bytes(bytes(range(256)) * 40_000)
    return tmp_path


def test_a_local_folder_is_found_with_its_context(checkpoint: Path) -> None:
    model = find_model(ModelSettings(name=str(checkpoint)))
    assert (model.path, model.context_length) == (str(checkpoint), 2048)
    assert model.weight_bytes == 10_240_000


def test_overwritten_weights_change_the_fingerprint(checkpoint: Path) -> None:
    before = fingerprint(checkpoint)
    assert fingerprint(checkpoint) == before
    weights = checkpoint / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    assert fingerprint(checkpoint) != before


@pytest.mark.parametrize("name", ["/no/such/model", "./nope", "models/deepscaler-limo", "~/nope", "word"])
def test_a_missing_folder_is_one_clear_line(name: str) -> None:
    with pytest.raises(UserError, match=r"no such folder; give a folder with config\.json or a Hub id"):
        find_model(ModelSettings(name=name))


def test_a_folder_without_config_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no config\.json in this folder"):
        find_model(ModelSettings(name=str(tmp_path)))


def test_a_torn_config_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(UserError, match=r"config\.json: not JSON"):
        find_model(ModelSettings(name=str(tmp_path)))


def test_an_unreachable_hub_says_to_give_a_local_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(
        UserError, match="the Hub cannot be reached and the model is not in its cache; give a local folder"
    ):
        find_model(ModelSettings(name="agentica-org/DeepScaleR-1.5B-Preview"))


def test_an_unknown_built_in_model_is_one_clear_line() -> None:
    with pytest.raises(UserError, match="unknown built-in model 'SmolLM'; known: SmolLM2-135M-Instruct"):
        find_model(ModelSettings(name="builtin:SmolLM"))


def test_multimodal_configs_keep_their_context_inside() -> None:
    assert Model(name="m", path="m", config={"text_config": {"max_position_embeddings": 7}}).context_length == 7
    assert Model(name="m", path="m").context_length is None
