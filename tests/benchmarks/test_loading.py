"""Only the benchmark of the card is loaded: right count, ids, golds and answer key; else one clear line."""

from __future__ import annotations

import hashlib
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks import loading, sources
from benchmarks.loading import load
from errors import UserError
from settings import Card, PromptSettings, Source, SourcePart, load_card

AIME = {name: load_card(name).answers for name in ("aime24", "aime25")}


def rows(name: str = "aime24", **first: Any) -> list[dict[str, Any]]:
    """Rows with the public answer key and made-up questions; `first` changes columns of the first row."""
    made = [
        {"id": problem_id, "problem": f"Question \u2028 {problem_id}?", "answer": answer}
        for problem_id, answer in AIME[name].items()
    ]
    return [made[0] | first, *made[1:]]


def write_rows(path: Path, made: list[dict[str, Any]]) -> bytes:
    content = b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in made)
    path.write_bytes(content)
    return content


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIME_EVAL_CACHE", str(tmp_path / "cache"))


@pytest.mark.parametrize("name", AIME)
def test_a_folder_of_files_is_read_and_verified(tmp_path: Path, name: str) -> None:
    write_rows(tmp_path / f"{name}.jsonl", rows(name))
    loaded = load(name, data_dir=str(tmp_path))
    assert [problem.id for problem in loaded.problems] == list(AIME[name])
    assert [problem.gold for problem in loaded.problems] == [(str(answer),) for answer in AIME[name].values()]
    assert loaded.source == str(tmp_path / f"{name}.jsonl")


@pytest.mark.parametrize("written", ["0204", 204, 204.0, " 204 "])
def test_golds_are_normalised_however_they_are_written(tmp_path: Path, written: object) -> None:
    write_rows(tmp_path / "aime24.jsonl", rows(answer=written))
    assert load("aime24", str(tmp_path)).problems[0].gold == ("204",)


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (rows()[:29], "aime24 must have 30 problems, found 29"),
        ([*rows()[:29], rows()[0]], "the id 2024-I-1 stands twice"),
        (rows(answer=205), "2024-I-1: expected the answer 204, found 205"),
        (rows(id="2023-I-1"), "ids not in the answer key: 2023-I-1"),
        (rows(answer="about 204"), "the gold 'about 204' is no integer from 0 to 999"),
        (rows(answer=204.5), "the gold '204.5' is no integer"),
        (rows(problem=" "), "2024-I-1: the question is empty"),
        ([{"nr": 1, "text": "x", "answer": 3}], "aime24.jsonl:1: no column id or ID; found: nr, text, answer"),
    ],
)
def test_data_that_do_not_match_the_card_are_refused(tmp_path: Path, made: list[dict[str, Any]], message: str) -> None:
    write_rows(tmp_path / "aime24.jsonl", made)
    with pytest.raises(UserError) as caught:
        load("aime24", str(tmp_path))
    assert message in str(caught.value)


def test_a_cut_off_file_is_refused_with_its_line(tmp_path: Path) -> None:
    content = write_rows(tmp_path / "aime24.jsonl", rows())
    (tmp_path / "aime24.jsonl").write_bytes(content[:-20])
    with pytest.raises(UserError, match=r"aime24\.jsonl:30: not JSON"):
        load("aime24", str(tmp_path))


def test_a_wrong_data_dir_says_what_it_must_hold(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no such folder; it must hold aime24\.jsonl"):
        load("aime24", str(tmp_path / "nope"))
    with pytest.raises(UserError, match=r"no aime24\.jsonl in it"):
        load("aime24", str(tmp_path))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """A web server on this machine over tmp_path/site."""
    site = tmp_path / "site"
    site.mkdir()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(site))

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()


def use_sources(monkeypatch: pytest.MonkeyPatch, *used: Source) -> None:
    real = load_card("aime24")
    card = Card(title=real.title, problems=30, answer_type="integer", sources=used, answers=real.answers,
                prompt=PromptSettings(), licence="", citation="")  # fmt: skip
    monkeypatch.setattr(loading, "load_card", lambda _: card)


def url_source(url: str, content: bytes, **columns: Any) -> Source:
    sha256 = hashlib.sha256(content).hexdigest()
    return Source(name="site", parts=(SourcePart(url=url, sha256=sha256, **columns),))


def test_a_download_is_verified_cached_and_then_read_offline(
    tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = write_rows(tmp_path / "site" / "a.jsonl", rows())
    use_sources(monkeypatch, url_source(f"{server}/a.jsonl", content))
    first = load("aime24")
    assert first.source == "site"
    (tmp_path / "site" / "a.jsonl").unlink()
    monkeypatch.setattr(sources, "fetch_rows", None)
    assert load("aime24") == first


def test_a_damaged_cache_is_not_believed(tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content = write_rows(tmp_path / "site" / "a.jsonl", rows())
    use_sources(monkeypatch, url_source(f"{server}/a.jsonl", content))
    first = load("aime24")
    for path in (tmp_path / "cache").rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[:-40])
    assert load("aime24") == first


def test_a_wrong_checksum_is_refused_and_never_cached(
    tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = write_rows(tmp_path / "site" / "a.jsonl", rows())
    (tmp_path / "site" / "a.jsonl").write_bytes(content[:100])
    use_sources(monkeypatch, url_source(f"{server}/a.jsonl", content))
    with pytest.raises(UserError, match=r"expected sha256 \w{12}…, found \w{12}… \(100 bytes\)"):
        load("aime24")
    assert not list((tmp_path / "cache").rglob("*.jsonl"))
    assert not list((tmp_path / "cache").rglob("downloads/*"))


def test_the_next_source_is_taken_and_all_failures_are_named(
    tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = write_rows(tmp_path / "site" / "a.jsonl", rows())
    gone = url_source(f"{server}/gone.jsonl", b"")
    use_sources(monkeypatch, gone, url_source(f"{server}/a.jsonl", content))
    assert len(load("aime24").problems) == 30
    monkeypatch.setenv("AIME_EVAL_CACHE", str(tmp_path / "other"))
    use_sources(monkeypatch, gone, url_source("http://127.0.0.1:9/closed.jsonl", b""))
    with pytest.raises(UserError) as caught:
        load("aime24")
    for part in ("gone.jsonl", "127.0.0.1:9/closed.jsonl", "data_dir=FOLDER"):
        assert part in str(caught.value)


def test_ids_can_be_listed_or_made_from_columns(tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    numbered = [{"nr": index % 15 + 1, "Q": row["problem"], "A": row["answer"]} for index, row in enumerate(rows())]
    first = write_rows(tmp_path / "site" / "1.jsonl", numbered[:15])
    second = write_rows(tmp_path / "site" / "2.jsonl", numbered[15:])
    parts = (
        *url_source(f"{server}/1.jsonl", first, id="2024-I-{nr}", question="Q", gold="A").parts,
        *url_source(f"{server}/2.jsonl", second, ids=tuple(list(AIME["aime24"])[15:]), question="Q", gold="A").parts,
    )
    use_sources(monkeypatch, Source(name="two parts", parts=parts))
    assert [problem.id for problem in load("aime24").problems] == list(AIME["aime24"])


def test_a_missing_column_names_those_that_are_there(
    tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = write_rows(tmp_path / "site" / "a.jsonl", rows())
    use_sources(monkeypatch, url_source(f"{server}/a.jsonl", content, gold="solution"))
    with pytest.raises(UserError, match="row 1: no column 'solution'; found: id, problem, answer"):
        load("aime24")


def test_the_hub_loader_reads_the_layout_of_a_data_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = []
    for exam in ("I", "II"):
        folder = tmp_path / f"aime_2024_{exam}" / "data"
        folder.mkdir(parents=True)
        made = [
            {"problem_idx": int(str(row["id"]).rpartition("-")[2]), "problem": row["problem"], "answer": row["answer"]}
            for row in rows()
            if f"-{exam}-" in str(row["id"])
        ]
        import datasets

        datasets.Dataset.from_list(made).to_parquet(folder / "train-00000-of-00001.parquet")
        parts.append(SourcePart(hub=str(folder.parent), id=f"2024-{exam}-{{problem_idx}}"))
    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path / "datasets"))
    use_sources(monkeypatch, Source(name="Hub layout", parts=tuple(parts)))
    assert [problem.id for problem in load("aime24").problems] == list(AIME["aime24"])
