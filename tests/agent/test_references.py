from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_magics.agent.references import expand, find_references
from qwen_magics.errors import UnknownReferenceError


def test_a_name_is_handed_over_and_stays_readable() -> None:
    expanded = expand("rows of @orders without @customers?", {"orders": 1, "customers": 2})
    assert expanded.text == "rows of orders without customers?"
    assert expanded.frames == {"orders": 1, "customers": 2}


def test_names_in_any_script() -> None:
    assert find_references("@订单 and @ação") == ["订单", "ação"]


def test_mail_addresses_and_escapes_are_text() -> None:
    assert expand(r"mail me@example.org or \@home", {}).text == "mail me@example.org or @home"


def test_a_value_is_pasted() -> None:
    assert expand("over {{limit * 2}} units", {"limit": 4}).text == "over 8 units"


def test_what_was_pasted_is_not_expanded_again() -> None:
    expanded = expand("about {{note}}", {"note": "@secret {{1/0}}", "secret": 1})
    assert expanded.text == "about @secret {{1/0}}"
    assert expanded.frames == {}


def test_nothing_is_evaluated_unless_a_person_typed_it() -> None:
    assert expand("{{1/0}}", {}, paste=False).text == "{{1/0}}"


def test_an_unknown_name_offers_the_closest() -> None:
    with pytest.raises(UnknownReferenceError, match="Did you mean @orders"):
        expand("@ordres", {"orders": 1})


def test_a_failing_expression_says_how_to_keep_the_braces() -> None:
    with pytest.raises(UnknownReferenceError, match=r"ZeroDivisionError.*literal braces"):
        expand("{{1/0}}", {})


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(exclude_characters="@\\{}"), max_size=8),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text("abc", max_size=3), children, max_size=3)
    ),
    max_leaves=8,
)


@given(json_values)
def test_json_and_dollars_come_through_unchanged(value: object) -> None:
    text = f"$HOME ${{x}} as JSON: {json.dumps(value)} end"
    assert expand(text, {}).text == text


@pytest.mark.parametrize("braces", range(2, 8))
def test_escaped_braces_paste_nothing_however_many_there_are(braces: int) -> None:
    # What the JupyterLab extension escapes may come from anyone: from a cell, or from a trace.
    foreign = f"{'{' * braces}1 / 0{'}' * braces}"
    assert expand(foreign.replace("{{", "\\{{"), {}).text == foreign
