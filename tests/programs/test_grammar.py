"""What a model can write as a program at all."""

from __future__ import annotations

import llguidance
import pytest
from llguidance import LLMatcher

from qwen_magics.agent.examples.pandas.recipes import RECIPES
from qwen_magics.tools.programs.grammar import program_grammar
from qwen_magics.tools.schema import Column, Table
from tests.programs.escapes import ESCAPES

TABLES = [
    Table("orders", (Column("total", "DOUBLE"), Column("order id", "BIGINT"), Column("_x", "BIGINT")), 3)
]


TOKENS = llguidance.LLTokenizer("byte")


@pytest.fixture(scope="module")
def start() -> LLMatcher:
    grammar = LLMatcher.grammar_from_lark(program_grammar(TABLES, ending="\n```"))
    return LLMatcher(TOKENS, grammar)


def accepts(start: LLMatcher, text: str) -> bool:
    matcher, written = start.deep_copy(), TOKENS.tokenize_str(text)
    return matcher.try_consume_tokens(written) == len(written) and matcher.is_accepting()


PROGRAMS = [
    *(recipe.program for recipe in RECIPES),
    "result = orders.total.max()",
    'result = orders[orders["total"] > 1].groupby("x")[["total"]].agg(["min", "max"])',
    'orders["late"] = (orders["total"] > 1) & ~orders["x"].isna()\nresult = orders["late"].mean()',
    'x, y = orders["a"], orders["b"]\nresult = np.polyfit(x, y, 1)[0]',
    'result = orders.groupby("x").agg(\n    total=("total", "sum"),\n    n=("total", "size"),\n).head()',
    "result = {name: len(group) for name, group in orders.groupby('x')}",
    "orders.columns = [c.upper() for c in orders.columns]\nresult = orders",
    "result = orders.iloc[0:3, -1] if len(orders) > 3 else None",
    'n = 0\nn += 1\nresult = orders.apply(lambda row: row["a"] * 2, axis=1)',
    "result = 1\n```",
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_ordinary_programs_can_be_written(start: LLMatcher, program: str) -> None:
    assert accepts(start, program)


# Text that reaches a method by name is the guard's work: a grammar knows no values.
BY_NAME = ("agg", "apply", "transform", "pivot", "pd.pivot", "crosstab", "function re")


@pytest.mark.parametrize("name", [name for name in ESCAPES if not name.startswith(BY_NAME)])
def test_ways_out_cannot(start: LLMatcher, name: str) -> None:
    program = ESCAPES[name]
    assert not accepts(start, program)
    assert not accepts(start, f"{program}\nresult = 1")


@pytest.mark.parametrize("program", ["orders.total", "x = 1", "result = orders._x", "result = 1\n# why", ""])
def test_what_has_no_result_cannot(start: LLMatcher, program: str) -> None:
    assert not accepts(start, program)


@pytest.mark.parametrize(
    ("program", "good"),
    [
        ('result = orders["city\'] == "]', False),
        ("result = orders['city\"] == ']", False),
        ('result = orders.melt(id_vars=["shop, value_vars=["a"])', False),
        ('result = orders.melt(id_vars=["shop], value_vars=["a"])', False),
        ('result = orders["a = [b]"]', True),
        ('result = orders["it\'s [here]"]', True),
        ("result = orders['a \"b\"']", True),
        ("result = [orders['a'], orders[\"b\"]]", True),
    ],
)
def test_a_text_does_not_run_on_over_the_end_of_a_name(start: LLMatcher, program: str, good: bool) -> None:
    assert accepts(start, program) == good


def test_names_of_the_examples_cannot_be_copied() -> None:
    text = program_grammar(TABLES, ending="\n```", absent={"sales", "price", "total", "orders"})
    start = LLMatcher(TOKENS, LLMatcher.grammar_from_lark(text))
    assert accepts(start, 'result = orders["total"].sum()')
    assert accepts(start, 'result = orders["prices"].sum()')
    assert not accepts(start, 'result = sales["total"].sum()')
    assert not accepts(start, 'result = orders["price"].sum()')
    assert not accepts(start, "result = orders['price'].sum()")
    assert not accepts(start, "result = total.sum()"), "a column's bare name is no variable"


def test_an_import_is_not_run_together_into_a_name(start: LLMatcher) -> None:
    assert not accepts(start, "importandas = pd.DataFrame\nresult = 1")
    assert not accepts(start, "import_np = 1\nresult = import_np")
    assert accepts(start, 'result = orders["import"].sum()')
    tables = [Table("imports", (Column("t", "DOUBLE"),), 3)]
    own = LLMatcher(TOKENS, LLMatcher.grammar_from_lark(program_grammar(tables)))
    assert accepts(own, 'result = imports["t"].sum()\n')
