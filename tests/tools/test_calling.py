"""Arguments against schemas, functions behind tools, the toolbox, and which tools a question is about."""

from __future__ import annotations

from typing import Any

import pytest

from qwen_magics import tool
from qwen_magics.errors import ConfigError, ToolError
from qwen_magics.tools.arguments import checked
from qwen_magics.tools.invoke import invoke
from qwen_magics.tools.ranking import asks_for_change, relevant
from qwen_magics.tools.registry import Tool, marked, tool_of
from qwen_magics.tools.toolbox import Toolbox


@tool
def reorder(sku: str, quantity: int = 1, rates: tuple[float, ...] = (), factor: float = 1.0) -> str:
    """Reorder an article."""
    return f"{sku} {quantity} {rates!r} {factor!r}"


REORDER = tool_of(reorder)
CHOICE = Tool(
    "choose",
    "Choose.",
    "read",
    {"properties": {"to": {"enum": ["north", "south"]}, "n": {"type": "integer", "minimum": 1}}},
    print,
)


def test_arguments_come_in_the_order_of_the_schema() -> None:
    assert list(checked(REORDER, {"quantity": 2, "sku": "A"})) == ["sku", "quantity"]


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        (REORDER, {}, "reorder needs sku."),
        (REORDER, {"sku": "A", "qantity": 2}, "Did you mean quantity?"),
        (REORDER, {"sku": "A", "zzz": 2}, "It takes sku, quantity"),
        (REORDER, {"sku": 5}, "sku=5 is not allowed. It must be string."),
        (REORDER, {"sku": "A", "rates": [1, "x"]}, 'rates.1="x" is not allowed. It must be number.'),
        (CHOICE, {"to": "nort"}, 'Use one of "north", "south". Closest: north.'),
        (CHOICE, {"n": 0}, "n=0 is not allowed. Its minimum is 1."),
    ],
)
def test_wrong_arguments_get_one_line_with_a_hint(
    tool: Tool, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(ToolError) as error:
        checked(tool, arguments)
    assert message in str(error.value) and "\n" not in str(error.value)


def test_a_schema_never_leads_to_the_network() -> None:
    hostile = Tool("x", "x", "read", {"properties": {"a": {"$ref": "http://127.0.0.1:1/schema"}}}, print)
    with pytest.raises(Exception, match="Unresolvable"):
        checked(hostile, {"a": 1})


def test_json_values_reach_the_function_in_its_own_types() -> None:
    output = invoke(REORDER, {"sku": "A", "rates": [1, 2.5], "factor": 2})
    assert output.value == "A 1 (1, 2.5) 2.0"


def test_what_a_function_raises_is_one_line() -> None:
    @tool
    def fails() -> int:
        """Fails."""
        raise ValueError("no\nsuch thing" + "!" * 900)

    with pytest.raises(ToolError, match="fails failed: ValueError: no such thing") as error:
        invoke(tool_of(fails), {})
    assert len(str(error.value)) < 400 and isinstance(error.value.__cause__, ValueError)


class Source:
    def __init__(self, name: str, *tools: Tool) -> None:
        self.name, self.tools, self.closed = name, tools, False

    def close(self) -> None:
        self.closed = True


def origin(name: str) -> Tool:
    return Tool("list_orders", "Orders.", "read", {}, print, origin=name)


def test_tools_by_source_by_name_and_by_function() -> None:
    box = Toolbox()
    box.add(Source("crm", origin("crm")))
    found = box.resolve("crm", ["crm.list_orders", reorder])
    assert [tool.full_name for tool in found] == ["crm.list_orders", "reorder"]


def test_a_source_of_the_same_name_takes_the_place_of_the_first() -> None:
    box, first = Toolbox(), Source("crm", origin("crm"))
    box.add(first)
    box.add(Source("crm"))
    assert first.closed and box.resolve("crm", []) == ()
    box.close()
    assert box.sources == ()


@pytest.mark.parametrize(
    ("sources", "tools", "message"),
    [
        ("crn", [], "Did you mean crm?"),
        ("billing", [], "%qwen api billing SPEC"),
        ((), ["crm.list_order"], "Did you mean crm.list_orders?"),
        ((), ["stock"], "Define a function of that name"),
    ],
)
def test_names_that_are_not_there(sources: Any, tools: list[str], message: str) -> None:
    box = Toolbox()
    box.add(Source("crm", origin("crm")))
    with pytest.raises(ConfigError) as error:
        box.resolve(sources, tools)
    assert message in str(error.value)


def test_marked_functions_are_found_once() -> None:
    assert [tool.name for tool in marked([reorder, 5, reorder, print])] == ["reorder"]


def described(name: str, description: str, **properties: Any) -> Tool:
    return Tool(name, description, "read", {"properties": properties}, print)


TOOLS = [
    *(described(f"get_report_{i}", f"GET /reports/{i} A report") for i in range(400)),
    described("list_orders", "GET /orders Orders of the shop", status={"enum": ["late", "open"]}),
    described("list_customers", "GET /customers Customers of the shop"),
    described("list_articles", "GET /articles Articles", colour={"enum": ["blue"]}),
]


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("how many orders are late?", "list_orders"),
        ("which customer bought most?", "list_customers"),
        ("how many are blue?", "list_articles"),
        ("report 17 please", "get_report_17"),
    ],
)
def test_the_nearest_of_hundreds_come_first(question: str, name: str) -> None:
    found = relevant(TOOLS, question, 8)
    assert len(found) == 8 and found[0].name == name


@pytest.mark.parametrize(
    "question",
    [
        "Add a note to order 7",
        "please close order 7",
        "Set the price of A-1 to 5",
        "find late orders and mark them as urgent",
        "把订单7的状态改为已付款",
        "删除订单7",
    ],
)
def test_questions_that_ask_for_a_change(question: str) -> None:
    assert asks_for_change(question)


@pytest.mark.parametrize(
    "question",
    [
        "which orders are open?",
        "how many records were created in May?",
        "the address of customer 5",
        "orders per country",
        "what was the last updated article?",
        "哪个国家的订单最多？",
    ],
)
def test_questions_that_do_not(question: str) -> None:
    assert not asks_for_change(question)
