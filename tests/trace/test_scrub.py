from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import hostile
import pytest
import samples
from hypothesis import given, settings
from hypothesis import strategies as st

from qwen_magics.trace import Recorder, Trace, mime_bundle
from qwen_magics.trace.masking import Mask, schema_names
from qwen_magics.trace.scrub import SCRUBBED, scrub

# Values as data has them: words, names with accents, other scripts, numbers, dates, addresses.
SECRETS = (
    "Zqxington",
    "Ærøskøbing",
    "北京烤鸭",
    "48213977",
    "1987-06-05",
    "x7-Ωmega",
    "zq@example.org",
    "O'Zqx",
)
FORMS = (
    "{}",
    "'{}'",
    '"{}"',
    "`{}`",
    "-- {}",
    "# {}",
    "f'{}'",
    '"""{}"""',
    "the {} of",
    "a={}",
    "{}:",
    "({})",
    "\\{}",
)


def trace_with(value: str) -> Trace:
    """A trace with a value in every place where data can get to."""
    recorder = Recorder(
        f"How many orders has {value}?",
        model={"id": f"/home/{value}/model", "provider": f"https://{value}:8000", "other": value},
        parameters={"seed": 1, "text": value},
        data=[{"name": "orders", "rows": 3, "columns": 2, "fingerprint": f"full:{value}", "note": value}],
        versions={"python": "3.11"},
        clock=samples.Clock(),
        started_at=datetime(2026, 11, 23, 9, 30, tzinfo=timezone.utc),
    )
    table = {"columns": ["customer", value], "rows": [[value, 1.5, None], [value, {value: [value]}, True]]}
    ddl = f"CREATE TABLE orders ( -- 3 rows; {value}\n  customer VARCHAR, -- '{value}', {value}\n);"
    prompt = f"Rules.\n{ddl}\n{value}"
    query = f"SELECT customer AS \"{value}\" FROM orders WHERE customer = '{value}' OR {value} -- {value}"
    program = f'top = orders[orders["customer"] == "{value}"]\n{value} = 1  # {value}\nx = """{value}"""'
    frame = {"rows": 3, "columns": [{"name": "customer", "dtype": "object", "nulls": 0}]}
    after = {"rows": 1, "columns": [{"name": value, "dtype": f"category[{value}]", "nulls": 1}]}
    exchange = {
        "method": "GET",
        "url": f"https://{value}.example/{value}?q={value}",
        "status": 200,
        **dict.fromkeys(("request_body", "response_body", "content_type", "error", value), value),
    }
    with recorder.span("agent", f"answer {value}"):
        with recorder.span("llm", "write query", grammar=value, prompt=prompt, completion=query) as span:
            span.set(tokens=[[value, -0.1, False]], tokens_sha256="0" * 64, usage={"prompt": 3, value: 1})
        with recorder.span("check", "bind query", sql=query, subject=value, result=value) as span:
            span.fail("unknown_column", f"There is no column {value}.", f"Did you mean `{value}`?")
        with recorder.span("retry", "retry", reason=value):
            pass
        with recorder.span("approval", "approve", tool="get_order", arguments={value: value}) as span:
            span.set(preview=value, edited={"customer": value}, by="user", decision="edited", reason=value)
        with recorder.span("tool", "sql", tool="sql", arguments={"sql": query}, sql=query) as span:
            span.set(tables=["orders"], columns=["customer", value], user_view=table, model_view=value)
        with recorder.span(
            "tool", "python", code=program, language=value, approval=value, dialect=value
        ) as span:
            span.set(frame_diff=[{"name": value, "before": frame, "after": after}], http=[exchange])
            span.set(user_view=value, notes=[value], originals=value, **{value: {value: [value]}})
    answer = {
        "kind": "text",
        "text": value,
        "code": query,
        "value": value,
        "preview": table,
        "evidence": [value],
    }
    return recorder.finish("ok", answer, error=ValueError(value))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("value", SECRETS)
def test_no_value_is_left(value: str, form: str, validator: Any) -> None:
    scrubbed = scrub(trace_with(form.format(value)))
    # The id is random and may have the digits of a year in it; the clock stands still for the same reason.
    fixed = replace(scrubbed, trace_id="0" * 32)
    saved = json.dumps(mime_bundle(fixed), ensure_ascii=False)
    # Parts of a value are values too, as long as they are longer than a year's century.
    for part in [
        value,
        *(part for part in value.replace("'", " ").replace("-", " ").split() if len(part) > 3),
    ]:
        assert part.casefold() not in saved.casefold()
    validator.validate(scrubbed.to_dict())


@settings(max_examples=80)
@given(st.text(st.characters(categories=["L", "N", "S", "P"]), min_size=5, max_size=12))
def test_no_word_of_any_script_is_left(word: str) -> None:
    value = f"zq{word}qz"
    assert value not in json.dumps(scrub(trace_with(value)).to_dict(), ensure_ascii=False)


@given(st.text(max_size=80) | st.sampled_from(hostile.TEXTS))
def test_only_known_words_and_ascii_punctuation_come_through(text: str) -> None:
    for shown in (Mask(()).prose(text), Mask(()).program(text)):
        assert all(character.isascii() or character in "…" or character.isspace() for character in shown)
        assert set(re.findall(r"\d+", re.sub(r"name_\d+", "", shown))) <= {"0"}


@pytest.mark.parametrize("name", samples.ALL)
def test_the_shape_is_kept_and_scrubbing_again_changes_nothing(name: str, validator: Any) -> None:
    trace = samples.ALL[name]()
    scrubbed = scrub(trace)
    assert scrub(scrubbed) == scrubbed
    validator.validate(scrubbed.to_dict())
    assert (scrubbed.status, scrubbed.totals, scrubbed.trace_id) == (
        trace.status,
        trace.totals,
        trace.trace_id,
    )
    assert (scrubbed.model, scrubbed.parameters) == (trace.model, trace.parameters)
    for then, now in zip(trace.spans, scrubbed.spans, strict=True):
        assert (then.kind, then.status, then.seconds, then.attempt) == (
            now.kind,
            now.status,
            now.seconds,
            now.attempt,
        )
        assert then.data.get("rows") == now.data.get("rows")
        assert then.data.get("usage") == now.data.get("usage")
        assert then.data.get("tool") == now.data.get("tool")
    assert SCRUBBED in mime_bundle(scrubbed)["text/html"]


def test_the_answer_still_says_where_it_comes_from() -> None:
    trace = samples.pandas()
    answer = scrub(trace).answer
    assert answer is not None and trace.answer is not None
    assert answer["evidence"] == trace.answer["evidence"] == [trace.spans[-1].span_id]


def test_programs_keep_their_build_and_names_their_identity() -> None:
    scrubbed = scrub(samples.ok())
    assert scrubbed.answer is not None
    assert scrubbed.answer["code"] == (
        "SELECT airlines.name, avg(flights.arr_delay) AS name_1, count(*) AS flights FROM flights "
        "JOIN airlines ON flights.carrier = airlines.carrier GROUP BY airlines.name ORDER BY name_1 DESC"
    )
    view = scrubbed.spans[-1].data["user_view"]
    assert view["columns"] == ["name", "name_1", "flights"]
    assert view["rows"][0] == ["…", 0, 0]
    assert scrubbed.question == "Which airlines (full names) in @flights and @airlines had the … …?".replace(
        "… …", "…"
    )


def test_names_come_from_the_tables_of_the_prompt_only() -> None:
    prompt = 'Alice INT\nCREATE TABLE "a b" ( -- 1 row\n  "c d" BIGINT, -- 1\n  e VARCHAR\n);\n  later INT\n'
    assert schema_names(prompt) == {"a b", "c d", "e"}
