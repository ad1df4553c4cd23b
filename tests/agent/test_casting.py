"""Worked examples over the columns that are there."""

from __future__ import annotations

import re

import pytest

from qwen_magics.agent.examples.casting import cast
from qwen_magics.agent.examples.pandas.recipes import shown, strange_names
from qwen_magics.agent.words.mentions import Asked
from qwen_magics.tools.schema import Column, Join, Table

PENGUINS = Table(
    "penguins",
    (
        Column("species", "VARCHAR", categories=("'Adelie'", "'Chinstrap'", "'Gentoo'")),
        Column("island", "VARCHAR", categories=("'Biscoe'", "'Dream'")),
        Column("bill_length_mm", "DOUBLE"),
        Column("bill_depth_mm", "DOUBLE"),
        Column("body_mass_g", "BIGINT"),
        Column("year", "BIGINT", categories=("2007", "2008", "2009")),
    ),
    344,
)
NOTES = Table("notes", (Column('a "b"', "VARCHAR"), Column("written", "DATE")), 9)


def test_what_the_question_names_plays_the_parts_in_its_order() -> None:
    columns = cast("how does body mass relate to bill depth within each island?", PENGUINS).columns
    assert (columns["price"], columns["weight"]) == ("body_mass_g", "bill_depth_mm")
    assert (columns["shop_id"], columns["product"]) == ("island", "species")
    assert columns["week"] == "year" and "sold_at" not in columns


def test_what_is_counted_by_is_a_number_only_after_all_others() -> None:
    columns = cast("correlation matrix", PENGUINS).columns
    assert [columns[part] for part in ("price", "weight", "rating")] == [
        "bill_length_mm",
        "bill_depth_mm",
        "body_mass_g",
    ]


def test_values_of_the_question_are_those_of_the_example() -> None:
    text = shown("does the bill depth differ significantly between Gentoo and Adelie?", PENGUINS)
    assert 'one = penguins[penguins["species"] == "Gentoo"]["bill_depth_mm"].dropna()' in text
    assert 'two = penguins[penguins["species"] == "Adelie"]["bill_depth_mm"].dropna()' in text
    assert text.startswith("Question: does the bill_depth_mm differ significantly between Gentoo and Adelie?")


@pytest.mark.parametrize("question", ["correlation of a and b", "t-test", "transposed", "quartiles", "x"])
def test_no_column_of_the_examples_is_left_where_the_table_has_one(question: str) -> None:
    assert not {"price", "shop_id", "city", "Rome"} & set(shown(question, PENGUINS).split('"'))


def test_what_the_table_has_no_column_for_keeps_a_name_that_the_grammar_refuses() -> None:
    assert "price" in strange_names("average price", NOTES)
    assert "sold_at" not in strange_names("average price", NOTES)
    assert 'result = notes["price"].skew()' not in shown("skewness", PENGUINS)
    assert 'notes["price"]' in shown("quartiles", NOTES)


def test_names_in_a_program_are_texts_of_python() -> None:
    odd = Table("t", (Column('a "b" \\', "DOUBLE"),), 1)
    assert cast("", odd).program('result = t["price"].sum()') == 'result = t["a \\"b\\" \\\\"].sum()'


def test_a_part_of_the_name_counts_less_than_the_whole() -> None:
    columns = [Column("dep_delay", "DOUBLE"), Column("dep_time", "BIGINT"), Column("distance", "DOUBLE")]
    ordered = Asked("distance and departure delay").ordered(columns)
    assert [column.name for column in ordered] == ["distance", "dep_delay", "dep_time"]


@pytest.mark.parametrize(
    ("columns", "program"),
    [
        ((Column("date", "TIMESTAMP"), Column("n", "DOUBLE")), '["date"].dt.month == 5]["n"].mean()'),
        ((Column("n", "DOUBLE"), Column("m", "DOUBLE")), 'result = t["n"].mean()'),
        (
            (
                Column("n", "DOUBLE"),
                Column("a", "VARCHAR", categories=("'x'", "'y'")),
                Column("b", "VARCHAR"),
            ),
            'here = t[t["a"] == "x"]',
        ),
    ],
)
def test_the_usual_example_needs_no_column_that_is_not_there(
    columns: tuple[Column, ...], program: str
) -> None:
    text = shown("how warm was it?", Table("t", columns, 9))
    assert program in text and not {'"city"', '"product"', '"price"'} & set(re.findall(r'"\w+"', text))


GOODS = Table(
    "goods",
    (
        Column("good_id", "INTEGER", unique=True),
        Column("maker_id", "INTEGER"),
        Column("list_price", "DECIMAL(8, 2)"),
        Column("country", "VARCHAR"),
        Column("size", "VARCHAR", categories=("'large'", "'small'")),
    ),
    900,
    joins=(Join("goods", "maker_id", "makers", "maker_id"),),
)


def test_keys_are_no_numbers_unless_the_question_spells_them() -> None:
    assert cast("the dearest good of each maker by list price", GOODS).columns["price"] == "list_price"
    assert cast("correlation of good_id and list_price", GOODS).columns["price"] == "good_id"


def test_a_name_of_too_many_to_be_listed_is_looked_for_among_them() -> None:
    assert cast("which place has France by its price?", GOODS).columns["city"] == "country"
    said = cast("how much dearer are Large goods than small ones?", GOODS)
    assert (said.columns["city"], said.said) == ("size", 2)
    assert cast("which place has it by its price?", GOODS).columns["city"] == "size"


def test_what_is_told_apart_by_is_not_what_is_looked_for() -> None:
    columns = cast("which are there in Adelie but not in Gentoo?", PENGUINS).columns
    assert columns["city"] == "species" != columns["product"]


def test_a_key_is_a_group_where_its_own_name_is_said() -> None:
    nurses = Table(
        "nurses",
        (Column("name", "VARCHAR"), Column("home_church_id", "BIGINT"), Column("hired", "DATE")),
        30,
        joins=(Join("nurses", "home_church_id", "churches", "id"),),
    )
    columns = cast("the nurses of each home church by the date they were hired", nurses).columns
    assert (columns["shop_id"], columns["product"]) == ("home_church_id", "name")


def test_a_number_that_has_years_is_what_time_is_told_by() -> None:
    prints = Table("prints", (Column("made", "BIGINT", samples=("1801", "1890")), Column("cm", "DOUBLE")), 9)
    assert cast("mean cm of each decade", prints).columns["week"] == "made"
