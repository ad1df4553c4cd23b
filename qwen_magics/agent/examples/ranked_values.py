"""What the best of a group are the best by, where the question asks to see it: "along with that value".

The worked example of the best of each group shows group and thing; a small model copies just that. So the
example is told with the value where it is asked for, and a query without it comes back once, written out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import editable, written

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["asks_value", "ranked_values", "with_value"]

_THIS = r"(?:that|this|the|its|their|those|these|each one's)"
_VALUE = r"(?:values?|amounts?|figures?|readings?|measurements?|levels?|scores?)"
_JOINED = (
    r"(?:along with|together with|alongside|as well as|accompanied by|next to|beside|followed by|including"
    r"|with|plus|and(?: (?:also|show|give|state|report|include|list))?|(?:also )?(?:show|showing|give|giving"
    r"|state|stating|include|report))"
)
_SAME = r"(?:actual|corresponding|respective|exact|very|same|own|underlying)"
_ENDS = r"(?: itself| themselves| concerned| in question| too| as well| each)*\W*?(?=[.,;:?!)]|$)"
_ASKED = re.compile(
    rf"\b{_JOINED} (?:(?:{_THIS} )?(?:{_SAME} )?{_VALUE}|(?:that|those) numbers?){_ENDS}"
    r"|\band (?:also )?how (?:much|many|high|low|old|long|large|big|heavy|tall|fast|far|expensive|strong)"
    r" (?:\w+ )?(?:it|they|that|this|those|these|each|each one|he|she)"
    r" (?:is|was|were|are|came to|come to|had|has|have|costs?"
    r"|weighs?|weighed|made|makes|got|gets|took|takes)\b"
    r"|\band (?:also )?what (?:that|the|its|their) (?:values?|amounts?|figures?) (?:is|was|are|were)\b",
    re.IGNORECASE,
)
# An example of the best of each group: what it shows, and what its rows are sorted by.
_BEST = re.compile(
    r"SELECT shop_id, product(?P<last> FROM (?:sales QUALIFY|\(SELECT shop_id, product,) ROW_NUMBER\(\) "
    r"OVER \(PARTITION BY shop_id ORDER BY price\b)"
)


def asks_value(question: str, measure: str = "") -> bool:
    """Whether the question asks to see the value by which it ranks.

    Args:
        measure: what that is called; "with its price" asks for a price.
    """
    if _ASKED.search(question):
        return True
    name = re.escape(measure.replace("_", " "))
    own = rf"(?i)\b{_JOINED} (?:that|its|their|the) (?:{_SAME} )?{name}s?{_ENDS}"
    return bool(name) and re.search(own, question.replace("_", " ")) is not None


def with_value(example: str, query: str, question: str, measure: str) -> tuple[str, str]:
    """The example of the best of each group with what they are sorted by, if the question wants that.

    Args:
        example, query: as they are written, over `sales`.
        measure: the column that plays the price.

    >>> with_value("the best", "SELECT shop_id, product FROM sales QUALIFY …", "…, with its fee", "fee")
    ('the best, with the price', 'SELECT shop_id, product, price FROM sales QUALIFY …')
    """
    if _BEST.match(query) is None or not asks_value(question, measure):
        return example, query
    return f"{example}, with the price", query.replace("shop_id, product", "shop_id, product, price")


def ranked_values(question: str) -> Callable[[str], QueryError | None]:
    """A check of queries for one question, which speaks once: the value is among what is shown."""
    told = _ASKED.search(question) is None

    def check(code: str) -> QueryError | None:
        nonlocal told
        found = editable(code) if not told else None
        if found is None or (value := _unshown(found[0])) is None:
            return None
        told = True
        tree, dialect = found
        hint = f"Write: {written(_showing(tree.copy(), value), dialect)}"
        return QueryError("value_not_shown", f"The result does not show the {value.name} it goes by.", hint)

    return check


def _unshown(tree: exp.Expr) -> exp.Column | None:
    """The one column that the rows are ranked by, if the query shows nothing of it."""
    from sqlglot import exp

    if not isinstance(tree, exp.Select) or tree.args.get("group") or tree.args.get("distinct"):
        return None
    orders = [order for order in tree.find_all(exp.Order) if _ranks(order)]
    values = [order.expressions[0].this for order in orders if len(order.expressions) == 1]
    if len(orders) != 1 or len(values) != 1 or not isinstance(values[0], exp.Column):
        return None
    shown = {column.name.casefold() for item in tree.expressions for column in item.find_all(exp.Column)}
    stars = any(item.is_star or item.find(exp.AggFunc) for item in tree.expressions)
    return None if stars or values[0].name.casefold() in shown else values[0]


def _ranks(order: exp.Expr) -> bool:
    """Whether the rows are cut by this order: LIMIT, or a row number."""
    from sqlglot import exp

    above = order.parent
    if isinstance(above, exp.Window):
        return isinstance(above.this, exp.RowNumber | exp.Rank | exp.DenseRank)
    return isinstance(above, exp.Select) and above.args.get("limit") is not None


def _showing(tree: exp.Expr, value: exp.Column) -> exp.Expr:
    """The query with the value, also in the inner one where the row numbers are made."""
    from sqlglot import exp

    source = tree.args.get("from_")
    inner = source.this.this if source is not None and isinstance(source.this, exp.Subquery) else None
    column = value.copy()
    if isinstance(inner, exp.Select):
        if not any(item.is_star or item.alias_or_name == value.name for item in inner.expressions):
            inner.append("expressions", value.copy())
        column.set("table", None)
    tree.append("expressions", column)
    return tree
