"""Prompt -> tokens: the model's chat template, rendered once a problem.

Rendered(token_ids=[1, 9690, …], thinking_opened=False) for each (benchmark, problem_id).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import jinja2
import msgspec

from records import Prompt


class Rendered(msgspec.Struct, frozen=True, kw_only=True):
    """A prompt as the engine gets it; `thinking_opened`: its end opens a `<think>` that the model must close."""

    token_ids: list[int]
    thinking_opened: bool


def render_all(tokenizer: Any, prompts: Iterable[Prompt]) -> dict[tuple[str, str], Rendered]:  # noqa: ANN401  (any tokenizer)
    """Render every prompt with the tokenizer's chat template; a base model without one gets the plain texts."""
    return {(prompt.benchmark, prompt.problem_id): _render(tokenizer, prompt) for prompt in prompts}


def _render(tokenizer: Any, prompt: Prompt) -> Rendered:  # noqa: ANN401
    messages = [{"role": message.role, "content": message.content} for message in prompt.messages]
    if getattr(tokenizer, "chat_template", None) is None:
        text = "\n\n".join(message["content"] for message in messages)
        return Rendered(token_ids=list(tokenizer.encode(text)), thinking_opened=False)
    try:
        text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    except jinja2.TemplateError:  # how templates refuse a system turn that their model was not trained on
        if messages[0]["role"] != "system":
            raise
        messages = _without_system_turn(messages)
        text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    # the template writes its own special tokens: a second BOS would be a different prompt
    token_ids = tokenizer.encode(text, add_special_tokens=False)
    opened = text.rfind("<think>") > text.rfind("</think>")
    return Rendered(token_ids=list(token_ids), thinking_opened=opened)


def _without_system_turn(messages: list[dict[str, str]]) -> list[dict[str, str]]:
    """The same chat with the system text put before the first question."""
    system, first, *rest = messages
    return [{"role": first["role"], "content": f"{system['content']}\n\n{first['content']}"}, *rest]
