"""A SQLAlchemy dialect of which we know nothing: the generic session, here over SQLite's own driver."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from qwen_magics.errors import DatabaseError
from qwen_magics.tools.databases.database import Database
from qwen_magics.tools.databases.server import ServerSession
from qwen_magics.tools.databases.target import Target, from_url


@pytest.fixture
def session(sqlite_file: Path) -> Iterator[ServerSession]:
    opened = ServerSession(Target("server", "generic", url=make_url(f"sqlite:///{sqlite_file}")))
    yield opened
    opened.close()


def test_tables_and_rows(session: ServerSession) -> None:
    tables = session.catalogue()
    assert [table.name for table in tables] == ["customers", "order_lines", "orders", "paid"]
    assert [str(join) for join in tables[2].joins] == ["orders.customer_id = customers.id"]
    assert "primary key (order_id, line)" in tables[1].columns[0].note
    database = Database("generic", Target("server", "generic"), session, tables, {})
    database.focus("paid orders", lambda text: True)
    result = database.run(database.check("SELECT status, COUNT(*) AS n FROM orders GROUP BY status"))
    assert result.frame.to_dict("list") == {"status": ["open", "paid"], "n": [1, 3]}
    assert database.run("SELECT id FROM orders", max_rows=2).truncated


def test_what_slips_through_is_rolled_back(session: ServerSession) -> None:
    with pytest.raises(TypeError):  # it has no rows to fetch
        session.fetch("DELETE FROM order_lines", 1, 1)
    assert session.rows("SELECT COUNT(*) FROM order_lines") == [(4,)]


def test_a_dialect_that_is_not_installed() -> None:
    target = from_url(make_url("snowflake://ana:geheim@account/db"))
    assert target.shown == "snowflake://ana@account/db"
    with pytest.raises(DatabaseError, match=r"pip install snowflake-sqlalchemy") as caught:
        ServerSession(target)
    assert "geheim" not in str(caught.value)
