"""What a question says in so many words and a program does without; what it need not have is left alone."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.agent.checks.crossing import crossing
from qwen_magics.agent.checks.demands import demand
from qwen_magics.agent.checks.left_out import left_out
from qwen_magics.agent.checks.overlooked import overlooked
from qwen_magics.agent.checks.shares import shares
from qwen_magics.agent.checks.superlatives import superlatives
from qwen_magics.agent.checks.unasked import unasked
from qwen_magics.agent.checks.weekdays import weekdays
from qwen_magics.tools.result import QueryResult
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.ungrouping import ungrouped

_SHOPS = Table(
    "shops",
    (
        Column("town", "VARCHAR", categories=("'Bonn'", "'Ulm'", "'Kiel'")),
        Column("size", "VARCHAR", categories=("'small'", "'large'")),
        Column("opened", "DATE"),
        Column("sales", "BIGINT"),
    ),
    30,
)


@pytest.mark.parametrize(
    ("question", "code", "kind"),
    [
        ("Which shops sold more than 2,500 pieces?", "SELECT town FROM shops", "number_unused"),
        ("Places north of 47.5", 'result = places[places["kind"] == "town"]', "number_unused"),
        ("Sales of 1998 against 1997", "SELECT SUM(x) / SUM(x) FROM t WHERE y = 1998", ""),
        (
            "Which shops have \u201cand Sons\u201d in their name?",
            "SELECT name FROM shops WHERE name IN ('Adler and Sons', 'Beck and Sons')",
            "part_of_text",
        ),
        ("How many different towns have a shop?", "SELECT COUNT(town) FROM shops", "not_distinct"),
    ],
)
def test_what_was_overlooked_is_told_once(question: str, code: str, kind: str) -> None:
    check = overlooked(question)
    error = check(code)
    assert (error.kind if error is not None else "") == kind
    assert check(code) is None


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("sales above 2,500", "SELECT 1 FROM shops WHERE sales > 2500"),
        ("what percentage is below 20 percent?", "SELECT 100.0 * AVG(x < 0.2) FROM t"),
        ("the 10 largest", "SELECT town FROM shops ORDER BY sales DESC LIMIT 10"),
        ("on 2024-05-31", "SELECT 1 FROM t WHERE day = DATE '2024-05-31'"),
        ("at 3 in the afternoon", "SELECT 1 FROM t WHERE HOUR(at) = 15"),
        ("names with 'Air' in them", "SELECT name FROM t WHERE name LIKE '%Air%'"),
        ("names with 'Air' in them", "SELECT name FROM t WHERE STARTS_WITH(name, 'Air France')"),
        ("the shop 'Adler and Sons'", "SELECT 1 FROM t WHERE name = 'Adler and Sons'"),
        ("how many different towns?", "SELECT COUNT(DISTINCT town) FROM shops"),
        ("how many different towns?", 'result = shops["town"].nunique()'),
        ("column w2 of v3.14 in A4", "SELECT w2 FROM t"),
        ("name a decade by its first year, e.g. 1950", "SELECT FLOOR(y / 10) * 10 FROM t"),
    ],
)
def test_what_is_there_is_not_told(question: str, code: str) -> None:
    assert overlooked(question)(code) is None


def test_a_group_without_a_name_is_not_the_one_with_the_most() -> None:
    code = "SELECT plane, COUNT(*) AS n FROM t GROUP BY plane ORDER BY n DESC LIMIT 1"
    check = demand("auto", "Which plane flew most?")
    found = check(_result({"plane": [None], "n": [7]}), code)
    assert found is not None and found.kind == "nameless" and "plane IS NOT NULL" in found.hint
    assert check(_result({"plane": ["D-ABCD"], "n": [7]}), code) is None


@pytest.mark.parametrize("start", ["What is", "What's", "what was"])
def test_one_value_is_asked_for_also_where_tables_are_matched(start: str) -> None:
    question = f"{start} the mean delay in fog? Match the flights to the weather by hour and place."
    found = demand("auto", question)(_result({"hour": [1, 2], "delay": [3.0, 4.0]}), "SELECT 1")
    assert found is not None and found.kind == "not_a_number"
    each = question.replace("fog?", "fog for each place?")
    assert demand("auto", each)(_result({"hour": [1, 2], "delay": [3.0, 4.0]}), "SELECT 1") is None


def test_months_and_years_that_are_columns() -> None:
    months = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
    wide = Table("sea", tuple(Column(name, "DOUBLE") for name in ("YEAR", *months)), 60)
    error = left_out("the December temperature of each year", [wide])("SELECT year, AVG(x) FROM sea")
    assert error is not None and error.message == "The question names DEC, which was left out."
    assert left_out("it may rain in December", [wide])("SELECT DEC FROM sea") is None
    years = Table("births", tuple(Column(name, "DOUBLE") for name in ("country", "1999", "2000")), 60)
    error = left_out("births of 1999 and 2000", [years])('SELECT country, "2000" FROM births')
    assert error is not None and "names 1999" in error.message
    assert left_out("births of 1999", [years])('SELECT "1999" FROM births') is None


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ('SELECT c FROM t ORDER BY "2010" - "1960" DESC LIMIT 1', True),
        ('SELECT c, "2010" - "1960" AS change FROM t ORDER BY change DESC LIMIT 1', True),
        (
            "SELECT c FROM t GROUP BY c ORDER BY SUM(CASE WHEN y = 2010 THEN v END) "
            "- SUM(CASE WHEN y = 1960 THEN v END) DESC LIMIT 3",
            True,
        ),
        (
            "SELECT c FROM t ORDER BY 100.0 * (v - LAG(v) OVER (ORDER BY y)) / LAG(v) OVER (ORDER BY y) DESC "
            "LIMIT 1",
            True,
        ),
        ("SELECT c FROM t ORDER BY 100.0 - 100.0 * v / LAG(v) OVER (ORDER BY y) DESC LIMIT 1", False),
        ('SELECT c FROM t ORDER BY "1960" - "2010" DESC LIMIT 1', False),
        ('SELECT c FROM t ORDER BY "2010" - "1960" LIMIT 1', False),
        ("SELECT c FROM t ORDER BY a - b DESC LIMIT 1", False),
    ],
)
def test_the_largest_fall_between_two_years(code: str, told: bool) -> None:
    error = superlatives("Which country had the largest fall of births from 1960 to 2010?")(code)
    assert (error is not None) == told


@pytest.mark.parametrize(
    ("question", "code", "told"),
    [
        ("flights per weekday", 'result = flights.groupby("day").size()', True),
        ("sales on Sundays", "SELECT SUM(sales) FROM shops WHERE EXTRACT(DAY FROM opened) = 7", True),
        ("on which day of the week?", "SELECT DAYNAME(opened) FROM shops", False),
        ("on which day of the week?", "SELECT strftime('%w', opened) FROM shops", False),
        ("on which day of the month?", "SELECT DAY(opened) FROM shops", False),
    ],
)
def test_days_of_the_week_are_no_days_of_the_month(question: str, code: str, told: bool) -> None:
    error = weekdays(question, [_SHOPS])(code)
    assert (error is not None) == told
    assert error is None or "DAYNAME(opened)" in error.hint


def test_a_table_that_has_days_of_the_week_itself() -> None:
    open_on = Table("hours", (Column("day", "VARCHAR", categories=("'Monday'", "'Sunday'")),), 14)
    assert weekdays("which hours on Sundays?", [open_on])("SELECT 1 FROM hours WHERE day = 'Sunday'") is None
    parts = Table("flights", tuple(Column(name, "BIGINT") for name in ("year", "month", "day")), 14)
    error = weekdays("flights on Sundays", [parts])("SELECT COUNT(*) FROM flights WHERE day = 7")
    assert error is not None and "MAKE_DATE(year, month, day)" in error.hint


@pytest.mark.parametrize(
    ("question", "columns", "hint"),
    [
        (
            "one row per town and one column for each size",
            2,
            "CASE WHEN size = 'small' THEN 1",
        ),
        ("shops by town with the size as columns", 2, "size = 'large'"),
        ("sizes down and the towns across, please", 2, "town = 'Kiel'"),
        ("the towns Ulm and Bonn as columns, sizes as rows", 2, "town = 'Bonn'"),
        ("the towns Ulm and Bonn as columns, sizes as rows", 3, ""),
        ("one column for each size", 3, ""),
        ("the largest shops across all towns", 1, ""),
        ("sales as columns", 1, ""),
    ],
)
def test_a_column_for_each_value(question: str, columns: int, hint: str) -> None:
    result = _result({f"c{i}": [1, 2] for i in range(columns)})
    error = crossing(question, [_SHOPS])(result, "SELECT 1")
    assert hint in (error.hint if error is not None else "")
    assert (error is None) == (not hint)


def _result(cells: dict[str, list[object]]) -> QueryResult:
    frame = pd.DataFrame(cells)
    return QueryResult(frame, len(frame), False, 0.0, ())


@pytest.mark.parametrize(
    ("question", "code", "hint"),
    [
        ("how many names end with Field?", "SELECT 1 FROM t WHERE name LIKE '%Field%'", "LIKE '%Field'"),
        ("members with the last name Dahl", "SELECT 1 FROM t WHERE name LIKE 'Dahl%'", "LIKE '%Dahl'"),
        ("towns that begin with Neu", "SELECT 1 FROM t WHERE town LIKE '%Neu%'", "LIKE 'Neu%'"),
        ("towns that begin with Neu", "SELECT 1 FROM t WHERE town LIKE 'Neu%'", ""),
        ("first and last names with Neu", "SELECT 1 FROM t WHERE name LIKE '%Neu%'", ""),
        ("towns with Neu in their name", "SELECT 1 FROM t WHERE town LIKE '%Neu%'", ""),
        ("at the end of May", "SELECT 1 FROM t WHERE day LIKE '2024-05%'", ""),
        (
            "books per decade",
            "SELECT YEAR(day) AS decade, COUNT(*) FROM t GROUP BY decade",
            "FLOOR(year / 10) * 10",
        ),
        ("books per decade", "SELECT YEAR(day) // 10 * 10 AS decade, COUNT(*) FROM t GROUP BY decade", ""),
        ("books of the last decade", "SELECT 1 FROM t WHERE YEAR(day) >= 2015", ""),
    ],
)
def test_ends_of_names_and_decades(question: str, code: str, hint: str) -> None:
    error = overlooked(question)(code)
    assert hint in (error.hint if error is not None else "")
    assert (error is None) == (not hint)


def test_the_third_of_each_group_is_not_cut_from_all() -> None:
    code = "SELECT b.name, m.name FROM b JOIN m ON b.id = m.home ORDER BY m.joined LIMIT 3"
    error = superlatives("Who was the third to join each branch?")(code)
    assert error is not None and "PARTITION BY the group ORDER BY m.joined" in error.hint
    assert "WHERE place = 3" in error.hint
    assert superlatives("Who was the third to join?")(code) is None
    ranked = (
        "SELECT n FROM (SELECT n, ROW_NUMBER() OVER (ORDER BY d) AS p FROM m) WHERE p = 3 ORDER BY n LIMIT 9"
    )
    assert superlatives("Who was the third to join each branch?")(ranked) is None


@pytest.mark.parametrize(
    ("question", "rows", "told"),
    [
        ("How many shops are in Bonn, Ulm and Kiel?", 3, False),
        ("How many shops are in Bonn or Ulm?", 2, True),
        ("How many shops are small, cheap and near?", 3, True),
    ],
)
def test_how_many_of_several_values_may_be_one_for_each(question: str, rows: int, told: bool) -> None:
    result = _result({"town": ["a", "b", "c"][:rows], "n": [1, 2, 3][:rows]})
    code = "SELECT town, COUNT(*) FROM shops WHERE town IN ('Bonn', 'Ulm', 'Kiel') GROUP BY town"
    found = demand("auto", question, [_SHOPS])(result, code)
    assert (found is not None and found.kind == "not_a_number") == told


_PART = "100.0 * SUM(CASE WHEN town = 'Ulm' AND size = 'small' THEN 1 ELSE 0 END) / COUNT(*)"


@pytest.mark.parametrize(
    ("question", "code", "told"),
    [
        ("What percentage of the shops in Ulm are small?", f"SELECT {_PART} FROM shops", "town = 'Ulm'"),
        ("Of the small shops, what share is in Ulm?", f"SELECT {_PART} FROM shops", "size = 'small'"),
        ("What percentage of the shops are small ones in Ulm?", f"SELECT {_PART} FROM shops", ""),
        (
            "What percentage of the shops in Ulm are small?",
            f"SELECT {_PART} FROM shops WHERE town = 'Ulm'",
            "",
        ),
        ("What percentage of the shops in Ulm are small?", f"SELECT {_PART} FROM shops GROUP BY year", ""),
    ],
)
def test_the_whole_of_a_share_is_what_the_question_limits_it_to(question: str, code: str, told: str) -> None:
    found = [
        problem
        for check in shares(question, [_SHOPS])
        if (problem := check(_result({"x": [0.5, 0.7]}), code))
    ]
    assert [problem.kind for problem in found] == ["other_whole"] * bool(told)
    assert not told or f"WHERE {told}" in found[0].hint


def test_a_table_laid_out_is_shown_as_a_query() -> None:
    question = "a table with one row per town and one column per size"
    result = _result({"size": [1, 2], "n": [3, 4]})
    error = crossing(question, [_SHOPS])(result, "SELECT size, COUNT(*) FROM shops GROUP BY size")
    assert error is not None and error.hint.endswith(
        "SELECT town, SUM(CASE WHEN size = 'small' THEN 1 ELSE 0 END) AS small, "
        "SUM(CASE WHEN size = 'large' THEN 1 ELSE 0 END) AS large FROM shops GROUP BY town"
    )
    laid = error.hint.rpartition(": ")[2]
    assert unasked(question)(laid) is None
    one = "SELECT SUM(CASE WHEN size = 'large' THEN 1 ELSE 0 END) FROM shops"
    assert unasked("how many shops are in each town?")(one) is not None


def test_one_figure_is_shown_without_its_groups() -> None:
    code = "SELECT w.place, AVG(f.delay) AS mean FROM f JOIN w ON f.h = w.h WHERE w.fog GROUP BY w.place"
    found = demand("auto", "What is the mean delay in fog?")(_result({"place": [1, 2], "mean": [3, 4]}), code)
    assert found is not None
    assert found.hint == "Over all rows: SELECT AVG(f.delay) AS mean FROM f JOIN w ON f.h = w.h WHERE w.fog"
    assert not ungrouped("SELECT a, COUNT(*) FROM t GROUP BY a HAVING COUNT(*) > 2")
    assert not ungrouped("SELECT a, AVG(b), MAX(b) FROM t GROUP BY a") and not ungrouped("result = 1")


def test_a_third_is_a_place_too() -> None:
    assert unasked("who was the third of each branch?")("SELECT 1 FROM t WHERE place = 3") is None


def test_a_negative_number_of_the_question_is_asked_for() -> None:
    assert unasked("places east of longitude -68.5")("SELECT 1 FROM t WHERE longitude > -68.5") is None
