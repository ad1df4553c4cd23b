from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

import hostile
import mistune
import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qwen_magics.trace import MIME, Recorder, Trace, mime_bundle
from qwen_magics.trace.escape import fenced, markdown, visible
from qwen_magics.trace.html import to_html
from qwen_magics.trace.html_page import to_page
from qwen_magics.trace.markdown import to_markdown
from qwen_magics.trace.text import to_text, width

STATUSES = ("ok", "number", "text", "error", "running")
ANY_TEXT = st.text(st.characters(), max_size=60) | st.sampled_from(hostile.TEXTS)
RENDER = mistune.create_markdown(escape=False, plugins=["table", "url", "strikethrough", "math"])


def assert_html_is_harmless(page: str) -> None:
    read = hostile.Reader(page)
    assert read.elements <= hostile.ELEMENTS
    assert read.attributes <= hostile.ATTRIBUTES
    assert not read.other
    assert not [style for style in read.styles if re.search(r"url|expression|position|@|var\(", style)]
    properties = {part.partition(":")[0].strip() for style in read.styles for part in style.split(";")}
    assert properties <= hostile.PROPERTIES
    # A lenient parser agrees.
    soup = BeautifulSoup(page, "html.parser")
    assert {tag.name for tag in soup.find_all()} == read.elements
    assert not hostile.UNSEEN.search(page)


def assert_markdown_is_harmless(page: str) -> None:
    soup = BeautifulSoup(RENDER(page), "html.parser")
    allowed = {"p", "strong", "em", "code", "pre", "ul", "li", "table", "thead", "tbody", "tr", "th", "td"}
    assert {tag.name for tag in soup.find_all()} <= allowed
    assert {key for tag in soup.find_all() for key in tag.attrs} <= {"class", "style"}
    assert not hostile.UNSEEN.search(page)


def assert_text_is_harmless(page: str) -> None:
    assert not hostile.UNSEEN.search(page)
    assert max(map(width, page.splitlines())) <= 100


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("text", hostile.TEXTS)
def test_nothing_acts(text: str, status: str, validator: Any) -> None:
    trace = hostile.trace_of(text, status=status)
    bundle = mime_bundle(trace)
    assert_html_is_harmless(bundle["text/html"])
    assert_markdown_is_harmless(bundle["text/markdown"])
    assert_text_is_harmless(bundle["text/plain"])
    dumped = json.dumps(bundle, allow_nan=False, ensure_ascii=False).encode("utf-8")
    validator.validate(json.loads(dumped)[MIME])


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(text=ANY_TEXT, status=st.sampled_from(STATUSES))
def test_nothing_acts_in_any_text(text: str, status: str) -> None:
    bundle = mime_bundle(hostile.trace_of(text, status=status))
    assert_html_is_harmless(bundle["text/html"])
    assert_markdown_is_harmless(bundle["text/markdown"])
    assert_text_is_harmless(bundle["text/plain"])
    assert Trace.from_dict(json.loads(json.dumps(bundle[MIME]))).to_dict() == bundle[MIME]


@settings(max_examples=300)
@given(st.text(st.sampled_from("ab1 _*[]()!<>&|`~$@\\:/.#-+=\n\t"), max_size=40))
def test_escaped_markdown_reads_as_it_was_written(text: str) -> None:
    shown = BeautifulSoup(RENDER(f"x {markdown(text)} y"), "html.parser").get_text()
    # What was in backticks is set as code; a bar in code is drawn as a broken one.
    same = str.maketrans({"|": "¦", "`": None})
    assert shown.translate(same).split() == f"x {text} y".translate(same).split()


@given(st.text(st.sampled_from("`~\na "), max_size=40))
def test_a_fence_is_longer_than_what_it_holds(text: str) -> None:
    block = fenced(text)
    fence = block.split("\n")[0]
    assert fence not in text
    assert block.count(fence) == 2


@given(st.text())
def test_the_html_view_shows_every_character(text: str) -> None:
    recorder = Recorder("q", versions={})
    trace = recorder.finish("ok", {"kind": "text", "text": "x" * 100 + text + "x", "code": ""})
    shown = unicodedata.normalize("NFC", "".join(hostile.Reader(to_html(trace)).text.split()))
    assert unicodedata.normalize("NFC", "".join(visible(trace.answer["text"]).split())) in shown  # type: ignore[index]


def test_what_is_hidden_is_written_out() -> None:
    assert visible("a\u202eb\x1b[0m\u200b\ud800\r\n\tc\x7f") == "a⟦U+202E⟧b␛[0m⟦U+200B⟧⟦U+D800⟧\n\tc␡"


def test_mathjax_is_told_to_keep_off() -> None:
    page = to_html(hostile.trace_of("$x$"))
    assert BeautifulSoup(page, "html.parser").div["class"] == ["qm-trace", "mathjax_ignore", "tex2jax_ignore"]  # type: ignore[index]


def test_a_cell_of_two_megabytes_is_cut_and_says_so() -> None:
    recorder = Recorder("q", versions={})
    big = "x" * 2_000_000
    with recorder.span("tool", "sql", sql="select 1") as span:
        span.set(user_view={"columns": ["c"], "rows": [[big]], "total_rows": 1}, model_view=big)
    trace = recorder.finish("ok", {"kind": "text", "text": big, "code": big})
    bundle = mime_bundle(trace)
    assert len(json.dumps(bundle)) < 600_000
    cell = trace.spans[0].data["user_view"]["rows"][0][0]
    assert cell.endswith("… [1,999,000 characters cut]")
    assert "long values were cut" in trace.notes[0]
    assert "long values were cut" in to_html(trace)
    assert "long values were cut" in to_text(trace)


def test_a_thousand_levels_are_drawn() -> None:
    recorder = Recorder("q", versions={})

    def descend(levels: int) -> None:
        spans = [recorder.span("tool", f"level {n}", sql="select 1") for n in range(levels)]
        for span in spans:
            span.__enter__()
        for span in reversed(spans):
            span.__exit__(None, None, None)

    descend(1_000)
    trace = recorder.finish("ok")
    read = hostile.Reader(to_html(trace))
    assert "level 300" in read.text
    assert "600 more steps" in read.text
    assert "900 more steps" in to_markdown(trace)
    assert_text_is_harmless(to_text(trace))
    assert len(Trace.from_dict(trace.to_dict()).spans) == 1_000


def test_a_trace_that_is_too_large_is_cut_step_by_step() -> None:
    recorder = Recorder("q", versions={})
    for number in range(120):
        with recorder.span("llm", f"step {number}") as span:
            span.set(prompt=str(number % 10) * 50_000)
    trace = recorder.finish("ok")
    assert len(json.dumps(trace.to_dict())) < 2_100_000
    assert len(trace.spans) == 120
    assert "characters cut" in trace.spans[7].data["prompt"]
    assert "are kept" in trace.notes[-1]


def test_infinite_and_missing_numbers_are_valid_json() -> None:
    recorder = Recorder("q", versions={})
    with recorder.span("tool", "sql") as span:
        span.set(
            user_view={"columns": ["a"], "rows": [[float("nan")], [float("-inf")], [2**70]], "total_rows": 3}
        )
    rows = recorder.finish("ok").spans[0].data["user_view"]["rows"]
    assert json.loads(json.dumps(rows, allow_nan=False)) == [[None], ["-Infinity"], [str(2**70)]]


def test_a_very_long_query_is_folded() -> None:
    recorder = Recorder("q", versions={})
    sql = "SELECT " + ", ".join(f"column_{n}" for n in range(5_000))
    trace = recorder.finish("ok", {"kind": "text", "text": "x", "code": sql})
    assert f"The program ({len(trace.answer['code']):,} characters)" in to_html(trace)  # type: ignore[index]
    assert_text_is_harmless(to_text(trace))


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_nothing_acts_in_a_page_of_its_own(text: str) -> None:
    soup = BeautifulSoup(to_page([(text, hostile.trace_of(text))], text), "html.parser")
    drawn = {"html", "head", "meta", "title", "style", "body", "section", "h1", "h2"}
    assert {tag.name for tag in soup.find_all()} <= hostile.ELEMENTS | drawn
    assert len(soup.find_all("style")) == len(soup.find_all("title")) == 1
