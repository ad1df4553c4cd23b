"""Rules, and the question to a person: yes, no, edit, and nobody there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qwen_magics.agent.calling.approvals import Approval, Policy, ask_person, policy
from qwen_magics.errors import ConfigError

CALL = Approval(
    "call-1", "crm.create_order", "write", {"sku": "A-1", "quantity": 5}, "POST http://crm/orders"
)


@pytest.mark.parametrize(
    ("rules", "tool", "effect", "verdict"),
    [
        ("ask", "crm.create_order", "write", "ask"),
        ("ask", "crm.get_order", "read", "allow"),
        ("allow", "crm.delete_order", "write", "allow"),
        ("deny", "crm.get_order", "read", "allow"),
        ("read=ask", "crm.get_order", "read", "ask"),
        ("read=deny,ask", "crm.get_order", "read", "deny"),
        ("create_*=allow", "crm.create_order", "write", "allow"),
        ("crm.*=deny", "crm.get_order", "read", "deny"),
        ("crm.delete_*=deny,crm.*=allow,ask", "crm.delete_order", "write", "deny"),
        ("crm.delete_*=deny,crm.*=allow,ask", "crm.create_order", "write", "allow"),
        ("allow,delete_*=deny", "crm.delete_order", "write", "deny"),
        ("create_*=allow", "crm.CREATE_order", "write", "ask"),
        ("write=allow", "tool_named_write", "write", "allow"),
    ],
)
def test_rules(rules: str, tool: str, effect: str, verdict: str) -> None:
    assert policy(rules).verdict(tool, effect) == verdict  # type: ignore[arg-type]


def test_without_rules_reading_is_allowed_and_writing_asks() -> None:
    assert Policy().verdict("x", "read") == "allow" and Policy().verdict("x", "write") == "ask"


@pytest.mark.parametrize("rules", ["", "yes", "a=b", "=allow", "create_*"])
def test_what_is_no_rule_says_what_is(rules: str) -> None:
    with pytest.raises(ConfigError, match="delete_\\*=deny,ask"):
        policy(rules)


def typing(*answers: str | BaseException) -> tuple[Callable[[str], str], list[str]]:
    prompts: list[str] = []
    queue = list(answers)

    def ask(prompt: str) -> str:
        prompts.append(prompt)
        answer = queue.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    return ask, prompts


def test_yes_and_no() -> None:
    for answer, allowed in (("y", True), (" YES ", True), ("n", False), ("No", False)):
        ask, prompts = typing(answer)
        decision = ask_person(CALL, ask=ask)
        assert (decision.allowed, decision.by, decision.arguments) == (allowed, "user", None)
        assert "POST http://crm/orders" in prompts[0]


def test_anything_else_is_asked_again_and_in_the_end_denied() -> None:
    ask, prompts = typing(*["", "maybe", "yeah"] * 10)
    decision = ask_person(CALL, ask=ask)
    assert not decision.allowed and decision.by == "nobody" and len(prompts) == 20


def test_an_edit_is_not_an_approval() -> None:
    ask, _ = typing("e", 'quantity=7, note="urgent"')
    decision = ask_person(CALL, ask=ask)
    assert not decision.allowed
    assert decision.arguments == {"sku": "A-1", "quantity": 7, "note": "urgent"}


def test_an_edit_that_cannot_be_read_is_asked_again() -> None:
    ask, prompts = typing("e", "quantity seven", "n")
    assert ask_person(CALL, ask=ask).reason == "refused"
    assert "cannot be read" in prompts[-1]


@pytest.mark.parametrize("error", [EOFError(), OSError("reading from stdin"), NotImplementedError()])
def test_where_nobody_can_answer_it_is_denied(error: Exception) -> None:
    ask, _ = typing(error)
    decision = ask_person(CALL, ask=ask)
    assert (decision.allowed, decision.by) == (False, "nobody")


def test_a_stop_is_a_stop() -> None:
    ask, _ = typing(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        ask_person(CALL, ask=ask)
