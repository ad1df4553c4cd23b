"""Nothing that a model may write changes a database, reads a file, waits, or tells of the server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qwen_magics.errors import QueryError
from qwen_magics.tools.databases import Connection
from qwen_magics.tools.databases.connections import _session
from qwen_magics.tools.databases.database import Database
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DIALECTS, dialect_of
from qwen_magics.tools.sql.select_gate import admit
from tests.tools.databases.attacks import EVERYWHERE, HARMLESS, OF, WRITES
from tests.tools.databases.shop import SYSTEMS

_COUNTS = (
    "SELECT (SELECT COUNT(*) FROM orders) AS o, (SELECT COUNT(*) FROM customers) AS c, "
    "(SELECT COUNT(*) FROM order_lines) AS l, (SELECT COUNT(*) FROM paid) AS p, "
    "(SELECT SUM(total) FROM orders) AS t"
)


@pytest.fixture(scope="module")
def trap(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that every user may write to, with one secret in it."""
    folder = tmp_path_factory.mktemp("trap")
    os.chmod(folder, 0o777)
    (folder / "secret.csv").write_text("password\nhunter2\n")
    return folder


@pytest.fixture
def unharmed(database: Database, trap: Path) -> Iterator[Database]:
    before = database.run(_COUNTS).frame.to_dict("list")
    yield database
    assert database.run(_COUNTS).frame.to_dict("list") == before
    assert [path.name for path in trap.iterdir()] == ["secret.csv"]


def _filled(attack: str, trap: Path) -> str:
    return attack.replace("{file}", str(trap / "secret.csv")).replace("{folder}", str(trap))


def test_the_gate_refuses_all(unharmed: Database, system: str, trap: Path) -> None:
    for attack in [*EVERYWHERE, *OF[system]]:
        sql = _filled(attack, trap)
        for act in (unharmed.check, unharmed.run):
            with pytest.raises(QueryError) as caught:
                act(sql)
                pytest.fail(f"not refused: {sql}")
            assert "hunter2" not in str(caught.value)
            assert "\n" not in str(caught.value)


def test_the_session_alone_refuses_to_write(unharmed: Database, shop: Connection) -> None:
    for attack in WRITES:
        session = _session(shop.target)
        try:
            with pytest.raises(session.errors):
                session.fetch(attack, 10, 5)
                pytest.fail(f"not refused: {attack}")
            with suppress(*session.errors):
                session.explain(attack)  # not run; that it changed nothing is looked at in the end
        except QueryError:
            pass  # the DuckDB session has DuckDB's own gate
        finally:
            session.close()


@pytest.mark.parametrize("system", ["postgresql", "mariadb"])
def test_the_server_stops_by_itself(shop: Connection, system: str) -> None:
    tables = ", ".join(f"order_lines t{i}" for i in range(20))
    sums = " + ".join(f"t{i}.amount" for i in range(20))
    session = _session(shop.target)
    with pytest.raises(session.errors, match=r"timeout|max_statement_time"):
        session.fetch(f"SELECT COUNT(*) FROM {tables} WHERE {sums} = -1", 1, 0.3)
    assert session.alive()
    session.close()


def test_what_only_looks_like_an_attack_runs(unharmed: Database) -> None:
    for sql in HARMLESS:
        assert unharmed.run(unharmed.check(sql)).rows >= 1, sql


@pytest.mark.parametrize("system", ["postgresql"])
def test_a_transaction_cannot_be_made_writable(unharmed: Database, shop: Connection) -> None:
    session = _session(shop.target)
    for setting in ("default_transaction_read_only', 'off', false", "transaction_read_only', 'off', true"):
        try:
            session.rows(f"SELECT set_config('{setting})")
        except session.errors:
            continue
        with pytest.raises(session.errors):
            session.fetch("SELECT lo_create(0)", 1, 5)
            pytest.fail("written after set_config")
    session.close()


@pytest.mark.parametrize("system", ["mariadb"])
def test_a_backslash_keeps_a_text_open(unharmed: Database) -> None:
    for mark in "'\"":
        sql = f"SELECT {mark}a\\{mark}, SLEEP(5), {mark}"
        assert unharmed.run(unharmed.check(sql)).typed() == ("text", f"a{mark}, SLEEP(5), ")


@pytest.mark.parametrize("system", ["sqlite"])
def test_a_name_in_double_quotes_is_no_text(unharmed: Database) -> None:
    unharmed.focus("customers in Berlin", lambda text: True)
    with pytest.raises(QueryError, match="single quotes"):
        unharmed.check('SELECT * FROM customers WHERE city = "Berlin"')
    assert unharmed.run('SELECT "city" AS "Town" FROM customers ORDER BY "Town"').rows == 3


_TABLES = [Table("orders", (Column("id", "INTEGER"), Column("total", "REAL")), 1)]
_WORDS = """
SELECT FROM WHERE orders id total ( ) , ; * ' " ` -- /* */ # INTO OUTFILE DELETE UPDATE WITH AS x UNION
ALL 1 2 'a' = + \\ $$ $1 ? : @ [ ] { } LIMIT ORDER BY GROUP sum( pg_sleep( sleep( OR AND NULL
"""
_PIECES = st.sampled_from(_WORDS.split())


@settings(max_examples=150)
@given(st.lists(_PIECES | st.text(max_size=3), max_size=14).map(" ".join), st.sampled_from(sorted(DIALECTS)))
def test_any_text_is_admitted_or_refused(text: str, name: str) -> None:
    try:
        admitted = admit(text, _TABLES, DIALECTS[name])
    except QueryError as error:
        assert "\n" not in str(error)
    else:
        assert not {"DELETE", "UPDATE", "INTO"} & set(admitted.text.split())
        assert "pg_sleep" not in admitted.text and "--" not in admitted.text.replace("'--'", "")


@pytest.mark.parametrize("dialect", [*DIALECTS.values(), dialect_of("klingon")], ids=lambda d: str(d.title))
def test_every_listed_function_is_admitted(dialect: object) -> None:
    from qwen_magics.tools.sql.dialects import Dialect

    assert isinstance(dialect, Dialect)
    forms = (
        "{}(id)",
        "{}(id, 1)",
        "{}(id, 1, 2)",
        "{}(id, 1, 2, 3)",
        "{}('x', id)",
        "{}()",
        "{}(id, INTERVAL 1 DAY)",
        "{}(1, 2, 3, 4, 5, 6)",
    )
    for function in dialect.functions:
        refused = []
        for form in forms:
            try:
                admit(f"SELECT {form.format(function)} FROM orders", _TABLES, dialect)
                break
            except QueryError as error:
                refused.append(error)
        else:
            pytest.fail(f"{function}: {[str(error) for error in refused]}")


def test_all_systems_have_attacks() -> None:
    assert set(OF) == set(SYSTEMS)
