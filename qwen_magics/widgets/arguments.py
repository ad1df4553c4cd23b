"""The flags of `%qwen` and `%%qwen`.

They are read from the beginning of the line only, so a question may hold anything.
"""

from __future__ import annotations

import difflib
import json
import keyword
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from IPython.core.error import UsageError

from qwen_magics.config import Settings

__all__ = ["FLAGS", "Arguments", "Flag", "parse"]


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag.

    Attributes:
        names: as typed, the short form first.
        field: where its value goes in `Arguments`.
        metavar: what stands for its value in the help; empty for a switch.
        help: one line.
        setting: the setting whose limits its value must keep to, if there is one.
        kind: how its value is read without a setting: `variable`, `names` (with commas, and the flag may
            come again), `json` (or a variable), or `rules` of approval.
    """

    names: tuple[str, ...]
    field: str
    metavar: str
    help: str
    setting: str = ""
    kind: str = "variable"

    @property
    def usage(self) -> str:
        return f"{'/'.join(self.names)} {self.metavar}".strip()


FLAGS = (
    Flag(("-m", "--model"), "model", "NAME", "Ask this model instead of the session's", "model"),
    Flag(("--sql",), "sql", "NAME", "Ask this connected database instead of variables"),
    Flag(("-t", "--tool"), "tools", "NAME", "Let it call this function; several with commas", kind="names"),
    Flag(("--api",), "apis", "NAME", "Let it call this API of %qwen api; several with commas", kind="names"),
    Flag(
        ("--approve",),
        "approve",
        "RULES",
        "Calls that change something: ask, allow or deny, or such as create_*=allow,ask",
        kind="rules",
    ),
    Flag(("-o", "--out"), "out", "NAME", "Put the answer's value into this variable"),
    Flag(("-c", "--continue"), "continued", "", "Go on from the last question: its tables, and its result"),
    Flag(
        ("--format",),
        "format",
        "KIND",
        "What the answer must be: auto, text, table, number, chart, json, sql, python",
        "format",
    ),
    Flag(
        ("--schema",),
        "schema",
        "SCHEMA",
        "Make the answer JSON of this schema: JSON, or a variable that is one, a pydantic model or a class",
        kind="json",
    ),
    Flag(("--max-steps",), "max_steps", "N", "Most model calls for this question", "max_steps"),
    Flag(("--max-tokens",), "max_tokens", "N", "Most tokens of one generation", "max_tokens"),
    Flag(("--temperature",), "temperature", "X", "0 is repeatable, more varies the answers", "temperature"),
    Flag(("--seed",), "seed", "N", "Makes a temperature above 0 repeatable", "seed"),
    Flag(("--dry-run",), "dry_run", "", "Show what would be sent to the model, and send nothing"),
    Flag(("--no-trace",), "no_trace", "", "Keep no record of the run"),
)

_BY_NAME = {name: flag for flag in FLAGS for name in flag.names}
# A dash and a letter: `-5 degrees` and `— yes` are text.
_FLAG = re.compile(r"\s*(--?[^\W\d][^\s=]*)(=?)")
_VALUE = re.compile(r"\s*(?:\"([^\"]*)\"|'([^']*)'|(\S+))(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Arguments:
    """What was typed. None leaves the choice to the settings.

    Attributes:
        text: everything after the flags, exactly as typed but for the whitespace before it.
    """

    text: str = ""
    model: str | None = None
    sql: str | None = None
    out: str | None = None
    continued: bool = False
    format: str | None = None
    schema: str | None = None
    max_steps: int | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    seed: int | None = None
    dry_run: bool = False
    no_trace: bool = False
    tools: tuple[str, ...] = ()
    apis: tuple[str, ...] = ()
    approve: str | None = None


def parse(line: str) -> Arguments:
    """Read the flags at the beginning of `line`; a lone `--` ends them.

    Raises:
        UsageError: an unknown flag, one given twice, or a value that it cannot have.

    >>> parse("-o top --seed 1 which is -- best?")
    Arguments(text='which is -- best?', model=None, out='top', …, seed=1, …)
    """
    values: dict[str, object] = {}
    at = 0
    while (found := _FLAG.match(line, at)) is not None:
        flag = _flag(found[1])
        if flag.field in values and flag.kind != "names":
            msg = f"{found[1]} is given twice. Keep one of them."
            raise UsageError(msg)
        at = found.end()
        if flag.metavar:
            text, at = _value(line, at, found[1], flag, joined=bool(found[2]))
            value = _converted(found[1], flag, text)
            values[flag.field] = (*values.get(flag.field, ()), *value) if flag.kind == "names" else value  # type: ignore[misc]
        elif found[2]:
            msg = f"{found[1]} takes no value. Write {found[1]} alone."
            raise UsageError(msg)
        else:
            values[flag.field] = True
    rest = line[at:].lstrip()
    if rest == "--" or (rest.startswith("--") and rest[2].isspace()):
        rest = rest[2:].lstrip()
    return Arguments(text=rest, **values)  # type: ignore[arg-type]  # each was converted by its flag


def _flag(name: str) -> Flag:
    if name in _BY_NAME:
        return _BY_NAME[name]
    close = difflib.get_close_matches(name, _BY_NAME, n=1, cutoff=0.4)
    hint = f"Did you mean {close[0]}?" if close else "`%qwen help` lists the flags."
    msg = f"Unknown flag {name}. {hint} (A question that begins with a dash goes after `-- `.)"
    raise UsageError(msg)


def _value(line: str, at: int, name: str, flag: Flag, *, joined: bool) -> tuple[str, int]:
    if flag.kind == "json" and (end := _json_end(line, at)) is not None:
        return line[at:end].strip(), end
    found = _VALUE.match(line, at)
    blank_after_equals = joined and line[at : at + 1].isspace()
    if found is None or blank_after_equals or _looks_like_flag(found):
        msg = f"{name} needs a value: {name} {flag.metavar}"
        raise UsageError(msg)
    return next(group for group in found.groups() if group is not None), found.end()


def _json_end(line: str, at: int) -> int | None:
    """Where a JSON object that begins here ends: it may hold quotes and spaces; None if none begins."""
    start = at + len(line[at:]) - len(line[at:].lstrip())
    if line[start : start + 1] != "{":
        return None
    try:
        return json.JSONDecoder().raw_decode(line, start)[1]
    except ValueError as error:
        msg = f"--schema: the JSON cannot be read ({error}). Put it into a variable and give its name."
        raise UsageError(msg) from error


def _looks_like_flag(found: re.Match[str]) -> bool:
    bare = found[3]
    return bare is not None and (bare == "--" or _FLAG.match(bare) is not None)


def _converted(name: str, flag: Flag, text: str) -> object:
    if flag.field == "sql":
        return text
    if not flag.setting:
        return _BY_KIND[flag.kind](name, text)
    setting = Settings.describe()[flag.setting]
    value: object = text
    if setting.kind in (int, float):
        try:
            value = setting.kind(text)
        except ValueError:
            value = text  # the check below says what it should have been
    problem = setting.problem(value)
    if problem is not None:
        msg = f"{name} {problem}."
        raise UsageError(msg)
    return value


def _variable(name: str, text: str) -> str:
    if not text.isidentifier() or keyword.iskeyword(text):
        usable = re.sub(r"\W", "_", text).lstrip("0123456789") or "result"
        usable += "_" * keyword.iskeyword(usable)
        msg = f"{name} needs the name of a variable, and {text!r} cannot be one. Try: {name} {usable}"
        raise UsageError(msg)
    return text


def _names(name: str, text: str) -> tuple[str, ...]:
    names = tuple(part.strip() for part in text.split(",") if part.strip())
    if not names:
        msg = f"{name} needs a name."
        raise UsageError(msg)
    return names


def _text(name: str, text: str) -> str:
    return text


_BY_KIND: Mapping[str, Callable[[str, str], object]] = {
    "variable": _variable,
    "names": _names,
    "rules": _text,
    "json": _text,
}
