"""Many answers at once: each distinct one graded once, in worker processes that are killed at their deadline.

The static limits of the parser are the first wall; this is the second.  A worker that is near its deadline may only have
been on a busy machine, so its answer is tried again alone, with longer time, before it counts as out of time.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import TimeoutError as DeadlineError
from typing import NamedTuple

import msgspec
from pebble import ProcessExpired, ProcessPool

from grading.extraction import extract
from grading.rules import Tolerance
from grading.verdicts import judge
from records import Verdict

Key = tuple[str, tuple[str, ...], tuple[str, ...], str, Tolerance]
"""Answer, boxes before it, golds, answer type, tolerance: all that a verdict depends on."""

DEADLINE_SECONDS = 5.0
ALONE_SECONDS = 30.0
INLINE_TYPES = frozenset({"integer", "text"})
"""Answer types whose rules take microseconds for any text: no process is worth its start for them."""

BATCH = 500
"""Answers in flight; bounds the memory of a run of any size."""


class Job(NamedTuple):
    """One completion to grade."""

    text: str
    golds: tuple[str, ...]
    answer_type: str
    thinking_opened: bool = False
    policy: str = "normal"
    tolerance: Tolerance = Tolerance()


class GradingPool:
    """Grades jobs in their order; a context manager that owns its worker processes, started when first needed."""

    def __init__(self, workers: int | None = None) -> None:
        self._workers = workers or max(1, len(os.sched_getaffinity(0)))
        self._pool: ProcessPool | None = None
        self._known: dict[Key, Verdict] = {}
        self._waiting: list[Key] = []

    def __enter__(self) -> GradingPool:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]  # pebble is typed in part
            self._pool.join()

    def grade_many(self, jobs: Iterable[Job]) -> Iterator[Verdict]:
        """One verdict a job, in order; what was graded before with the same gold is not graded again."""
        batch: list[tuple[Key | None, str]] = []
        for job in jobs:
            batch.append(self._submit(job))
            if len(batch) >= BATCH:
                yield from self._collect(batch)
                batch = []
        yield from self._collect(batch)

    def _submit(self, job: Job) -> tuple[Key | None, str]:
        """The key of the job's verdict, None where it has no answer, and the extractor; new keys are put to work."""
        found = extract(job.text, thinking_opened=job.thinking_opened, policy=job.policy)
        if found is None:
            return None, ""
        key: Key = (found.answer, found.others, job.golds, job.answer_type, job.tolerance)
        if key not in self._known:
            if job.answer_type in INLINE_TYPES:
                self._known[key] = grade_key(key)
            else:
                self._known[key] = PENDING
                self._waiting.append(key)
        return key, found.extractor

    def _collect(self, batch: list[tuple[Key | None, str]]) -> Iterator[Verdict]:
        for key, verdict in zip(self._waiting, self._run(self._waiting), strict=True):
            self._known[key] = verdict
        self._waiting.clear()
        for known, extractor in batch:
            if known is None:
                yield Verdict(answer=None, outcome="no_answer", rule="none")
            else:
                yield msgspec.structs.replace(self._known[known], extractor=extractor)

    def _run(self, keys: list[Key]) -> Iterator[Verdict]:
        if not keys:
            return
        if self._pool is None:
            spawn = multiprocessing.get_context("spawn")  # a forked child would share the parent's locks and threads
            self._pool = ProcessPool(max_workers=self._workers, context=spawn)
        futures = [self._pool.schedule(grade_key, args=[key], timeout=DEADLINE_SECONDS) for key in keys]
        for key, future in zip(keys, futures, strict=True):
            try:
                yield future.result()
            except (DeadlineError, ProcessExpired):
                yield self._alone(key)

    def _alone(self, key: Key) -> Verdict:
        """Once more with nothing beside it; what still does not end is out of time."""
        assert self._pool is not None
        try:
            verdict: Verdict = self._pool.schedule(grade_key, args=[key], timeout=ALONE_SECONDS).result()
        except (DeadlineError, ProcessExpired):
            verdict = Verdict(answer=str(key[0])[:200], outcome="out_of_time", rule="deadline")
        return verdict


PENDING = Verdict(answer=None, outcome="out_of_time", rule="pending")


def grade_key(key: Key) -> Verdict:
    """Grade one extracted answer; runs in a worker process."""
    return judge(*key)
