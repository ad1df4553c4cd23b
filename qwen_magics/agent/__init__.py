"""A question to an answer: references, prompts, the loop, repair, evidence.

Knows nothing of ONNX and draws no HTML.
"""

from qwen_magics.agent.answer import Answer
from qwen_magics.agent.asking import answer, ask
from qwen_magics.agent.calling.approvals import policy
from qwen_magics.agent.events import Event
from qwen_magics.agent.fixing import FailedCell, fix
from qwen_magics.agent.references import expand, find_references
from qwen_magics.agent.request import Limits, Request
from qwen_magics.agent.session import Session, session

__all__ = [
    "Answer",
    "Event",
    "FailedCell",
    "Limits",
    "Request",
    "Session",
    "answer",
    "ask",
    "expand",
    "find_references",
    "fix",
    "policy",
    "session",
]
