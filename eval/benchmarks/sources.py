"""Where rows come from: the Hub (`datasets`), a pinned URL, a file; the only home of `datasets`.

Every failure is a UserError that names the source; a download counts only when its sha256 is the expected one.
"""

from __future__ import annotations

import hashlib
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cache import cache_folder
from errors import UserError
from hub import use_cache_unless_reachable
from run_folder import write_atomically
from settings import CARD_FOLDER, SourcePart

DOWNLOAD_SECONDS = 30


def fetch_rows(part: SourcePart) -> list[Mapping[str, Any]]:
    """All rows of one part of a source, in order.

    Raises:
        UserError: it cannot be reached, or what came is not what the card pins.
    """
    if part.file is not None:
        return read_rows(CARD_FOLDER / part.file)
    if part.url is not None:
        return parse_rows(_download(part.url, part.sha256 or ""), part.url)
    return _hub_rows(part)


def read_rows(path: Path) -> list[Mapping[str, Any]]:
    """The rows of a JSONL file; raises UserError with file and line where one is not a JSON object."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise UserError(f"{path}: no such file") from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from None
    return parse_rows(content, str(path))


def parse_rows(content: bytes, where: str) -> list[Mapping[str, Any]]:
    r"""JSON objects, one a line; lines are split on "\n" only, since texts hold U+2028."""
    rows: list[Mapping[str, Any]] = []
    for number, line in enumerate(content.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise UserError(f"{where}:{number}: not JSON: {error}; is the file cut off?") from None
        if not isinstance(row, dict):
            raise UserError(f"{where}:{number}: not a JSON object; each line needs a problem and an answer")
        rows.append(row)
    return rows


def _download(url: str, sha256: str) -> bytes:
    """A URL's bytes, kept in the cache under their checksum."""
    cached = cache_folder() / "downloads" / sha256
    if cached.is_file():
        content = cached.read_bytes()
        if hashlib.sha256(content).hexdigest() == sha256:
            return content
    try:
        with urllib.request.urlopen(url, timeout=DOWNLOAD_SECONDS) as response:
            content = response.read()
    except (OSError, urllib.error.URLError, ValueError) as error:
        raise UserError(f"{url}: cannot be reached ({getattr(error, 'reason', error)})") from None
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise UserError(f"{url}: expected sha256 {sha256[:12]}…, found {found[:12]}… ({len(content)} bytes)")
    cached.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(cached, content)
    return bytes(content)


def _hub_rows(part: SourcePart) -> list[Mapping[str, Any]]:
    import datasets  # seconds to import; only the Hub needs it

    datasets.disable_progress_bars()
    if not use_cache_unless_reachable():
        datasets.config.HF_HUB_OFFLINE = True
    try:
        table = datasets.load_dataset(part.hub, name=part.config, revision=part.revision, split=part.split)
    except Exception as error:  # datasets raises a dozen unrelated types for one thing: it did not load
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise UserError(f"Hub data set {part.hub}: cannot be loaded ({reason[0][:160]})") from None
    return list(table)
