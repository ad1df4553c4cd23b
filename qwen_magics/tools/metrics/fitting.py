"""Does a metric answer a question? Decided by words, before any model is asked.

A metric fits if the question has all words of its name or of one of its phrases, and none about the data
that the metric does not know: a column, a value, a count. A small model that is asked whether a tool fits
says yes; so it is not asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from qwen_magics.tools.metrics.metric import Metric
from qwen_magics.tools.schema import Table

__all__ = ["asks_more", "fitting", "unused_numbers"]

_SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "by",
        "for",
        "from",
        "in",
        "is",
        "of",
        "on",
        "per",
        "the",
        "to",
        "what",
        "with",
        "each",
        "every",
        "all",
    ]
)
# What is asked of a result rather than of the data.
_FURTHER = frozenset(
    [
        "average",
        "best",
        "bottom",
        "decline",
        "decrease",
        "growth",
        "highest",
        "increase",
        "largest",
        "least",
        "lowest",
        "maximum",
        "mean",
        "median",
        "minimum",
        "most",
        "smallest",
        "top",
        "worst",
    ]
)
_COUNTS = frozenset(["many", "count", "number"])
_CHINESE_FURTHER = re.compile("最高|最低|最大|最小|最多|最少|平均")
_SHORTEST = 3
_CJK = re.compile(r"[一-鿿]")


def fitting(
    metrics: Sequence[Metric], question: str, tables: Sequence[Table], known: Iterable[str] = ()
) -> list[Metric]:
    """Those of the metrics that answer the question.

    Args:
        tables: in reach of the question; their columns and values are what else it could be about.
        known: further names that say nothing against a metric, such as those of the tables.
    """
    asked = _words(question)
    return [
        metric
        for metric in metrics
        if _is_named(metric, question, asked) and not _foreign(metric, question, asked, tables, known)
    ]


def asks_more(metric: Metric, question: str) -> bool:
    """Whether the question asks something of the metric's rows, such as the highest of them."""
    more = _words(question) & _FURTHER - _own_words(metric)
    return bool(more) or _CHINESE_FURTHER.search(question) is not None


def unused_numbers(question: str, arguments: Mapping[str, Any]) -> list[str]:
    """Numbers of the question that are in no argument: the metric would leave out a condition."""
    used = {number for value in arguments.values() for number in _numbers(str(value))}
    return [number for number in _numbers(question) if number not in used]


def _is_named(metric: Metric, question: str, asked: set[str]) -> bool:
    for phrase in (metric.name, *metric.phrases):
        if _CJK.search(phrase):
            if phrase in question:
                return True
        elif (words := _words(phrase) - _SMALL) and words <= asked:
            return True
    return False


def _foreign(
    metric: Metric, question: str, asked: set[str], tables: Sequence[Table], known: Iterable[str]
) -> set[str]:
    own = _own_words(metric) | {word for name in known for word in _words(name)}
    about = {word for table in tables for column in table.columns for word in _words(column.name)}
    about |= {word for table in tables for word in _words(table.name)} | _COUNTS
    foreign = {word for word in asked & about - own - _SMALL if len(word) >= _SHORTEST}
    if not _takes_text(metric):
        foreign |= {word for word in _values(tables) if word in asked and word not in own}
    return foreign


def _own_words(metric: Metric) -> set[str]:
    texts = [metric.name, metric.description, *metric.phrases]
    for name, schema in metric.template.parameters.items():
        texts += [name, str(schema.get("description", "")), *map(str, schema.get("enum", ()))]
    return {word for text in texts for word in _words(text)}


def _takes_text(metric: Metric) -> bool:
    schemas = metric.template.parameters.values()
    return any(s.get("type") == "string" and "enum" not in s and "format" not in s for s in schemas)


def _values(tables: Sequence[Table]) -> set[str]:
    found = {
        value
        for table in tables
        for column in table.columns
        for value in (*(column.categories or ()), *column.samples)
        if value.startswith("'")
    }
    return {word for value in found for word in _words(value) if len(word) >= _SHORTEST and word.isalpha()}


def _words(text: str) -> set[str]:
    apart = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", text).replace("_", " ").casefold()
    return {re.sub(r"(?<=\w\w)s$", "", word) for word in re.findall(r"[^\W\d_]+", apart)}


def _numbers(text: str) -> list[str]:
    return [number.lstrip("0") or "0" for number in re.findall(r"\d+(?:\.\d+)?", text.replace(",", ""))]
