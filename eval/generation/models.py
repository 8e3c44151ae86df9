"""Which model: found and checked before any engine is imported, so a wrong path costs a second, not a minute.

    find_model(ModelSettings(name="agentica-org/DeepScaleR-1.5B-Preview")) -> Model(path="agentica-org/…", revision="…")

A name is a local folder, a Hub id, or `builtin:NAME`.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import msgspec

from errors import UserError
from generation.builtin_models import BUILT_IN_MODELS, prepare_built_in
from hub import use_cache_unless_reachable
from settings import ModelSettings, unknown_name

HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")
FINGERPRINT_PIECES = 64
FINGERPRINT_PIECE_BYTES = 1 << 16


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """A model that is there: `path` for the engine, `revision` of a Hub model, `fingerprint` of a local one."""

    name: str
    path: str
    revision: str | None = None
    fingerprint: str | None = None
    config: dict[str, Any] = {}

    def describe(self) -> dict[str, Any]:
        """What the run card says of it; two runs may share a folder only if this is the same."""
        facts = {"name": self.name, "revision": self.revision, "fingerprint": self.fingerprint}
        return {key: value for key, value in facts.items() if value is not None}

    @property
    def context_length(self) -> int | None:
        """The most tokens a prompt and its completion may have together, as the model's config.json says."""
        text_config = self.config.get("text_config") or self.config
        length = text_config.get("max_position_embeddings")
        return int(length) if length else None

    @property
    def weight_bytes(self) -> int:
        """Bytes of the weight files on disk; 0 where they are not in a local folder."""
        return sum(path.stat().st_size for path in Path(self.path).glob("*.safetensors"))


def find_model(settings: ModelSettings) -> Model:
    """Resolve a model's name.

    Raises:
        UserError: no such folder, no config.json in it, unknown Hub id, or the Hub cannot be reached.
    """
    prefix, colon, name = settings.name.partition(":")
    if colon and prefix == "builtin":
        if name not in BUILT_IN_MODELS:
            raise UserError(f"model.name: {unknown_name('built-in model', name, BUILT_IN_MODELS)}")
        folder = prepare_built_in(name)
        return Model(name=settings.name, path=str(folder), fingerprint=fingerprint(folder), config=_config(folder))
    folder = Path(settings.name).expanduser()
    if folder.is_dir():
        return Model(name=settings.name, path=str(folder), fingerprint=fingerprint(folder), config=_config(folder))
    if not HUB_ID.fullmatch(settings.name) or settings.name.startswith(("models/", "outputs/", "checkpoints/")):
        raise UserError(f"model.name={settings.name}: no such folder; give a folder with config.json or a Hub id")
    return _find_on_hub(settings)


def fingerprint(folder: Path) -> str:
    """A checksum that changes when a checkpoint is overwritten.

    Covers config.json, and of each weight file its name, size and 64 pieces spread over it; reading all of a 60 GB
    model would take minutes.
    """
    digest = hashlib.sha256((folder / "config.json").read_bytes() if (folder / "config.json").is_file() else b"")
    for path in sorted([*folder.glob("*.safetensors"), *folder.glob("*.bin")]):
        size = path.stat().st_size
        digest.update(f"{path.name} {size}".encode())
        with path.open("rb") as file:
            for piece in range(FINGERPRINT_PIECES):
                file.seek(piece * max(0, size - FINGERPRINT_PIECE_BYTES) // max(1, FINGERPRINT_PIECES - 1))
                digest.update(file.read(FINGERPRINT_PIECE_BYTES))
    return digest.hexdigest()[:16]


def _config(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(f"model.name={folder}: no config.json in this folder; is it a whole checkpoint?") from None
    except ValueError as error:
        raise UserError(f"{path}: not JSON: {error}; is the checkpoint whole?") from None
    return dict(config)


def _find_on_hub(settings: ModelSettings) -> Model:
    """Fetch config.json only; its place in the Hub's cache names the exact revision."""
    import huggingface_hub  # only a Hub model needs it
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    use_cache_unless_reachable()
    where = f"model.name={settings.name}"
    try:
        path = Path(huggingface_hub.hf_hub_download(settings.name, "config.json", revision=settings.revision))
    except LocalEntryNotFoundError:
        raise UserError(
            f"{where}: the Hub cannot be reached and the model is not in its cache; give a local folder"
        ) from None
    except HfHubHTTPError as error:
        status = error.response.status_code if error.response is not None else "?"
        raise UserError(f"{where}: the Hub answers {status}: {type(error).__name__}; check the id, revision and "
                        "access (HF_TOKEN)") from None  # fmt: skip
    return Model(name=settings.name, path=settings.name, revision=path.parent.name, config=_config(path.parent))
