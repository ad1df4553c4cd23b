"""A worked pandas example, and how it is told over a table that is there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qwen_magics.agent.examples.casting import Cast
from qwen_magics.agent.examples.figures import with_figures, with_names

__all__ = ["NAMES", "Recipe"]

# Columns of the examples, and their table.
NAMES = frozenset({"city", "price", "product", "rating", "sales", "shop_id", "sold_at", "weight"})


@dataclass(frozen=True, slots=True)
class Recipe:
    """A question with its program; shown where `pattern` is found in a question, in any letter case.

    Attributes:
        program: about a table `sales`, until `about` puts another in its place.
        needs: columns that the table has to have.
    """

    pattern: str
    question: str
    program: str
    needs: tuple[str, ...] = ()

    def is_for(self, parts: Cast) -> bool:
        """Whether the table has a column for each part of the program."""
        parts = parts.told(self.question, self.program)
        return set(re.findall(r'"(\w+)"', self.program)) & NAMES <= parts.columns.keys()

    def about(self, table: str, parts: Cast, asked: str = "") -> str:
        """Question and program in its fence, with a table that is there and columns of it.

        Args:
            asked: the question whose figures and names it is told with.
        """
        parts = parts.told(self.question, self.program)
        question, program = with_figures(self.question, self.program, asked)
        program = parts.program(re.sub(r"\bsales\b(?!\")", table, program))
        question, program = with_names(parts.words(question), program, asked)
        return f"Question: {question}\n```python\n{program}\n```"
