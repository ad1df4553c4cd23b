"""Questions that go to pandas, with a scripted model and everything else real."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from qwen_magics.agent import Answer, Limits, Request, Session, answer
from qwen_magics.agent.examples.casting import Cast
from qwen_magics.agent.examples.pandas.recipes import RECIPES, nearest
from qwen_magics.agent.routing import prefers_program
from qwen_magics.agent.solving import languages
from qwen_magics.agent.voting import elect, signature
from qwen_magics.errors import AgentError, QueryError
from qwen_magics.tools.programs.guard import guard
from qwen_magics.tools.schema import Column, Table

Make = Callable[..., Any]


def run(session: Session, question: str, frames: dict[str, Any], **more: Any) -> Answer:
    return answer(Request(question, frames, **more), lambda event: None, session)


def prefixes(session: Any) -> list[str]:
    return [sent.prefix for sent in session.model().sent]


def test_a_correlation_is_asked_for_as_pandas(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted('result = orders["order_id"].corr(orders["total"])')
    result = run(session, "how do order_id and total correlate?", {"orders": orders})
    assert result.value == pytest.approx(orders["order_id"].corr(orders["total"]))
    assert prefixes(session) == ["```python\n"]
    content = session.model().sent[0].messages[-1].content
    assert content.startswith("CREATE TABLE orders") and content.endswith("correlate?")
    assert 'result = orders["order_id"].corr(orders["total"])' in content


def test_the_trace_has_the_program_and_what_it_made(scripted: Make, orders: pd.DataFrame) -> None:
    program = 'orders["big"] = orders["total"] > 15\nresult = orders.groupby("big").size()'
    trace = run(scripted(program), "cross-tabulate big orders", {"orders": orders}).trace
    assert trace is not None
    check, tool = (next(span for span in trace.spans if span.kind == kind) for kind in ("check", "tool"))
    assert check.data["code"] == tool.data["code"] == program and "sql" not in tool.data
    assert tool.name == "pandas" and tool.data["originals"] == "unchanged"
    assert [change["name"] for change in tool.data["frame_diff"]] == ["orders", "result"]
    assert tool.data["frame_diff"][0]["after"]["columns"][-1]["name"] == "big"


def test_a_refused_program_goes_back_with_its_reason(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted("import os\nresult = os.listdir()", 'result = orders["total"].skew()')
    result = run(session, "skewness of the totals", {"orders": orders})
    assert result.value == pytest.approx(orders["total"].skew())
    said = session.model().sent[1].messages[-1].content
    assert said.startswith("That program is wrong. import is not allowed.")


def test_where_sql_leads_nowhere_pandas_is_tried(scripted: Make, orders: pd.DataFrame) -> None:
    wrong = [f"SELECT nothing_{i} FROM orders" for i in range(4)]
    session = scripted(*wrong, 'result = orders["total"].sum()')
    result = run(session, "sum of totals", {"orders": orders})
    assert result.value == 65.5
    assert prefixes(session) == ["```sql\n"] * 4 + ["```python\n"]


def test_a_missing_function_changes_the_language_at_once(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted("SELECT winsorise(total) FROM orders", 'result = orders["total"].sum()')
    assert run(session, "sum of totals", {"orders": orders}).value == 65.5
    assert prefixes(session) == ["```sql\n", "```python\n"]


def test_a_hint_that_is_a_query_moves_on_to_sql_at_once(scripted: Make) -> None:
    loans = pd.DataFrame({"branch": ["a", "b", "a", "b"], "kind": ["x", "y", "z", "y"], "n": [1, 2, 3, 4]})
    query = (
        "SELECT branch, SUM(CASE WHEN kind = 'x' THEN 1 ELSE 0 END) AS x, "
        "SUM(CASE WHEN kind = 'y' THEN 1 ELSE 0 END) AS y, "
        "SUM(CASE WHEN kind = 'z' THEN 1 ELSE 0 END) AS z FROM loans GROUP BY branch"
    )
    session = scripted('result = loans.groupby(["branch", "kind"]).size().reset_index()', query)
    question = "pivot the number of loans: a row for each branch, a column for each kind"
    result = run(session, question, {"loans": loans})
    assert result.code == query
    assert prefixes(session) == ["```python\n", "```sql\n"]
    asked = session.model().sent[1].messages[-1].content
    assert "Note: " in asked and "GROUP BY branch" in asked.split("Note: ")[1]


def test_pandas_falls_back_to_sql(scripted: Make, orders: pd.DataFrame) -> None:
    wrong = [f"result = orders['no_{i}']" for i in range(4)]
    session = scripted(*wrong, "SELECT corr(order_id, total) FROM orders")
    result = run(session, "correlation of order_id and total", {"orders": orders})
    assert result.kind == "number" and result.code.startswith("SELECT")


def test_all_languages_share_the_steps(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted(*[f"SELECT no_{i} FROM orders" for i in range(9)])
    with pytest.raises(AgentError, match="within 3 steps"):
        run(session, "sum of totals", {"orders": orders}, limits=Limits(steps=3))
    assert len(session.model().sent) == 3


def test_samples_vote_with_their_results(scripted: Make, orders: pd.DataFrame) -> None:
    wrong = ["SELECT no_1 FROM orders", "SELECT no_2 FROM orders", "SELECT no_3 FROM orders"]
    sampled = [
        "SELECT min(total) FROM orders",
        "SELECT sum(total) FROM orders",
        "SELECT sum(total) AS s FROM orders",
    ]
    session = scripted(*wrong, *sampled)
    result = run(session, "sum of totals", {"orders": orders}, limits=Limits(steps=8), route="sql")
    assert result.value == 65.5
    assert [sent.params.temperature for sent in session.model().sent] == [0.0, 0.0, 0.0, 0.4, 0.7, 1.0]


def test_a_single_sample_is_better_than_nothing(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted("SELECT no FROM orders", "SELECT no FROM orders", "SELECT sum(total) FROM orders")
    result = run(session, "sum", {"orders": orders}, limits=Limits(steps=3), route="sql")
    assert result.value == 65.5


def test_results_agree_whatever_the_order_and_names() -> None:
    one = pd.DataFrame({"a": ["x", "y"], "n": [1, 2.0000001]})
    two = pd.DataFrame({"count": [2, 1], "b": ["y", "x"]})
    assert signature(one) == signature(two)
    assert signature(one) != signature(two.assign(count=[1, 2]))
    assert signature(one) != signature(one.head(1))


def test_an_election() -> None:
    assert elect([("a", 1), ("b", 2)], needed=2) is None
    assert elect([("a", 1), ("b", 2), ("b", 3)], needed=2) == 2
    assert elect([("a", 1), ("b", 2)]) == 1
    assert elect([]) is None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many orders are there?", ("sql", "python")),
        ("Average price per shop", ("sql", "python")),
        ("Which month had the most flights?", ("sql", "python")),
        ("Correlation of a and b", ("python", "sql")),
        ("Pivot the sales by month", ("python", "sql")),
        ("7-day moving average of x", ("python", "sql")),
        ("价格和重量的相关系数是多少", ("python", "sql")),
        ("每个城市有多少订单", ("sql", "python")),
    ],
)
def test_the_question_decides(question: str, expected: tuple[str, ...]) -> None:
    assert languages(question, "auto") == expected
    assert languages(question, "sql") == ("sql",)
    assert languages(question, "python") == ("python",)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: str(recipe.question))
def test_each_recipe_is_allowed_and_found_by_its_own_question(recipe: Any) -> None:
    columns = "shop_id price weight rating product sold_at week year month day city name date"
    sales = Table("sales", tuple(Column(name, "DOUBLE") for name in columns.split()), 9)
    guard(recipe.program, [sales])
    about = recipe.about("orders", Cast({}, {}))
    assert "sales" not in about.replace('"sales"', "").partition("```")[2]
    assert recipe in nearest(recipe.question, recipe.needs)
    assert prefers_program(recipe.question) or "per month" in recipe.question


def test_python_goes_into_a_cell(scripted: Make, orders: pd.DataFrame) -> None:
    program = 'orders["vat"] = orders["total"] * 0.2\nresult = orders["vat"].sum()'
    result = run(scripted(program), "sum of 20 % VAT", {"orders": orders}, format="python", link="cell-1")
    assert (result.kind, result.code) == ("python", program) and "13.1" in result.text
    scope = {"orders": orders}
    before = orders.copy(deep=True)
    exec(result.cell, scope)
    assert scope["result"] == pytest.approx(13.1)
    pd.testing.assert_frame_equal(orders, before)


def test_the_originals_are_compared_even_if_the_notebook_changes_them(orders: pd.DataFrame) -> None:
    from qwen_magics.tools.frames import FrameDatabase
    from qwen_magics.tools.programs.tool import ProgramTool

    with (
        FrameDatabase({"orders": orders}) as database,
        ProgramTool(database.prepared, database.tables) as tool,
    ):
        assert tool.run("result = len(orders)").unchanged
        database.prepared["orders"].loc[0, "total"] = -1.0
        assert not tool.run("result = len(orders)").unchanged


def test_a_program_error_has_a_kind() -> None:
    with pytest.raises(QueryError) as caught:
        guard("result = os", [])
    assert caught.value.kind == "unknown_name"
