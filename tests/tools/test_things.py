"""Keys of different things compared in a condition."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

from qwen_magics.errors import QueryError
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.sql.things import compared_alike, mixed_keys

TOWNS = pd.DataFrame({"town_id": [101, 102, 103], "town": ["Hof", "Ulm", "Jena"]})
CLINICS = pd.DataFrame({"clinic_id": [1, 2, 3, 4], "town_id": [101, 101, 102, 103], "name": list("abcd")})
PATIENTS = pd.DataFrame(
    {"patient_id": [21, 22, 23, 24], "town_id": [101, 102, 103, 103], "name": list("xyzu")}
)
VISITS = pd.DataFrame(
    {
        "visit_id": [31, 32, 33, 34],
        "clinic_id": pd.array([2, 3, 4, None], dtype="Int64"),
        "patient_id": [21, 21, 23, 22],
        "cost": [9, 8, 7, 6],
    }
)
READ = "visits AS v JOIN patients AS p ON p.patient_id = v.patient_id"


@pytest.fixture(scope="module")
def health() -> Iterator[FrameDatabase]:
    frames = {"towns": TOWNS, "clinics": CLINICS, "patients": PATIENTS, "visits": VISITS}
    with FrameDatabase(frames) as database:
        yield database


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (f"SELECT COUNT(*) FROM {READ} WHERE v.clinic_id = p.town_id", 2),
        (f"SELECT COUNT(*) FROM {READ} WHERE p.town_id = v.clinic_id AND cost > 8", 1),
        (f"SELECT COUNT(*) FROM {READ} WHERE v.clinic_id <> p.town_id", 1),
        (f"SELECT SUM(CASE WHEN clinic_id = p.town_id THEN 1 ELSE 0 END) FROM {READ}", 2),
        # A visit without a clinic still counts among all.
        (f"SELECT AVG(CASE WHEN v.clinic_id = p.town_id THEN 1 ELSE 0 END) FROM {READ}", 0.5),
        (f"SELECT name FROM {READ} WHERE v.clinic_id = p.town_id ORDER BY cost LIMIT 1", "z"),
        (
            f"SELECT COUNT(*) FROM {READ} JOIN clinics AS c ON v.clinic_id = c.clinic_id "
            "WHERE v.clinic_id = p.town_id",
            2,
        ),
        (
            f"SELECT COUNT(*) FROM {READ} JOIN clinics AS c ON v.clinic_id = c.clinic_id "
            "WHERE c.clinic_id = p.town_id",
            2,
        ),
    ],
)
def test_the_table_that_is_left_out_is_put_in(health: FrameDatabase, written: str, found: object) -> None:
    meant = health.check(written)
    assert meant != written
    result = health.run(meant)
    assert result.frame.iat[0, 0] == found
    assert all(finding.kind != "other_keys" for finding in health.review(meant, result))


@pytest.mark.parametrize(
    "sql",
    [
        f"SELECT COUNT(*) FROM {READ} WHERE v.patient_id = p.patient_id",
        f"SELECT COUNT(*) FROM {READ} WHERE v.cost = p.town_id",
        f"SELECT COUNT(*) FROM {READ} WHERE v.clinic_id = 3",
        "SELECT COUNT(*) FROM clinics AS c JOIN patients AS p ON c.town_id = p.town_id",
        "SELECT ( WHERE",
    ],
)
def test_what_is_right_stays(health: FrameDatabase, sql: str) -> None:
    assert compared_alike(sql, health.tables, health.dialect) == sql
    assert mixed_keys(sql, health.tables, health.dialect) is None


@pytest.mark.parametrize(
    ("sql", "hint"),
    [
        # The comparison may be meant as the join of the two.
        (
            "SELECT COUNT(*) FROM visits AS v, patients AS p WHERE v.clinic_id = p.town_id",
            "Compare keys of the same; there is clinics.town_id.",
        ),
        (f"SELECT * FROM {READ} WHERE v.clinic_id = p.town_id", "there is clinics.town_id"),
        (
            "SELECT COUNT(*) FROM visits WHERE visits.clinic_id = visits.patient_id",
            "Compare keys of the same.",
        ),
    ],
)
def test_what_is_not_certain_is_said(health: FrameDatabase, sql: str, hint: str) -> None:
    assert compared_alike(sql, health.tables, health.dialect) == sql
    findings = health.review(sql, health.run(health.check(sql)))
    (found,) = [finding for finding in findings if finding.kind == "other_keys"]
    assert isinstance(found, QueryError) and hint in found.hint
