"""Tables laid out anew: which rows are meant, what goes down without a word of rows, years as columns turned
round, and what a program leaves of it.
"""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.agent.checks.crossing import crossing
from qwen_magics.agent.checks.laid_counts import counted_rows, listed_once
from qwen_magics.agent.checks.laid_parts import laid_parts, long_keys
from qwen_magics.agent.checks.laid_strongest import strongest
from qwen_magics.agent.checks.left_out import left_out
from qwen_magics.agent.checks.text_articles import without_article
from qwen_magics.agent.examples.layouts.beside import beside
from qwen_magics.agent.examples.layouts.laid_wide import wide_program
from qwen_magics.agent.examples.layouts.spread import spread_of
from qwen_magics.agent.examples.pandas.told_program import ToldTool, told_program
from qwen_magics.agent.examples.worked import worked_program
from qwen_magics.errors import QueryError
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.programs.tool import ProgramTool
from qwen_magics.tools.result import QueryResult
from qwen_magics.tools.schema import Column, Table

_EGGS = Table(
    "eggs",
    (
        Column("farm", "VARCHAR", categories=("'Brook'", "'Hill'", "'Mill'")),
        Column("breed", "VARCHAR", categories=("'Araucana'", "'Leghorn'")),
        Column("colour", "VARCHAR", categories=("'brown'", "'white'")),
        Column("laid_on", "DATE", samples=("'2020-01-04'", "'2021-05-01'")),
        Column("grams", "DOUBLE", samples=("51.5",)),
    ),
    90,
)
_WIDE = Table(
    "births",
    (
        Column("Country", "VARCHAR", samples=("'Aruba'",)),
        Column("Code", "VARCHAR", samples=("'ABW'",)),
        *(Column(str(year), "DOUBLE") for year in range(1970, 1976)),
    ),
    50,
)


def _program(question: str, table: Table = _EGGS) -> str:
    return worked_program(question, table).partition("```python\n")[2].removesuffix("\n```\n")


@pytest.mark.parametrize(
    ("question", "program"),
    [
        (
            "Show the grams of Leghorn in eggs with farms as rows and colours as columns.",
            'result = eggs[eggs["breed"] == "Leghorn"].pivot_table(index="farm", columns="colour", '
            'values="grams", aggfunc="mean")',
        ),
        (
            "Average grams of eggs for the years 2019 to 2021: one row per year, one column per breed",
            'result = eggs[eggs["laid_on"].dt.year.between(2019, 2021)].pivot_table('
            'index=eggs["laid_on"].dt.year.rename("year"), columns="breed", values="grams", aggfunc="mean")',
        ),
        (
            "Spread the number of eggs per farm over one column for each breed, with 0 for no eggs.",
            'result = pd.crosstab(eggs["farm"], eggs["breed"])',
        ),
        (
            "A table of eggs with one row per year and one column per breed holding the average grams",
            'result = eggs.pivot_table(index=eggs["laid_on"].dt.year.rename("year"), columns="breed", '
            'values="grams", aggfunc="mean")',
        ),
        (
            "What percentage of the eggs of each farm belongs to each breed? Farms down, breeds across",
            'result = pd.crosstab(eggs["farm"], eggs["breed"], normalize="index") * 100',
        ),
        (
            "Number of eggs of Hill: breeds down, colours across",
            'result = pd.crosstab(eggs[eggs["farm"] == "Hill"]["breed"], eggs["colour"])',
        ),
        (
            "How many brown eggs are there of each breed on each farm, farms as rows and breeds as columns?",
            'result = pd.crosstab(eggs[eggs["colour"] == "brown"]["farm"], eggs["breed"])',
        ),
    ],
)
def test_the_rows_that_are_meant(question: str, program: str) -> None:
    """Conditions and years stand in the one line that is copied."""
    assert _program(question) == program


@pytest.mark.parametrize(
    "question",
    [
        "Average grams of eggs except Leghorn, farms as rows and colours as columns",
        "Average grams of eggs with farms as rows, and Araucana and Leghorn as columns",
        "Average grams of eggs with farms as rows and breeds as columns, 0 where a farm has no brown ones",
    ],
)
def test_no_condition(question: str) -> None:
    """What is left out, what goes across, and what is said of empty cells limit no rows."""
    assert " == " not in _program(question) and "isin" not in _program(question)


def test_days_written_as_texts() -> None:
    """They are dates as well."""
    jobs = Table(
        "jobs", (Column("month", "VARCHAR", samples=("'2006-01-01'",)), Column("mining", "BIGINT")), 40
    )
    program = _program("Mean mining in jobs, one row per year and the four quarters as columns", jobs)
    days = 'pd.to_datetime(jobs["month"]).dt'
    assert f'index={days}.year.rename("year"), columns={days}.quarter.rename("quarter")' in program


def test_pairs_are_keys() -> None:
    """A combination of two columns is told by both."""
    wheat = Table(
        "wheat",
        (Column("site", "VARCHAR"), Column("kind", "VARCHAR"), Column("year", "BIGINT", samples=("1931",)),
         Column("tons", "DOUBLE")),
        60,
    )  # fmt: skip
    found = beside(
        "Put the tons of 1931 and 1932 in wheat side by side for each combination of site and kind. "
        "In how many of these was 1932 the better year?",
        wheat,
    )
    assert found is not None and 'index=["site", "kind"]' in found.program
    assert found.program.endswith("result = (wide[1932] > wide[1931]).sum()")


def test_a_code_of_two_capitals() -> None:
    """It is no word, and not one that two columns have."""
    codes = Column("line", "VARCHAR", categories=("'DL'", "'UA'"))
    trips = Table(
        "trips",
        (codes, Column("month", "BIGINT"), Column("gate", "VARCHAR", categories=("'A1'", "'B7'"))),
        60,
    )
    question = "Number of trips of UA per month, one column for each gate"
    assert (
        _program(question, trips)
        == 'result = pd.crosstab(trips[trips["line"] == "UA"]["month"], trips["gate"])'
    )
    twice = Table("trips", (*trips.columns, Column("owner", "VARCHAR", categories=("'UA'", "'XX'"))), 60)
    assert "UA" not in _program(question, twice)


def test_names_begin_with_a_word() -> None:
    """The capital within the name of a column begins none."""
    lives = Table(
        "lives",
        (
            Column("country", "VARCHAR"),
            Column("year", "BIGINT", samples=("1952",)),
            Column("lifeExp", "DOUBLE"),
        ),
        60,
    )
    found = beside(
        "Show the lifeExp of Japan, China and India in lives side by side, one row per year.", lives
    )
    assert found is not None and found.members == ("Japan", "China", "India")


def test_years_that_are_columns_turned_round() -> None:
    """The years go down, the rows that are named across."""
    question = "From births, put the years 1970, 1972 and 1974 in rows and Chad, Mali and Togo in columns."
    program = wide_program(question, _WIDE)
    assert program.startswith('result = births.set_index("Country").loc[["Chad", "Mali", "Togo"], ["1970", ')
    assert '.T.rename_axis("year")' in program and told_program(question, _WIDE) == program
    for other in (
        "From births, the years 1970 and 1972 as columns and Chad and Mali in rows",
        "The average of births with years in rows and Chad and Mali in columns",
        "From births, put the years 1960 and 1972 in rows and Chad and Mali in columns.",
    ):
        assert wide_program(other, _WIDE) == ""


def test_an_error_says_the_program() -> None:
    """Where the whole of it is known."""
    frame = pd.DataFrame({"farm": ["Hill", "Mill"], "breed": ["A", "B"], "grams": [1.0, 2.0]})
    with FrameDatabase({"eggs": frame}) as database, ProgramTool(database.prepared, database.tables) as tool:
        with pytest.raises(QueryError) as told:
            ToldTool(tool, "result = eggs").check('result = eggs["year"]')
        assert told.value.hint == "Write: result = eggs" and "year" in told.value.message
        with pytest.raises(QueryError) as plain:
            ToldTool(tool, "").check('result = eggs["year"]')
        assert "Write:" not in plain.value.hint


def test_what_a_program_leaves_out() -> None:
    """The rows that are meant, that they are counted, that empty cells stay so; told once."""
    question = "Show the grams of Leghorn in eggs with farms as rows and colours as columns."
    wrong = 'result = eggs.pivot_table(index="farm", columns="colour", values="grams", aggfunc="mean")'
    check = laid_parts(question, [_EGGS])
    error = check(wrong)
    assert error is not None and error.hint == f"Write: {_program(question)}" and check(wrong) is None
    assert laid_parts(question, [_EGGS])(_program(question)) is None
    since = laid_parts("Average grams of eggs after 2004: farms down, breeds across", [_EGGS])
    of_all = wrong.replace("colour", "breed")
    assert since(of_all.replace("eggs.", 'eggs[eggs["laid_on"].dt.year >= 2005].')) is None
    error = since(of_all)
    assert error is not None and "> 2004" in error.hint
    summed = 'result = eggs.pivot_table(index="farm", columns="breed", values="grams", aggfunc="sum")'
    counted = laid_parts("Number of eggs: farms down, breeds across", [_EGGS])
    assert counted(summed.replace("sum", "count")) is None and counted(summed) is not None
    empty = laid_parts(
        "Average grams of eggs: farms down, breeds across; leave cells empty where there are none", [_EGGS]
    )
    filled = summed.replace('"sum"', '"mean", fill_value=0')
    error = empty(filled)
    assert error is not None and error.hint == f"Write: {filled.replace(', fill_value=0', '')}"


def _result(frame: pd.DataFrame) -> QueryResult:
    return QueryResult(frame, len(frame), False, 0.0, ("eggs",))


def test_a_table_that_can_be_turned() -> None:
    """A model that writes its own order again is told to turn that."""
    frame = pd.DataFrame({"breed": ["Araucana", "Leghorn"], "Brook": [1, 2], "Hill": [0, 1], "Mill": [2, 2]})
    code = 'result = pd.crosstab(eggs["breed"], eggs["farm"])'
    error = crossing("Number of eggs: farms down, breeds across", [_EGGS])(_result(frame), code)
    assert error is not None and error.hint == f"Write: {code}.T"


def test_across_and_down_at_once() -> None:
    """What goes across is no key of the rows as well."""
    frame = pd.DataFrame(
        {"farm": ["Hill", "Hill"], "breed": ["Araucana", "Leghorn"], "Araucana": [1, 0], "Leghorn": [0, 2]}
    )
    code = (
        "SELECT farm, breed, SUM(CASE WHEN breed = 'Araucana' THEN 1 ELSE 0 END) AS Araucana, "
        "SUM(CASE WHEN breed = 'Leghorn' THEN 1 ELSE 0 END) AS Leghorn FROM eggs GROUP BY farm, breed"
    )
    error = crossing("Number of eggs: farms down, breeds across", [_EGGS])(_result(frame), code)
    assert error is not None and "GROUP BY farm" in error.hint and "breed FROM" not in error.hint


def test_long_form_keeps_its_keys() -> None:
    """Those that the question names."""
    tides = Table(
        "tides",
        (Column("year", "BIGINT", samples=("2008",)), Column("quarter", "BIGINT", samples=("1",)),
         Column("low", "DOUBLE"), Column("high", "DOUBLE")),
        60,
    )  # fmt: skip
    question = "Bring low and high of the year 2008 in tides into long form: columns quarter, kind and value."
    check = long_keys(question, [tides])
    code = 'result = tides[tides["year"] == 2008].melt(value_vars=["low", "high"])'
    error = check(_result(pd.DataFrame({"variable": ["low"], "value": [1.0]})), code)
    assert error is not None and 'id_vars=["quarter"]' in error.hint
    kept = _result(pd.DataFrame({"quarter": [1], "variable": ["low"], "value": [1.0]}))
    assert long_keys(question, [tides])(kept, code) is None


def test_columns_that_are_only_an_example() -> None:
    """And those that a long form has anyway."""
    names = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
    sea = Table(
        "sea", (Column("YEAR", "BIGINT", samples=("2005",)), *(Column(n, "DOUBLE") for n in names)), 60
    )
    question = (
        "sea in long form for 2005 to 2007: year, month (its name, like JAN) and value, a row per month"
    )
    code = 'result = sea[sea["YEAR"].between(2005, 2007)].melt(id_vars=["YEAR"], var_name="month")'
    assert left_out(question, [sea])(code) is None
    assert left_out("The value of JAN in sea", [sea])('result = sea["FEB"]') is not None
    spread = spread_of(sea)
    assert spread is not None and 'sea[sea["YEAR"].between(2005, 2007)].melt(' in spread.examples(question)


@pytest.mark.parametrize(
    ("question", "code", "meant"),
    [
        (
            "Which other column has the strongest correlation with grams?",
            'result = eggs.corr(numeric_only=True)["grams"].drop("grams").abs().idxmin()',
            'result = eggs.corr(numeric_only=True)["grams"].drop("grams").abs().idxmax()',
        ),
        (
            "Which column has the weakest correlation with grams?",
            'result = eggs.corr(numeric_only=True)["grams"].drop("grams").abs().idxmin()',
            "",
        ),
        (
            "Which column correlates most negatively with grams?",
            'result = eggs.corr(numeric_only=True)["grams"].idxmin()',
            "",
        ),
    ],
)
def test_the_strongest_is_not_the_weakest(question: str, code: str, meant: str) -> None:
    """By absolute value the smallest is the weakest."""
    error = strongest(question)(code)
    assert (error.hint if error is not None else "") == (f"Write: {meant}" if meant else "")


def test_a_number_for_each() -> None:
    """A list of the same names is none."""
    code = "SELECT farm FROM eggs WHERE breed = 'Leghorn'"
    names = _result(pd.DataFrame({"farm": ["Hill", "Hill", "Mill"]}))
    error = counted_rows("How many eggs of Leghorn did the farms have? One row for each.")(names, code)
    assert error is not None
    assert error.hint == "Write: SELECT farm, COUNT(*) FROM eggs WHERE breed = 'Leghorn' GROUP BY farm"
    assert counted_rows("Which farms have Leghorn eggs? One row for each.")(names, code) is None
    error = listed_once("List each of these farms once.")(names, code)
    assert error is not None and error.hint == f"Write: {code.replace('SELECT', 'SELECT DISTINCT')}"
    assert listed_once("List each farm that had at least once no eggs.")(names, code) is None


def test_titles_without_their_article() -> None:
    """They are shown without it, and not left out."""
    code = "SELECT title FROM songs WHERE year >= 2000 AND title NOT LIKE 'The %'"
    error = without_article("List the titles of songs since 2000, without the The in front.")(code)
    cut = "CASE WHEN title LIKE 'The %' THEN SUBSTRING(title, 5) ELSE title END AS title"
    assert error is not None and error.hint == f"Write: SELECT {cut} FROM songs WHERE year >= 2000"
    assert without_article("Songs since 2000 that do not begin with The")(code) is None
