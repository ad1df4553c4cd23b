"""Texts that try to act, and traces with such a text in every field."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from qwen_magics.trace import Recorder, Trace

TEXTS = (
    "<script>alert(1)</script>",
    "</code></pre></details></div><script>alert(1)</script>",
    "<img src=https://evil.example/x.png onerror=alert(1)>",
    "![x](https://evil.example/x.png)",
    "[click](javascript:alert(1))",
    "<a href='javascript:alert(1)'>x</a>",
    "https://evil.example/?q=secret and www.evil.example and mail@evil.example",
    '<button data-commandlinker-command="notebook:run-all-cells">Run</button>',
    '" onmouseover="alert(1)" x="',
    "' style='position:fixed' x='",
    '" onmouseover="alert(1)" x="' * 6,  # long enough to be cut, with the whole in a title
    "--> <!-- <style>*{display:none}</style>",
    "safe\u202egnp.exe\u2066 \u200b\ufeff",
    "\x1b[31mred\x1b[0m\x1b]8;;https://evil.example\x07link\x1b]8;;\x07 \x00\x07\x9b",
    "$\\href{javascript:alert(1)}{x}$ $$\\unicode{x}$$ \\(a\\)",
    "```\n</pre>\n```` <b>`x`</b> ``a",
    "| a | b |\n|---|---|\n| <b>1</b> | `|` |",
    "# head\n- item\n1. one\n> quote\n=====\n",
    "\ud800 half \udfff",
    "\U000e0041\U000e0042 tags",
    "&lt;script&gt; &amp;#x3c;",
)

# Characters that no view may let through: controls but newline and tab, bidirectional and invisible ones.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)

# Elements and attributes that the HTML view may hold. None of them loads or runs anything.
ELEMENTS = {
    *("div", "p", "span", "strong", "em", "small", "bdi", "code", "pre", "ul", "li", "details", "summary"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"align", "class", "style", "title", "open"}

# Properties that JupyterLab's sanitiser keeps, of those that the view uses; another would be lost in silence.
PROPERTIES = {
    *(
        "background",
        "border-bottom",
        "border-collapse",
        "border-left",
        "border-radius",
        "border-top",
        "color",
    ),
    *(
        "cursor",
        "display",
        "float",
        "font-size",
        "font-weight",
        "height",
        "line-height",
        "list-style",
        "margin",
    ),
    *(
        "margin-left",
        "max-height",
        "max-width",
        "min-width",
        "opacity",
        "overflow",
        "overflow-wrap",
        "padding",
    ),
    *("text-align", "vertical-align", "white-space", "width"),
}


class Reader(HTMLParser):
    """What a browser would build: elements, attributes, text, and whether all of it is closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.styles: set[str] = set()
        self.text = ""
        self.other: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert not self._open, f"left open: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.styles |= {value or "" for name, value in attrs if name == "style"}
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.other.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def trace_of(text: str, *, status: str = "ok") -> Trace:
    """A trace with `text` wherever a text can stand."""
    recorder = Recorder(
        text,
        model={"id": text, "sha256": text, "quantisation": text, "provider": text, text: text},
        parameters={"seed": text, text: text},
        data=[{"name": text, "rows": 1, "columns": 1, "fingerprint": text}],
        versions={"python": "3.11"},
    )
    table = {
        "columns": [text, "n", None],
        "rows": [[text, 1.5, None], [text, float("inf"), text]],
        "total_rows": 2,
    }
    with recorder.span("agent", text):
        with recorder.span("llm", text, attempt=2, grammar=text) as span:
            span.set(prompt=text, completion=text, finish_reason=text, **{f"extra {text}": {text: [text]}})
        with recorder.span("check", text, subject=text, sql=text) as span:
            span.fail(text, text, text)
        with recorder.span("retry", text, reason=text):
            pass
        with recorder.span("approval", text, tool=text, arguments={text: text}) as span:
            span.set(preview=text, decision="edited", by="user", edited={text: text})
            span.deny(text)
        with recorder.span("tool", text, tool=text, arguments={text: text}, sql=text) as span:
            span.set(approval=text, tables=[text], rows=2, columns=[text], model_view=text, user_view=table)
        with recorder.span("tool", text, tool=text, code=text) as span:
            span.set(user_view=text, language=text, frame_diff=_frame_diff(text), http=_http(text))
        if status == "running":
            return recorder.snapshot()
    if status == "error":
        return recorder.finish("error", error=ValueError(text))
    kind = {"number": "number", "text": "text"}.get(status, "table")
    answer = {"kind": kind, "text": text, "code": text, "preview": table}
    return recorder.finish("ok", answer | {"evidence": [span.span_id, text]})


def _frame_diff(text: str) -> list[dict[str, object]]:
    column = {"name": text, "dtype": text, "nulls": 1}
    frame = {"rows": 2, "columns": [column, {"name": "n", "dtype": "int64", "nulls": 0}]}
    changed = {"rows": 1, "columns": [{**column, "dtype": "object"}, {**column, "name": f"{text}2"}]}
    return [
        {"name": text, "before": frame, "after": changed},
        {"name": text, "before": None, "after": frame},
        {"name": text, "before": frame, "after": None},
    ]


def _http(text: str) -> list[dict[str, object]]:
    exchange = {"method": text, "url": text, "status": 500, "request_body": text, "response_body": text}
    return [exchange | {"content_type": text, "error": text}, exchange | {"status": None, "error": text}]
