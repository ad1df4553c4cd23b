"""Letters of texts: how one begins or ends, another column in it, two of the same letter; all as one text."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.agent.checks.letters_asked import as_one_text, letters
from qwen_magics.agent.examples.whole.letter_kinds import of_letters
from qwen_magics.agent.examples.whole.text_behind import behind_text
from qwen_magics.agent.examples.whole.text_joined import joined_text
from qwen_magics.agent.examples.worked import worked_query
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.result import QueryResult
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB, SQLITE

_BOATS = Table(
    "boats",
    (
        Column("hull", "VARCHAR", samples=("'NO12'", "'DK9'")),
        Column("country", "VARCHAR", categories=("'DK'", "'NO'", "'SE'")),
        Column("skipper", "VARCHAR", samples=("'Ann P.'",)),
        Column("tons", "DOUBLE"),
    ),
    90,
)
_GUESTS = Table("guests", (Column("guest_id", "BIGINT", unique=True), Column("name", "VARCHAR")), 40)
_IN_ORDER = "(SELECT DISTINCT country FROM boats ORDER BY country) AS s"
_FRAME = pd.DataFrame(
    {
        "hull": ["NO12", "DKx", "1SE", "SE7"],
        "country": ["NO", "DK", "SE", "NO"],
        "skipper": ["Ann P.", "Bo", "Cy Ag", "Di."],
        "tons": [1.0, 2.0, 3.0, 4.0],
    }
)


@pytest.mark.parametrize(
    ("question", "condition"),
    [
        ("How many boats have a hull that ends with a digit?", "REGEXP_MATCHES(hull, '[0-9]$')"),
        ("How many boats have a hull whose last character is a number?", "REGEXP_MATCHES(hull, '[0-9]$')"),
        ("Which boats have a hull that starts with a vowel?", "REGEXP_MATCHES(LOWER(hull), '^[aeiou]')"),
        ("Which boats have a skipper that ends with a period, like Ann P.?", "skipper LIKE '%.'"),
        ("How many boats have a hull with a hyphen at the end?", "hull LIKE '%-'"),
        (
            "How many boats have a hull whose first two letters are their country?",
            "SUBSTR(hull, 1, 2) = country",
        ),
        ("Boats with a hull whose last letters are the country", "hull LIKE '%' || country"),
        (
            "Which boats have a hull and a country that start with the same letter?",
            "SUBSTR(hull, 1, 1) = SUBSTR(country, 1, 1)",
        ),
    ],
)
def test_conditions_on_letters(question: str, condition: str) -> None:
    """Told over the text that is named."""
    told = of_letters(question, [_BOATS], DUCKDB)
    assert told is not None and told.query.endswith(f" WHERE {condition}")


def test_first_and_last_name_in_one_column() -> None:
    """Each system takes the last word in its own way."""
    told = of_letters(
        "How many guests have a first and a last name that start with the same letter?", [_GUESTS], SQLITE
    )
    last = "SUBSTR(name, LENGTH(RTRIM(name, REPLACE(name, ' ', ''))) + 1)"
    condition = f"SUBSTR(name, 1, 1) = SUBSTR({last}, 1, 1)"
    assert told is not None and told.query == f"SELECT COUNT(*) FROM guests WHERE {condition}"


@pytest.mark.parametrize(
    "question",
    [
        "How many boats have a hull that ends with 12?",
        "How many boats have a hull that does not end with a digit?",
        "How many boats have a digit in their hull?",
        "Which boats have a hull that starts with the letter N?",
        "Which season ended with a number of boats above 10?",
        "How many boats are there of each first letter of hull?",
        "Which boats have a hull that begins with a letter of the country?",
        "Which boats start in the same country?",
    ],
)
def test_other_questions_about_letters(question: str) -> None:
    """A text, a negation, a digit anywhere: other examples are told."""
    assert of_letters(question, [_BOATS], DUCKDB) is None


@pytest.mark.parametrize(
    ("question", "code", "meant"),
    [
        (
            "How many boats of NO have a hull that ends with a digit?",
            "SELECT COUNT(*) FROM boats WHERE country = 'NO' AND REGEXP_MATCHES(hull, '[0-9]')",
            "",
        ),
        (
            "How many boats have a hull that ends with a digit?",
            "SELECT COUNT(*) FROM boats WHERE REGEXP_MATCHES(hull, '[0-9]')",
            "SELECT COUNT(*) FROM boats WHERE REGEXP_MATCHES(hull, '[0-9]$')",
        ),
        (
            "How many boats above 1 ton have a skipper that ends with a period?",
            "SELECT COUNT(*) FROM boats WHERE tons > 1 AND LOWER(skipper) LIKE '%p.'",
            "SELECT COUNT(*) FROM boats WHERE tons > 1 AND skipper LIKE '%.'",
        ),
        (
            "How many boats have a hull that ends with a digit?",
            "SELECT COUNT(*) FROM boats WHERE SUBSTR(hull, -1) BETWEEN '0' AND '9'",
            "",
        ),
        (
            "How many boats have a hull that ends with a digit?",
            "SELECT COUNT(*) FROM boats WHERE NOT REGEXP_MATCHES(hull, '[0-9]')",
            "",
        ),
    ],
)
def test_another_condition_comes_back(question: str, code: str, meant: str) -> None:
    """With its other conditions, where the right one gives something else."""
    with FrameDatabase({"boats": _FRAME}) as database:
        check = letters(question, database.tables, DUCKDB, database.run)
        error = check(database.run(code), code)
        assert (error.hint if error is not None else "") == (f"Write: {meant}" if meant else "")


@pytest.mark.parametrize(
    ("question", "query"),
    [
        (
            "Write the different countries of boats in alphabetical order as one text, separated by a comma "
            "and a space",
            f"SELECT STRING_AGG(country, ', ') FROM {_IN_ORDER}",
        ),
        (
            "Put the country of all boats into a single string, joined with '; '",
            "SELECT STRING_AGG(country, '; ') FROM boats",
        ),
        (
            "A comma-separated list of the distinct country values of boats, sorted",
            f"SELECT STRING_AGG(country, ', ') FROM {_IN_ORDER}",
        ),
    ],
)
def test_one_text_of_all(question: str, query: str) -> None:
    """With the sign that is said between them."""
    told = joined_text(question, [_BOATS], DUCKDB)
    assert told is not None and told.query == query
    assert told.text() == worked_query(question, [_BOATS])
    listed = QueryResult(pd.DataFrame({"country": ["NO", "SE"]}), 2, False, 0.0, ("boats",))
    error = as_one_text(question, [_BOATS])(listed, "SELECT country FROM boats")
    assert error is not None and error.hint.endswith(query)


@pytest.mark.parametrize(
    "question",
    [
        "List the different countries of boats in alphabetical order",
        "The countries of boats for each skipper as one text, separated by commas",
        "How many boats have a comma in their hull?",
        "Show the hull and the country of boats, separated by year",
    ],
)
def test_no_one_text(question: str) -> None:
    """Lists, texts of groups, and commas that are looked for."""
    assert joined_text(question, [_BOATS], DUCKDB) is None


def test_what_stands_behind_a_piece() -> None:
    """In the column that has the piece, wherever it stands."""
    barns = Table("barns", (Column("label", "VARCHAR", categories=("'Barn No. 4'", "'Old Barn'")),), 9)
    question = "Some labels have a number after No. in them. List each of these once, with the number."
    told = behind_text(question, [barns], DUCKDB)
    part = "SPLIT_PART(label, 'No. ', 2) AS behind"
    assert told is not None
    assert told.query == f"SELECT DISTINCT label, {part} FROM barns WHERE label LIKE '%No. %'"
    assert behind_text("Which barns were built after No. 4?", [barns], DUCKDB) is None
    assert behind_text("The part of the label after the dash", [barns], DUCKDB) is None
