"""Every word that is sent to a model about tables.

The order is chosen for the prefix cache: what stays the same over many questions (rules, then tables) comes
first, so a second question about the same tables computes only itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qwen_magics.agent.conversation import Turn
from qwen_magics.agent.examples.pandas.recipes import shown
from qwen_magics.agent.examples.sql.recipes import nearest_sql
from qwen_magics.chat.messages import Message

if TYPE_CHECKING:
    from qwen_magics.tools.schema import Table

__all__ = [
    "CHART_PREFIX",
    "CHART_STOP",
    "JSON_PREFIX",
    "JSON_STOP",
    "PYTHON",
    "SQL",
    "SQL_PREFIX",
    "SQL_STOP",
    "Language",
    "binding_messages",
    "chart_messages",
    "explain_messages",
    "first_messages",
    "fix_messages",
    "noted",
    "repair_messages",
    "shaped_words_messages",
    "sql_messages",
    "sql_of",
    "words_messages",
]

SQL_PREFIX = "```sql\n"
SQL_STOP = "\n```"
JSON_PREFIX = "```json\n"
JSON_STOP = "\n```"
CHART_PREFIX, CHART_STOP = JSON_PREFIX, JSON_STOP

# Two worked examples teach a 0.5B what rules do not: that "the highest average" is a group, not a MAX. Their
# tables are in no schema that is likely to follow, and the grammar keeps their names from being copied.
_SQL_RULES = """\
You answer questions about tables with one {dialect} SQL query.
Use only the tables and columns below. Compare text with the exact values listed.
Return only the columns that the question asks for, without rounding.

Question: which shop had the highest average price?
```sql
SELECT s.name FROM sales JOIN shops AS s ON sales.shop_id = s.id \
GROUP BY s.name ORDER BY AVG(sales.price) DESC LIMIT 1
```
Question: how many sales has each shop?
```sql
SELECT shop_id, COUNT(*) AS sales FROM sales GROUP BY shop_id
```"""

_PYTHON_RULES = """\
You answer questions about tables with a short pandas program.
Each table below is a DataFrame of that name; pd and np are there already. Use only these columns.
Compare text with the exact values listed. Write a few lines, no import and no comment.
The last line assigns the answer to result."""

_CHART_RULES = """\
You choose a chart for a table: bar for amounts per category, line for amounts over time, point for two
amounts, histogram for the distribution of one amount, pie for few shares of a whole, boxplot for spreads.
x goes along the bottom, y is the amount, color tells series apart or is null.

Columns: shop (nominal), price (quantitative); 12 rows
Question: draw the prices of the shops
```json
{"mark": "bar", "x": "shop", "y": "price", "color": null}
```"""

_FIX_RULES = """\
You repair a cell of a Python notebook. Change only what is wrong, and keep the rest as it is.
Answer with the whole corrected cell."""

_EXPLAIN_RULES = """\
You explain errors to data analysts, in one short sentence, without code."""

_BINDING_RULES = """\
You say which column of a query's result belongs to which field of a form.
Answer with a JSON object: the fields, each with the name of its column."""

_EXTRACT_RULES = """\
You fill in a form from a text, as JSON. Copy every value from the text, as short as it can be."""

_WORDS_RULES = """\
You are a concise assistant for data analysts. No data is at hand, so state no figures."""


@dataclass(frozen=True, slots=True)
class Language:
    """How a model is asked for a program of one kind.

    Attributes:
        name: `sql` or `python`, also what follows the fence.
        noun: what such a program is called when talking to the model and the user.
        tool: what the trace calls the tool that runs it.
        rules: the system turn.
        dialect: of SQL, by the name that people give it.
    """

    name: str
    noun: str
    tool: str
    rules: str
    dialect: str = ""

    @property
    def prefix(self) -> str:
        """The opened fence with which every answer begins."""
        return f"```{self.name}\n"

    @property
    def stop(self) -> str:
        """What ends the program."""
        return "\n```"


SQL = Language("sql", "query", "sql", _SQL_RULES.replace("{dialect}", "DuckDB"), "DuckDB")
PYTHON = Language("python", "program", "pandas", _PYTHON_RULES)


def sql_of(dialect: str) -> Language:
    """SQL of another system than DuckDB, by the name that people give it."""
    return replace(SQL, rules=_SQL_RULES.replace("{dialect}", dialect), dialect=dialect)


def first_messages(
    language: Language,
    schema: str,
    question: str,
    turns: Sequence[Turn] = (),
    results: str = "",
    table: Table | None = None,
    ways: str = "",
) -> list[Message]:
    """The first turn: rules, tables, question; or the next one of a conversation.

    Args:
        results: describes the tables that earlier answers left.
        table: what the worked examples are about; none of this kind of question are shown without it, in
            either language.
        ways: joins of SQL over several tables, as comments.
    """
    # Behind the tables, so that the next question finds rules and tables in the cache.
    examples = _examples(language, schema, question, table) if table is not None else ""
    if ways and language is not PYTHON:
        examples = f"{ways}\n{examples}"
    said = [Message("system", language.rules)]
    tables = schema
    for turn in turns:
        # As it was sent then, so that it is found in the cache.
        said += [Message("user", _asked(tables, turn.question)), Message("assistant", turn.answered)]
        tables = ""
    return [*said, Message("user", _asked("\n".join(filter(None, (tables, results))), question, examples))]


def _examples(language: Language, schema: str, question: str, table: Table) -> str:
    if language is not PYTHON:
        return nearest_sql(question, schema, language.dialect, table)
    return shown(question, table)


def _asked(tables: str, question: str, examples: str = "") -> str:
    return f"{tables}\n\n{examples}Question: {question}" if tables else f"{examples}Question: {question}"


def sql_messages(schema: str, question: str) -> list[Message]:
    """The first turn of a question that is answered by SQL."""
    return first_messages(SQL, schema, question)


def repair_messages(
    first: Sequence[Message], code: str, problem: str, language: Language = SQL
) -> list[Message]:
    """The next turn after a failure: the failed program and one line about it.

    Only the last failure is kept: several wrong programs in a row teach a small model to write another.
    """
    return [
        *first,
        Message("assistant", f"{language.prefix}{code}{language.stop}"),
        Message("user", f"That {language.noun} is wrong. {problem}\nWrite the corrected {language.noun}."),
    ]


def noted(question: str, problem: str) -> str:
    """The question with what was learnt from a failure, for a model that keeps repeating its failed program.

    Without the program in sight there is nothing to repeat.
    """
    return f"{question}\nNote: {problem}" if problem else question


def chart_messages(columns: str, rows: int, question: str) -> list[Message]:
    """A result that is to be drawn."""
    asked = f"Columns: {columns}; {rows} rows\nQuestion: {question}"
    return [Message("system", _CHART_RULES), Message("user", asked)]


def binding_messages(
    question: str, code: str, columns: Sequence[str], fields: Sequence[str]
) -> list[Message]:
    """A result whose columns are to be given to the fields of a schema."""
    asked = f"Question: {question}\n```sql\n{code}\n```\nColumns: {', '.join(columns)}"
    return [
        Message("system", _BINDING_RULES),
        Message("user", f"{asked}\nFields: {', '.join(fields)}"),
    ]


def shaped_words_messages(question: str, fields: Sequence[str]) -> list[Message]:
    """A text that is to be brought into a schema."""
    return [
        Message("system", _EXTRACT_RULES),
        Message("user", f"{question}\n\nFields: {', '.join(fields)}"),
    ]


def fix_messages(schema: str, source: str, complaint: str) -> list[Message]:
    """A cell that failed; `schema` describes the tables it names, if any."""
    tables = f"{schema}\n\n" if schema else ""
    cell = f"{PYTHON.prefix}{source.strip()}{PYTHON.stop}"
    return [Message("system", _FIX_RULES), Message("user", f"{tables}This cell fails:\n{cell}\n{complaint}")]


def explain_messages(source: str, complaint: str, repaired: str) -> list[Message]:
    """What was wrong with a cell, in words."""
    before, after = (f"{PYTHON.prefix}{code.strip()}{PYTHON.stop}" for code in (source, repaired))
    asked = f"This cell failed:\n{before}\n{complaint}\nThis one is right:\n{after}\nWhat was wrong?"
    return [Message("system", _EXPLAIN_RULES), Message("user", asked)]


def words_messages(question: str, turns: Sequence[Turn] = ()) -> list[Message]:
    """A question that names no data."""
    said = [Message("system", _WORDS_RULES)]
    for turn in turns:
        said += [Message("user", turn.question), Message("assistant", turn.answered)]
    return [*said, Message("user", question)]
