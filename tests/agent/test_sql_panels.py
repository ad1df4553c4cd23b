"""Tables by thing and year or by parts of a year, leads over the second best, new highs, running numbers."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from qwen_magics.agent.examples.sql.recipes import nearest_sql
from qwen_magics.agent.examples.whole.again import again
from qwen_magics.agent.examples.whole.placed import placed
from qwen_magics.agent.examples.whole_times import with_whole_time
from qwen_magics.tools.schema import Column, Join, Table, describe

_HARVESTS = Table(
    "harvests",
    (
        Column("farm", "VARCHAR"),
        Column("soil", "VARCHAR", categories=("'clay'", "'sand'")),
        Column("year", "BIGINT", samples=("2001", "2004")),
        Column("tonnes", "DOUBLE"),
    ),
    400,
)
_ECONOMY = Table(
    "economy",
    (
        Column("year", "BIGINT", samples=("2001", "2004")),
        Column("quarter", "BIGINT", samples=("1", "4")),
        Column("output", "DOUBLE"),
        Column("jobless", "DOUBLE"),
    ),
    80,
)
_RIDES = Table(
    "rides",
    (
        *(Column(name, "BIGINT") for name in ("year", "month", "day")),
        Column("line", "VARCHAR", categories=("'A'", "'B'")),
        Column("stop", "VARCHAR", categories=("'Mill'", "'Quay'")),
        Column("metres", "DOUBLE"),
    ),
    9000,
)
_QUOTES = Table(
    "quotes",
    (
        Column("firm", "VARCHAR", categories=("'Acme'", "'Bolt'")),
        Column("day", "DATE"),
        Column("price", "DOUBLE"),
    ),
    400,
)


def _shown(question: str, table: Table, dialect: str = "DuckDB") -> str:
    text = nearest_sql(question, describe([table]), dialect, table)
    return text.rpartition("```sql\n")[2].partition("\n```")[0]


@pytest.mark.parametrize(
    ("question", "end"),
    [
        ("Which farm's tonnes fell the most from one year to the next?", "growth LIMIT 1"),
        ("For which farm did tonnes drop most sharply against the previous year?", "growth LIMIT 1"),
        ("In which farm did the tonnes rise most over the year before?", "growth DESC LIMIT 1"),
        ("What farm saw the largest increase in tonnes between two successive years?", "growth DESC LIMIT 1"),
    ],
)
def test_things_that_moved_most(question: str, end: str) -> None:
    shown = _shown(question, _HARVESTS)
    assert "tonnes - LAG(tonnes) OVER (PARTITION BY farm ORDER BY year)" in shown
    assert shown.startswith("SELECT farm FROM")
    assert shown.endswith(end)


@pytest.mark.parametrize(
    "question",
    [
        "In which year did the tonnes fall the most against the year before?",
        "Which soil had the largest fall of its total tonnes from one year to the next?",
        "Which farm had the lowest tonnes?",
        "Which farm's tonnes fell the most between 2001 and 2008?",
    ],
)
def test_other_changes_are_no_things_of_their_own(question: str) -> None:
    assert "PARTITION BY farm" not in _shown(question, _HARVESTS)


_BEFORE = "LAG({0}) OVER (PARTITION BY quarter ORDER BY year)"


@pytest.mark.parametrize(
    ("question", "begin", "column"),
    [
        (
            "The highest percent growth of output against the same quarter a year before?",
            "MAX(growth)",
            "output",
        ),
        ("What was the largest year-on-year fall of jobless by quarter?", "MIN(growth)", "jobless"),
        (
            "In which quarter did output rise most over the same quarter of the previous year?",
            "year, quarter",
            "output",
        ),
        (
            "In how many quarters was jobless lower than in the same quarter one year earlier?",
            "COUNT(*)",
            "jobless",
        ),
        (
            "By how much did output differ from the same quarter of the year before, for each quarter?",
            "year",
            "output",
        ),
    ],
)
def test_the_same_quarter_of_the_year_before(question: str, begin: str, column: str) -> None:
    shown = _shown(question, _ECONOMY)
    assert shown.startswith(f"SELECT {begin}")
    assert _BEFORE.format(column) in shown


def test_windows_go_by_the_whole_time() -> None:
    shown = _shown("In how many quarters was output lower than in the quarter before?", _ECONOMY)
    assert "OVER (ORDER BY year, quarter)" in shown
    grouped = "SELECT month, SUM(COUNT(*)) OVER (ORDER BY month) FROM t GROUP BY month"
    assert with_whole_time(grouped, {"year", "month"}) == grouped
    assert (
        with_whole_time("SELECT LAG(x) OVER (ORDER BY day)", {"day"}) == "SELECT LAG(x) OVER (ORDER BY day)"
    )


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("What percentage of the tonnes of each soil came from its largest farm in 2004?", "SUM(tonnes)"),
        (
            "For each soil, what share of the tonnes does its most productive farm have, in percent?",
            "SUM(tonnes)",
        ),
        ("Per soil, what percent of tonnes comes from the biggest farm?", "SUM(tonnes)"),
    ],
)
def test_the_part_of_the_largest(question: str, figure: str) -> None:
    shown = _shown(question, _HARVESTS)
    assert "100.0 * MAX(total) / SUM(total)" in shown
    assert f"{figure} AS total" in shown
    assert ("WHERE year = 2004" in shown) == ("2004" in question)


def test_the_part_of_the_busiest() -> None:
    question = "What percentage of the rides of each line goes to its most frequent stop?"
    assert "line, stop, COUNT(*) AS total" in _shown(question, _RIDES)


@pytest.mark.parametrize(
    "question",
    [
        "Which soil has the highest percentage of harvests above 10 tonnes?",
        "What percentage of all tonnes came from each soil in 2004?",
        "What percentage of the farms of each soil has more than 10 tonnes?",
    ],
)
def test_other_shares_are_no_parts_of_the_largest(question: str) -> None:
    assert "MAX(total)" not in _shown(question, _HARVESTS)


def test_leads_over_the_second_best() -> None:
    shown = _shown(
        "For each soil, how far is the best farm ahead of the second best in tonnes in 2004?", _HARVESTS
    )
    assert "PARTITION BY soil ORDER BY tonnes DESC" in shown
    assert "year = 2004" in shown
    harvests = pd.DataFrame(  # noqa: F841
        {"farm": [*"abcd"], "soil": ["clay", "clay", "clay", "sand"], "year": 2004, "tonnes": [9.0, 4, 7, 5]}
    )
    found = dict(duckdb.sql(shown).fetchall())
    assert found == {"clay": 2.0, "sand": None}
    low = _shown("By how much is the lightest harvest below the next lightest, by tonnes?", _HARVESTS)
    assert "rn = 2 THEN tonnes END) - MAX(CASE WHEN rn = 1" in low


@pytest.mark.parametrize(
    "question",
    [
        "Which farm has the second highest tonnes of each soil?",
        "What is the difference between the highest and the lowest tonnes of each soil?",
        "How many days lie between the first and the second harvest of each farm?",
    ],
)
def test_other_seconds_are_no_leads(question: str) -> None:
    assert "AS lead" not in _shown(question, _HARVESTS)


@pytest.mark.parametrize(
    ("question", "compared", "where"),
    [
        (
            "On how many days was the price of Acme higher than on every earlier day?",
            "price > highest",
            "'Acme'",
        ),
        ("How many times did Bolt close lower than ever before?", "price < lowest", "'Bolt'"),
        ("On how many days did the price of Bolt beat all previous ones?", "price > highest", "'Bolt'"),
        ("On how many days was the price lower than on any day before?", "price < lowest", ""),
    ],
)
def test_new_highs_and_lows(question: str, compared: str, where: str) -> None:
    shown = _shown(question, _QUOTES)
    assert compared in shown
    assert (f"WHERE firm = {where}" in shown) == bool(where)


def test_higher_than_the_day_before_is_no_new_high() -> None:
    shown = _shown("On how many days was the price of Acme higher than on the day before?", _QUOTES)
    assert "LAG(price)" in shown


@pytest.mark.parametrize(
    ("question", "condition"),
    [
        (
            "On which day (month and day) does the running number of rides first exceed 5000?",
            "running > 5000",
        ),
        ("When did the cumulative count of rides reach 2,500?", "running >= 2500"),
    ],
)
def test_a_running_number_passes_a_limit(question: str, condition: str) -> None:
    shown = _shown(question, _RIDES)
    assert f"WHERE {condition} ORDER BY year, month, day LIMIT 1" in shown
    rides = pd.DataFrame(  # noqa: F841
        [{"year": 2024, "month": m, "day": d} for m in (1, 2) for d in range(1, 29) for _ in range(100)]
    )
    assert duckdb.sql(shown).fetchall() == [(2, 23) if "5000" in condition else (1, 25)]


def test_days_above_a_number_are_no_running_number() -> None:
    assert "SUM(n)" not in _shown("On which day did the number of rides exceed 500?", _RIDES)


def test_the_place_of_a_thing_in_its_group() -> None:
    one = "(SELECT tonnes FROM harvests WHERE year = 2004 AND farm = '{1}')"
    where = f"WHERE year = 2004 AND soil = 'clay' AND tonnes {{0}} {one}"
    for question, sign, farm in (
        ("By tonnes in 2004, which rank does Elm have among those on clay, the highest being 1?", ">", "Elm"),
        ("Where did Old Mill rank on clay by tonnes in 2004?", ">", "Old Mill"),
        ("What place had Elm on clay by tonnes in 2004, lowest first?", "<", "Elm"),
    ):
        found = placed(question, [_HARVESTS])
        assert found is not None
        assert found.query.endswith(where.format(sign, farm))
    for question in (
        "Which rank does Elm have by tonnes in 2004?",
        "Rank the farms on clay by tonnes in 2004.",
        "Which rank does Elm have on clay by total tonnes?",
        "Which rank does Elm have on clay by tonnes in 2004 and in 2005?",
        "Which rank have Elm and Oak on clay by tonnes in 2004?",
    ):
        assert placed(question, [_HARVESTS]) is None


_SHOP = (
    Table("films", (Column("film_id", "BIGINT", unique=True), Column("title", "VARCHAR")), 50),
    Table("guests", (Column("guest_id", "BIGINT", unique=True), Column("name", "VARCHAR")), 40),
    Table(
        "tapes",
        (Column("tape_id", "BIGINT", unique=True), Column("film_id", "BIGINT")),
        90,
        (Join("tapes", "film_id", "films", "film_id"),),
    ),
    Table(
        "rentals",
        (
            Column("rental_id", "BIGINT", unique=True),
            Column("tape_id", "BIGINT"),
            Column("guest_id", "BIGINT"),
            Column("rented", "DATE"),
        ),
        900,
        (Join("rentals", "tape_id", "tapes", "tape_id"), Join("rentals", "guest_id", "guests", "guest_id")),
    ),
)


@pytest.mark.parametrize(
    ("question", "keys"),
    [
        (
            "How many rentals were of a film that the same guest had already had, on whichever tape?",
            "tapes.film_id, rentals.guest_id",
        ),
        (
            "Count the rentals of a tape by a guest who had the same tape before.",
            "rentals.tape_id, rentals.guest_id",
        ),
        (
            "How many rentals were repeats: the same guest, the same film again?",
            "rentals.guest_id, tapes.film_id",
        ),
    ],
)
def test_had_again(question: str, keys: str) -> None:
    found = again(question, _SHOP)
    assert found is not None
    assert f"PARTITION BY {keys} ORDER BY rentals.rented" in found.query
    assert found.query.endswith("AS s WHERE n > 1")


@pytest.mark.parametrize(
    "question",
    [
        "How many rentals came within 7 days of the same guest's previous rental of a film?",
        "How many rentals were returned already?",
        "How many guests had the same film again?",
        "How many rentals did each guest have of a film that the same guest had before?",
        "How many rentals were of a film that no guest had before?",
    ],
)
def test_others_are_not_had_again(question: str) -> None:
    assert again(question, _SHOP) is None
