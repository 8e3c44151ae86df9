"""Card -> verified list of problems: from a folder, the cache, or the first source that answers.

    load("aime24", data_dir=None) -> Loaded(source="MathArena …", problems=[Problem(id="2024-I-1", …), …])

What was loaded once is read from the cache from then on, without network; a cached file carries the sha256 of its
content in its name and belongs to one version of the card.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from benchmarks.rows import problems_of_file, problems_of_part, verify
from benchmarks.sources import fetch_rows, read_rows
from cache import cache_folder
from errors import UserError
from records import Problem, problems_sha256
from run_folder import write_atomically
from settings import Card, Source, card_checksum, load_card


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    """The problems of one benchmark and the name of the source they came from."""

    source: str
    problems: tuple[Problem, ...]

    @property
    def sha256(self) -> str:
        """Checksum of ids, questions and golds; two runs with the same one asked the same."""
        return problems_sha256(self.problems)


def load(name: str, data_dir: str | None = None) -> Loaded:
    """Load and verify a benchmark.

    `data_dir`: read `<data_dir>/<name>.jsonl` (columns id, problem, answer) instead of the card's sources.

    Raises:
        UserError: unknown benchmark, nothing reachable (names every source), or data that do not match the card.
    """
    card = load_card(name)
    if data_dir is not None:
        return _load_from_folder(name, card, Path(data_dir).expanduser())
    if all(part.file for source in card.sources for part in source.parts):
        return _load_from_sources(name, card)
    cached = _read_cache(name)
    if cached is not None:
        verify(name, card, cached.problems, "cache")
        return cached
    loaded = _load_from_sources(name, card)
    _write_cache(name, loaded)
    return loaded


def _load_from_folder(name: str, card: Card, folder: Path) -> Loaded:
    path = folder / f"{name}.jsonl"
    if not folder.is_dir():
        raise UserError(f"data_dir={folder}: no such folder; it must hold {path.name}")
    if not path.is_file():
        raise UserError(f"data_dir={folder}: no {path.name} in it; one JSON object a line: id, problem, answer")
    problems = problems_of_file(name, card, read_rows(path), str(path))
    verify(name, card, problems, str(path))
    return Loaded(source=str(path), problems=tuple(problems))


def _load_from_sources(name: str, card: Card) -> Loaded:
    failures: list[str] = []
    for source in card.sources:
        try:
            return Loaded(source=source.name, problems=_load_source(name, card, source))
        except UserError as error:
            failures.append(str(error))
    raise UserError(
        f"{name}: no source could be loaded: {'; '.join(failures)}; "
        f"without internet put {name}.jsonl into a folder and say data_dir=FOLDER"
    )


def _load_source(name: str, card: Card, source: Source) -> tuple[Problem, ...]:
    problems: list[Problem] = []
    for part in source.parts:
        problems += problems_of_part(name, card, part, fetch_rows(part))
    verify(name, card, problems, source.name)
    return tuple(problems)


def _cache_stem(name: str) -> str:
    return f"{name}-{card_checksum(name)[:12]}"


def _read_cache(name: str) -> Loaded | None:
    """The cached benchmark, None where there is none or its content is not what its name says."""
    for path in sorted((cache_folder() / "benchmarks").glob(f"{_cache_stem(name)}-*.json")):
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest()[:12] == path.stem.rpartition("-")[2]:
            return msgspec.json.decode(content, type=Loaded)
    return None


def _write_cache(name: str, loaded: Loaded) -> None:
    content = msgspec.json.encode(loaded)
    folder = cache_folder() / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / f"{_cache_stem(name)}-{hashlib.sha256(content).hexdigest()[:12]}.json", content)


def describe(loaded: Sequence[Loaded]) -> dict[str, dict[str, object]]:
    """What the run card says of the benchmarks: problems, sha256 and source by name."""
    return {
        one.problems[0].benchmark: {"problems": len(one.problems), "sha256": one.sha256, "source": one.source}
        for one in loaded
    }
