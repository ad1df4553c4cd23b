"""All code of a run as one Python script: what a colleague runs without a model and without this package."""

from __future__ import annotations

import re
from keyword import iskeyword

from qwen_magics.trace.details import exchanges, json_text, laid_out
from qwen_magics.trace.escape import one_line, visible
from qwen_magics.trace.outline import Step, answer_view, steps
from qwen_magics.trace.spans import Trace

__all__ = ["to_script"]

# What a program finds there without importing it.
_GIVEN = {
    "np": "import numpy as np",
    "pd": "import pandas as pd",
    "sm": "import statsmodels.api as sm",
    "stats": "from scipy import stats",
}


def to_script(trace: Trace) -> str:
    """A script with the programs of the steps that went well, in order.

    SQL runs by DuckDB over the DataFrames of the same names, which the script expects to be there, or on a
    `connection` to the run's database. A metric is the SQL that it was, its rows are a DataFrame of its name
    where a later step reads them. Calls of tools and requests stand in comments: they need what only the
    notebook had.
    """
    done = [step for step in steps(trace) if step.span.kind == "tool" and step.span.status == "ok"]
    answer = answer_view(trace)
    parts = [_head(trace)]
    imports = _imports(trace, done)
    parts += ["\n".join(imports)] if imports else []
    parts += [_step(trace, step, _name(step, step is done[-1])) for step in done]
    if not done and answer is not None and answer.kind == "python" and answer.code:
        parts.append(_program("Proposed, and run in no step.", answer.code))
    if answer is not None and answer.text:
        parts.append(_comment(f"Answer: {one_line(answer.text, 300)}"))
    return "\n\n".join(parts) + "\n"


def _head(trace: Trace) -> str:
    names = ", ".join(one_line(table.get("name"), 60) for table in trace.data)
    databases = [_connection(trace, step) for step in steps(trace) if step.span.data.get("sql")]
    database = one_line(next(filter(None, databases), ""), 200)
    lines = [
        one_line(trace.question, 500),
        f"Run {trace.trace_id} of {trace.started_at}, status {trace.status}.",
    ]
    versions = [f"{name} {trace.versions[name]}" for name in ("duckdb", "pandas") if name in trace.versions]
    if database:
        lines.append(f"Expects `connection`, a SQLAlchemy engine or a connection to {database}.")
    elif names:
        lines.append(f"Expects these DataFrames: {names}.")
    lines += [f"Made with {', '.join(versions)}."] if versions else []
    return "\n".join(map(_comment, lines))


def _imports(trace: Trace, done: list[Step]) -> list[str]:
    programs = "\n".join(str(step.span.data.get("code") or "") for step in done)
    found = {line for name, line in _GIVEN.items() if re.search(rf"\b{name}\b", programs)}
    for step in done:
        if step.span.data.get("sql"):
            found.add("import pandas as pd" if _connection(trace, step) else "import duckdb")
    return sorted(found)


def _connection(trace: Trace, step: Step) -> str:
    """The database that a query ran on; empty for DataFrames, the rows of a metric among them."""
    data = step.span.data
    tables = data.get("tables")
    given = {str(span.data["table"]) for span in trace.spans if span.data.get("table")}
    if isinstance(tables, (list, tuple)) and tables and not data.get("dialect") and set(tables) <= given:
        return ""
    return str(data.get("connection") or trace.parameters.get("database") or "")


def _step(trace: Trace, step: Step, name: str) -> str:
    data = step.span.data
    title = f"Step {step.number}: {one_line(step.span.name, 60)}" + (f", {step.facts}" if step.facts else "")
    code = laid_out(data)
    if data.get("sql"):
        query = _literal(code)
        connected = _connection(trace, step)
        run = f"pd.read_sql({query}, connection)" if connected else f"duckdb.sql({query}).df()"
        return f"{_comment(title)}\n{name} = {run}"
    if code:
        return _program(title, code)
    said = [title, *(one.line for one in exchanges(data))]
    said += [json_text(data["arguments"])] if data.get("arguments") else []
    return _comment("\n".join(said))


def _program(title: str, code: str) -> str:
    if visible(code) == code:
        return f"{_comment(title)}\n{code}"
    # What cannot be seen may not run: a reader would approve another program than the one that runs.
    return _comment(f"{title}\nIt holds characters that cannot be seen, here written out:\n{visible(code)}")


def _name(step: Step, last: bool) -> str:
    table = str(step.span.data.get("table") or "")
    if not last and table.isidentifier() and not iskeyword(table):
        return table  # read by a later query
    return "result" if step.evidence else f"step_{step.number}"


def _literal(code: str) -> str:
    """The text as a Python literal, over several lines where that is exact."""
    plain = f'"""\n{code}\n"""'
    if "\\" in code or '"""' in code or visible(code) != code:
        return repr(code)
    return plain


def _comment(text: str) -> str:
    return "\n".join(f"# {line}".rstrip() for line in text.splitlines())
