r"""The values that flow between the rooms; everybody may import this module, it imports nobody.

The key of a completion and of its verdict is (benchmark, problem_id, sample), for example
("aime24", "2024-I-4", 0).  One line of `completions.jsonl`:

    {"benchmark":"aime24","problem_id":"2024-I-4","sample":0,"seed":1731,"text":"… \boxed{116}",
     "finish_reason":"stop","prompt_tokens":96,"completion_tokens":5210,"seconds":41.5}
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec

Key = tuple[str, str, int]

CORRECT_OUTCOMES = frozenset({"same_text", "same_value"})
OUTCOMES = ("same_text", "same_value", "different", "no_answer", "unreadable", "out_of_time")
"""Closed list.  Right: `same_text` (letter for letter after normalisation), `same_value` (equal as mathematics).
Wrong: `different`, `no_answer`, `unreadable` (an answer no rule can read), `out_of_time` (a limit was reached)."""


NOT_TIMED = 0.0
"""The time of a verdict that is stored: what is derived from a run is the same bytes each time."""


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all records: immutable, keyword-only, strict on unknown fields."""


class Problem(Record, frozen=True, kw_only=True):
    """One problem of a benchmark; `gold` holds the accepted final answers (one suffices)."""

    benchmark: str
    id: str
    question: str
    gold: tuple[str, ...]
    answer_type: str
    tags: tuple[str, ...] = ()


def problems_sha256(problems: Sequence[Problem]) -> str:
    """Checksum of ids, questions and golds; two runs with the same one asked the same."""
    return hashlib.sha256(msgspec.json.encode(list(problems))).hexdigest()


class Message(Record, frozen=True, kw_only=True):
    """One chat turn; `role` is system, user or assistant."""

    role: str
    content: str


class Prompt(Record, frozen=True, kw_only=True):
    """The chat that asks one problem; rendering it to tokens belongs to the backend."""

    benchmark: str
    problem_id: str
    messages: tuple[Message, ...]


class Completion(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What the model said, verbatim and never edited.

    `finish_reason` is the engine's word ("stop", "length", …); `seconds` counts from first scheduling to the last
    token; `thinking_opened` is true where the prompt itself ended inside an opened `<think>`.
    """

    benchmark: str
    problem_id: str
    sample: int
    seed: int
    text: str
    finish_reason: str
    prompt_tokens: int
    completion_tokens: int
    seconds: float
    thinking_opened: bool = False

    @property
    def key(self) -> Key:
        """(benchmark, problem_id, sample)."""
        return (self.benchmark, self.problem_id, self.sample)


class Verdict(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Whether one completion is right and why.

    `answer` is the canonical text of the extracted answer (votes are grouped by it), None where there is none;
    `rule` names the rule that decided, `extractor` the way the answer was found, `warning` says why a person
    should look (empty: no reason).  The key fields are empty where a text is graded outside of a run.
    """

    benchmark: str = ""
    problem_id: str = ""
    sample: int = 0
    answer: str | None
    outcome: str
    rule: str
    extractor: str = ""
    warning: str = ""
    seconds: float = NOT_TIMED

    @property
    def correct(self) -> bool:
        """True where the outcome is one of the right ones."""
        return self.outcome in CORRECT_OUTCOMES


class Score(Record, frozen=True, kw_only=True):
    """The score of one benchmark; shares from 0 to 1, not rounded, None where nothing is finished.

    `majority`: expected share of problems whose most frequent answer is right (a tie counts by its share of right
    answers).  `owed`: samples not generated yet.  `problem_accuracy`: share of right samples by problem.
    """

    benchmark: str
    problems: int
    samples_per_problem: int
    finished: int
    owed: int
    correct: int
    accuracy: float | None
    majority: float | None
    truncated: float | None
    no_answer: float | None
    mean_tokens: float | None
    outcomes: dict[str, int]
    problem_accuracy: dict[str, float | None]


class RunCard(Record, frozen=True, kw_only=True):
    """All that is needed to reproduce and to cite a run; stored as `run.yaml`.

    `settings` are the resolved settings as plain data, `benchmarks` maps a name to {problems, sha256, source},
    `model` to {name, revision or fingerprint, …}; `sessions` has one entry for each start that generated:
    {started, versions, hardware}.
    """

    format: int = 1
    settings: dict[str, Any]
    model: dict[str, Any]
    benchmarks: dict[str, dict[str, Any]]
    sessions: tuple[dict[str, Any], ...] = ()
