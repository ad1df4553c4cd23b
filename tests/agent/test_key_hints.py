"""Keys that a question names by a role: "the birth town of the patient"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
import pytest

from qwen_magics.agent.links.key_hints import compared_roles
from qwen_magics.agent.links.linking import hints
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.key_roles import role_of, singular_words
from qwen_magics.tools.schema import Column, Join, Table

TOWNS = pd.DataFrame({"town_id": [1, 2, 3], "town": ["Ulm", "Kiel", "Hof"]})
WARDS = pd.DataFrame({"ward_id": [10, 11], "ward": ["Eyes", "Ears"], "town_id": [1, 2]})
PATIENTS = pd.DataFrame({"patient_id": [20, 21, 22], "age": [30, 50, 70], "birth_town_id": [1, 2, 2]})
VISITS = pd.DataFrame(
    {"visit_id": [30, 31, 32, 33], "patient_id": [20, 20, 21, 21], "ward_id": [10, 11, 11, 11]}
)
WAY = "FROM visits JOIN patients ON visits.patient_id = patients.patient_id"
BORN = "JOIN towns ON patients.birth_town_id = towns.town_id"


@pytest.fixture(scope="module")
def clinic() -> Iterator[FrameDatabase]:
    frames = {"towns": TOWNS, "wards": WARDS, "patients": PATIENTS, "visits": VISITS}
    with FrameDatabase(frames) as database:
        # A database says so, frames do not.
        keys = {
            "patients": (Join("patients", "birth_town_id", "towns", "town_id"),),
            "wards": (Join("wards", "town_id", "towns", "town_id"),),
        }
        database.tables = tuple(
            replace(table, joins=keys.get(table.name, table.joins)) for table in database.tables
        )
        yield database


@pytest.mark.parametrize(
    ("question", "line"),
    [
        (
            "How many visits were made by patients whose birth town is Kiel?",
            f"-- birth town: {WAY} {BORN} WHERE towns.town = 'Kiel'",
        ),
        ("visits per birth town of the patient", f"-- birth town: {WAY} {BORN}"),
        (
            "patients with Ulm as their birth town",
            f"-- birth town: FROM patients {BORN} WHERE towns.town = 'Ulm'",
        ),
        ("Of which birth-towns are our patients?", f"-- birth town: FROM patients {BORN}"),
    ],
)
def test_the_join_along_the_key_that_is_named(clinic: FrameDatabase, question: str, line: str) -> None:
    lines = hints(question, clinic.tables).splitlines()
    assert line in lines
    assert "-- towns.town" not in "".join(lines), "the value stands in the line of the key"


@pytest.mark.parametrize(
    "question",
    [
        "How many visits were there in Kiel?",
        "How many patients were born in each town?",
        "towns with a ward",
        "What is the average age at birth?",
    ],
)
def test_other_words_name_no_key(clinic: FrameDatabase, question: str) -> None:
    assert "-- birth town:" not in hints(question, clinic.tables)


@pytest.mark.parametrize(
    ("question", "sign"),
    [
        ("How many visits by a patient whose birth town is not the town of the ward?", "<>"),
        ("How often did somebody visit whose birth town isn't the town that the ward is in?", "<>"),
        ("visits where the birth town differs from the ward's town", "<>"),
        ("visits in which the town of the ward is another one than the patient's birth town", "<>"),
        ("visits whose patient's birth town is the same as the town of the ward", "="),
        ("visits of patients whose birth town is also the town where the ward is", "="),
    ],
)
def test_a_named_key_compared_with_another(clinic: FrameDatabase, question: str, sign: str) -> None:
    line = compared_roles(question, clinic.tables)
    assert line in hints(question, clinic.tables)
    assert line.endswith(f"WHERE patients.birth_town_id {sign} wards.town_id")
    sql = f"SELECT COUNT(*) FROM {line.split(' FROM ')[1]}" if " FROM " in line else ""
    assert clinic.run(sql).frame.iat[0, 0] == (1 if sign == "<>" else 3)


def test_how_often_is_a_count(clinic: FrameDatabase) -> None:
    line = compared_roles("How often was a birth town not the town of the ward?", clinic.tables)
    assert ": SELECT COUNT(*) FROM visits" in line


@pytest.mark.parametrize(
    ("key", "there", "role"),
    [
        ("home_branch_id", "branches", ["home", "branch"]),
        ("branch_id", "branches", []),
        ("managerId", "employees", ["manager"]),
        ("order_line_id", "order_lines", []),
        ("line_id", "order_lines", []),
        ("dest", "airports", ["dest"]),
        ("id", "things", []),
    ],
)
def test_what_a_key_says_beyond_its_table(key: str, there: str, role: list[str]) -> None:
    assert role_of(Join("rows", key, there, "id")) == role


def test_a_key_into_its_own_table_gets_an_alias() -> None:
    staff = Table(
        "staff",
        (Column("staff_id", "BIGINT"), Column("shift_leader_id", "BIGINT"), Column("pay", "BIGINT")),
        5,
        (Join("staff", "shift_leader_id", "staff", "staff_id"),),
    )
    other = Table("shifts", (Column("shift_id", "BIGINT"),), 5)
    line = hints("staff who earn more than their shift leader", [staff, other])
    assert "JOIN staff AS shift_leader ON staff.shift_leader_id = shift_leader.staff_id" in line


def test_plurals_of_names() -> None:
    assert singular_words("homeBranches of Countries, buses and glasses") == [
        *("home", "branch", "of", "country", "buse", "and", "glass")
    ]


@pytest.mark.parametrize(
    ("question", "compared"),
    [
        ("How many rides were made by drivers whose home depot is North?", False),
        ("rides per home depot of the driver", False),
        ("How many rides had a van of the driver's home depot?", False),
        ("How many rides were made with vans from the driver's home depot?", True),
        ("How many rides were made with vans from another depot than the home depot?", True),
    ],
)
def test_home_alone_compares_nothing(question: str, compared: bool) -> None:
    def table(name: str, columns: str, *joins: Join, **values: tuple[str, ...]) -> Table:
        made = (Column(column, "BIGINT", categories=values.get(column)) for column in columns.split())
        return Table(name, tuple(made), 9, joins)

    tables = [
        table("depots", "depot_id label", label=("'North'", "'South'")),
        table("vans", "van_id depot_id", Join("vans", "depot_id", "depots", "depot_id")),
        table("drivers", "driver_id home_depot_id", Join("drivers", "home_depot_id", "depots", "depot_id")),
        table(
            "rides",
            "ride_id van_id driver_id",
            Join("rides", "van_id", "vans", "van_id"),
            Join("rides", "driver_id", "drivers", "driver_id"),
        ),
    ]
    text = hints(question, tables)
    assert ("vans.depot_id" in text) == compared, text
    assert compared or "JOIN depots ON drivers.home_depot_id = depots.depot_id" in text
