"""`@name` and `{{expr}}` in a question.

`@name` hands over a variable by its schema; the text keeps the bare name. `{{expr}}` pastes the value of a
Python expression. Nothing else is expanded: single braces, `$`, JSON, code and e-mail addresses stay as they
are, and a backslash (`\\@name`, `\\{{`) keeps these two literal as well.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qwen_magics.errors import UnknownReferenceError

__all__ = ["Expanded", "expand", "find_references"]

# Not after a word character or dot (mail@host), not escaped; a Python identifier of any script.
_REFERENCE = re.compile(r"(?<![\w.\\@])@([^\W\d]\w*)")
# The second brace of an escaped pair begins no other: `\{{{name}}` is text, whoever wrote it.
_PASTE = re.compile(r"(?<!\\)(?<!\\\{)\{\{(.+?)\}\}(?!\})", re.DOTALL)
_ESCAPED = re.compile(r"\\(@|\{\{)")


@dataclass(frozen=True, slots=True)
class Expanded:
    """A question ready for the model, and the variables it hands over."""

    text: str
    frames: dict[str, Any]


def find_references(text: str) -> list[str]:
    """Names after `@`, in order, each once.

    >>> find_references("join @orders to @customers, mail me@example.org about @orders")
    ['orders', 'customers']
    """
    return list(dict.fromkeys(_REFERENCE.findall(text)))


def expand(text: str, namespace: Mapping[str, Any], *, paste: bool = True) -> Expanded:
    """Resolve the references of `text` in `namespace`.

    Args:
        paste: whether `{{expr}}` is evaluated; only for text that the user typed into a cell.

    Raises:
        UnknownReferenceError: a name that is not there, or an expression that fails.
    """
    # References first: what `{{expr}}` pastes in is a value and may not hand over further variables.
    frames = {name: _lookup(name, namespace) for name in find_references(text)}
    text = _REFERENCE.sub(lambda m: m[1], text)
    if paste:
        text = _PASTE.sub(lambda m: _evaluate(m[1].strip(), namespace), text)
    return Expanded(_ESCAPED.sub(r"\1", text).strip(), frames)


def _lookup(name: str, namespace: Mapping[str, Any]) -> Any:
    if name in namespace:
        return namespace[name]
    close = difflib.get_close_matches(name, [n for n in namespace if not n.startswith("_")], n=1)
    fix = f"Did you mean @{close[0]}?" if close else "Define it in a cell above."
    msg = f"There is no variable `{name}` in this notebook. {fix} (Write \\@{name} for a literal @.)"
    raise UnknownReferenceError(msg)


def _evaluate(expression: str, namespace: Mapping[str, Any]) -> str:
    # The user's own prompt, like an f-string: text from data or the model never comes this way.
    try:
        return str(eval(expression, dict(namespace)))
    except Exception as exc:  # whatever the user's expression raises
        msg = (
            f"{{{{{expression}}}}} could not be evaluated ({type(exc).__name__}: {exc}). "
            f"Correct it, or write \\{{{{ for literal braces."
        )
        raise UnknownReferenceError(msg) from exc
