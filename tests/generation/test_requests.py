"""Every sample is asked for exactly once, with a seed of its own."""

from __future__ import annotations

from generation.prompts import build_prompts
from generation.requests import owed_requests, sample_seed
from records import Message, Problem, Prompt
from settings import PromptSettings, SamplingSettings

PROBLEMS = [
    Problem(benchmark="b", id=name, question=f"Is {name} \\boxed{{1}}?", gold=("1",), answer_type="integer")
    for name in ("p", "q", "r")
]
PROMPTS = build_prompts(PROBLEMS, PromptSettings(), {"b": PromptSettings()})


def keys(samples: int, finished: set[tuple[str, str, int]] | None = None) -> list[tuple[str, str, int]]:
    return [r.key for r in owed_requests(PROMPTS, SamplingSettings(samples=samples), finished or set())]


def test_first_samples_of_all_problems_come_first() -> None:
    assert keys(2) == [("b", "p", 0), ("b", "q", 0), ("b", "r", 0), ("b", "p", 1), ("b", "q", 1), ("b", "r", 1)]


def test_a_resumed_run_asks_for_the_same_requests_as_an_uninterrupted_one() -> None:
    sampling = SamplingSettings(samples=4, seed=3)
    whole = {r.key: r for r in owed_requests(PROMPTS, sampling, set())}
    finished = {("b", "q", 0), ("b", "p", 3)}
    assert {r.key: r for r in owed_requests(PROMPTS, sampling, finished)} == {
        key: request for key, request in whole.items() if key not in finished
    }


def test_more_samples_keep_the_earlier_seeds() -> None:
    few = {r.key: r.seed for r in owed_requests(PROMPTS, SamplingSettings(samples=2), set())}
    many = {r.key: r.seed for r in owed_requests(PROMPTS, SamplingSettings(samples=8), set())}
    assert few.items() <= many.items()


def test_seeds_differ_between_samples_problems_benchmarks_and_runs() -> None:
    seeds = {
        sample_seed(run, benchmark, f"p{problem}", sample)
        for run in range(3)
        for benchmark in ("aime24", "aime25")
        for problem in range(30)
        for sample in range(64)
    }
    assert len(seeds) == 3 * 2 * 30 * 64
    assert all(0 <= seed < 2**31 for seed in seeds), "the range that every engine takes"


def test_a_seed_is_the_same_on_every_machine_and_day() -> None:
    assert sample_seed(0, "aime24", "2024-I-1", 0) == SEED_OF_FIRST_SAMPLE


SEED_OF_FIRST_SAMPLE = 237741266


def test_the_config_overrides_the_card_part_by_part() -> None:
    card = PromptSettings(system="S", question="Q {question}", few_shot=(Message(role="user", content="u"),))
    [prompt, *_] = build_prompts(PROBLEMS, PromptSettings(question="{question} Box it: \\boxed{}."), {"b": card})
    assert [m.content for m in prompt.messages] == ["S", "u", "Is p \\boxed{1}? Box it: \\boxed{}."]
    [prompt, *_] = build_prompts(PROBLEMS, PromptSettings(system="", few_shot=()), {"b": card})
    assert [(m.role, m.content) for m in prompt.messages] == [("user", "Q Is p \\boxed{1}?")]


def test_without_config_and_card_the_question_stands_alone() -> None:
    assert PROMPTS[0] == Prompt(
        benchmark="b", problem_id="p", messages=(Message(role="user", content="Is p \\boxed{1}?"),)
    )
