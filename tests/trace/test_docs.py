from __future__ import annotations

from pathlib import Path
from typing import get_args

import jsonschema
import pytest

from qwen_magics.trace.limits import DEFAULT_LIMITS
from qwen_magics.trace.outline import GLYPHS
from qwen_magics.trace.spans import SpanKind

PAGE = (Path(__file__).parents[2] / "docs" / "traces.md").read_text(encoding="utf-8")


def test_every_key_of_the_format_is_documented(validator: jsonschema.Draft202012Validator) -> None:
    schema = validator.schema
    keys = [*schema["properties"], *schema["$defs"]["span"]["properties"]]
    for kind in set(get_args(SpanKind)) - {"agent"}:
        keys += [kind, *schema["$defs"][kind]["properties"]]
    assert [key for key in keys if f"`{key}`" not in PAGE] == []


@pytest.mark.parametrize("status", GLYPHS)
def test_every_status_is_documented(status: str) -> None:
    assert f"| {GLYPHS[status]} | `{status}` |" in PAGE


def test_the_limits_are_those_of_the_code() -> None:
    for limit in (DEFAULT_LIMITS.text, DEFAULT_LIMITS.cell, DEFAULT_LIMITS.items):
        assert f"over {limit:,}" in PAGE
    assert f"about {DEFAULT_LIMITS.total // 10**6} MB" in PAGE


def test_the_pictures_are_there_and_small() -> None:
    for name in ("trace-light.png", "trace-dark.png"):
        assert name in PAGE
        assert 0 < (Path(__file__).parents[2] / "docs" / "images" / name).stat().st_size < 200_000
