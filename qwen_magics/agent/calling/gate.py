"""Between a checked call and its running: the rules, the person, and the record of the decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qwen_magics.agent.calling.approvals import Approval, Approver, Decision, Policy
from qwen_magics.agent.events import Event, Listener
from qwen_magics.agent.formats import Call
from qwen_magics.errors import DeniedError, ToolError
from qwen_magics.tools.arguments import checked
from qwen_magics.tools.registry import Tool

if TYPE_CHECKING:
    from qwen_magics.trace.recorder import OpenSpan, Recorder

__all__ = ["Gate", "exact_text"]

_MOST_EDITS = 20
_REASONS = {
    "policy": "a rule of --approve forbids it",
    "user": "you refused it",
    "nobody": "nobody can answer here",
}


@dataclass
class Gate:
    """Decides over the calls of one run."""

    policy: Policy
    approver: Approver
    recorder: Recorder
    listener: Listener

    def asks(self, tool: Tool) -> bool:
        """Whether a call of the tool needs anybody's consent, or may not be made at all."""
        return bool(tool.unapproved) or self.policy.verdict(tool.full_name, tool.effect) != "allow"

    def approved(self, call_id: str, tool: Tool, arguments: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
        """The arguments to run with (a person may have edited them), and who approved.

        Raises:
            DeniedError: by a rule, a person, or because nobody can answer.
        """
        verdict = self.policy.verdict(tool.full_name, tool.effect)
        if tool.unapproved and verdict == "allow":
            verdict = "ask"  # no rule approves a tool that nobody has seen in this form
        if verdict == "allow" and tool.effect == "read":
            return dict(arguments), "not needed"
        with self.recorder.span(
            "approval",
            f"approve {tool.name}",
            tool=tool.full_name,
            effect=tool.effect,
            call_id=call_id,
            arguments=dict(arguments),
        ) as span:
            if verdict == "ask":
                arguments, decision = self._asked(span, call_id, tool, dict(arguments))
            else:
                if verdict == "allow":
                    # Nobody is asked, but the record shows what a person would have seen.
                    span.set(preview=exact_text(tool, arguments))
                decision = Decision(verdict == "allow", "policy", f"a rule says {verdict}")
            self._record(span, decision)
        if not decision.allowed:
            raise _denied(tool, _REASONS[decision.by])
        return dict(arguments), f"approved by {decision.by}"

    def _asked(
        self, span: OpenSpan, call_id: str, tool: Tool, arguments: dict[str, Any]
    ) -> tuple[dict[str, Any], Decision]:
        problem = ""
        for _ in range(_MOST_EDITS):
            shown = exact_text(tool, arguments)
            span.set(preview=shown)
            self.listener(Event("approval", f"{problem}{shown}"))
            decision = self.approver(Approval(call_id, tool.full_name, tool.effect, arguments, shown))
            if decision.arguments is None:
                if decision.allowed:
                    self.listener(Event("status", f"Approved: {tool.name}"))
                return arguments, decision
            try:
                # Nothing runs on an edit: it is checked like the model's own, and shown again.
                changed = checked(tool, decision.arguments)
                exact_text(tool, changed)
            except ToolError as error:
                problem = f"Not changed: {error}\n\n"
                continue
            arguments, problem = changed, ""
            span.set(edited=arguments)
        return arguments, Decision(False, "user", f"edited {_MOST_EDITS} times and never approved")

    @staticmethod
    def _record(span: OpenSpan, decision: Decision) -> None:
        verdict = "allowed" if decision.allowed else "denied"
        span.set(decision=verdict, by=decision.by, approval=verdict, reason=decision.reason)
        if not decision.allowed:
            span.deny(decision.reason)


def exact_text(tool: Tool, arguments: Mapping[str, Any]) -> str:
    """What a person reads before approving: the request or the call, with nothing that hides in the text.

    Raises:
        ToolError: the arguments make no request.
    """
    text = tool.preview(arguments) if tool.preview is not None else str(Call(tool.full_name, arguments))
    text = f"{tool.unapproved}\n\n{text}" if tool.unapproved else text
    return "".join(c if c == "\n" or c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def _denied(tool: Tool, reason: str) -> DeniedError:
    fix = f"To run it without being asked, allow it by name: --approve {tool.full_name}=allow"
    if tool.unapproved:
        fix = "Ask once where you can answer: a new or changed tool is approved there."
    return DeniedError(f"{tool.full_name} was not run: {reason}. Nothing was changed. {fix}")
