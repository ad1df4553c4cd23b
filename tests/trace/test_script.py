from __future__ import annotations

import ast
import sqlite3

import duckdb
import hostile
import pandas as pd
import pytest
import samples
from hypothesis import given
from hypothesis import strategies as st

from qwen_magics.trace import Recorder, Trace, to_script


def ran(*queries: str) -> Trace:
    recorder = Recorder("q", data=[{"name": "t", "rows": 2, "columns": 1}], versions={"duckdb": "2"})
    for query in queries:
        with recorder.span("tool", "sql", tool="sql", sql=query):
            pass
    return recorder.finish("ok", {"kind": "table", "text": "rows", "code": queries[-1]})


def executed(trace: Trace, **frames: pd.DataFrame) -> dict[str, object]:
    namespace: dict[str, object] = dict(frames)
    exec(compile(to_script(trace), "script", "exec"), namespace)
    return namespace


def test_the_script_gives_the_result() -> None:
    t = pd.DataFrame({"a": [1, 2]})
    found = executed(ran("SELECT a + 1 AS b FROM t", "SELECT 'it''s \"\"\"' AS q, sum(a) AS s FROM t"), t=t)
    assert list(found["step_1"]["b"]) == [2, 3]  # type: ignore[index]
    assert found["result"].to_dict("records") == [{"q": 'it\'s """', "s": 3}]  # type: ignore[attr-defined]
    assert duckdb.__name__ == "duckdb"


def test_a_pandas_program_stands_as_it_is_and_steps_that_failed_do_not() -> None:
    assert samples.PROGRAM in to_script(samples.pandas())
    assert "import duckdb" not in to_script(samples.pandas())
    assert "WHERE delay" not in to_script(samples.repaired())


def test_a_program_finds_the_libraries_that_it_was_given() -> None:
    script = to_script(samples.answered_by("x = pd.Series([np.float64(1)]).median()"))
    namespace: dict[str, object] = {}
    exec(compile(script, "script", "exec"), namespace)
    assert namespace["x"] == 1.0
    assert "scipy" not in script


def test_calls_are_comments() -> None:
    script = to_script(samples.web())
    assert ast.parse(script).body == []
    assert "# PUT http://127.0.0.1:8080/v1/stock/A-7 → 412" in script


def test_sql_of_a_connection_runs_on_one() -> None:
    recorder = Recorder("q", parameters={"database": "shop"}, versions={})
    with recorder.span("tool", "sql", sql="SELECT sum(a) AS s\nFROM t", dialect="SQLite"):
        pass
    connection = sqlite3.connect(":memory:")
    connection.executescript("CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)")
    namespace: dict[str, object] = {"connection": connection}
    script = to_script(recorder.finish("ok"))
    exec(compile(script, "script", "exec"), namespace)
    connection.close()
    assert namespace["step_1"]["s"].tolist() == [3]  # type: ignore[index]
    assert "a connection to shop" in script


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_no_text_gets_out_of_its_comment_or_literal(text: str) -> None:
    trace = hostile.trace_of(text)
    program = [span for span in trace.spans if "code" not in span.data]
    body = ast.parse(
        to_script(Trace.from_dict({**trace.to_dict(), "spans": [s.to_dict() for s in program]}))
    ).body
    assert all(isinstance(node, (ast.Import, ast.Assign)) for node in body)


def test_a_repaired_cell_that_ran_in_no_step_is_there_all_the_same() -> None:
    answer = {"kind": "python", "text": "It was misspelled.", "code": "orders['total'].sum()"}
    script = to_script(Recorder("Fix the cell", versions={}).finish("ok", answer))
    assert "\norders['total'].sum()\n" in script


def test_a_program_with_hidden_characters_becomes_a_comment() -> None:
    script = to_script(samples.answered_by("x = 1\u202e # 1 = y"))
    assert ast.parse(script).body == []
    assert "# x = 1⟦U+202E⟧ # 1 = y" in script


@given(st.text(st.sampled_from("ab'\"\\\n\r\x0c\u2028 {}%;"), min_size=1, max_size=30))
def test_the_query_comes_through_exactly(query: str) -> None:
    trace = ran(query)
    calls = [node for node in ast.walk(ast.parse(to_script(trace))) if isinstance(node, ast.Constant)]
    held = [node.value for node in calls if isinstance(node.value, str)]
    if trace.spans[0].data["sql"]:
        assert held[0].strip("\n") == query.strip("\n")
