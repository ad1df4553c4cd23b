"""Series by time and the fullest of each group: runs, records, moves, the nth row, quotas."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.agent.examples.whole.spelled_kinds import spelled_out
from qwen_magics.agent.routing import prefers_program
from qwen_magics.tools.frames import FrameDatabase

_DAYS = pd.date_range("2021-01-01", periods=8)
_WEATHER = pd.DataFrame(
    {
        "date": _DAYS,
        "rain": [1.0, 0, 0, 0, 6, 7, 0, 3],
        "temp": [5.0, 6, 4, 9, 9, 12, 3, 10],
        "sky": ["wet", "dry", "dry", "dry", "wet", "wet", "dry", "wet"],
    }
)
_BALANCE = pd.DataFrame(
    {
        "month": [f"2020-{month:02d}-01" for month in range(1, 9)],
        "net_change": [3, -1, -2, -4, 5, -1, -1, 2],
        "exports": [10.0, 12, 9, 15, 14, 20, 20, 6],
    }
)
_ECONOMY = pd.DataFrame(
    {
        "year": [2000.0] * 4 + [2001.0] * 4,
        "quarter": [1.0, 2, 3, 4] * 2,
        "realout": [100.0, 110, 99, 120, 126, 120, 130, 131],
        "jobs": [50, 40, 45, 44, 60, 61, 30, 62],
    }
)
_PRICES = pd.DataFrame(
    {
        "ticker": ["ONE"] * 4 + ["TWO"] * 4,
        "date": list(pd.date_range("2021-01-01", periods=4)) * 2,
        "price": [4.0, 5, 3, 6, 9, 8, 7, 6],
    }
)
_RIDES = pd.DataFrame(
    {
        "ride": [7, 900, 3, 2, 5, 1, 8, 6, 9, 4],
        "line": ["T1", "T2", "T2", "T1", "T1", "T1", "T3", "T3", "T1", "T2"],
        "depot": ["East"] * 3 + ["West"] * 7,
        "minutes": [10, 20, 60, 5, 100, 7, 9, 20, 30, 8],
        "started": pd.date_range("2022-03-01", periods=10),
    }
)
_FARMS = pd.DataFrame(
    [
        {"farm": farm, "crop": crop, "year": year, "harvest": float(at * 10 + (year - 1930) * place)}
        for farm, place in (("Low", 2), ("High", 3))
        for at, crop in enumerate(("rye", "oats"), 1)
        for year in (1931, 1932)
    ]
)
_DOGS = pd.DataFrame(
    {
        "name": ["Ajax", "Bela", "Cleo", "Dino", "Emma", "Fido"],
        "breed": ["Boxer", "Boxer", "Collie", "Collie", "Pug", "Pug"],
        "weight": [30.0, 12, 20, 9, 8, 8],
        "height": [60, 50, 55, 54, 30, 28],
    }
)
_NATIONS = pd.DataFrame(
    [
        {
            "country": f"{name}land",
            "continent": continent,
            "year": year,
            "wealth": float(wealth + year % 10 * step),
        }
        for name, continent, wealth, step in (
            ("Ayr", "Europe", 10, 1),
            ("Bel", "Europe", 11, -1),
            ("Cor", "Asia", 30, 0),
            *((f"X{at}", "Asia", at, 0) for at in range(60)),
        )
        for year in (2001, 2002, 2003)
    ]
)
_FRAMES = {"weather": _WEATHER, "balance": _BALANCE, "economy": _ECONOMY, "prices": _PRICES, "rides": _RIDES}
_FRAMES |= {"farms": _FARMS, "dogs": _DOGS, "nations": _NATIONS}


def _rows(table: str, question: str) -> list[tuple[object, ...]] | None:
    """What the query gives that is told for the question; None where none is."""
    with FrameDatabase({table: _FRAMES[table]}) as database:
        told = spelled_out(question, database.tables, database.dialect)
        if told is None:
            return None
        assert not told.is_missed(told.query)
        frame = database.run(told.query).frame
    return [tuple(row) for row in frame.itertuples(index=False)]


@pytest.mark.parametrize(
    ("table", "question", "n"),
    [
        ("balance", "What is the longest unbroken run of months in balance with a negative net_change?", 3),
        ("balance", "How many months did the longest streak with a positive net_change last in balance?", 1),
        ("balance", "Most consecutive months with exports above 11?", 4),
        (
            "balance",
            "What was the largest number of months in a row in which exports were at least 14 in balance?",
            4,
        ),
        ("weather", "What is the largest number of days in a row with dry as sky in weather?", 3),
        ("weather", "For how many consecutive days at most was the sky wet in weather?", 2),
        ("weather", "What was the longest run of days without rain in weather?", 3),
        (
            "weather",
            "How long was the longest run of days with rain above 5 in weather? Give the number of days.",
            2,
        ),
        ("economy", "What is the longest run of quarters in economy with jobs below 46?", 3),
        ("prices", "What is the longest run of days with a price above 6 for TWO in prices?", 3),
    ],
)
def test_longest_runs(table: str, question: str, n: int) -> None:
    assert _rows(table, question) == [(n,)]


@pytest.mark.parametrize(
    ("table", "question"),
    [
        ("weather", "In which month was the longest run of days without rain in weather?"),
        ("weather", "When did the longest run of dry days in weather start?"),
        ("balance", "What is the longest run of days in balance with a negative net_change?"),
        ("balance", "What is the longest run of months with rising exports in balance?"),
        ("prices", "What is the longest run of days with a price above 6 for each ticker in prices?"),
        ("prices", "What is the longest run of weeks with a price above 6 in prices?"),
        ("rides", "What is the longest run of days with minutes above 20 and depot East in rides?"),
    ],
)
def test_no_such_run(table: str, question: str) -> None:
    assert _rows(table, question) is None


@pytest.mark.parametrize(
    ("table", "question", "n"),
    [
        ("economy", "In how many quarters of economy was realout higher than in all quarters before?", 5),
        (
            "economy",
            "In how many quarters was jobs in economy lower than in any earlier quarter? "
            "Do not count the first.",
            2,
        ),
        ("balance", "How often did exports reach a new record high in balance?", 3),
        ("balance", "In how many months of balance were exports higher than ever before?", 3),
        ("prices", "On how many days was the price of ONE in prices higher than on all days before?", 2),
    ],
)
def test_records(table: str, question: str, n: int) -> None:
    assert _rows(table, question) == [(n,)]


@pytest.mark.parametrize(
    ("table", "question"),
    [
        ("economy", "In how many quarters of economy was realout higher than in the quarter before?"),
        ("economy", "In how many years of economy was realout higher than in all years before?"),
        ("economy", "In which quarters of economy was realout higher than in all quarters before?"),
        ("prices", "On how many days was the price in prices higher than on all days before?"),
    ],
)
def test_no_records(table: str, question: str) -> None:
    assert _rows(table, question) is None


def test_series_that_moved_most() -> None:
    asked = "In which quarter of economy did real out fall most against the quarter before, in percent?"
    assert _rows("economy", asked) == [(2000.0, 3.0)]
    found = _rows("economy", f"{asked} Year, quarter and the percent change (negative for a fall).")
    assert found is not None
    assert found[0] == (2000.0, 3.0, pytest.approx(-10))
    with FrameDatabase({"economy": _ECONOMY}) as database:
        assert not prefers_program(f"{asked} Give the percent change.", database.tables[0])
        assert prefers_program("percent change of realout from each quarter to the next", database.tables[0])
    grown = "In which month did exports in balance grow the most compared with the month before?"
    assert _rows("balance", grown) == [("2020-04-01",)] or _rows("balance", grown) == [("2020-06-01",)]
    assert _rows("economy", "In which year of economy did realout fall most against the year before?") is None
    assert (
        _rows("economy", "In which quarter did realout in economy fall most against a year earlier?") is None
    )


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("Which line has the most rides from each depot?", {("East", "T2"), ("West", "T1")}),
        ("For each depot, which line had the fewest rides?", {("East", "T1"), ("West", "T2")}),
        (
            "What are the two lines with the most rides in each depot? Give depot, line and the number of"
            " rides.",
            {("East", "T2", 2), ("East", "T1", 1), ("West", "T1", 4), ("West", "T3", 2)},
        ),
        (
            "The line with the highest number of rides of every depot, with how many it had.",
            {("East", "T2", 2), ("West", "T1", 4)},
        ),
    ],
)
def test_fullest_of_each(question: str, rows: set[tuple[object, ...]]) -> None:
    assert set(_rows("rides", question) or ()) == rows


@pytest.mark.parametrize(
    "question",
    [
        "Which line has the most minutes from each depot in rides?",
        "Which ride has the most minutes of each line?",
        "Which line has the most rides of more than 20 minutes from each depot?",
        "Which line has the most rides?",
        "How many rides has each line?",
    ],
)
def test_not_the_fullest(question: str) -> None:
    rows = _rows("rides", question)
    assert rows is None or "East" not in str(rows)


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("On which date did the 3rd ride start, counted from the earliest, in rides?", "2022-03-03"),
        ("When was the fifth ride from depot West in rides?", "2022-03-08"),
        ("What was the date of the 10th ride in rides?", "2022-03-10"),
    ],
)
def test_nth_row(question: str, day: str) -> None:
    rows = _rows("rides", question)
    assert rows is not None
    assert str(rows[0][0])[:10] == day


def test_no_nth_row() -> None:
    for question in (
        "On which date did the 3rd ride of each line start in rides?",
        "How many rides started in the 3rd quarter?",
        "On which date did line T1 have its 3rd longest ride in rides?",
        "Which line made the third ride in rides?",
    ):
        assert _rows("rides", question) is None


@pytest.mark.parametrize(
    ("question", "n"),
    [
        (
            "Going from the line with the most rides downwards, how many lines does it take to have at least"
            " 80 "
            "percent of all rides?",
            2,
        ),
        ("How many lines, starting with the one with the most rides first, make up half of all rides?", 1),
        ("How many lines are needed to cover more than 50% of the rides in rides?", 2),
        ("How many lines does it take to reach 90 percent of all minutes in rides, largest first?", 3),
    ],
)
def test_quota(question: str, n: int) -> None:
    assert _rows("rides", question) == [(n,)]


def test_no_quota() -> None:
    assert _rows("rides", "How many lines have more than 30 percent of all rides?") is None
    assert (
        _rows("rides", "Going from the line with the fewest rides, how many make up half of all rides?")
        is None
    )


@pytest.mark.parametrize(
    ("question", "n"),
    [
        ("How many of the dogs weigh less than half of what the heaviest dog of their breed weighs?", 2),
        ("How many dogs have a height of at least 90 percent of the tallest of their own breed?", 5),
        ("How many dogs weigh more than 80% of the average weight of their breed?", 4),
    ],
)
def test_part_of_the_best(question: str, n: int) -> None:
    assert _rows("dogs", question) == [(n,)]


def test_no_part_of_the_best() -> None:
    assert _rows("dogs", "How many dogs weigh less than half of the heaviest dog?") is None
    assert (
        _rows("dogs", "How many breeds weigh less than half of what the heaviest dog of their breed weighs?")
        is None
    )


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("How heavy is the heaviest of the dogs of each breed?", {("Boxer", 30), ("Collie", 20), ("Pug", 8)}),
        ("For each breed, how tall is the smallest dog?", None),
        ("How tall is the tallest dog of every breed?", {("Boxer", 60), ("Collie", 55), ("Pug", 30)}),
        ("What does the lightest dog of each breed weigh?", {("Boxer", 12), ("Collie", 9), ("Pug", 8)}),
        ("Which dog is the heaviest of each breed, and how heavy is it?", None),
        ("How heavy is the tallest dog of each breed?", None),
    ],
)
def test_best_value_of_each(question: str, rows: set[tuple[object, ...]] | None) -> None:
    found = _rows("dogs", question)
    if rows is None:
        # Another kind may tell who it is.
        assert found is None or any(name in str(found) for name in ("Ajax", "Bela"))
    else:
        assert set(found or ()) == rows


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        (
            "By how much did each crop's harvest at the farm High change from 1931 to 1932 in farms?",
            {("rye", 3.0), ("oats", 3.0)},
        ),
        (
            "How much did the harvest of rye change from 1931 to 1932 for each farm in farms?",
            {("Low", 2.0), ("High", 3.0)},
        ),
        (
            "By how much did the harvest of oats drop between 1931 and 1932 on each farm in farms?",
            {("Low", -2.0), ("High", -3.0)},
        ),
    ],
)
def test_changes_between_two_years(question: str, rows: set[tuple[object, ...]]) -> None:
    assert set(_rows("farms", question) or ()) == rows


def test_no_change_between_two_years() -> None:
    for question in (
        "By how much did each crop's harvest change from 1931 to 1932 in farms?",
        "By how much did the average harvest of each crop change from 1931 to 1932 in farms?",
        "Which crop's harvest changed most from 1931 to 1932 in farms?",
    ):
        assert _rows("farms", question) is None


def test_the_later_of_the_two() -> None:
    asked = (
        "Where did wealth in nations fall the most from one listed year to the next? "
        "Give the country and the later of the two years."
    )
    assert _rows("nations", asked) in ([("Belland", 2002)], [("Belland", 2003)])
    assert _rows("nations", asked.replace("later", "earlier")) is None


def test_places_among_what_comes_from_there() -> None:
    asked = (
        "What place did Ayrland have among the European countries by wealth (1 is the highest) "
        "in each year of nations?"
    )
    assert set(_rows("nations", asked) or ()) == {(2001, 1), (2002, 1), (2003, 1)}


def test_totals_since_new_year() -> None:
    asked = (
        "On which date of 2021 did the rain in weather, added up since January 1 of that year, "
        "first go beyond 6?"
    )
    assert str(_rows("weather", asked))[:40].find("2021-01-05") > 0
    assert (
        _rows("weather", asked.replace("since January 1 of that year", "since March 1 of that year")) is None
    )


def test_sales_may_be_money() -> None:
    sales = pd.DataFrame({"region": ["N", "N", "S"], "product": ["tea", "fig", "tea"], "amount": [1.0, 9, 3]})
    with FrameDatabase({"sales": sales}) as database:
        asked = "Which product has the {} sales in each region?"
        assert spelled_out(asked.format("most"), database.tables, database.dialect) is None
        assert spelled_out(asked.format("highest number of"), database.tables, database.dialect) is not None
