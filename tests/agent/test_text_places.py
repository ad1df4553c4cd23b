"""A text at the end of another, as a word, or all of it; one of two that was left out."""

from __future__ import annotations

import pytest

from qwen_magics.agent.checks.overlooked import overlooked
from qwen_magics.agent.checks.text_places import text_places

_PUBS = "SELECT name FROM pubs WHERE"


@pytest.mark.parametrize(
    ("question", "code", "kind", "meant"),
    [
        (
            "Which pubs have a name that ends in Inn or in Arms?",
            f"{_PUBS} LOWER(name) LIKE '%inn%' OR LOWER(name) LIKE '%arms%'",
            "other_end",
            f"{_PUBS} LOWER(name) LIKE '%inn' OR LOWER(name) LIKE '%arms'",
        ),
        (
            "Which pubs end with 'Inn' or 'Arms'?",
            f"{_PUBS} name LIKE '%Arms'",
            "one_of_two",
            f"{_PUBS} (name LIKE '%Arms' OR name LIKE '%Inn')",
        ),
        (
            "Pubs starting with Royal or Old that are open",
            f"{_PUBS} LOWER(p.name) LIKE 'royal%' AND open = 1",
            "one_of_two",
            f"{_PUBS} (LOWER(p.name) LIKE 'royal%' OR LOWER(p.name) LIKE 'old%') AND open = 1",
        ),
        (
            "How many pubs end with the word Inn?",
            f"{_PUBS} name LIKE '%Inn' AND open = 1",
            "part_of_word",
            f"{_PUBS} (name LIKE '% Inn' OR name LIKE '%-Inn' OR name LIKE '%/Inn') AND open = 1",
        ),
        (
            "Pubs whose last word is “Inn”",
            f"{_PUBS} name LIKE '%Inn'",
            "part_of_word",
            f"{_PUBS} (name LIKE '% Inn' OR name LIKE '%-Inn' OR name LIKE '%/Inn')",
        ),
        (
            "Pubs that begin with the word Old",
            f"{_PUBS} name NOT LIKE '%Old%'",
            "other_end",
            f"{_PUBS} (name NOT LIKE 'Old %' AND name NOT LIKE 'Old-%' AND name NOT LIKE 'Old/%')",
        ),
        (
            "How many codes are made up of letters only?",
            "SELECT COUNT(*) FROM pubs WHERE REGEXP_MATCHES(code, '[A-Za-z]')",
            "not_anchored",
            "SELECT COUNT(*) FROM pubs WHERE REGEXP_MATCHES(code, '^[A-Za-z]+$')",
        ),
        (
            "Codes consisting of only digits",
            "SELECT code FROM pubs WHERE code REGEXP '[0-9]+'",
            "not_anchored",
            "SELECT code FROM pubs WHERE code REGEXP '^[0-9]+$'",
        ),
        (
            "codes with nothing but capital letters",
            "result = pubs[pubs['code'].str.contains(r'[A-Z]+')]",
            "not_anchored",
            "result = pubs[pubs['code'].str.contains(r'^[A-Z]+$')]",
        ),
        (
            "Codes that have letters only",
            "SELECT code FROM pubs WHERE REGEXP_MATCHES(code, '[a-z]{3}')",
            "not_anchored",
            "SELECT code FROM pubs WHERE REGEXP_MATCHES(code, '^[a-z]{3}$')",
        ),
    ],
)
def test_the_program_that_is_meant_is_said_once(question: str, code: str, kind: str, meant: str) -> None:
    check = overlooked(question)
    error = check(code)
    assert error is not None and error.kind == kind
    assert error.hint.endswith(f": {meant}")
    assert not list(text_places(question)(meant))
    assert check(code) is None


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("Which pubs end with Inn?", f"{_PUBS} name LIKE '%Inn'"),
        ("Pubs that end in Inn or Arms", f"{_PUBS} name LIKE '%Inn' OR RIGHT(name, 4) = 'Arms'"),
        ("Pubs that end in Inn or Arms", f"{_PUBS} REGEXP_MATCHES(name, '(Inn|Arms)$')"),
        ("Pubs that end in Inn or have a garden", f"{_PUBS} name LIKE '%Inn' OR garden"),
        ("Pubs with the word Inn", f"{_PUBS} name LIKE '%Inn%'"),
        ("Codes of letters only", "SELECT code FROM pubs WHERE NOT REGEXP_MATCHES(code, '[0-9]')"),
        ("Codes of letters only", "SELECT code FROM pubs WHERE REGEXP_MATCHES(code, '[^a-z]') = FALSE"),
        ("codes of letters only", "result = pubs[~pubs.code.str.contains('[0-9]')]"),
        ("codes with a digit", "SELECT code FROM pubs WHERE REGEXP_MATCHES(code, '[0-9]')"),
        ("Only the codes with a digit", "SELECT code FROM pubs WHERE REGEXP_MATCHES(code, '[0-9]')"),
    ],
)
def test_what_may_be_right_is_left_alone(question: str, code: str) -> None:
    assert not list(text_places(question)(code))
