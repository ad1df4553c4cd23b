"""A query without the step that its kind of question takes comes back with the example."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

from qwen_magics.agent.checks.demands import demand
from qwen_magics.agent.checks.structure import structure
from qwen_magics.agent.examples.sql.recipes import firm_sql
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.schema import describe

RANKED = "SELECT park, name FROM trees QUALIFY ROW_NUMBER() OVER (PARTITION BY park ORDER BY height) < 4"
FALLEN = "SELECT year, height - LAG(height) OVER (ORDER BY year) AS change FROM trees"
TALL = "SELECT park FROM trees GROUP BY park HAVING MIN(height) > 5"
MEANS = "SELECT MAX(m) - MIN(m) FROM (SELECT AVG(height) AS m FROM trees GROUP BY park) AS s"


@pytest.fixture
def trees() -> Iterator[FrameDatabase]:
    names = ["Elm", "Oak", "Fir", "Ash", "Yew", "Box", "Bay", "Fig", "Nut", "Gum"]
    frame = pd.DataFrame({"park": ["Hill", "Lake"] * 5, "name": names, "height": range(10, 20)})
    with FrameDatabase({"trees": frame}) as database:
        yield database


@pytest.mark.parametrize(
    ("example", "code", "missing"),
    [
        (RANKED, "SELECT park, name FROM trees ORDER BY height DESC LIMIT 3", "OVER"),
        (
            RANKED,
            "SELECT name FROM (SELECT name, RANK() OVER (ORDER BY height) AS r FROM trees)",
            "",
        ),
        (RANKED, "SELECT name FROM trees WHERE (park, height) IN (SELECT park, MAX(height) FROM trees)", ""),
        (RANKED, "SELECT park, arg_max(name, height) FROM trees GROUP BY park", ""),
        (FALLEN, "SELECT year, MIN(height) FROM trees GROUP BY year", "LAG"),
        (FALLEN, "SELECT a.year FROM trees AS a JOIN trees AS b ON b.year = a.year - 1", ""),
        (FALLEN, "SELECT year, SUM(height) OVER (ORDER BY year) FROM trees", "LAG"),
        (TALL, "SELECT park FROM trees WHERE height > 5", "HAVING"),
        (TALL, "SELECT park FROM (SELECT park, MIN(height) AS m FROM trees GROUP BY park) WHERE m > 5", ""),
        (
            TALL,
            "WITH s AS (SELECT park, MIN(height) AS m FROM trees GROUP BY park) SELECT 1 FROM s WHERE m > 5",
            "",
        ),
        (MEANS, "SELECT MAX(height) - MIN(height) FROM trees", "inner query"),
        (MEANS, "SELECT MAX(m) - MIN(m) FROM (SELECT AVG(height) AS m FROM trees GROUP BY park)", ""),
        # Of pandas, of what is no query, and without an example nothing is asked.
        (RANKED, 'result = trees.nlargest(3, "height")', ""),
        (RANKED, "no query at all", ""),
        ("", "SELECT 1", ""),
    ],
)
def test_the_step_is_asked_for(example: str, code: str, missing: str) -> None:
    problem = structure(example)(code)
    assert (problem is not None) == bool(missing)
    if problem is not None:
        assert problem.kind == "step_missing" and missing in problem.message and example in str(problem)


def test_the_example_speaks_of_the_question(trees: FrameDatabase) -> None:
    question = "What are the four tallest trees of every park?"
    example = firm_sql(question, describe(trees.tables), "DuckDB", trees.tables[0])
    assert "trees" in example and "<= 4" in example
    check = demand("auto", question, trees.tables, example=example)
    flat = "SELECT park, name FROM trees ORDER BY height DESC LIMIT 4"
    problem = check(trees.run(flat), flat)
    assert problem is not None and problem.kind == "step_missing" and example in problem.hint
    assert check(trees.run(example), example) is None


@pytest.mark.parametrize(
    "question",
    ["How many trees are there in each park?", "the four parks with the most trees, and the number each has"],
)
def test_other_questions_ask_for_none(question: str, trees: FrameDatabase) -> None:
    assert firm_sql(question, describe(trees.tables), "DuckDB", trees.tables[0]) == ""


@pytest.mark.parametrize(
    "query",
    [
        "SELECT name FROM shops WHERE id NOT IN (SELECT shop_id FROM sales WHERE city = 'Rome')",
        "SELECT name FROM shops s WHERE NOT EXISTS (SELECT 1 FROM sales WHERE sales.shop_id = s.id)",
        "SELECT s.name FROM shops s LEFT JOIN sales ON sales.shop_id = s.id WHERE sales.shop_id IS NULL",
        "SELECT id FROM shops EXCEPT SELECT shop_id FROM sales",
    ],
)
def test_what_has_none_is_said_in_several_ways(query: str) -> None:
    example = (
        "SELECT shops.name FROM shops JOIN sales ON sales.shop_id = shops.id GROUP BY shops.id "
        "HAVING SUM(CASE WHEN sales.city = 'Rome' THEN 1 ELSE 0 END) = 0"
    )
    assert structure(example)(query) is None
    assert structure(example)("SELECT name FROM shops WHERE city != 'Rome'") is not None


MOST = "SELECT park, MAX(height) FROM trees GROUP BY park"
TALLEST = (
    "SELECT park, name FROM trees QUALIFY ROW_NUMBER() OVER (PARTITION BY park ORDER BY height DESC) = 1"
)


@pytest.mark.parametrize(
    ("question", "code", "told"),
    [
        (
            "What is the largest height in each park?",
            MOST,
            False,
        ),
        (
            "What is the largest height in each park?",
            "SELECT park, MAX(name) FROM trees GROUP BY park",
            True,
        ),
        (
            "What is the largest height in each park?",
            f"{MOST} LIMIT 1",
            True,
        ),
        (
            "Which is the tallest tree of each park?",
            MOST,
            True,
        ),
        ("What is the tallest tree of each park?", MOST, True),
        (
            "What is the largest height in each park, and which tree has it?",
            MOST,
            True,
        ),
    ],
)
def test_how_much_the_best_of_each_group_has_may_be_a_max(question: str, code: str, told: bool) -> None:
    assert (structure(TALLEST, question)(code) is not None) == told


_EVER = (
    "SELECT COUNT(*) FROM (SELECT price, MAX(price) OVER (ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND "
    "1 PRECEDING) AS highest FROM quotes) AS s WHERE price > highest"
)


def test_all_rows_before_are_more_than_the_last_one() -> None:
    check = structure(_EVER)
    lag = (
        "SELECT COUNT(*) FROM (SELECT price, LAG(price) OVER (ORDER BY day) AS p FROM quotes) AS s "
        "WHERE price > p"
    )
    error = check(lag)
    assert error is not None
    assert _EVER in error.hint
    for right in (
        _EVER.replace("price", "close"),
        "SELECT COUNT(*) FROM quotes AS q WHERE price > "
        "(SELECT MAX(p.price) FROM quotes AS p WHERE p.day < q.day)",
        "SELECT COUNT(*) FROM (SELECT day, price, MAX(price) OVER (ORDER BY day) AS m FROM quotes) AS s "
        "WHERE price = m",
    ):
        assert check(right) is None


PLACE = "SELECT COUNT(*) + 1 FROM trees WHERE height > (SELECT height FROM trees WHERE name = 'Elm')"


@pytest.mark.parametrize(
    ("code", "comes_back"),
    [
        ("SELECT name, RANK() OVER (ORDER BY height DESC) AS place FROM trees", False),
        ("SELECT COUNT(*) FROM trees WHERE height > 12", True),
    ],
)
def test_a_rank_is_a_place_as_well_as_how_many_are_above(code: str, comes_back: bool) -> None:
    assert (structure(PLACE)(code) is not None) == comes_back


def test_an_example_over_other_tables_is_no_hint(trees: FrameDatabase) -> None:
    table = trees.tables[0]
    asked = "the three trees with the highest height of each park"
    assert "sales" not in firm_sql(asked, describe([table]), "DuckDB", table)
    bare = FrameDatabase({"marks": pd.DataFrame({"size": [1.5, 2.5], "mark": [0.5, 1.5]})})
    with bare as database:
        told = firm_sql(
            "the three sizes with the highest mark of each size", "", "DuckDB", database.tables[0]
        )
    assert told == ""


def test_the_best_of_all_are_not_the_best_of_each(trees: FrameDatabase) -> None:
    table = trees.tables[0]
    asked = "Of the 3 trees with the highest height, how many are there for each park?"
    assert firm_sql(asked, describe([table]), "DuckDB", table) == ""
    assert firm_sql("Of each park, list the 3 trees with the highest height", "", "DuckDB", table)
