"""A question over tables. Over frames: by SQL or by pandas first, by the other one if that does not lead
anywhere. Over a connected database: by SQL. Where nothing ran, at last by SQL without a grammar.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qwen_magics.agent.doubts.doubting import Doubt, refuse_beyond, refuse_keys, refuse_missing
from qwen_magics.agent.examples.pandas.recipes import strange_names
from qwen_magics.agent.examples.pandas.told_program import ToldTool, told_program
from qwen_magics.agent.loop import Attempt, QueryLoop, best
from qwen_magics.agent.prompts import PYTHON
from qwen_magics.agent.routing import prefers_program
from qwen_magics.agent.words.naming import tables_named

if TYPE_CHECKING:
    from qwen_magics.agent.request import Format, Request, Route
    from qwen_magics.tools.databases.database import Database
    from qwen_magics.tools.frames import FrameDatabase
    from qwen_magics.tools.programs.tool import ProgramTool
    from qwen_magics.tools.schema import Table

__all__ = ["begun", "languages", "main_table", "solve", "solve_connected"]

# Steps kept for the second language, where there are enough.
_RESERVED = 2
# Kept for a query without a grammar.
_LAST_FREE = 1
# What another query would not mend.
_HOPELESS = frozenset({"unknown_function"})
# A hint that spells out the query is of no use to a program in pandas.
_WHOLE_QUERY = re.compile(r"\bSELECT\b.+\bFROM\b", re.DOTALL)


def languages(
    question: str, format: Format, route: Route = "auto", table: Table | None = None
) -> tuple[str, ...]:
    """`sql` and `python` in the order in which they are tried.

    Args:
        table: what the question is about most.
    """
    if format == "sql" or route == "sql":
        return ("sql",)
    if format == "python" or route == "python":
        return ("python",)
    return ("python", "sql") if prefers_program(question, table) else ("sql", "python")


def main_table(question: str, tables: Sequence[Table]) -> Table:
    """The table that the question names first, in the singular too; else the one with most rows."""
    spelled = {place: table for table in tables if (place := question.find(table.name)) >= 0}
    if spelled:
        return spelled[min(spelled)]
    named = tables_named(question, tables)
    return next((t for t in tables if named[:1] == [t.name]), max(tables, key=lambda table: table.rows))


@dataclass
class _Solver:
    sql: QueryLoop
    program: QueryLoop
    tool: ProgramTool
    tables: Sequence[Table]

    def solve(self, question: str, order: Sequence[str]) -> Attempt:
        """The first good attempt of either; else the best of all that ran.

        Raises:
            AgentError: no program ran within the limits.
            Unanswerable: none did, and what they look for is not in the data.
        """
        limits = self.sql.limits
        reserved = _LAST_FREE if "sql" in order and limits.steps > _RESERVED + _LAST_FREE else 0
        left, attempts, learnt, given = limits.steps - reserved, list[Attempt](), "", ""
        for place, name in enumerate(order):
            loop = self.sql if name == "sql" else self.program
            last = place == len(order) - 1
            steps = left if last else max(1, left - _RESERVED)
            if steps <= 0:
                break
            if loop is self.program:
                # Its process gets ready while the model writes.
                self.tool.start()
            found = replace(
                loop,
                limits=replace(limits, steps=steps),
                hopeless=(lambda attempt: False) if last else _moves_on,
                learnt=learnt,
                given=(given if loop is self.sql else "") or loop.given,
            ).attempts(question)
            attempts += found
            if found and not found[-1].problems:
                break
            told = bool(found) and _tells_query(found[-1])
            learnt, given = (found[-1].complaint, found[-1].query) if told else ("", "")
            # Where it moves on before its steps are spent, the other language has the rest.
            left -= len(found) if told else steps
        if _none_ran(attempts):
            last_query = _freely(self.sql, question) if reserved else []
            # The names in pandas programs are free as well.
            free = [*(attempt for attempt in attempts if attempt.language is PYTHON), *last_query]
            if _none_ran(last_query):
                refuse_missing(question, (p for attempt in free for p in attempt.problems), self.tables)
            attempts += last_query
        first = self.sql.language if order[0] == "sql" else PYTHON
        chosen = refuse_keys(best(attempts, limits, first), self.tables)
        return refuse_beyond(question, chosen, self.sql, self.tables)


def begun(loop: QueryLoop, request: Request) -> QueryLoop:
    """The loop as the request begins it: with a given program, if it goes on from a step of another run."""
    return loop if request.resumed is None else request.resumed.begin(loop)


def solve(question: str, sql: QueryLoop, database: FrameDatabase, request: Request) -> Attempt:
    """Answer `question` over the frames of `database`.

    Args:
        sql: the loop for SQL; the one for pandas has the same model, limits and demands.
        request: says which languages are tried, and with what the run begins.

    Raises:
        AgentError: no program ran within the limits.
        Unanswerable: the data has nothing about what was asked.
    """
    from qwen_magics.tools.programs.grammar import program_grammar
    from qwen_magics.tools.programs.tool import ProgramTool

    with ProgramTool(database.prepared, database.tables) as tool:
        table = main_table(question, database.tables)
        strange = strange_names(question, table)
        grammar = program_grammar(database.tables, ending=PYTHON.stop, absent=strange)
        told = ToldTool(tool, told_program(question, table) if len(database.tables) == 1 else "")
        program = replace(sql, language=PYTHON, tool=told, grammar=grammar, table=table, label=str)
        sql = replace(sql, doubt=Doubt(sql, database.tables))
        solver = _Solver(begun(sql, request), begun(program, request), tool, database.tables)
        return solver.solve(question, _order(question, request, table))


def solve_connected(question: str, sql: QueryLoop, database: Database, request: Request) -> Attempt:
    """Answer `question` over a connected database.

    Where nothing that the grammar allows runs, the last step goes without it: what the model then writes runs
    if it binds, or shows what it looked for.

    Raises:
        AgentError: no query ran within the limits.
        Unanswerable: the database has nothing about what was asked.
    """
    limits, tables, others = sql.limits, database.tables, _others(database)
    reserved = _LAST_FREE if limits.steps > _LAST_FREE and request.resumed is None else 0
    bound = replace(
        sql,
        doubt=Doubt(sql, tables, others),
        limits=replace(limits, steps=limits.steps - reserved),
    )
    attempts = begun(bound, request).attempts(question)
    if reserved and _none_ran(attempts):
        last = _freely(sql, question)
        refuse_missing(question, (p for attempt in last for p in attempt.problems), tables, others)
        attempts += last
    found = refuse_keys(best(attempts, limits, sql.language), tables)
    return refuse_beyond(question, found, sql, tables)


def _freely(sql: QueryLoop, question: str) -> list[Attempt]:
    """What comes of a query without a grammar: it runs if it binds, or shows what the model looked for."""
    last = replace(sql, grammar=None, given="", failed=(), doubt=lambda *_: 0)
    return replace(last, limits=replace(sql.limits, steps=_LAST_FREE)).attempts(question)


def _moves_on(attempt: Attempt) -> bool:
    """Whether the other language does better: a function is missing, or the query to write is known."""
    return _tells_query(attempt) or any(problem.kind in _HOPELESS for problem in attempt.problems)


def _tells_query(attempt: Attempt) -> bool:
    return attempt.language is PYTHON and any(_WHOLE_QUERY.search(p.hint) for p in attempt.problems)


def _none_ran(attempts: Sequence[Attempt]) -> bool:
    return all(attempt.result is None and attempt.problems for attempt in attempts)


def _others(database: Database) -> list[Table]:
    shown = {(table.schema, table.name) for table in database.tables}
    return [table for table in database.catalogue if (table.schema, table.name) not in shown]


def _order(question: str, request: Request, table: Table) -> tuple[str, ...]:
    order = languages(question, request.format, request.route, table)
    given = request.resumed.language if request.resumed is not None else ""
    return (given, *(name for name in order if name != given)) if given else order
