"""Nothing finished is lost, nothing is counted twice, nothing foreign slips in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import EVAL, completion
from errors import UserError
from records import Completion
from run_folder import CompletionWriter, RunFolder, encode_line, end_of_last_line, read_lines, write_atomically


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    run = RunFolder(tmp_path / "run")
    run.path.mkdir()
    return run


def write(folder: RunFolder, *completions: Completion, name: str = "completions.jsonl") -> None:
    with CompletionWriter(folder.path / name) as writer:
        for one in completions:
            writer.append(one)


def test_what_is_appended_is_read_back(folder: RunFolder) -> None:
    first, second = completion("a", 0), completion("a", 1, "line\nbreak \u2028 and \u2029 and \x85 and \0")
    write(folder, first)
    write(folder, second)
    assert list(folder.completions()) == [first, second]
    assert folder.finished() == {("warmup", "a", 0), ("warmup", "a", 1)}


@given(st.text())
def test_any_text_survives_as_one_line(text: str) -> None:
    line = encode_line(completion("a", 0, text))
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert msgspec.json.decode(line, type=Completion).text == text


def test_a_lone_surrogate_becomes_the_replacement_character(folder: RunFolder) -> None:
    write(folder, completion("a", 0, "x\ud800y\U0001f600"))
    assert [one.text for one in folder.completions()] == ["x\ufffdy\U0001f600"]


@pytest.mark.parametrize("kept", [0, 1, 40, -1])
def test_a_torn_last_line_is_owed_and_cut_away(folder: RunFolder, kept: int) -> None:
    write(folder, completion("a", 0), completion("a", 1))
    content = folder.completions_path.read_bytes()
    whole = content.index(b"\n") + 1
    second = content[whole:]
    folder.completions_path.write_bytes(content[:whole] + second[:kept])
    assert folder.finished() == {("warmup", "a", 0)}, "a reader ignores what was torn"
    with CompletionWriter(folder.completions_path) as writer:
        assert writer.torn_bytes == len(second[:kept])
        writer.append(completion("a", 1))
    assert folder.completions_path.read_bytes() == content


@pytest.mark.parametrize("size", [0, 1, 65535, 65536, 65537, 200000])
def test_the_end_of_the_last_line_is_found_across_blocks(tmp_path: Path, size: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"whole\n" + b"x" * size)
    assert end_of_last_line(path) == 6
    path.write_bytes(b"x" * size)
    assert end_of_last_line(path) == 0


@pytest.mark.parametrize(
    "line", [b"not json", b"[]", b'{"benchmark": 3}', b'{"benchmark":"a","problem_id":"b"}', b"\xff\xfe"]
)
def test_a_foreign_line_is_refused_with_file_and_number(folder: RunFolder, line: bytes) -> None:
    write(folder, completion("a", 0))
    with folder.completions_path.open("ab") as file:
        file.write(line + b"\n")
    with pytest.raises(UserError, match=r"completions\.jsonl:2: not a completion: .*; remove or mend this line"):
        list(folder.completions())
    with pytest.raises(UserError, match=r"completions\.jsonl:2: "):
        folder.finished()


def test_an_unknown_field_is_refused(folder: RunFolder) -> None:
    line = msgspec.to_builtins(completion("a", 0)) | {"extra": 1}
    folder.completions_path.write_bytes(msgspec.json.encode(line) + b"\n")
    with pytest.raises(UserError, match="unknown field `extra`"):
        list(folder.completions())


def test_the_same_key_in_two_parts_names_both_places(folder: RunFolder) -> None:
    write(folder, completion("a", 0), completion("b", 0))
    write(folder, completion("c", 0), completion("b", 0), name="completions-2.jsonl")
    with pytest.raises(
        UserError, match=r"warmup b sample 0 stands twice, at completions-2.jsonl:2 and completions.jsonl:2"
    ):
        folder.finished()


def test_a_full_disk_takes_the_line_back_and_says_so(folder: RunFolder) -> None:
    script = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "from pathlib import Path; from run_folder import CompletionWriter; from errors import run_command\n"
        "from conftest import completion\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "def main():\n"
        "    with CompletionWriter(Path(sys.argv[1])) as writer:\n"
        "        for sample in range(100): writer.append(completion('a', sample))\n"
        "run_command(main)\n"
    )
    environment = {**os.environ, "PYTHONPATH": f"{EVAL}:{Path(__file__).parent}"}
    result = subprocess.run(
        [sys.executable, "-c", script, folder.completions_path],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert result.returncode == 2
    assert "cannot write: File too large; what is finished is safe, make room and start again" in result.stderr
    content = folder.completions_path.read_bytes()
    assert content.endswith(b"}\n")
    assert len(content) <= 1000
    assert len(folder.finished()) == content.count(b"\n") > 2


def test_a_second_writer_is_refused_and_the_holder_named(folder: RunFolder) -> None:
    with (
        folder.locked(),
        pytest.raises(UserError, match=rf"in use by process {os.getpid()} on "),
        RunFolder(folder.path).locked(),
    ):
        pass


def test_the_lock_ends_with_its_process(folder: RunFolder) -> None:
    (folder.path / "run.yaml").write_text("format: 1\n")
    script = (
        "import os, sys; from pathlib import Path; from run_folder import RunFolder\n"
        "with RunFolder(Path(sys.argv[1])).locked(): os._exit(9)"
    )
    subprocess.run(
        [sys.executable, "-c", script, folder.path], env={**os.environ, "PYTHONPATH": str(EVAL)}, check=False
    )
    with folder.locked():
        assert folder.exists()


def test_what_failed_before_it_began_leaves_no_folder(tmp_path: Path) -> None:
    run = RunFolder(tmp_path / "new" / "run")
    with pytest.raises(UserError, match="no"), run.locked():
        raise UserError("no")
    assert not run.path.exists()


def test_an_atomic_write_keeps_the_old_file_where_it_fails(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_atomically(path, b"old")
    path.with_name(f".file.{os.getpid()}").mkdir()
    with pytest.raises((UserError, OSError)):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"


def test_reading_splits_on_newline_only(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b"".join(encode_line(completion("a", n, f"x\u2028{n}\r")) for n in range(3)))
    assert [number for number, _ in read_lines(path, Completion)] == [1, 2, 3]


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not a run folder"):
        RunFolder(tmp_path).read_card()
