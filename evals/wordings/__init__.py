"""How often a question of a kind finds the worked example of its kind, in the words of other authors.

    python -m evals.wordings

`known.json` has twelve wordings of each kind of SQL, by authors who saw the example and none of its patterns;
the patterns were widened by them. `unseen.json` has four more of each, by another author: they are only
counted.
`programs_known.json` and `programs_unseen.json` are the same for the kinds of pandas programs.
Conditions on tables are left out, but that a number of rows is said where an example wants one.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from qwen_magics.agent.examples.pandas.recipes import RECIPES
from qwen_magics.agent.examples.sql.recipes import SQL_RECIPES

__all__ = ["Found", "found"]

_ROWS = re.compile(
    r"\b(at least|more than|fewer than|less than|at most|over|exactly|or more|minimum of) ?"
    r"(\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|fifty|hundred)\b",
    re.IGNORECASE,
)
_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Found:
    """Of `wordings`, for how many the example of their kind is the nearest, and for how many one of two."""

    wordings: int
    nearest: int
    shown: int


def found(name: Literal["known", "unseen", "programs_known", "programs_unseen"]) -> Found:
    """Match all wordings of a file with the patterns of all kinds."""
    kinds = json.loads((Path(__file__).parent / f"{name}.json").read_text(encoding="utf-8"))
    matching = _programs if name.startswith("programs") else _kinds
    pairs = [(kind, matching(text)) for kind, texts in kinds.items() for text in texts]
    return Found(
        wordings=len(pairs),
        nearest=sum(matched[:1] == [kind] for kind, matched in pairs),
        shown=sum(kind in matched[:_SHOWN] for kind, matched in pairs),
    )


def _kinds(text: str) -> list[str]:
    return [
        recipe.question
        for recipe in SQL_RECIPES
        if (not recipe.counted or _ROWS.search(text)) and re.search(recipe.pattern, text, re.IGNORECASE)
    ]


def _programs(text: str) -> list[str]:
    matched = (recipe.question for recipe in RECIPES if re.search(recipe.pattern, text, re.IGNORECASE))
    # A kind that is told in two ways, by the columns of the table, is one.
    return list(dict.fromkeys(matched))
