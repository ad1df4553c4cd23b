"""Titles to be written without the article in front, where a query leaves out those that have one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.words.patterns.phrases import LEADING_ARTICLE
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import conjuncts, editable, written

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["without_article"]

_ASKED = re.compile(LEADING_ARTICLE, re.IGNORECASE)
_COUNTED = re.compile(
    r"\b(?:how many|number of|count|which|that (?:are|stand|begin|start|have)|those)\b", re.I
)


def without_article(question: str) -> Callable[[str], QueryError | None]:
    """A check of queries for one question; it speaks once."""
    if _ASKED.search(question) is None or _COUNTED.search(question):
        return silent

    @once
    def check(code: str) -> QueryError | None:
        meant = _meant(code)
        if not meant:
            return None
        message = "The titles are to be shown without the article, and those that have it are left out."
        return QueryError("article_left_out", message, f"Write: {meant}")

    return check


def _meant(code: str) -> str:
    """The query with the text cut in SELECT instead of being excluded in WHERE."""
    from sqlglot import exp, parse_one

    found = editable(code)
    if found is None or not isinstance(found[0], exp.Select):
        return ""
    tree, reader = found
    conditions = conjuncts(tree)
    excluded = [(one, like) for one in conditions if (like := _excluded(one)) is not None]
    if len(excluded) != 1:
        return ""
    condition, like = excluded[0]
    text, article = like.this, str(like.expression.this).rstrip("%").rstrip()
    shown = [item for item in tree.expressions if item.unalias() == text]
    if len(shown) != 1:
        return ""
    name = text.sql(dialect=reader)
    size = len(article) + 2
    cut = f"CASE WHEN {name} LIKE '{article} %' THEN SUBSTR({name}, {size}) ELSE {name} END"
    shown[0].replace(exp.alias_(parse_one(cut, dialect=reader), text.name))
    rest = [one for one in conditions if one is not condition]
    tree.set("where", exp.Where(this=exp.and_(*rest, copy=False)) if rest else None)
    return written(tree, reader)


def _excluded(condition: exp.Expr) -> exp.Like | exp.ILike | None:
    """The LIKE of `title NOT LIKE 'The %'`, as either way of reading has it."""
    from sqlglot import exp

    like = condition.this if isinstance(condition, exp.Not) else condition
    like = like.this if isinstance(like, exp.Paren) else like
    if like is condition and not condition.args.get("negate"):
        return None
    if not isinstance(like, (exp.Like, exp.ILike)) or not isinstance(like.this, exp.Column):
        return None
    pattern = like.expression
    is_article = isinstance(pattern, exp.Literal) and re.fullmatch(r"[A-Z][a-z]{0,2} ?%", str(pattern.this))
    return like if is_article else None
