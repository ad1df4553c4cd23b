"""A query as it was meant: the first of its readings that binds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.bridging import bridged
from qwen_magics.tools.sql.group_wholes import with_wholes
from qwen_magics.tools.sql.restating import restated
from qwen_magics.tools.sql.things import compared_alike

if TYPE_CHECKING:
    from qwen_magics.tools.schema import Table
    from qwen_magics.tools.sql.dialects import Dialect

__all__ = ["bound_as_meant"]


def bound_as_meant(
    sql: str,
    tables: Sequence[Table],
    dialect: Dialect,
    bind: Callable[[str], str],
    mends: Callable[[QueryError], Iterable[str]],
) -> str:
    """What `bind` gives for the query: restated, bridged and with like keys compared if that binds, or as it
    is, or for the first mend that binds, which is restated as well.

    Raises:
        QueryError: of the query as it is, where nothing binds.
    """
    for reading in _readings(sql, tables, dialect):
        if reading != sql:
            with suppress(QueryError):
                return bind(reading)
    try:
        return bind(sql)
    except QueryError as error:
        original = error
    for mend in mends(original):
        # What kept the query from binding kept its readings from it, too.
        for meant in (*_readings(mend, tables, dialect), mend):
            if meant != sql:
                with suppress(QueryError):
                    return bind(meant)
    raise original


def _readings(sql: str, tables: Sequence[Table], dialect: Dialect) -> list[str]:
    """What the query may mean, the likeliest first."""
    said = with_wholes(bridged(restated(sql, tables, dialect), tables, dialect), dialect)
    # The first may go too far where the other does not.
    return list(dict.fromkeys((compared_alike(said, tables, dialect), said)))
