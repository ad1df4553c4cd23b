"""Who may run what: rules, and a person where the rules say `ask`.

Every call has an id, and a decision is for that call and these arguments: edited ones are checked and shown
again. Where nobody can answer, the call is denied.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from qwen_magics.agent.formats.fenced import parse_arguments
from qwen_magics.errors import ConfigError, ToolError
from qwen_magics.tools.registry import Effect

__all__ = ["Approval", "Approver", "Decision", "Policy", "Verdict", "ask_person", "policy"]

Verdict = Literal["ask", "allow", "deny"]
_VERDICTS = ("ask", "allow", "deny")
_PROMPT = "Run it? [y] yes, [n] no, [e] edit: "
_EDIT = 'Arguments to change, such as quantity=5, note="urgent": '
_MOST_QUESTIONS = 20


@dataclass(frozen=True, slots=True)
class Approval:
    """One call that waits for a decision.

    Attributes:
        call_id: unique within the run.
        tool: full name, such as `crm.create_order`.
        arguments: as checked.
        shown: exactly what would run: the request that would be sent, or the call.
    """

    call_id: str
    tool: str
    effect: Effect
    arguments: Mapping[str, Any]
    shown: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of an `Approval`.

    Attributes:
        allowed: whether this very call may run.
        by: `policy` (a rule), `user` or `nobody`.
        reason: in words.
        arguments: changed ones, to be checked and shown again; None if nothing was changed.
    """

    allowed: bool
    by: Literal["policy", "user", "nobody"]
    reason: str = ""
    arguments: Mapping[str, Any] | None = None


Approver = Callable[[Approval], Decision]


@dataclass(frozen=True, slots=True)
class Policy:
    """Rules, the first that fits wins; without one, reading is allowed and writing asks.

    Attributes:
        rules: pairs of a glob over the full name of a tool, or `read` or `write`, and a verdict.
    """

    rules: tuple[tuple[str, Verdict], ...] = field(default=())

    def verdict(self, tool: str, effect: Effect) -> Verdict:
        """What the rules say about a call of this tool."""
        for pattern, verdict in self.rules:
            short = tool.rpartition(".")[2]
            if pattern == effect or (
                pattern not in ("read", "write")
                and (fnmatch.fnmatchcase(tool, pattern) or fnmatch.fnmatchcase(short, pattern))
            ):
                return verdict
        return "allow" if effect == "read" else "ask"


def policy(text: str) -> Policy:
    """The rules in `text`: `ask`, or such as `crm.delete_*=deny,create_*=allow,ask`.

    A word alone is about everything that writes and comes last.

    Raises:
        ConfigError: it is not of that form.
    """
    rules: list[tuple[str, Verdict]] = []
    alone: list[tuple[str, Verdict]] = []
    for part in re.split(r"[,\s]+", text.strip()):
        pattern, equals, verdict = part.rpartition("=")
        if verdict not in _VERDICTS or (equals and not pattern):
            msg = f"{part!r} is no approval rule. Use ask, allow or deny, or such as delete_*=deny,ask."
            raise ConfigError(msg)
        (rules if equals else alone).append((pattern or "write", verdict))  # type: ignore[arg-type]  # checked
    return Policy((*rules, *alone))


def ask_person(
    approval: Approval, *, ask: Callable[[str], str] | None = None, shown: bool = False
) -> Decision:
    """Ask on the kernel's or terminal's standard input, which every frontend draws.

    Args:
        ask: writes a prompt and reads a line; `input` if None.
        shown: the display above says already what would run, so that the prompt need not.
    """
    ask, note = ask or input, ""
    what = approval.tool if shown else approval.shown + "\n\n"
    for _ in range(_MOST_QUESTIONS):
        try:
            answer = ask(f"{note}{what.rstrip(' ')}{': ' if shown else ''}{_PROMPT}").strip().casefold()
            if answer in ("y", "yes"):
                return Decision(True, "user", "approved")
            if answer in ("n", "no"):
                return Decision(False, "user", "refused")
            if answer in ("e", "edit"):
                return Decision(False, "user", "edited", _edited(approval, ask(_EDIT)))
        except ToolError as error:
            note = f"{error}\n"
        except (EOFError, OSError, RuntimeError):
            # No terminal, no frontend (papermill, nbconvert): ipykernel's error is a RuntimeError.
            return Decision(False, "nobody", "nobody can answer here")
    return Decision(False, "nobody", "no clear answer")


def _edited(approval: Approval, text: str) -> dict[str, Any]:
    return {**approval.arguments, **parse_arguments(text)}
