"""Rendering with the real chat templates of the field's models, written down here in short."""

from __future__ import annotations

from typing import Any

import jinja2
import pytest

from generation.chat import render_all
from records import Message, Prompt

NO_SYSTEM = (
    "{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}"
    "{% for m in messages %}<{{ m['role'] }}>{{ m['content'] }}{% endfor %}"
)
THINKING = "{% for m in messages %}<{{ m['role'] }}>{{ m['content'] }}{% endfor %}<assistant><think>\n"


class Tokenizer:
    """The part of a tokenizer that rendering uses; one token a character, and a BOS unless told not to."""

    def __init__(self, template: str | None) -> None:
        self.chat_template = template

    def apply_chat_template(self, messages: list[dict[str, str]], **_: Any) -> str:
        def raise_exception(message: str) -> None:
            raise jinja2.TemplateError(message)

        assert self.chat_template is not None
        return str(jinja2.Template(self.chat_template).render(messages=messages, raise_exception=raise_exception))

    def encode(self, text: str, *, add_special_tokens: bool = True) -> list[int]:
        return [0] * add_special_tokens + [ord(character) for character in text]


def render(template: str | None, *messages: Message) -> tuple[str, bool]:
    prompt = Prompt(benchmark="b", problem_id="p", messages=messages)
    rendered = render_all(Tokenizer(template), [prompt])["b", "p"]
    return "".join(map(chr, rendered.token_ids)), rendered.thinking_opened


SYSTEM, USER = Message(role="system", content="Think."), Message(role="user", content="1+1?")


def test_a_template_without_system_role_gets_the_text_in_the_first_question() -> None:
    assert render(NO_SYSTEM, SYSTEM, USER) == ("<user>Think.\n\n1+1?", False)


def test_another_fault_of_a_template_is_not_hidden() -> None:
    with pytest.raises(jinja2.TemplateError):
        render("{{ raise_exception('broken') }}", USER)


def test_a_prompt_that_opens_thinking_is_noticed() -> None:
    assert render(THINKING, USER) == ("<user>1+1?<assistant><think>", True)
    assert render(THINKING, Message(role="user", content="</think>"))[1]
    assert not render(NO_SYSTEM, Message(role="user", content="<think></think>"))[1]


def test_the_template_writes_the_only_special_tokens() -> None:
    text, _ = render(NO_SYSTEM, USER)
    assert "\0" not in text


def test_a_base_model_without_template_gets_the_plain_texts() -> None:
    assert render(None, SYSTEM, USER) == ("\0Think.\n\n1+1?", False)
