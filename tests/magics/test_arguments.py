from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.error import UsageError

from qwen_magics.widgets.arguments import FLAGS, Arguments, parse


def test_every_flag() -> None:
    line = (
        "-m qwen2.5-coder-1.5b --sql shop -o top --format table --max-steps 2 --max-tokens 64 "
        "--temperature 0.5 --seed 7 --dry-run --no-trace which is best?"
    )
    assert parse(line) == Arguments(
        text="which is best?",
        model="qwen2.5-coder-1.5b",
        sql="shop",
        out="top",
        format="table",
        max_steps=2,
        max_tokens=64,
        temperature=0.5,
        seed=7,
        dry_run=True,
        no_trace=True,
    )


@pytest.mark.parametrize(
    ("line", "model"),
    [
        ("--model=my/model x", "my/model"),
        ('--model "my models/x" y', "my models/x"),
        ("-m 'a b'", "a b"),
        (r"-m C:\models\qwen why", r"C:\models\qwen"),
    ],
)
def test_values(line: str, model: str) -> None:
    assert parse(line).model == model


@pytest.mark.parametrize(
    "line",
    [
        "rows with -o x",
        "a --seed 3 in the text",
        "5 - 3",
        "-5 is what",
        "- a list",
        "-",
        "— long dash",
        "x -m",
    ],
)
def test_flags_are_read_at_the_beginning_only(line: str) -> None:
    assert parse(line) == Arguments(text=line)


def test_two_dashes_end_the_flags() -> None:
    assert parse("-o x -- -m is a flag of what?") == Arguments(text="-m is a flag of what?", out="x")
    assert parse("--") == Arguments()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("--max-step 3 x", "Unknown flag --max-step. Did you mean --max-steps?"),
        ("--modle x", "Did you mean --model?"),
        ("--dryrun", "Did you mean --dry-run?"),
        ("-q x", "Unknown flag -q."),
        ("-o", "-o needs a value: -o NAME"),
        ("-o --dry-run x", "-o needs a value"),
        ("--seed= 3", "--seed needs a value"),
        ("-o a -o b x", "-o is given twice"),
        ("--dry-run=yes x", "--dry-run takes no value"),
        ("-o class x", "Try: -o class_"),
        ("-o my-table x", "Try: -o my_table"),
        ("-o 2x x", "Try: -o x"),
        ("-o 1 x", "Try: -o result"),
        ("--format tabel x", "did you mean 'table'?"),
        ("--schema", "--schema needs a value: --schema SCHEMA"),
        ('--schema {"type": x', "--schema: the JSON cannot be read"),
        ("--max-steps 0 x", "--max-steps must be at least 1, not 0."),
        ("--max-steps many x", "--max-steps must be a whole number, not 'many'."),
        ("--max-steps 1.5 x", "--max-steps must be a whole number"),
        ("--temperature hot x", "--temperature must be a number"),
        ("--temperature -1 x", "--temperature must be at least 0"),
        ("--temperature nan x", "--temperature must be a number, not nan."),
        ("--temperature inf x", "--temperature must be finite"),
        ("--seed -1 x", "--seed must be at least 0"),
    ],
)
def test_mistakes(line: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        parse(line)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", ["Person", '{"type": "array", "items": {"const": "a b"}}', "'{\"a\": 1}'"])
def test_a_schema_is_a_name_or_json_with_spaces(name: str) -> None:
    found = parse(f"--schema {name} -o x which?")
    assert (found.schema, found.out, found.text) == (name.strip("'"), "x", "which?")


def test_every_field_has_a_flag() -> None:
    assert {flag.field for flag in FLAGS} == set(Arguments.__slots__) - {"text"}


@given(st.text())
def test_any_text_survives_after_two_dashes(text: str) -> None:
    assert parse("-o x -- " + text).text == text.lstrip()


@given(st.text())
def test_any_line_is_read_or_refused(line: str) -> None:
    try:
        arguments = parse(line)
    except UsageError:
        assert line.lstrip().startswith("-")
    else:
        assert line.endswith(arguments.text)
