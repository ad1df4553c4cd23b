"""Programs run for real, in their own process: results, failures, limits, and the originals."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from qwen_magics.errors import QueryError
from qwen_magics.tools.fingerprint import fingerprint
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.programs.allowed import BUILTINS
from qwen_magics.tools.programs.process import WorkerProcess
from qwen_magics.tools.programs.tool import ProgramTool


def values(tool: ProgramTool, source: str) -> dict[str, list[Any]]:
    frame = tool.run(tool.check(source)).frame
    return {str(name): frame[name].tolist() for name in frame.columns}


def test_one_number(tool: ProgramTool) -> None:
    assert tool.run('result = orders["order_id"].max()').typed() == ("number", 8)


def test_a_join_with_a_group(tool: ProgramTool) -> None:
    source = 'm = orders.merge(customers, on="customer_id")\nresult = m.groupby("name")["total"].sum()'
    assert values(tool, source) == {"name": ["Ada", "Edsger", "Grace"], "total": [48.0, 5.0, 32.5]}


def test_a_pivot_has_plain_columns(tool: ProgramTool) -> None:
    source = (
        'orders["month"] = orders["placed"].dt.month\n'
        'result = orders.pivot_table(index="status", columns="month", values="order_id", aggfunc="count")'
    )
    found = values(tool, source)
    assert list(found) == ["status", "1", "2", "3", "4"]
    assert found["1"] == [1.0, 1.0]


def test_wide_to_long_and_back(tool: ProgramTool) -> None:
    source = (
        'long = orders[["order_id", "total", "status"]].melt(id_vars="order_id")\n'
        'result = long["variable"].value_counts()'
    )
    assert values(tool, source) == {"variable": ["total", "status"], "count": [8, 8]}


def test_a_time_series_keeps_its_dates(tool: ProgramTool) -> None:
    found = values(tool, 'result = orders.set_index("placed")["order_id"].resample("MS").count()')
    assert found["placed"] == [pd.Timestamp(f"2026-0{month}-01") for month in (1, 2, 3, 4)]
    assert found["order_id"] == [2, 2, 3, 1]


def test_statistics_of_two_columns(tool: ProgramTool) -> None:
    full = 'd = orders.dropna(subset=["total"])\n'
    kind, value = tool.run(full + 'result = d["order_id"].corr(d["total"])').typed()
    expected = np.corrcoef([1, 2, 3, 4, 5, 6, 7], [10, 20.5, 30, 5, 12, 8, 40])[0, 1]
    assert kind == "number" and value == pytest.approx(expected)
    slope = values(tool, full + 'result = np.polyfit(d["order_id"], d["total"], 1)')["result"][0]
    line = values(tool, full + 'result = stats.linregress(d["order_id"], d["total"])')
    assert line["slope"] == [pytest.approx(slope)] and set(line) >= {"intercept", "rvalue", "pvalue"}
    test = values(tool, full + 'result = stats.pearsonr(d["order_id"], d["total"])')
    assert test["statistic"] == [pytest.approx(value)]
    fit = values(tool, full + 'result = sm.OLS(d["total"], sm.add_constant(d[["order_id"]])).fit()')
    assert fit["order_id"] == [pytest.approx(slope)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('orders["total"].sum()', {"result": [125.5]}),
        ('print(orders["total"].max())', {"result": [40.0]}),
        ('top = orders["total"].max()', {"result": [40.0]}),
        ('result = orders.groupby("status").size()', {"status": ["open", "paid"], "result": [3, 5]}),
        ('result = list(customers["name"])', {"result": ["Ada", "Grace", "Edsger"]}),
        ('result = {"a": 1, "b": 2.5}', {"a": [1], "b": [2.5]}),
        ('result = (1, "x")', {"result": [1, "x"]}),
        ('result = [(1, "x"), (2, "y")]', {"0": [1, 2], "1": ["x", "y"]}),
        ('result = [{"n": 1}, {"n": 2}]', {"n": [1, 2]}),
        ('result = pd.Series(["a", "b", "a"]).unique()', {"result": ["a", "b"]}),
        ("result = np.array([[1, 2], [3, 4]])", {"result_1": [1, 3], "result_2": [2, 4]}),
        ('result = customers["name"] == "Ada"', {"name": [True, False, False]}),
        ('result = pd.Series([1, None], dtype="Int64")', {"result": pd.array([1, None], dtype="Int64")}),
        ('result = pd.Series(["x", None])', {"result": ["x", None]}),
        ('result = orders["placed"].max() - orders["placed"].min()', {"result": [pd.Timedelta(days=92)]}),
        ('result = orders["status"].astype("category").head(2)', {"status": ["paid", "open"]}),
        ('result = orders["placed"].dt.date.head(1)', None),
        ('result = orders["placed"].dt.to_period("M").head(1)', {"placed": ["2026-01"]}),
        ('result = pd.cut(orders["total"], [0, 10, 50]).head(1)', {"total": ["(0, 10]"]}),
        ('result = orders["placed"].dt.tz_localize("UTC").dt.tz_convert("Asia/Tokyo").head(1)', None),
        ('result = orders.groupby("status").agg({"total": ["min", "max"]})', None),
    ],
)
def test_whatever_it_leaves_becomes_a_table(
    tool: ProgramTool, source: str, expected: dict[str, Any] | None
) -> None:
    frame = tool.run(source).frame
    assert all(isinstance(name, str) for name in frame.columns) and isinstance(frame.index, pd.RangeIndex)
    if expected is not None:
        wanted = pd.DataFrame(expected)
        pd.testing.assert_frame_equal(frame, wanted, check_dtype=False)


@pytest.mark.parametrize(
    ("source", "kind", "hint"),
    [
        ('orders["totl"].sum()', "unknown_column", "'total'"),
        ('orders.groupby("state")["total"].mean()', "unknown_column", "'status'"),
        ('customers.sort_values("total")', "unknown_column", "'name'"),
        ('orders.merge(customers, on="customer")', "unknown_column", "'customer_id'"),
        ('orders.groupby("status")[["totals"]].mean()', "unknown_column", "'total'"),
        ('orders.loc[orders["total"] > 1, "names"]', "unknown_column", "'status'"),
    ],
)
def test_columns_are_bound_before_anything_runs(tool: ProgramTool, source: str, kind: str, hint: str) -> None:
    with pytest.raises(QueryError) as caught:
        tool.check(f"result = {source}")
    assert caught.value.kind == kind
    assert hint in caught.value.hint or (kind == "unknown_column" and "There are" in caught.value.hint)


@pytest.mark.parametrize(
    "source",
    [
        'orders["twice"] = orders["total"] * 2\nresult = orders["twice"].sum()',
        'd = orders.rename(columns={"total": "amount"})\nresult = d["amount"].sum()',
        'g = orders.groupby("status").agg(mean=("total", "mean")).reset_index()\nresult = g["mean"].max()',
        'm = orders.merge(orders, on="customer_id")\nresult = m["total_x"].count()',
        'p = orders.pivot_table(index="status", values="total")\nresult = p["total"]["paid"]',
        'd = orders.assign(x=1)\nresult = d["x"].sum()',
        'd = orders.head(3).copy()\nd.columns = ["a", "b", "c", "d", "e", "f"]\nresult = d["a"].sum()',
        'c = orders["status"].value_counts()\nresult = c["paid"]',
        'for s in ["a"]:\n    orders[s] = 1\nresult = orders["a"].sum()',
    ],
)
def test_right_names_are_never_taken_for_wrong_ones(tool: ProgramTool, source: str) -> None:
    assert tool.run(tool.check(source)).rows == 1


@pytest.mark.parametrize(
    ("source", "kind", "says"),
    [
        ('g = orders.T\nresult = g["totl"]', "unknown_column", "'total'"),
        ('result = orders["status"].dt.year', "failed", "pd.to_datetime"),
        ("result = customers.mean(axis=0)", "failed", "numeric_only"),
        ("result = orders.groupby('status')", "no_result", "aggregate"),
        ("x = 1\nif x > 2:\n    y = 1", "no_result", "result"),
        ("f = lambda x: f(x)\nresult = f(1)", "too_deep", "itself"),
        ('result = orders["total"].item()', "failed", "line 1"),
    ],
)
def test_a_failure_is_one_line_with_a_hint(tool: ProgramTool, source: str, kind: str, says: str) -> None:
    with pytest.raises(QueryError) as caught:
        tool.run(source)
    assert caught.value.kind == kind
    assert says in str(caught.value) and "\n" not in str(caught.value)


def test_a_text_that_no_row_has_is_found(tool: ProgramTool) -> None:
    source = 'result = orders[orders["status"] == "Paid"].shape[0]'
    (finding,) = tool.review(source, tool.run(source))
    assert finding.kind == "letter_case" and "'paid'" in finding.hint


@pytest.mark.parametrize(
    ("source", "instead"),
    [
        (
            'result = orders.pivot_table(index="status", columns="customer_id", aggfunc="count")',
            "pd.crosstab(orders['status'], orders['customer_id'])",
        ),
        ('result = orders.groupby("status").count()', "orders.groupby('status').size()"),
        ('result = orders.groupby("status").size()', ""),
        ('result = orders.groupby("status")[["total", "placed"]].count()', ""),
    ],
)
def test_what_counts_every_column_is_told_what_counts_rows(
    tool: ProgramTool, source: str, instead: str
) -> None:
    findings = tool.review(source, tool.run(source))
    assert [finding.hint for finding in findings] == ([f"Write {instead}."] if instead else [])
    if instead:
        assert tool.review(f"result = {instead}", tool.run(f"result = {instead}")) == []


def test_originals_stay_as_they_are(shop: dict[str, pd.DataFrame]) -> None:
    before = {name: fingerprint(frame, exact=True) for name, frame in shop.items()}
    with FrameDatabase(shop) as database, ProgramTool(database.prepared, database.tables) as tool:
        source = (
            'orders["total"] = 0\norders.loc[:, "status"] = "x"\norders.columns = list("abcdef")\n'
            "customers.drop_duplicates(inplace=True)\nresult = orders"
        )
        result = tool.run(source)
        assert result.unchanged
        assert [change["name"] for change in result.frame_diff] == ["orders", "result"]
        # A second program finds what the first one was given.
        assert tool.run('result = orders["total"].sum()').frame.iat[0, 0] == 125.5
    assert {name: fingerprint(frame, exact=True) for name, frame in shop.items()} == before


def test_the_trace_gets_shapes_before_and_after(tool: ProgramTool) -> None:
    result = tool.run('orders["late"] = orders["total"] > 10\nresult = orders.groupby("late").size()')
    change = result.frame_diff[0]
    assert change["before"]["total_columns"] == 6 and change["after"]["total_columns"] == 7
    assert change["after"]["columns"][-1] == {"name": "late", "dtype": "bool", "nulls": 0}


@pytest.mark.parametrize("source", ["result = sum(1 for i in range(10**12))", "result = 9 ** 9 ** 9"])
def test_time_is_bounded_also_inside_one_operation(tool: ProgramTool, source: str) -> None:
    with pytest.raises(QueryError) as caught:
        tool.run(source, timeout_s=0.5)
    assert caught.value.kind == "timeout"
    assert tool.run("result = len(orders)").typed() == ("number", 8)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the limit is held by Linux")
def test_memory_is_bounded(database: FrameDatabase) -> None:
    with ProgramTool(database.prepared, database.tables, memory_bytes=200 * 2**20) as tool:
        for source in ("result = np.zeros(10**8)", "result = list(range(10**8))", "result = 'x' * 10**9"):
            with pytest.raises(QueryError) as caught:
                tool.run(source)
            assert caught.value.kind in {"memory", "crashed"}
        assert tool.run("result = len(orders)").typed() == ("number", 8)


def test_ctrl_c_ends_a_program_at_once_and_leaves_no_process(database: FrameDatabase) -> None:
    with ProgramTool(database.prepared, database.tables) as tool:
        tool.run("result = 1")
        worker = tool._worker
        assert worker is not None
        timer = threading.Timer(0.3, lambda: os.kill(os.getpid(), 2))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            tool.run("result = sum(1 for i in range(10**12))", timeout_s=60)
        timer.join()
        assert not worker.alive
        assert tool.run("result = len(orders)").typed() == ("number", 8)


def test_results_can_be_cut(tool: ProgramTool) -> None:
    result = tool.run("result = orders", max_rows=3)
    assert (result.rows, result.truncated) == (3, True)


# Past the guard, straight to the worker: what would a program reach that should never have got there?
_SYSTEM = (
    "w = [c for c in ().__class__.__base__.__subclasses__() if c.__name__ == '_wrap_close'][0]\n"
    "g = w.__init__.__globals__\n"
)
BEYOND = {
    "a command": _SYSTEM + "result = g['system']('echo x > {there}')",
    "a file": _SYSTEM + "result = g['__builtins__']['open']('{there}', 'w')",
    "a secret file": _SYSTEM + "result = g['__builtins__']['open']('{secret}').read()",
    "a socket": _SYSTEM + "s = g['__builtins__']['__import__']('socket')\n"
    "result = s.create_connection(('127.0.0.1', 9), 1)",
    "a process": _SYSTEM + "result = g['__builtins__']['__import__']('subprocess').run(['true'])",
    "a delete": _SYSTEM + "result = g['remove']('{secret}')",
    "pandas to a file": "result = orders.to_csv('{there}')",
    "pandas by name": "result = orders.agg('to_pickle', path='{there}')",
    "pandas from a file": "result = pd.read_csv('{secret}')",
    "numpy to a file": "result = orders['total'].to_numpy().tofile('{there}')",
    "numpy from a file": "result = np.fromfile('{secret}')",
    "the library's own import": "result = pd.io.common.os.system('echo x > {there}')",
    "C": _SYSTEM + "result = g['__builtins__']['__import__']('ctypes').CDLL(None).system(b'true')",
}


@pytest.fixture(scope="module")
def worker(database: FrameDatabase) -> Iterator[WorkerProcess]:
    worker = WorkerProcess(dict(database.prepared), frozenset(), 2**30)
    yield worker
    worker.kill()


@pytest.mark.parametrize("name", BEYOND)
def test_behind_the_guard_there_is_nothing_to_reach(name: str, worker: WorkerProcess, tmp_path: Path) -> None:
    there, secret = tmp_path / "made", tmp_path / "secret"
    secret.write_text("total\n1\n", encoding="utf-8")
    source = BEYOND[name].format(there=there, secret=secret)
    header, _ = worker.run({"source": source, "builtins": BUILTINS, "max_rows": None}, 20)
    assert header["error"][0] in {"not_allowed", "failed"}
    assert not there.exists() and secret.exists()


def test_the_worker_has_none_of_the_environment(
    database: FrameDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_TOKEN", "hidden")
    worker = WorkerProcess(dict(database.prepared), frozenset(), 2**30)
    try:
        source = _SYSTEM + "result = sorted(g['environ'])"
        header, blocks = worker.run({"source": source, "builtins": BUILTINS, "max_rows": None}, 20)
        assert "error" not in header and b"SHOP_TOKEN" not in b"".join(blocks)
    finally:
        worker.kill()


def test_a_worker_whose_process_died_is_replaced(database: FrameDatabase) -> None:
    with ProgramTool(database.prepared, database.tables) as tool:
        tool.start()
        assert tool._worker is not None
        tool._worker._process.kill()
        time.sleep(0.05)
        assert tool.run("result = 1").typed() == ("number", 1)


def test_an_unprepared_name_of_a_library_is_a_clear_error(
    tool: ProgramTool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qwen_magics.tools.programs.tool.find_spec", lambda name: None)
    with pytest.raises(QueryError, match="pip install scipy"):
        tool.check("result = stats.zscore(orders['total'])")
