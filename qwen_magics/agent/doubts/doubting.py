"""Is what was asked for in the data at all? Found out where the model hesitates, and only said with evidence.

A grammar of the real columns makes a model that looks for a price write something else that binds, and then
it hesitates: the tokens that it may write are not those it would. Or it does not, and the question asks for a
thing that no name resembles. It is asked about the thing itself (`doubts.absence`), and once without the
grammar. A name that it then writes, that the question has a word of, and that resembles nothing in the data,
is what is missing.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qwen_magics.agent.doubts.absence import is_absent, is_formula
from qwen_magics.agent.doubts.beyond import years_beyond
from qwen_magics.agent.doubts.drafted import drafted_columns, needed, unled
from qwen_magics.agent.doubts.nouns import is_noun, is_statistic
from qwen_magics.agent.doubts.strange import (
    AROUND,
    implied,
    nouns_of_how,
    strange_counts,
    strange_words,
    vocabulary,
)
from qwen_magics.agent.doubts.undated import awaited, is_flag
from qwen_magics.errors import QueryError
from qwen_magics.tools.schema import closest
from qwen_magics.tools.sql.dialects import DUCKDB

if TYPE_CHECKING:
    from qwen_magics.agent.loop import Attempt, QueryLoop
    from qwen_magics.tools.schema import Column, Table

__all__ = [
    "HESITANT",
    "Doubt",
    "Unanswerable",
    "missing_name",
    "refuse_beyond",
    "refuse_keys",
    "refuse_missing",
]

# Mean log-probability of the first query, in nats, below which the model is asked again without a grammar.
HESITANT = -0.25
_PROBE_TOKENS = 120
# Where texts are searched for the missing word, which has letters only.
_TEXT = re.compile(r".*(CHAR|TEXT|STRING|CLOB)", re.IGNORECASE)
_MOST_ROWS = 1_000_000
_LOOK_S = 3.0
# As DuckDB, SQLite and PostgreSQL quote a name in a message, MySQL, SQL Server.
_QUOTED = re.compile(r"""["'`\[]([^"'`\[\]]+)["'`\]]""")
_UNKNOWN = frozenset({"unknown_column", "unknown_table"})
_SHORTEST = 3
_SAME_WORD = 0.9
_MOST_COLUMNS, _MOST_TABLES = 12, 6
_CANNOT = "This cannot be answered from the data"


class Unanswerable(Exception):
    """The data has nothing about what was asked. The message is the answer; it is caught inside."""


@dataclass(frozen=True)
class Doubt:
    """Asks the model once more, without a grammar, where it hesitated.

    Attributes:
        loop: for SQL; its model, tool and recorder are used.
        tables: those that the model is shown.
        others: more that there are, of which nothing but names is known.
    """

    loop: QueryLoop
    tables: Sequence[Table]
    others: Sequence[Table] = ()

    def __call__(self, confidence: float, question: str, code: str) -> int:
        """See `QueryLoop.doubt`.

        Raises:
            Unanswerable: what the model looks for is not in the data.
        """
        tables = (*self.tables, *self.others)
        self._refuse_parts(question)
        strange, counted = strange_words(question, tables), strange_counts(question, tables)
        if confidence != confidence:
            return 0  # a model that does not tell
        self._refuse_absent([*strange, *counted], implied(question, tables), code)
        self._refuse_needed(question, code)
        if confidence >= HESITANT and not strange:
            return 0
        free = replace(self.loop, grammar=None)
        params = replace(self.loop.params, max_tokens=_PROBE_TOKENS)
        sql = free.write(self.loop.first(question), params, 1).text.strip()
        with self.loop.recorder.span("check", "is it in the data?", subject="question", sql=sql) as span:
            missing = self._missing(sql, question)
            text = self._text_with(missing) if missing else None
            if text is not None:
                missing = None
                span.set(result=f"texts of {text} say so")
            else:
                span.set(result=f"nothing about {missing}" if missing else "nothing speaks against it")
        if missing is not None:
            raise Unanswerable(_sentence(missing, self.tables, self.others))
        return 1

    def _missing(self, sql: str, question: str) -> str | None:
        try:
            self.loop.tool.check(sql)
        except QueryError as error:
            return missing_name(question, error, (*self.tables, *self.others))
        return None

    def _refuse_parts(self, question: str) -> None:
        """Raises `Unanswerable` where part of what was asked for cannot come from these tables.

        Of tables whose columns are not known there is no telling.
        """
        if self.others:
            return
        for table, column in awaited(question, self.tables):
            if is_flag(self.loop.tool, table, column):
                said = f"{table.name}.{column.name} says whether, and no column says when."
                raise Unanswerable(f"{_CANNOT}: {said} {_columns_of(self.tables)}.")

    def _refuse_absent(self, strange: Sequence[str], said: Mapping[str, str], code: str) -> None:
        """Raises `Unanswerable` where the model took something else for what, it says, the data lacks."""
        if self.others or is_formula(code):
            return  # of what it is not shown, the model knows nothing
        for word in filter(is_noun, strange):
            words = {word, said.get(word, word)}
            if is_absent(word, self.loop, self.tables) and not any(map(self._text_with, words)):
                raise Unanswerable(_sentence(word, self.tables, self.others))

    def _refuse_needed(self, question: str, code: str) -> None:
        """Raises `Unanswerable` where the query reads something else for what the question needs."""
        if self.others or self.loop.turns or is_formula(code):
            return  # what was said before leads to a column as well
        dialect = getattr(self.loop.tool, "dialect", DUCKDB)
        if not unled(question, code, self.tables, dialect):
            return
        for thing in needed(drafted_columns(question, self.loop), self.tables):
            if is_absent(thing, self.loop, self.tables) and not any(map(self._text_with, thing.split())):
                raise Unanswerable(_sentence(thing, self.tables, self.others))

    def _text_with(self, word: str) -> str | None:
        """A column whose texts have the word, though the samples that were seen do not: "Organic rice"."""
        until = time.monotonic() + _LOOK_S
        for table in self.tables:
            for column in table.columns:
                left = until - time.monotonic()
                if left > 0 and self._has(table, column, _stem(word), left):
                    return f"{table.name}.{column.name}"
        return None

    def _has(self, table: Table, column: Column, word: str, timeout_s: float) -> bool:
        if column.categories is not None or not _TEXT.match(column.dtype) or table.rows > _MOST_ROWS:
            return False
        quote = getattr(self.loop.tool, "dialect", DUCKDB).quote_name
        name = quote(column.name)
        sql = f"SELECT DISTINCT {name} FROM {quote(table.name)} WHERE LOWER({name}) LIKE '%{word}%'"
        try:
            texts = self.loop.tool.run(sql, timeout_s=timeout_s).frame.iloc[:, 0]
        except QueryError:
            return False
        # A word of its own: a window is no wind.
        said = (re.findall(r"[^\W\d_]+", str(text).casefold()) for text in texts)
        return any(_stem(found) == word for words in said for found in words)


def missing_name(question: str, error: QueryError, tables: Sequence[Table]) -> str | None:
    """The word of the question that the data has nothing for; None if that is not certain.

    Args:
        error: of a query or program whose names the model wrote freely.
    """
    quoted = _QUOTED.findall(error.message)
    if error.kind not in _UNKNOWN or not quoted:
        return None
    # book_ratings are ratings of books: what is looked for is the rest.
    owners = {_stem(word) for table in tables for word in _split(table.name)}
    words = [word for word in _split(quoted[-1]) if _stem(word) not in owners]
    if closest("_".join(words), _names(tables)):
        return None
    said = [*re.findall(r"[^\W\d_]+", question.casefold()), *nouns_of_how(question)]
    said += implied(question, tables)
    asked = {_stem(word): word for word in said}
    known = {_stem(word) for name in vocabulary(tables) for word in _split(name)}
    wanted = [stem for word in words if (stem := _stem(word)) not in AROUND]
    if any(stem in known for stem in wanted):
        return None  # a part of it is there, under another name
    long = [stem for stem in wanted if len(stem) >= _SHORTEST and not is_statistic(stem)]
    # Nearly the word will do: models write color for the question's colour.
    found = [asked[near[0]] for stem in long if (near := closest(stem, list(asked), cutoff=_SAME_WORD))]
    return found[-1] if found else None


def refuse_missing(
    question: str, problems: Iterable[QueryError], tables: Sequence[Table], others: Sequence[Table] = ()
) -> None:
    """Where no program ran: was it for something that the data has nothing about?

    Args:
        others: see `Doubt`.

    Raises:
        Unanswerable: one of the `problems`, of programs whose names were written freely, says so.
    """
    for problem in problems:
        missing = missing_name(question, problem, (*tables, *others))
        if missing is not None:
            raise Unanswerable(_sentence(missing, tables, others))


def refuse_keys(attempt: Attempt, tables: Sequence[Table]) -> Attempt:
    """The attempt, unless all that was found is a mean of keys: then nothing in the data measures that.

    Raises:
        Unanswerable: that is so.
    """
    keys = [problem for problem in attempt.problems if problem.kind == "sum_of_keys"]
    if not keys:
        return attempt
    said = f"{_CANNOT}: {keys[0].message}"
    raise Unanswerable(f"{said} {_columns_of(tables)}.")


def refuse_beyond(question: str, attempt: Attempt, loop: QueryLoop, tables: Sequence[Table]) -> Attempt:
    """The attempt, unless nothing was found because the data does not reach the years of the question.

    Raises:
        Unanswerable: that is so.
    """
    covered = years_beyond(question, attempt, loop.tool, tables)
    if covered:
        with loop.recorder.span("check", "does the data reach it?", subject="question") as span:
            span.set(result=covered)
        raise Unanswerable(f"{_CANNOT}: it has nothing of that time. {covered}")
    return attempt


def _sentence(name: str, tables: Sequence[Table], others: Sequence[Table] = ()) -> str:
    rest = " Nothing in the other tables is named like it either." if others or tables[_MOST_TABLES:] else ""
    said = f"{_CANNOT}: there is nothing about \u201c{name}\u201d in it."
    return f"{said} {_columns_of(tables)}.{rest}"


def _columns_of(tables: Sequence[Table]) -> str:
    shown = tables[:_MOST_TABLES]
    return "; ".join(f"{table.name} has {_listed([c.name for c in table.columns])}" for table in shown)


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MOST_COLUMNS
    return ", ".join(names[:_MOST_COLUMNS]) + (f" and {more} more columns" if more > 0 else "")


def _names(tables: Sequence[Table]) -> list[str]:
    return [column.name for table in tables for column in table.columns]


def _split(name: str) -> list[str]:
    apart = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    return [word.casefold() for word in re.findall(r"[^\W\d_]+", apart)]


def _stem(word: str) -> str:
    return re.sub(r"(ies|y|es|s)$", "", word) if len(word) > _SHORTEST else word
