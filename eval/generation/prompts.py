"""Problem -> prompt: the chat that asks it.

Order of precedence for each part: config, card, default.  With the default question format, problem "1+1?" becomes

    [user] 1+1?

An empty system text means no system turn.
"""

from __future__ import annotations

from collections.abc import Iterable

from records import Message, Problem, Prompt
from settings import PromptSettings

DEFAULT_QUESTION = "{question}"


def build_prompts(
    problems: Iterable[Problem], config: PromptSettings, cards: dict[str, PromptSettings]
) -> list[Prompt]:
    """One prompt a problem, in order; `cards` holds each benchmark's own prompt settings."""
    return [_build_prompt(problem, merge(config, cards[problem.benchmark])) for problem in problems]


def merge(config: PromptSettings, card: PromptSettings) -> PromptSettings:
    """What the config says, and where it says nothing, what the card says."""
    return PromptSettings(
        system=config.system if config.system is not None else card.system,
        question=config.question if config.question is not None else card.question,
        few_shot=config.few_shot if config.few_shot is not None else card.few_shot,
    )


def _build_prompt(problem: Problem, settings: PromptSettings) -> Prompt:
    turns: list[Message] = []
    if settings.system:
        turns.append(Message(role="system", content=settings.system))
    turns.extend(settings.few_shot or ())
    # replace, not format: the text around {question} holds LaTeX braces
    question = (settings.question or DEFAULT_QUESTION).replace("{question}", problem.question)
    turns.append(Message(role="user", content=question))
    return Prompt(benchmark=problem.benchmark, problem_id=problem.id, messages=tuple(turns))
