"""Whatever is typed reaches the agent as it was typed."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell

from qwen_magics import agent
from qwen_magics.widgets.commands import COMMANDS

QUICK = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
SNIPPETS = [
    "{x}",
    "{{x}}",
    "$HOME",
    '{"a": [1]}',
    "'''",
    '"""',
    "\\n",
    "\\",
    ">>> ",
    "?",
    "!ls",
    "%time",
    "中",
    "😀",
    "\n",
    "@a",
]
TEXT = st.lists(st.sampled_from(SNIPPETS) | st.text(st.characters(codec="utf-8")), min_size=1).map("".join)


@pytest.fixture
def seen(shell: InteractiveShell, scripted: object, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    texts: list[str] = []

    def expand(text: str, namespace: object) -> agent.references.Expanded:
        texts.append(text)
        return agent.references.Expanded(text, {})

    monkeypatch.setattr(agent, "expand", expand)
    return texts


@QUICK
@given(TEXT)
def test_cell_through_run_cell_magic(shell: InteractiveShell, seen: list[str], text: str) -> None:
    assume(text.strip())
    shell.run_cell_magic("qwen", "", text)
    assert seen[-1] == text


@QUICK
@given(TEXT)
@example(">>> first\n... second")
@example("In [1]: x\n   ...: y")
@example("  indented\n    more")
@example("%%qwen\ninside")
def test_cell_through_run_cell(shell: InteractiveShell, seen: list[str], text: str) -> None:
    assume(text.strip())
    assert shell.run_cell("%%qwen\n" + text).success
    assert seen[-1].removesuffix("\n") == text.removesuffix("\n")


@QUICK
@given(TEXT)
@example("how many rows of orders have no customer?")
@example("what's the number of {x} in $y (and [z?")
@example('a """ b?')
def test_line_through_run_cell(shell: InteractiveShell, seen: list[str], text: str) -> None:
    text = "ask " + text.strip()
    # More than one line is a cell; a backslash at the end continues the line, for IPython as for Python.
    assume(len(text.splitlines()) == 1 and not text.endswith("\\") and "\0" not in text)
    assert shell.run_cell(f"before = 1\n%qwen {text}\nafter = 2").success
    assert seen[-1] == text.strip()


@pytest.mark.parametrize(
    "line", ["status of orders", "use the table orders", "- five is less than what?", "-5 < x?"]
)
def test_line_that_only_begins_like_something_else(
    shell: InteractiveShell, seen: list[str], line: str
) -> None:
    assert shell.run_cell(f"%qwen {line}").success
    assert seen == [line]


@pytest.mark.parametrize("name", COMMANDS)
def test_subcommand_word_in_a_cell_is_a_question(shell: InteractiveShell, seen: list[str], name: str) -> None:
    assert shell.run_cell(f"%%qwen\n{name}").success
    assert seen == [f"{name}\n"]


def test_text_after_the_flags_of_a_cell_comes_first(shell: InteractiveShell, seen: list[str]) -> None:
    assert shell.run_cell("%%qwen -o x Which of these?\na\nb").success
    assert seen == ["Which of these?\na\nb\n"] or seen == ["Which of these?\na\nb"]


@pytest.mark.parametrize("cell", ["%qwen?", "%%qwen?"])
def test_help_syntax_still_works(shell: InteractiveShell, seen: list[str], cell: str) -> None:
    assert shell.run_cell(cell).success
    assert seen == []


def test_a_line_inside_a_string_is_left_alone(shell: InteractiveShell, seen: list[str]) -> None:
    assert shell.run_cell('text = """\n%qwen how?\n"""').success
    assert shell.user_ns["text"] == "\n%qwen how?\n"
    assert seen == []


def test_loops_ask_again(shell: InteractiveShell, seen: list[str]) -> None:
    assert shell.run_cell("for i in range(2):\n    %qwen is {i} even?\n").success
    assert seen == ["is {i} even?"] * 2
