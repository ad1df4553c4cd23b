"""How plainly a question names a column."""

from __future__ import annotations

import time

import pytest

from qwen_magics.agent.examples.casting import cast
from qwen_magics.agent.words.adjectives import measures_of
from qwen_magics.agent.words.mentions import Asked, value_at
from qwen_magics.agent.words.places import phrases
from qwen_magics.tools.schema import Column, Table

PEAKS = Table(
    "peaks",
    (
        Column("peak", "VARCHAR"),
        Column("latitude", "DOUBLE"),
        Column("elev_m", "BIGINT"),
        Column("snow_cm", "DOUBLE"),
        Column("rain_min", "DOUBLE"),
        Column("rain_max", "DOUBLE"),
        Column("range", "VARCHAR", categories=("'Alps'", "'Jura'", "'IN'")),
        Column("firstAscent", "BIGINT", samples=("1865", "1921")),
    ),
    80,
)
TRAMS = Table(
    "trams",
    (
        Column("tram", "BIGINT"),
        Column("stopname", "VARCHAR"),
        Column("dep_late", "DOUBLE"),
        Column("dep_time", "DOUBLE"),
        Column("kmh", "DOUBLE"),
        Column("ppc", "DOUBLE"),
        Column("tram_mass_kg", "DOUBLE"),
        Column("line", "VARCHAR", categories=("'A'", "'B'")),
    ),
    900,
)


def numbers(question: str, table: Table) -> tuple[str, str]:
    columns = cast(question, table).columns
    return columns["price"], columns["weight"]


@pytest.mark.parametrize(
    ("question", "table", "first"),
    [
        ("the three highest peaks of every range", PEAKS, "elev_m"),
        ("which peak lies lowest?", PEAKS, "elev_m"),
        ("mean elevation per range", PEAKS, "elev_m"),
        ("correlation of anything", PEAKS, "elev_m"),
        ("the wettest peak", PEAKS, "rain_min"),
        ("mean of rain_max per range", PEAKS, "rain_max"),
        ("how does the maximal rain change?", PEAKS, "rain_max"),
        ("how many trams had a dep_late over 3?", TRAMS, "dep_late"),
        ("trams of each line by their departure time", TRAMS, "dep_time"),
        ("share of @trams that left in time, by dep_late", TRAMS, "dep_late"),
        ("the heaviest tram of each line", TRAMS, "tram_mass_kg"),
        ("which line has the lightest trams?", TRAMS, "tram_mass_kg"),
        ("average people per car of the trams", TRAMS, "ppc"),
    ],
)
def test_a_number_is_named_by_its_words_by_their_beginnings_and_by_adjectives(
    question: str, table: Table, first: str
) -> None:
    assert numbers(question, table)[0] == first


def test_min_beside_max_is_no_minute() -> None:
    assert numbers("how do rain_max and snow relate?", PEAKS) == ("rain_max", "snow_cm")


def test_the_table_itself_names_no_column() -> None:
    assert Asked("how many trams?", TRAMS.columns, "trams").said(TRAMS.columns[0])[0] < 0.5
    assert Asked("each tram", TRAMS.columns, "trams").place(TRAMS.columns[0]) == 1


def test_words_that_run_into_one_name() -> None:
    assert Asked("the stop name of each", TRAMS.columns).place(TRAMS.columns[1]) == 1
    assert Asked("they halt at every name", TRAMS.columns).place(TRAMS.columns[1]) is None


@pytest.mark.parametrize("text", ["Count the rows", "which are there", "for 30 minutes", "one's own"])
def test_little_words_are_no_beginnings_of_names(text: str) -> None:
    columns = [Column(name, "VARCHAR") for name in ("country", "area", "forest", "minute", "s1", "theme")]
    assert [column.name for column in columns if Asked(text, columns).place(column) is not None] == []


def test_of_singular_and_plural_the_one_that_is_spelled() -> None:
    columns = [Column("doors", "BIGINT"), Column("door", "VARCHAR")]
    assert Asked("one row per door", columns).place(columns[0]) is None
    assert Asked("one row per door", columns).place(columns[1]) == 3


def test_values_that_are_words_are_meant_in_their_own_case_only() -> None:
    assert value_at("IN", "peaks in the Alps") == -1 and value_at("IN", "peaks of IN") == 9
    assert value_at("Alps", "peaks in the alps") == 13
    assert cast("peaks in any range", PEAKS).said == 0


def test_comparatives_have_measures() -> None:
    assert "speed" in measures_of("fastest") and "price" in measures_of("cheaper")
    assert measures_of("expensive") and not measures_of("later") and not measures_of("green")


def test_telling_places() -> None:
    found = phrases("one row per farm and one column for each crop, ordered by yield")
    assert (found["row"].strip(), found["column"].strip()) == ("farm and one", "crop")
    assert "yield" not in found["each"]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("the farm with most fields", "ranked", "farm"),
        ("Which farm made by far the highest profit?", "ranked", "farm"),
        ("the farm that has the largest mean yield", "ranked", "farm"),
        ("the most common crop of each farm", "ranked", "crop"),
        ("how many types of crop are grown", "different", "crop are grown"),
        ("farm by farm, the yield", "each", "farm"),
        ("the yield, separately for the farms", "each", "farms"),
        ("yields with farms in rows", "row", "farms"),
        ("crops down, farms across", "column", "farms"),
    ],
)
def test_places_are_told_in_many_ways(text: str, place: str, words: str) -> None:
    assert phrases(text)[place].strip() == words


@pytest.mark.parametrize("text", [" " * 20_000, "the " * 5_000, "row " * 5_000, "(" * 20_000, "dep " * 5_000])
def test_a_page_takes_no_time(text: str) -> None:
    started = time.perf_counter()
    cast(f"{text} with the most", TRAMS)
    assert time.perf_counter() - started < 1.0
