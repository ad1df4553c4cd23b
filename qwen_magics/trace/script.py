"""All code of a run as one Python script: what a colleague runs without a model and without this package."""

from __future__ import annotations

import re

from qwen_magics.trace.details import exchanges, json_text, laid_out
from qwen_magics.trace.escape import one_line, visible
from qwen_magics.trace.outline import Step, answer_view, steps
from qwen_magics.trace.spans import Trace

__all__ = ["to_script"]

_NOT_A_NAME = re.compile(r"\W|^(?=\d)")


def to_script(trace: Trace) -> str:
    """A script with the programs of the steps that went well, in order.

    SQL runs by DuckDB over the DataFrames of the same names, which the script expects to be there, or on a
    `connection` to the run's database. Calls of tools and requests stand in comments: they need what only the
    notebook had.
    """
    done = [step for step in steps(trace) if step.span.kind == "tool" and step.span.status == "ok"]
    answer = answer_view(trace)
    parts = [_head(trace)]
    database = str(trace.parameters.get("database") or "")
    if any(step.span.data.get("sql") for step in done):
        parts.append("import pandas as pd" if database else "import duckdb")
    parts += [_step(step, bool(database)) for step in done]
    if answer is not None and answer.text:
        parts.append(_comment(f"Answer: {one_line(answer.text, 300)}"))
    return "\n\n".join(parts) + "\n"


def _head(trace: Trace) -> str:
    names = ", ".join(one_line(table.get("name"), 60) for table in trace.data)
    database = one_line(trace.parameters.get("database") or "", 200)
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


def _step(step: Step, connected: bool) -> str:
    data = step.span.data
    title = f"Step {step.number}: {one_line(step.span.name, 60)}" + (f", {step.facts}" if step.facts else "")
    code = laid_out(data)
    if data.get("sql"):
        query = _literal(code)
        run = f"pd.read_sql({query}, connection)" if connected else f"duckdb.sql({query}).df()"
        return f"{_comment(title)}\n{_name(step)} = {run}"
    if code and visible(code) == code:
        return f"{_comment(title)}\n{code}"
    if code:
        # What cannot be seen may not run: a reader would approve another program than the one that runs.
        return _comment(
            f"{title}\nIt holds characters that cannot be seen, here written out:\n{visible(code)}"
        )
    said = [title, *(one.line for one in exchanges(data))]
    said += [json_text(data["arguments"])] if data.get("arguments") else []
    return _comment("\n".join(said))


def _name(step: Step) -> str:
    return "result" if step.evidence else _NOT_A_NAME.sub("_", f"step_{step.number}")


def _literal(code: str) -> str:
    """The text as a Python literal, over several lines where that is exact."""
    plain = f'"""\n{code}\n"""'
    if "\\" in code or '"""' in code or visible(code) != code:
        return repr(code)
    return plain


def _comment(text: str) -> str:
    return "\n".join(f"# {line}".rstrip() for line in text.splitlines())
