"""Traces as real runs make them, from scripted times and texts."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime, timezone

from qwen_magics.errors import Cancelled, QueryError
from qwen_magics.trace import Recorder, Trace

MODEL = {
    "id": "qwen2.5-coder-0.5b",
    "sha256": "7a1d" * 16,
    "quantisation": "int8",
    "provider": "cpu",
    "call_format": "fenced",
    "context_length": 32768,
}
PARAMETERS = {"steps": 6, "tokens": 512, "seconds": 300.0, "temperature": 0.0, "seed": 0, "format": "auto"}
FLIGHTS = {"name": "flights", "rows": 336776, "columns": 19, "fingerprint": "b1946ac92492d234"}
AIRLINES = {"name": "airlines", "rows": 16, "columns": 2, "fingerprint": "5eb63bbbe01eeed0"}
VERSIONS = {"python": "3.11.7", "qwen-magics": "0.1.0", "duckdb": "2.0.0"}
PROMPT = """<|im_start|>system
You write one DuckDB SELECT that answers the question.<|im_end|>
<|im_start|>user
CREATE TABLE flights (  -- 336776 rows
  year BIGINT,  -- 2013
  carrier VARCHAR,  -- 'UA', 'B6', 'EV', 'DL', 'AA', …
  arr_delay DOUBLE  -- 9430 missing; 11.0, 20.0, 33.0
);
CREATE TABLE airlines (  -- 16 rows
  carrier VARCHAR,  -- '9E', 'AA', 'AS', …
  name VARCHAR  -- 'Endeavor Air Inc.', 'American Airlines Inc.', …
);

Question: {question}<|im_end|>
<|im_start|>assistant
```sql
"""
GRAMMAR = 'start: "SELECT" columns "FROM" tables where? group? order? limit?\n…'


class Clock:
    """Time that passes only when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


class Script:
    """A run under way, with the steps that an agent would record."""

    def __init__(self, question: str) -> None:
        self.clock = Clock()
        self.question = question
        self.recorder = Recorder(
            question,
            model=MODEL,
            parameters=PARAMETERS,
            data=[FLIGHTS, AIRLINES],
            clock=self.clock,
            started_at=datetime(2026, 11, 23, 9, 30, tzinfo=timezone.utc),
            versions=VERSIONS,
        )

    def write(self, sql: str, attempt: int = 1, *, cached: int = 0, seconds: float = 2.1) -> None:
        with self.recorder.span("llm", "write query", attempt=attempt, grammar=GRAMMAR) as span:
            self.clock.wait(seconds)
            output = len(sql) // 4
            span.set(
                prompt=PROMPT.replace("{question}", self.question),
                completion=sql,
                finish_reason="stop",
                mean_logprob=-0.21,
                rejected_mass=0.034,
                usage={
                    "prompt": 412 + 60 * attempt,
                    "cached": cached,
                    "output": output,
                    "forced": output // 3,
                    "prefill_s": seconds * (0.2 if cached else 0.45),
                    "decode_s": seconds * 0.5,
                    "ttft_s": seconds * 0.47,
                },
            )

    def check(self, sql: str, attempt: int = 1, error: QueryError | None = None) -> None:
        with self.recorder.span("check", "bind query", attempt=attempt, subject="sql", sql=sql) as span:
            self.clock.wait(0.006)
            if error is not None:
                raise error
            span.set(result="ok")

    def run(
        self,
        sql: str,
        columns: list[str],
        rows: list[list[object]],
        total: int | None = None,
        attempt: int = 1,
    ) -> None:
        with self.recorder.span(
            "tool", "sql", attempt=attempt, tool="sql", arguments={"sql": sql}, sql=sql
        ) as span:
            self.clock.wait(0.041)
            count = len(rows) if total is None else total
            span.set(
                effect="read",
                approval="not needed",
                tables=["flights", "airlines"],
                rows=count,
                columns=columns,
                user_view={"columns": columns, "rows": rows, "total_rows": count, "truncated": False},
            )


WORST_SQL = (
    "SELECT airlines.name, avg(flights.arr_delay) AS mean_delay, count(*) AS flights FROM flights "
    "JOIN airlines ON flights.carrier = airlines.carrier GROUP BY airlines.name ORDER BY mean_delay DESC"
)
WORST: list[list[object]] = [
    ["Frontier Airlines Inc.", 21.920704845814978, 685],
    ["AirTran Airways Corporation", 20.115905511811022, 3260],
    ["ExpressJet Airlines Inc.", 15.79643108710965, 54173],
    ["Mesa Airlines Inc.", 15.556985294117647, 601],
    ["SkyWest Airlines Inc.", 11.931034482758621, 32],
    ["Envoy Air", 10.774733394576028, 26397],
    ["Southwest Airlines Co.", 9.649119893, 12275],
    ["JetBlue Airways", 9.457973320505467, 54635],
    ["Endeavor Air Inc.", 7.3796692, 18460],
    ["United Air Lines Inc.", 3.5580111, 58665],
    ["US Airways Inc.", 2.1295951, 20536],
    ["Virgin America", 1.7644644, 5162],
    ["Delta Air Lines Inc.", 1.6443409, 48110],
    ["American Airlines Inc.", 0.3642909, 32729],
    ["Hawaiian Airlines Inc.", -6.915204678362573, 342],
    ["Alaska Airlines Inc.", -9.930888575458392, None],
]


def ok() -> Trace:
    """A table, at the first attempt."""
    script = Script(
        "Which airlines (full names) in @flights and @airlines had the largest average arrival delay?"
    )
    with script.recorder.span("agent", "answer"):
        script.write(WORST_SQL)
        script.check(WORST_SQL)
        script.run(WORST_SQL, ["name", "mean_delay", "flights"], WORST)
    text = "16 rows with 3 columns: name, mean_delay, flights."
    return script.recorder.finish("ok", {"kind": "table", "text": text, "code": WORST_SQL})


def repaired() -> Trace:
    """A number, after a query that could not be bound."""
    script = Script("How many flights in @flights arrived more than an hour late?")
    bad = "SELECT count(*) FROM flights WHERE delay > 60"
    good = "SELECT count(*) AS late FROM flights WHERE arr_delay > 60"
    error = QueryError(
        "unknown_column", "There is no column `delay` in flights.", "Did you mean arr_delay or dep_delay?"
    )
    with script.recorder.span("agent", "answer"):
        script.write(bad)
        quietly(lambda: script.check(bad, error=error))
        with script.recorder.span("retry", "retry", reason=str(error)):
            pass
        script.write(good, 2, cached=412, seconds=1.2)
        script.check(good, 2)
        script.run(good, ["late"], [[27789]], attempt=2)
    return script.recorder.finish("ok", {"kind": "number", "text": "27,789", "code": good})


def failed() -> Trace:
    """No query worked."""
    script = Script("What was the average fare per mile in @flights?")
    error = QueryError("unknown_column", "There is no column `fare` in flights.", "No column is close to it.")
    with script.recorder.span("agent", "answer"):
        for attempt in (1, 2):
            sql = f"SELECT avg(fare / distance) AS fare{attempt} FROM flights"
            script.write(sql, attempt, cached=0 if attempt == 1 else 412)
            quietly(lambda sql=sql, attempt=attempt: script.check(sql, attempt, error))
    return script.recorder.finish("error")


def cancelled() -> Trace:
    """Stopped while the model wrote."""
    script = Script(
        "For each origin in @flights, the ten destinations with the most flights and their delays"
    )
    try:
        with (
            script.recorder.span("agent", "answer"),
            script.recorder.span("llm", "write query", grammar=GRAMMAR) as span,
        ):
            script.clock.wait(1.4)
            span.set(
                prompt=PROMPT,
                completion="SELECT origin, dest, count(*) AS n FROM fl",
                finish_reason="cancelled",
            )
            raise Cancelled("Stopped.")
    except Cancelled:
        return script.recorder.finish("cancelled")


def running() -> Trace:
    """A snapshot while the second query is being written."""
    script = Script("How many flights in @flights arrived more than an hour late?")
    bad = "SELECT count(*) FROM flights WHERE delay > 60"
    error = QueryError("unknown_column", "There is no column `delay` in flights.", "Did you mean arr_delay?")
    outer = script.recorder.span("agent", "answer")
    outer.__enter__()
    script.write(bad)
    quietly(lambda: script.check(bad, error=error))
    inner = script.recorder.span("llm", "write query", attempt=2, grammar=GRAMMAR)
    inner.__enter__().set(completion="SELECT count(*) AS late FROM flights WHE")
    script.clock.wait(0.7)
    snapshot = script.recorder.snapshot()
    inner.__exit__(None, None, None)
    outer.__exit__(None, None, None)
    return snapshot


def words() -> Trace:
    """An answer in words, without data."""
    script = Script("What does a left join do?")
    text = "A left join keeps every row of the left table and adds the matching columns of the right one."
    with script.recorder.span("agent", "answer"):
        script.write(text)
    return script.recorder.finish("ok", {"kind": "text", "text": text, "code": ""})


PROGRAM = """late = flights[flights["arr_delay"] > 60]
top = (
    late.merge(airlines, on="carrier")
    .groupby("name", as_index=False)
    .agg(late=("arr_delay", "size"))
    .nlargest(3, "late")
)"""
LATE_COLUMNS = [
    {"name": "carrier", "dtype": "str", "nulls": 0},
    {"name": "arr_delay", "dtype": "float64", "nulls": 9430},
    {"name": "dest", "dtype": "str", "nulls": 0},
]


def pandas() -> Trace:
    """A pandas program, with what it did to the frames."""
    script = Script("The three airlines of @flights and @airlines with the most flights over an hour late")
    rows: list[list[object]] = [
        ["ExpressJet Airlines Inc.", 6861],
        ["JetBlue Airways", 4571],
        ["Endeavor Air", 2],
    ]
    filtered = [{**column, "nulls": 0} for column in LATE_COLUMNS[:2]]
    with script.recorder.span("agent", "answer"):
        script.write(PROGRAM)
        with script.recorder.span("check", "allow-list", subject="python", code=PROGRAM) as span:
            script.clock.wait(0.002)
            span.set(result="ok")
        with script.recorder.span("tool", "python", tool="python", arguments={}, code=PROGRAM) as span:
            script.clock.wait(0.061)
            span.set(
                language="python",
                effect="read",
                approval="not needed",
                tables=["flights", "airlines"],
                rows=3,
                columns=["name", "late"],
                user_view={"columns": ["name", "late"], "rows": rows, "total_rows": 3},
                frame_diff=[
                    {
                        "name": "late",
                        "before": {"rows": 336776, "columns": LATE_COLUMNS, "total_columns": 3},
                        "after": {
                            "rows": 27789,
                            "columns": [*filtered, {"name": "month", "dtype": "category", "nulls": 0}],
                            "total_columns": 3,
                        },
                    },
                    {
                        "name": "top",
                        "before": None,
                        "after": {"rows": 3, "columns": [{"name": "name", "dtype": "str", "nulls": 0}]},
                    },
                ],
            )
        evidence = script.recorder.snapshot().spans[-1].span_id
    answer = {"kind": "table", "text": "3 rows with 2 columns: name, late.", "code": PROGRAM}
    return script.recorder.finish("ok", answer | {"evidence": [evidence]})


def web() -> Trace:
    """Two web calls, the second of which writes, was asked about and edited."""
    script = Script("Raise the stock of the article A-7 in the shop to 40")
    put = {"sku": "A-7", "units": 400}
    with script.recorder.span("agent", "answer"):
        with script.recorder.span("tool", "get_stock", tool="get_stock", arguments={"sku": "A-7"}) as span:
            script.clock.wait(0.034)
            span.set(
                effect="read",
                http=[
                    {
                        "method": "GET",
                        "url": "http://127.0.0.1:8080/v1/stock/A-7",
                        "status": 200,
                        "response_bytes": 1234,
                        "content_type": "application/json",
                        "response_body": '{"sku": "A-7", "units": 12}',
                        "seconds": 0.031,
                    }
                ],
                model_view='{"sku": "A-7", "units": 12}',
                user_view='{"sku": "A-7", "units": 12}',
            )
        with script.recorder.span(
            "approval", "put_stock", tool="put_stock", effect="write", arguments=put
        ) as span:
            script.clock.wait(4.2)
            preview = 'PUT http://127.0.0.1:8080/v1/stock/A-7\n{"sku": "A-7", "units": 400}'
            span.set(preview=preview, decision="edited", by="user", edited={"sku": "A-7", "units": 40})
        with script.recorder.span(
            "tool", "put_stock", tool="put_stock", arguments=put | {"units": 40}
        ) as span:
            script.clock.wait(0.052)
            exchange = {
                "method": "PUT",
                "url": "http://127.0.0.1:8080/v1/stock/A-7",
                "request_body": '{"sku": "A-7", "units": 40}',
                "request_bytes": 28,
                "seconds": 0.02,
            }
            span.set(
                effect="write",
                approval="edited by the user",
                http=[exchange | {"status": 412, "response_bytes": 61}, exchange | {"status": 200}],
                user_view="stored",
            )
    return script.recorder.finish("ok", {"kind": "text", "text": "A-7 has 40 units.", "code": ""})


def answered_by(program: str) -> Trace:
    """A text, made by a program of Python."""
    script = Script("?")
    with script.recorder.span("agent", "answer"), script.recorder.span("tool", "python", code=program):
        pass
    return script.recorder.finish("ok", {"kind": "text", "text": "done", "code": program})


def quietly(act: Callable[[], None]) -> None:
    with contextlib.suppress(QueryError):
        act()


ALL: dict[str, Callable[[], Trace]] = {
    "ok": ok,
    "repaired": repaired,
    "failed": failed,
    "cancelled": cancelled,
    "running": running,
    "words": words,
    "pandas": pandas,
    "web": web,
}
