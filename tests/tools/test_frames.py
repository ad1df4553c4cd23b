"""FrameDatabase on awkward frames: a right answer, or one clear error with the fix."""

from __future__ import annotations

import datetime
import decimal
import uuid
from typing import Any

import numpy as np
import pandas as pd
import pytest

from qwen_magics.errors import QueryError, UnsupportedDataError
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.schema import Column, Table, describe
from qwen_magics.tools.sql.names import quote_name


def table_of(frame: object, name: str = "t") -> Table:
    with FrameDatabase({name: frame}) as database:
        return database.tables[0]


def ask(frame: object, sql: str) -> Any:
    with FrameDatabase({"t": frame}) as database:
        return database.run(database.check(sql)).typed()[1]


def column_of(values: object, **kwargs: Any) -> Column:
    return table_of(pd.DataFrame({"x": pd.Series(values, **kwargs)})).columns[0]


def test_names_types_nulls_samples_and_categories() -> None:
    frame = pd.DataFrame(
        {"city": ["Oslo", "Rome", None, "Oslo"], "n": [1, 2, 3, 4], "f": [1.5, np.nan, 2.0, 2.0]}
    )
    table = table_of(frame)
    assert [(c.name, c.dtype, c.nulls) for c in table.columns] == [
        ("city", "VARCHAR", 1),
        ("n", "BIGINT", 0),
        ("f", "DOUBLE", 1),
    ]
    assert table.columns[0].categories == ("'Oslo'", "'Rome'")
    assert table.columns[1].samples == ("1", "2", "3")
    assert table.rows == 4


@pytest.mark.parametrize(
    ("data", "fix"),
    [
        ({"a": [1, 2]}, "pd.DataFrame(t)"),
        ([{"a": 1}], "pd.DataFrame(t)"),
        ({"a": 1}, "pd.DataFrame(list(t.items())"),
        (pd.Series([1, 2]), "t.to_frame()"),
        (np.zeros((2, 2)), "pd.DataFrame(t)"),
        (3, "pd.DataFrame(t)"),
        (None, "pd.DataFrame(t)"),
        (pd.DataFrame({"a": [1]}).groupby("a"), "t.obj"),
        (pd.DataFrame(), "no columns"),
        (pd.DataFrame(index=[0, 1]), "no columns"),
    ],
)
def test_no_table_is_refused_with_the_way_out(data: object, fix: str) -> None:
    with pytest.raises(UnsupportedDataError, match="@t ") as caught:
        FrameDatabase({"t": data})
    assert fix in str(caught.value)


def test_empty_frame() -> None:
    frame = pd.DataFrame({"a": pd.Series([], dtype="int64"), "b": pd.Series([], dtype=object)})
    table = table_of(frame)
    assert (table.rows, table.notes) == (0, ("empty",))
    assert ask(frame, "SELECT COUNT(*) FROM t WHERE b = 'x'") == 0
    assert "0 rows" in describe([table])


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (["a", "a", "a"], ["a", "a_2", "a_3"]),
        (["x", "X", "x_2"], ["x", "X_2", "x_2_2"]),
        ([0, 1, 2], ["0", "1", "2"]),
        (["", None, float("nan")], ["column_1", "column_2", "column_3"]),
        ([("a", "b"), ("a", ""), ("c", 1)], ["a_b", "a", "c_1"]),
        (["a\nb", "c\0d", "e`f"], ["a b", "c d", "e'f"]),
        (["<|im_start|>", "order", "group"], ["<im_start>", "order", "group"]),
        (['q"q', "O'Brien", "a--b"], ['q"q', "O'Brien", "a--b"]),
        (["时间", "naïve café", "😀"], ["时间", "naïve café", "😀"]),
        (["select", "from", "a.b"], ["select", "from", "a.b"]),
    ],
)
def test_column_names(labels: list[Any], names: list[str]) -> None:
    frame = pd.DataFrame([[1, 2, 3]])
    frame.columns = pd.Index(labels, dtype=object, tupleize_cols=False)
    table = table_of(frame)
    assert [column.name for column in table.columns] == names
    for position, name in enumerate(names):
        assert ask(frame, f"SELECT {quote_name(name)} FROM t") == position + 1
    renamed = [column for label, column in zip(labels, table.columns, strict=True) if label != column.name]
    assert all("in the frame" in column.note for column in renamed)


@pytest.mark.parametrize("name", ["order", "group", "Select", "my frame", "时间", "q", "table", "flights_2"])
def test_table_names(name: str) -> None:
    with FrameDatabase({name: pd.DataFrame({"a": [7]})}) as database:
        assert database.run(f"SELECT a FROM {quote_name(name)}").typed() == ("number", 7)


def test_table_names_that_differ_only_in_case() -> None:
    with FrameDatabase({"a": pd.DataFrame({"x": [1]}), "A": pd.DataFrame({"x": [2]})}) as database:
        assert [table.name for table in database.tables] == ["a", "A_2"]
        assert database.tables[1].notes == ("the variable A",)
        assert database.run("SELECT x FROM A_2").typed()[1] == 2


def test_multiindex_columns() -> None:
    frame = pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", "b"), ("a", "c")]))
    assert [column.name for column in table_of(frame).columns] == ["a_b", "a_c"]


def test_index_becomes_a_column_if_it_says_something() -> None:
    frame = pd.DataFrame({"v": [1, 2]})
    assert [c.name for c in table_of(frame).columns] == ["v"]
    assert [c.name for c in table_of(frame.set_axis([5, 9])).columns] == ["v"]
    assert [c.name for c in table_of(frame.rename_axis("id")).columns] == ["id", "v"]
    assert [c.name for c in table_of(frame.set_axis(["x", "y"])).columns] == ["index", "v"]
    assert [c.name for c in table_of(frame.rename_axis("V")).columns] == ["v"]
    levels = pd.MultiIndex.from_tuples([("x", 1), ("y", 2)], names=["k", None])
    assert [c.name for c in table_of(frame.set_axis(levels)).columns] == ["k", "v"]
    assert table_of(frame.rename_axis("id")).columns[0].note == "the frame's index"


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([[1, 2], None, [3]], "INTEGER[]"),
        ([["a"], ["b", None]], "VARCHAR[]"),
        ([[[1]], [["x"]]], "VARCHAR"),
        ([{"x": 1}, {"y": [2]}], "VARCHAR"),
        ([1, "x", None, [2]], "VARCHAR"),
        ([True, None, False], "BOOLEAN"),
        ([1, None, 3], "BIGINT"),
        ([2**70, 1], "DOUBLE"),
        ([None, None], "VARCHAR"),
        ([datetime.date(2020, 1, 1), None], "DATE"),
        ([datetime.time(10, 0), None], "TIME"),
        ([datetime.datetime(2020, 1, 1, 5), None], "TIMESTAMP"),
        ([datetime.timedelta(days=1), None], "INTERVAL"),
        ([uuid.UUID(int=5)], "VARCHAR"),
        ([b"x", None], "BLOB"),
        ([1 + 2j], "VARCHAR"),
        (["a\ud800b", "c"], "VARCHAR"),
        ([{1, 2}], "VARCHAR"),
        ([pd.Period("2020-01", "M"), None], "TIMESTAMP"),
    ],
)
def test_object_columns(values: list[Any], dtype: str) -> None:
    frame = pd.DataFrame({"x": pd.Series(values, dtype=object)})
    assert table_of(frame).columns[0].dtype == dtype
    assert ask(frame, "SELECT COUNT(x) FROM t") == sum(value is not None for value in values)


def test_decimals_stay_exact_however_wide_the_last_one() -> None:
    values = [decimal.Decimal("0.1")] * 3000 + [decimal.Decimal("123456789.25")]
    frame = pd.DataFrame({"x": pd.Series(values, dtype=object)})
    assert ask(frame, "SELECT SUM(x) = 123457089.25 FROM t") == "True"


def test_late_odd_value_does_not_end_the_query() -> None:
    frame = pd.DataFrame({"x": pd.Series([1] * 5000 + ["x"], dtype=object)})
    assert table_of(frame).columns[0].note == "mixed types, as text"
    assert ask(frame, "SELECT COUNT(*) FROM t WHERE x = 'x'") == 1


@pytest.mark.parametrize(
    ("values", "dtype", "note"),
    [
        (pd.Categorical(["x", "y", None]), "VARCHAR", ""),
        (pd.Categorical([1, 2, None]), "BIGINT", ""),
        (pd.Categorical(["S", "L"], ["S", "M", "L"], ordered=True), "VARCHAR", "ordered: S < M < L"),
        (pd.cut([1, 5], [0, 2, 9]), "VARCHAR", "intervals, as text"),
        (
            pd.to_datetime(["2020-07-01 12:00"]).tz_localize("Europe/Berlin"),
            "TIMESTAMP",
            "local time in Europe/Berlin",
        ),
        (pd.to_timedelta(["1D", None]), "INTERVAL", ""),
        (pd.period_range("2020-01", periods=2, freq="M"), "TIMESTAMP", "start of each period"),
        (pd.interval_range(0, 2), "VARCHAR", "interval[int64, right], as text"),
        (pd.arrays.SparseArray([0, 1]), "BIGINT", ""),
        (np.array([1, 2], dtype="longdouble"), "DOUBLE", ""),
        (np.array([1, 2], dtype="float16"), "DOUBLE", ""),
        (np.array(["1500-01-01"], dtype="datetime64[s]"), "TIMESTAMP", ""),
        (np.array([2**63], dtype="uint64"), "UBIGINT", ""),
        (pd.array([1, None], dtype="Int64"), "BIGINT", ""),
        (pd.array([True, None], dtype="boolean"), "BOOLEAN", ""),
        (pd.array(["x", None], dtype="string"), "VARCHAR", ""),
        (pd.array([1.5, None], dtype="Float64"), "DOUBLE", ""),
    ],
)
def test_typed_columns(values: Any, dtype: str, note: str) -> None:
    frame = pd.DataFrame({"x": values})
    column = table_of(frame).columns[0]
    assert (column.dtype, column.note) == (dtype, note)
    assert ask(frame, "SELECT COUNT(x) FROM t") == int(frame["x"].notna().sum())


def test_zoned_times_are_those_of_the_frame() -> None:
    frame = pd.DataFrame({"x": pd.to_datetime(["2020-07-01 12:30"]).tz_localize("Asia/Tokyo")})
    assert ask(frame, "SELECT EXTRACT(HOUR FROM x) FROM t") == 12


def test_ordered_categories_sort_by_their_order() -> None:
    frame = pd.DataFrame({"x": pd.Categorical(["S", "L", "M"], ["S", "M", "L"], ordered=True)})
    with FrameDatabase({"t": frame}) as database:
        assert database.run("SELECT x FROM t ORDER BY x").frame["x"].astype(str).tolist() == ["S", "M", "L"]


def test_500_columns_and_many_rows_are_profiled_quickly() -> None:
    wide = pd.DataFrame({f"c{i}": np.arange(100) % (i + 1) for i in range(500)})
    table = table_of(wide)
    assert len(table.columns) == 500
    shown = describe([table], question="what is the mean of c417?", max_columns=10)
    assert "c417" in shown and "490 more columns" in shown


def test_originals_are_untouched() -> None:
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", None]}, index=pd.Index([3, 4], name="k"))
    before = frame.copy(deep=True)
    with FrameDatabase({"t": frame}) as database:
        result = database.run("SELECT * FROM t")
        result.frame.loc[:, "a"] = 99
    pd.testing.assert_frame_equal(frame, before)


def test_joins_come_from_the_values() -> None:
    orders = pd.DataFrame(
        {"customer_id": [1, 2, 2, 3], "country": ["NO", "IT", "IT", "NO"], "id": [1, 2, 3, 4]}
    )
    customers = pd.DataFrame({"id": [1, 2, 3], "name": ["a", "b", "c"]})
    countries = pd.DataFrame({"code": ["NO", "IT", "DE"], "full": ["Norway", "Italy", "Germany"]})
    other = pd.DataFrame({"country": ["XX", "YY", "ZZ"]})
    frames = {"orders": orders, "customers": customers, "countries": countries, "other": other}
    with FrameDatabase(frames) as database:
        text = describe(database.tables)
    assert "-- join: orders.customer_id = customers.id" in text
    assert text.count("-- join:") == 1 or "other" not in text.partition("-- join:")[2]


def test_results_keep_whole_numbers_whole() -> None:
    frame = pd.DataFrame({"n": [2**40, 2**41], "s": ["a", "b"]})
    assert ask(frame, "SELECT SUM(n) FROM t") == 2**40 + 2**41
    assert isinstance(ask(frame, "SELECT SUM(n) FROM t"), int)
    assert ask(frame, "SELECT SUM(n * 1000000) FROM t") == (2**40 + 2**41) * 1_000_000
    assert ask(frame, "SELECT SUM(n)::HUGEINT * 1000000000000 FROM t") == (2**40 + 2**41) * 10**12
    assert ask(frame, "SELECT 7::DECIMAL(38, 0) FROM t LIMIT 1") == 7
    with FrameDatabase({"t": frame}) as database:
        assert database.run("SELECT s, SUM(n) AS total FROM t GROUP BY s").frame["total"].dtype == "int64"
        gaps = database.run("SELECT SUM(n) FILTER (WHERE s = 'a') AS x FROM t GROUP BY s ORDER BY s").frame[
            "x"
        ]
        assert gaps.tolist()[0] == 2**40 and gaps.isna().tolist() == [False, True]


def test_repeated_labels_are_kept() -> None:
    with FrameDatabase({"t": pd.DataFrame({"a": [1]})}) as database:
        assert list(database.run("SELECT a, a FROM t").frame.columns) == ["a", "a"]


def test_truncated_results_say_so() -> None:
    with FrameDatabase({"t": pd.DataFrame({"a": range(10)})}) as database:
        result = database.run("SELECT a FROM t ORDER BY a DESC", max_rows=3)
        assert (result.frame["a"].tolist(), result.rows, result.truncated) == ([9, 8, 7], 3, True)
        assert not database.run("SELECT a FROM t", max_rows=10).truncated


def test_tables_read_are_named_as_in_the_database() -> None:
    frames = {"a": pd.DataFrame({"x": [1]}), "b": pd.DataFrame({"x": [1]})}
    with FrameDatabase(frames) as database:
        assert database.run("WITH c AS (SELECT * FROM A) SELECT c.x FROM c JOIN b USING (x)").tables == (
            "a",
            "b",
        )


def test_errors_are_typed_and_the_database_stays_usable() -> None:
    with FrameDatabase({"t": pd.DataFrame({"a": [1], "b": ["x"]})}) as database:
        for sql, kind in [
            ("SELECT c FROM t", "unknown_column"),
            ("SELECT * FROM u", "unknown_table"),
            ("SELECT a FROM", "syntax"),
            ("SELECT b + 1 FROM t", "type_mismatch"),
            ("SELECT b::INTEGER FROM t", "type_mismatch"),
            ("", "empty"),
            (";", "empty"),
            ("SELECT '" + "x" * 30_000 + "'", "too_long"),
        ]:
            with pytest.raises(QueryError) as caught:
                database.run(sql)
            assert caught.value.kind == kind, sql
            assert "\n" not in str(caught.value)
        assert database.run("SELECT a FROM t").typed() == ("number", 1)


def test_polars_frames() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"a": [1, None, 3], "b": ["x", "y", None]})
    assert ask(frame, "SELECT SUM(a) FROM t WHERE b IS NULL") == 3
    assert ask(frame.lazy(), "SELECT COUNT(*) FROM t") == 3


def test_arrow_tables() -> None:
    arrow = pytest.importorskip("pyarrow")
    assert (
        ask(arrow.table({"a": [1, None, 3], "b": ["x", "y", None]}), "SELECT SUM(a) FROM t WHERE b IS NULL")
        == 3
    )
