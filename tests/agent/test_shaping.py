"""Answers of a schema, with a scripted model and a real database."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, Optional, TypedDict

import llguidance
import pandas as pd
import pytest

from qwen_magics import tool
from qwen_magics.agent import Answer, Request, Session, answer, ask
from qwen_magics.agent.asking import shaped_format
from qwen_magics.chat.local import LocalModel
from qwen_magics.errors import AgentError, ConfigError
from qwen_magics.tools.registry import tool_of
from qwen_magics.tools.shapes.grammar import text_grammar
from qwen_magics.tools.shapes.shape import shape_of
from tests.agent.conftest import ScriptedSession

Make = Callable[..., Any]


class Total(TypedDict):
    customer: str
    total: float


@dataclasses.dataclass
class Summary:
    orders: int
    first: datetime.date
    kind: Literal["large", "small"] = "small"
    note: Optional[str] = None  # noqa: UP045  # both spellings are read


def run(session: Session, question: str, schema: Any, **more: Any) -> Answer:
    request = Request(question, shape=shape_of(schema), format="json", **more)
    return answer(request, lambda event: None, session)


def obj(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


NUMBER, TEXT = {"type": "number"}, {"type": "string"}


def test_rows_become_objects_by_the_names_of_columns(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted("SELECT total, customer FROM orders WHERE customer IS NOT NULL ORDER BY total")
    result = run(session, "totals", list[Total], frames={"orders": orders})
    assert result.kind == "json"
    assert result.value == [
        {"customer": "Ada", "total": 5.0},
        {"customer": "Ada", "total": 10.0},
        {"customer": "Grace", "total": 30.0},
    ]
    assert session.model().sent[0].messages[-1].content.endswith("(SELECT … AS customer, … AS total)")
    assert result.trace is not None and result.trace.question == "totals"


def test_types_tell_columns_of_other_names_apart(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted("SELECT max(total), customer FROM orders GROUP BY customer ORDER BY 1 DESC LIMIT 1")
    assert run(session, "best", Total, frames={"orders": orders}).value == {
        "customer": "Grace",
        "total": 30.0,
    }


def test_the_model_says_which_of_two_columns_is_meant_and_writes_no_value(
    scripted: Make, orders: pd.DataFrame
) -> None:
    schema = obj(least=NUMBER, most=NUMBER)
    query = "SELECT max(total) AS a, min(total) AS b FROM orders"
    session = scripted(query, '{"least": "b", "most": "a"}')
    result = run(session, "range", schema, frames={"orders": orders})
    assert result.value == {"least": 5.0, "most": 30.0}
    grammar = session.model().sent[1].grammar
    assert grammar is not None and "30" not in grammar and '\\"least\\": \\"a\\"' in grammar


def test_a_missing_column_goes_back_by_name(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted(
        "SELECT customer FROM orders ORDER BY total DESC LIMIT 1",
        "SELECT customer, total FROM orders ORDER BY total DESC LIMIT 1",
    )
    assert run(session, "best", Total, frames={"orders": orders}).value == {
        "customer": "Grace",
        "total": 30.0,
    }
    assert "Select it as one more column, AS total." in session.model().sent[1].messages[-1].content


def test_one_object_takes_one_row(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted(
        "SELECT customer, total FROM orders WHERE customer IS NOT NULL",
        "SELECT customer, total FROM orders WHERE order_id = 1",
    )
    assert run(session, "which?", Total, frames={"orders": orders}).value == {
        "customer": "Ada",
        "total": 10.0,
    }
    assert "one value of customer is asked for" in session.model().sent[1].messages[-1].content


def test_lists_beside_what_is_the_same_in_all_rows(scripted: Make, orders: pd.DataFrame) -> None:
    schema = obj(status=TEXT, ids={"type": "array", "items": {"type": "integer"}})
    session = scripted("SELECT status, order_id AS ids FROM orders WHERE status = 'paid'")
    value = run(session, "paid ones", schema, frames={"orders": orders}).value
    assert value == {"status": "paid", "ids": [1, 3, 4]}


def test_dates_choices_and_what_may_be_missing(scripted: Make) -> None:
    frame = pd.DataFrame({"day": pd.to_datetime(["2024-03-01", "2024-02-01"]), "size": ["LARGE", "small"]})
    session = scripted("SELECT count(*) AS orders, min(day) AS first, 'Large' AS kind FROM sales")
    value = run(session, "summary", Summary, frames={"sales": frame}).value
    assert value == {"orders": 2, "first": "2024-02-01", "kind": "large"}
    session = scripted("SELECT count(*) AS orders, min(day) AS first, NULL AS note FROM sales")
    value = run(session, "summary", Summary, frames={"sales": frame}).value
    assert value == {"orders": 2, "first": "2024-02-01", "note": None}


def test_a_value_that_the_schema_forbids_is_an_error(scripted: Make, orders: pd.DataFrame) -> None:
    schema = {"type": "array", "items": {"type": "number", "maximum": 20}}
    session = scripted("SELECT total FROM orders", *["SELECT total + 1 FROM orders"] * 9)
    with pytest.raises(AgentError, match=r"into the schema: .*maximum of 20"):
        run(session, "totals", schema, frames={"orders": orders}, route="sql")


def test_no_row_is_an_empty_list(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted("SELECT customer, total FROM orders WHERE total > 1000")
    assert run(session, "large", list[Total], frames={"orders": orders}).value == []


def test_json_without_a_schema_is_a_value_or_a_list(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted("SELECT count(*) FROM orders", "SELECT customer, total FROM orders WHERE order_id < 3")
    plain = Request("how many?", {"orders": orders}, format="json")
    assert answer(plain, lambda event: None, session).value == 4
    listed = answer(Request("which?", {"orders": orders}, format="json"), lambda event: None, session)
    assert listed.value == [{"customer": "Ada", "total": 10.0}, {"customer": None, "total": 20.5}]
    assert listed.text.startswith('[{"customer": "Ada"')


def test_results_of_tools_are_shaped_as_well(scripted: Make) -> None:
    @tool
    def stock_level(sku: str) -> int:
        """Units of an article in stock."""
        return 7

    session = scripted('stock_level(sku="A-1")', "sql", "SELECT stock_level AS units FROM stock_level")
    schema = obj(units={"type": "integer"})
    result = run(session, "how many units of A-1?", schema, tools=(tool_of(stock_level),))
    assert result.value == {"units": 7}


def test_without_data_values_are_those_of_the_question(scripted: Make) -> None:
    schema = obj(who=TEXT, amount=NUMBER, urgent={"type": "boolean"})
    session = scripted('{"who": "Ada Lovelace ", "amount": 1250.5, "urgent": true}')
    result = run(session, "Ada Lovelace wants 1,250.50 euros", schema)
    assert result.value == {"who": "Ada Lovelace", "amount": 1250.5, "urgent": True}
    with pytest.raises(ConfigError, match="nothing that amount could be"):
        run(scripted(), "Ada wants money", schema)


@pytest.mark.parametrize(
    ("schema", "problem"),
    [
        ({"type": "object"}, "an object without named `properties`"),
        ({"type": "array"}, "a list without `items`"),
        ({"type": "object", "properties": {"a": {"not": {}}}}, r"`not` \(at a\)"),
        ({"type": "array", "items": {"if": {}}}, r"`if` \(at the schema\[\]\)"),
        ({"anyOf": [{"type": "string", "minLength": 1}, {"type": "integer"}]}, "`anyOf` of several schemas"),
        (obj(a={}), "a value without a `type`"),
        ({"type": "text"}, "no valid JSON schema"),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}}, "The schema refers in a circle"),
        ({"$ref": "#/$defs/a", "$defs": {"a": obj(a={"$ref": "#/$defs/a"})}}, "refers to itself"),
        ({"$ref": "https://x.example/s"}, "never fetched"),
        ("[1]", "must be a JSON object"),
        ("{", "is not JSON"),
        (complex, "has no JSON schema here"),
        (list[complex], "an item of the schema is of the type complex"),
    ],
)
def test_what_cannot_be_kept_to_is_refused_in_one_line(schema: Any, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem) as caught:
        shape_of(schema)
    assert "\n" not in str(caught.value)


def test_a_list_in_a_list_and_another_format_are_refused(scripted: Make, orders: pd.DataFrame) -> None:
    nested = {"type": "array", "items": {"type": "array", "items": NUMBER}}
    with pytest.raises(ConfigError, match="a list inside a list"):
        run(scripted(), "?", nested, frames={"orders": orders})
    with pytest.raises(ConfigError, match="--format table asks for another"):
        shaped_format("table", nested)


def test_a_pydantic_model_with_references(scripted: Make, orders: pd.DataFrame) -> None:
    pydantic = pytest.importorskip("pydantic")
    inner = pydantic.create_model("Line", customer=(Optional[str], None), total=(float, ...))  # noqa: UP045
    model = pydantic.create_model("Report", lines=(list[inner], ...))
    session = scripted("SELECT customer, total FROM orders WHERE total > 20")
    value = run(session, "large ones", model, frames={"orders": orders}).value
    assert model.model_validate(value).lines[0].total == 20.5
    assert value["lines"][0]["customer"] is None


TEXTS = ['Ada "the first" Lovelace wants 1,250.50 or 007 euros\n\\o/', "王芳欠我们300美元,不急。", "x: -3"]


@pytest.mark.parametrize("text", TEXTS)
def test_the_grammar_of_a_text_holds_its_own_values_only(text: str) -> None:
    grammar = text_grammar(shape_of(obj(what=TEXT, n=NUMBER)), text, "\n```")
    tokens = llguidance.LLTokenizer("byte")
    matcher = llguidance.LLMatcher(tokens, llguidance.LLMatcher.grammar_from_lark(grammar), log_level=0)
    assert not matcher.is_error(), matcher.get_error()

    def allows(what: str, n: object) -> bool:
        found = tokens.tokenize_str(f'{{"what": {json.dumps(what, ensure_ascii=False)}, "n": {n}}}\n```')
        return bool(matcher.validate_tokens(found) == len(found))

    number = {"A": 7, "王": 300, "x": -3}[text[0]]
    word = {"A": 'Ada "the first" Lovelace ', "王": "王芳", "x": "x: "}[text[0]]
    assert allows(word, number)
    assert not allows("Babbage", number) and not allows(word, 12345)


@pytest.mark.model
def test_the_real_model_keeps_to_a_schema(real_model: LocalModel, quickstart_frames: dict[str, Any]) -> None:
    class Island(TypedDict):
        island: str
        penguins: int

    session = ScriptedSession(real_model)  # type: ignore[arg-type]
    penguins = quickstart_frames["penguins"]
    found = run(session, "How many penguins are on each island?", list[Island], frames={"penguins": penguins})
    wanted = penguins["island"].value_counts().to_dict()
    assert {row["island"]: row["penguins"] for row in found.value} == wanted
    text = "Ada Lovelace asks for 1,250.50 euros, urgently."
    schema = obj(sender=TEXT, amount=NUMBER, currency={"enum": ["EUR", "USD"]})
    value = run(session, text, schema).value
    assert value == {"sender": "Ada Lovelace", "amount": 1250.5, "currency": "EUR"}


@pytest.mark.model
def test_ask_takes_a_schema(coder_05b: Path) -> None:
    shown = ask("how many?", data={"t": pd.DataFrame({"a": [1]})}, schema=obj(n=NUMBER), dry_run=True)
    assert "(SELECT … AS n)" in shown.text
