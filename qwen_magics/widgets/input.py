"""Two things that IPython does to a cell before a magic sees it, undone for `%qwen` and `%%qwen`.

* A line that ends in `?` is taken as a request for help on its last word, also a `%qwen` question.
* `>>> ` and `In [1]:` at the beginning of lines are taken as pasted prompts and removed, also in `%%qwen`.

`%qwen?` and `%%qwen?` still ask for help. Besides, `name = %qwen …` means `%qwen -o name …`.
"""

from __future__ import annotations

import re
import tokenize
from typing import Any

from IPython.core.inputtransformer2 import (
    TokenTransformBase,
    assemble_continued_line,
    find_end_of_continued_line,
)
from IPython.core.interactiveshell import InteractiveShell

__all__ = ["QuestionLine", "install", "keep_cell", "uninstall"]

_QUESTION = re.compile(r"(?:(?P<name>[^\W\d]\w*)\s*=\s*)?%qwen[ \t]+(?P<text>\S.*?)\s*$", re.DOTALL)
_CELL = re.compile(r"%%qwen(?:[ \t](?P<line>.*))?\s*$")


def keep_cell(lines: list[str]) -> list[str]:
    """Hand the body of a `%%qwen` cell over exactly as it was typed."""
    start = next((i for i, line in enumerate(lines) if line.strip()), 0)
    found = _CELL.match(lines[start]) if lines else None
    if found is None:
        return lines
    line, body = (found["line"] or "").strip(), "".join(lines[start + 1 :])
    return [f"get_ipython().run_cell_magic('qwen', {line!r}, {body!r})\n"]


class QuestionLine(TokenTransformBase):
    """`%qwen … ?` and `name = %qwen …` as calls of the magic."""

    priority = 1  # before IPython's own reading of a `?` at the end, which is 5

    @classmethod
    def find(cls, tokens_by_line: list[list[Any]]) -> QuestionLine | None:
        """The first line that is one; the tokenizer has told it from a line inside a string."""
        for line in tokens_by_line:
            words = [t for t in line if t.type not in (tokenize.INDENT, tokenize.DEDENT)][:5]
            at = 2 if len(words) > 3 and words[1].string == "=" else 0
            if [t.string for t in words[at : at + 2]] == ["%", "qwen"] and _QUESTION.match(_text(words[0])):
                return cls(words[0].start)
        return None

    def transform(self, lines: list[str]) -> list[str]:
        """Replace the line, and those that continue it."""
        end = find_end_of_continued_line(lines, self.start_line)
        found = _QUESTION.match(assemble_continued_line(lines, (self.start_line, self.start_col), end))
        if found is None:
            raise SyntaxError  # IPython's word for "not mine after all"
        text = f"-o {found['name']} {found['text']}" if found["name"] else found["text"]
        call = f"{lines[self.start_line][: self.start_col]}get_ipython().run_line_magic('qwen', {text!r})\n"
        return [*lines[: self.start_line], call, *lines[end + 1 :]]


def _text(first: Any) -> str:
    return str(first.line[first.start[1] :])


def install(shell: InteractiveShell) -> None:
    """Put both in place; doing it twice changes nothing."""
    uninstall(shell)
    shell.input_transformer_manager.cleanup_transforms.insert(0, keep_cell)
    shell.input_transformer_manager.token_transformers.append(QuestionLine)


def uninstall(shell: InteractiveShell) -> None:
    """Take both away again."""
    manager = shell.input_transformer_manager
    manager.cleanup_transforms[:] = [t for t in manager.cleanup_transforms if t is not keep_cell]
    manager.token_transformers[:] = [t for t in manager.token_transformers if t is not QuestionLine]
