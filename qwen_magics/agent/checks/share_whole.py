"""The query of a share with some conditions in WHERE that stood in its CASE: they say what the whole is."""

from __future__ import annotations

from collections.abc import Collection

from qwen_magics.tools.sql.editable import editable, written

__all__ = ["whole_limited"]


def whole_limited(code: str, conditions: Collection[str]) -> str:
    """The whole query; empty where it has more than one CASE, or the conditions are none of it.

    >>> whole_limited("SELECT AVG(CASE WHEN a = 'x' AND b = 'y' THEN 1 ELSE 0 END) FROM t", ["a = 'x'"])
    "SELECT AVG(CASE WHEN b = 'y' THEN 1 ELSE 0 END) FROM t WHERE a = 'x'"
    """
    from sqlglot import exp

    found = editable(code)
    if found is None or not isinstance(found[0], exp.Select) or found[0].find(exp.Subquery):
        return ""
    tree, dialect = found
    cases = list(tree.find_all(exp.Case))
    branches = list(cases[0].args.get("ifs") or []) if len(cases) == 1 else []
    if len(branches) != 1 or not isinstance(branches[0].this, exp.And):
        return ""
    parts = list(branches[0].this.flatten())
    said = {" ".join(condition.split()).casefold() for condition in conditions}
    moved = [part for part in parts if written(part, dialect).casefold() in said]
    kept = [part for part in parts if part not in moved]
    if not moved or not kept:
        return ""
    branches[0].set("this", exp.and_(*(part.copy() for part in kept), wrap=False))
    assert isinstance(tree, exp.Select)
    return written(tree.where(*(part.copy() for part in moved), dialect=dialect), dialect)
