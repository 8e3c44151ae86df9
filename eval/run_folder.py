r"""The only module that knows the files of a run: append, resume, read.

    outputs/<run>/run.yaml            the run card
    outputs/<run>/problems.jsonl      written once, before generation
    outputs/<run>/completions*.jsonl  appended, one line per finished sample, the moment it finishes
    outputs/<run>/verdicts.jsonl, report.json, report.md    derived; replaced atomically, safe to delete

A line of completions is whole or still owed: what follows the last "\n" was torn off by a kill and is cut away before
the next append.  Lines are split on "\n" only, since model text holds U+2028 and friends.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from errors import UserError
from records import Completion, Key, Problem, RunCard
from settings import load_run_card, to_yaml

SYNC_SECONDS = 2.0
"""At most this much work is lost to a power failure; a killed process loses nothing."""

R = TypeVar("R", bound=msgspec.Struct)


class _KeyOnly(msgspec.Struct):
    """The key of a completion line; the rest of the line is checked to be JSON and skipped."""

    benchmark: str
    problem_id: str
    sample: int


class RunFolder:
    """One folder `outputs/<run>`; reading needs no lock, writing holds one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.card_path = path / "run.yaml"
        self.problems_path = path / "problems.jsonl"
        self.completions_path = path / "completions.jsonl"
        self.verdicts_path = path / "verdicts.jsonl"

    def exists(self) -> bool:
        """True where a run card lies in the folder."""
        return self.card_path.is_file()

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for writing (an advisory lock that ends with the process, however it ends).

        Raises:
            UserError: another process holds it, or the folder cannot be made or written.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise UserError(f"{self.path}: cannot be written: {error.strerror}; give another --run") from None
        held = False
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = os.pread(descriptor, 200, 0).decode("utf-8", "replace").strip() or "another process"
                raise UserError(f"{self.path}: in use by {holder}; wait for it or give another --run") from None
            held = True
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"process {os.getpid()} on {socket.gethostname()}\n".encode(), 0)
            yield
        finally:
            if held and not self.exists():  # what failed before it began leaves nothing behind
                (self.path / ".lock").unlink(missing_ok=True)
                with contextlib.suppress(OSError):
                    self.path.rmdir()
            os.close(descriptor)

    def read_card(self) -> RunCard:
        """The run card; raises UserError where the folder is no run."""
        if not self.exists():
            raise UserError(f"{self.path}: not a run folder (no run.yaml); give the folder that eval.sh printed")
        return load_run_card(self.card_path)

    def write_card(self, card: RunCard) -> None:
        """Replace the run card atomically."""
        write_atomically(self.card_path, to_yaml(card).encode())

    def read_problems(self) -> list[Problem]:
        """All problems of the run, in the order they were written."""
        if not self.problems_path.is_file():
            raise UserError(f"{self.problems_path}: missing; the run stopped before it began, start it again")
        return [problem for _, problem in read_lines(self.problems_path, Problem)]

    def write_problems(self, problems: Iterable[Problem]) -> None:
        """Write the problems, one line each."""
        write_atomically(self.problems_path, b"".join(msgspec.json.encode(p) + b"\n" for p in problems))

    def check_not_foreign(self) -> None:
        """Raise UserError for completions without a run card: nobody knows what made them."""
        if not self.exists() and self.completion_files():
            raise UserError(f"{self.path}: holds completions but no run.yaml; give another run name")

    def completion_files(self) -> list[Path]:
        """Every part of the completions, sorted by name."""
        return sorted(self.path.glob("completions*.jsonl"))

    def completions(self) -> Iterator[Completion]:
        """Every finished completion, streamed; raises UserError for a bad line or a key that stands twice."""
        seen: dict[Key, str] = {}
        for path in self.completion_files():
            for number, completion in read_lines(path, Completion):
                _note_key(seen, completion.key, f"{path.name}:{number}", self.path)
                yield completion

    def finished(self) -> set[Key]:
        """The keys of all finished samples."""
        seen: dict[Key, str] = {}
        for path in self.completion_files():
            for number, line in read_lines(path, _KeyOnly):
                _note_key(seen, (line.benchmark, line.problem_id, line.sample), f"{path.name}:{number}", self.path)
        return set(seen)


class CompletionWriter:
    """Appends completions; a line that cannot be written whole is taken back.  Use inside `RunFolder.locked`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.torn_bytes = 0
        """How many bytes of a torn last line were cut off on opening (0: the file was whole)."""

    def __enter__(self) -> CompletionWriter:
        try:
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        except OSError as error:
            raise UserError(f"{self.path}: cannot be written: {error.strerror}; give another --run") from None
        self._size = os.fstat(self._descriptor).st_size
        whole = end_of_last_line(self.path)
        self.torn_bytes = self._size - whole
        if self.torn_bytes:
            os.ftruncate(self._descriptor, whole)
        self._size = whole
        self._synced = time.monotonic()
        return self

    def append(self, completion: Completion) -> None:
        """Write one line at once.

        Raises:
            UserError: the disk is full or fails; the file then ends where it ended before.
        """
        line = encode_line(completion)
        try:
            written = os.write(self._descriptor, line)
            while written < len(line):
                written += os.write(self._descriptor, line[written:])
            if time.monotonic() - self._synced > SYNC_SECONDS:
                os.fsync(self._descriptor)
                self._synced = time.monotonic()
        except OSError as error:
            os.ftruncate(self._descriptor, self._size)
            raise UserError(
                f"{self.path}: cannot write: {error.strerror}; what is finished is safe, make room and start again"
            ) from None
        self._size += len(line)

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            os.fsync(self._descriptor)
        os.close(self._descriptor)


def encode_line(record: msgspec.Struct) -> bytes:
    """One JSON line; a lone surrogate, which UTF-8 cannot hold, becomes U+FFFD."""
    try:
        return msgspec.json.encode(record) + b"\n"
    except UnicodeEncodeError:
        cleaned = {
            name: value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            for name, value in msgspec.structs.asdict(record).items()
            if isinstance(value, str)
        }
        return msgspec.json.encode(msgspec.structs.replace(record, **cleaned)) + b"\n"


def read_lines(path: Path, kind: type[R]) -> Iterator[tuple[int, R]]:
    r"""Each whole line of a JSONL file with its number; what follows the last "\n" is not yet a line.

    Raises:
        UserError: a line is not JSON or not a `kind`; names file and line.
    """
    decoder = msgspec.json.Decoder(kind)
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):  # binary files are split on b"\n" only
            if not line.endswith(b"\n"):
                return
            try:
                yield number, decoder.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                name = kind.__name__.strip("_").lower()
                raise UserError(f"{path}:{number}: not a {name}: {error}; remove or mend this line") from None


def end_of_last_line(path: Path, block: int = 1 << 16) -> int:
    r"""How many bytes of a file are whole lines: the offset just behind the last "\n" (0 where there is none)."""
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        while end > 0:
            start = max(0, end - block)
            file.seek(start)
            found = file.read(end - start).rfind(b"\n")
            if found >= 0:
                return start + found + 1
            end = start
    return 0


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file so that a reader sees the old or the new one, never a part.

    Raises:
        UserError: the folder cannot be written or the disk is full; the old file stays.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise UserError(f"{path}: cannot be written: {error.strerror}; make room or give another folder") from None


def _note_key(seen: dict[Key, str], key: Key, place: str, folder: Path) -> None:
    if key in seen:
        benchmark, problem_id, sample = key
        raise UserError(
            f"{folder}: {benchmark} {problem_id} sample {sample} stands twice, at {seen[key]} and {place}; remove one"
        )
    seen[key] = place
