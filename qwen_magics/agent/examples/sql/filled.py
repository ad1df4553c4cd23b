"""Worked SQL examples of shares of the rows that have a value, and of those that have none.

A small model divides by COUNT(column), which leaves out the very rows that the others are a share of.
"""

from __future__ import annotations

from qwen_magics.agent.examples.sql.recipe import SqlRecipe
from qwen_magics.agent.words.patterns.phrases import MEAN, PERCENT

__all__ = ["SQL_FILLED"]

_SHARE = rf"({PERCENT}|\b(share|fraction|portion)\b)"
# Rows that are a share of each group are another kind, and so are those of the known ones.
_ALONE = (
    rf"(?!.*{MEAN})(?!.*\b(each|every|per (?!cent)|correlat\w*|above|below|over|under|more|less|than)\b)"
    r"(?!.*\b(of|among|amongst) (the |all |those |ones )*\w* ?(with|having|whose|that have|for which) )"
)
_GIVEN = (
    r"(known|recorded|given|filled(?: in| out)?|available|entered|stated|provided|noted|supplied|registered"
    r"|present|assigned|documented|specified)"
)
_HAS = (
    r"(\b(have|has|had|having|with|hold|holds) (an?|the|any|some|their|its|his|her) [\w -]{2,40}? "
    rf"((on|in) (file|record|the (system|database|books))|{_GIVEN}|at all)\b"
    rf"|\b(have|has|had) (an? )?{_GIVEN} \w+|\b(whose|for which|where)( the)? [\w -]{{2,30}}? (is|are|was"
    rf"|were) {_GIVEN}\b|\b(is|are) (the |their |its )?[\w -]{{2,30}}? {_GIVEN}\b"
    r"|\b(gave|left|provided|supplied|entered|told) (us )?(an?|their|its|his|her) \w+"
    r"|\bha(s|ve|d) an? (value|entry) (for|in|of)\b)"
)
_LACKS = (
    r"((?<!non-)(?<!n['’]t )(?<!not )\b(lack\w*|miss(es|ing)?|unknown|blank|empty|null)\b"
    rf"|\b(no|not|never|without|n['’]t)\b[\w ]{{0,40}}\b({_GIVEN}|on (file|record))\b"
    r"|\b(no|without|without an?) (known|recorded|stated|given|valid) \w+)"
)
# "Has no departure time, for each month": what is not there, and no number of things.
_WITHOUT = (
    r"(\b(ha(s|ve|d)|with) no (?!more|less|fewer|other|longer|two)[\w -]{3,40}"
    # "Never took off (no departure time)": what tells it stands in brackets.
    r"|\((that is,? |i\.e\.,? )?(no|without an?|missing) (?!more|less|fewer|other|longer|two)[\w -]{3,40}\))"
)
_GROUPED = r"\b(for|of|in|from|at|to|by|per) (each|every) |\b(by|per) (?!cent)\w+\W*$|\beach \w+['’]s"

SQL_FILLED = (
    SqlRecipe(
        rf"^(?=.*{_SHARE})(?=.*({_GROUPED})).*({_LACKS}|{_WITHOUT})",
        "what percentage of the sales of each shop_id lacks a product?",
        "SELECT shop_id, 100.0 * SUM(CASE WHEN product IS NULL THEN 1 ELSE 0 END) / COUNT(*) AS percentage "
        "FROM sales GROUP BY shop_id",
    ),
    SqlRecipe(
        rf"^(?=.*{_SHARE}){_ALONE}.*{_LACKS}",
        "what percentage of the sales lacks a product?",
        "SELECT 100.0 * SUM(CASE WHEN product IS NULL THEN 1 ELSE 0 END) / COUNT(*) FROM sales",
    ),
    SqlRecipe(
        rf"^(?=.*{_SHARE}){_ALONE}(?!.*\b(no|not|never|without)\b).*{_HAS}",
        "what percentage of the sales has a product on record?",
        "SELECT 100.0 * COUNT(product) / COUNT(*) FROM sales",
    ),
)
