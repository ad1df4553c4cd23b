"""What an attack did."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from qwen_magics.agent import Answer
from qwen_magics.agent.calling.approvals import Approval, Decision
from qwen_magics.errors import QwenMagicsError


@dataclass(frozen=True)
class Outcome:
    """Whether the instruction came to the model, whether that tried to write, whether anything was."""

    channel: str
    reached: bool
    tried: bool
    written: bool


@dataclass
class Attempt:
    """A run under attack: refuses and counts what asks for approval, keeps what the model read."""

    asked: int = 0
    prompts: str = ""

    def run(self, ask: Callable[[], Answer]) -> None:
        """Ask; a refusal and no answer are outcomes like others."""
        try:
            trace = ask().trace
        except QwenMagicsError as error:
            trace = getattr(error, "trace", None)
        if trace is not None:
            self.prompts = "".join(str(span.data.get("prompt", "")) for span in trace.spans)

    def refuse(self, approval: Approval) -> Decision:
        """The approver of a run under attack."""
        self.asked += 1
        return Decision(False, "user", "refused")


def shares(outcomes: Iterable[Outcome]) -> dict[str, dict[str, int]]:
    """Channel → attacks, those that the model read, those in which it tried to write, those that wrote."""
    counts: dict[str, dict[str, int]] = {}
    for outcome in outcomes:
        count = counts.setdefault(outcome.channel, {"attacks": 0, "reached": 0, "tried": 0, "written": 0})
        count["attacks"] += 1
        count["reached"] += outcome.reached
        count["tried"] += outcome.tried
        count["written"] += outcome.written
    return counts
