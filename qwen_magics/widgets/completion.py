"""What can stand at the cursor in a `%qwen` line or `%%qwen` cell, for every frontend: an IPython matcher.

`@variables` with their sizes and `@variable.columns` with their dtypes come from the kernel as it is now;
flags, their values, subcommands and models from the package. Elsewhere in a notebook it says nothing.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from types import FunctionType
from typing import Any

from IPython.core.completer import CompletionContext, SimpleCompletion, SimpleMatcherResult
from IPython.core.interactiveshell import InteractiveShell

from qwen_magics.config import Settings
from qwen_magics.widgets.arguments import FLAGS, Flag
from qwen_magics.widgets.commands import COMMANDS

__all__ = ["VALUES", "Choice", "complete", "install", "uninstall"]

IDENTIFIER = "qwen_magics.widgets.completion"

# A text and what stands beside it in the list: a size, a dtype, `flag`.
Choice = tuple[str, str]

_CELL = re.compile(r"\s*%%qwen(?P<line>[ \t][^\n]*)?(?P<body>\n.*)?\Z", re.DOTALL)
_LINE = re.compile(r"\s*(?:[^\W\d]\w*\s*=\s*)?%qwen[ \t]+(?P<line>.*)\Z")
# As `agent.references` reads them: not after a word, a dot, a backslash or another `@`.
_REFERENCE = re.compile(r"(?<![\w.\\@])@(?:(?P<frame>[^\W\d]\w*)\.(?P<column>\w*)|(?P<name>\w*))\Z")
_TABLES = {"geopandas", "modin", "pandas", "polars", "pyarrow"}
_MOST_COLUMNS = 1_000


def complete(text: str, namespace: Mapping[str, Any]) -> tuple[str, list[Choice]]:
    """The fragment before the cursor that is being written, and what it could become.

    Args:
        text: the cell up to the cursor.
        namespace: the user's variables.
    """
    cell = _CELL.match(text)
    line = None if cell else _LINE.match(text.rpartition("\n")[2])
    if cell is None and line is None:
        return "", []
    reference = _REFERENCE.search(text)
    if reference is not None:
        return _references(reference, namespace)
    if line is not None:
        return _arguments(line["line"], namespace, commands=True)
    if cell is not None and cell["line"] and cell["body"] is None:
        return _arguments(cell["line"].lstrip(), namespace, commands=False)
    return "", []


def _references(found: re.Match[str], namespace: Mapping[str, Any]) -> tuple[str, list[Choice]]:
    if found["frame"] is not None:
        columns = (c for c in _columns(namespace.get(found["frame"])) if c[0].isidentifier())
        return found["column"], _starting(found["column"], columns)
    tables = ((f"@{name}", _size(value)) for name, value in _tables(namespace))
    return f"@{found['name']}", _starting(f"@{found['name']}", tables)


def _arguments(line: str, namespace: Mapping[str, Any], *, commands: bool) -> tuple[str, list[Choice]]:
    *before, fragment = line.split(" ")
    words = [word for word in before if word]
    flag = _open_flag(words)
    if flag is not None and flag.metavar:
        part = fragment.rpartition(",")[2] if flag.kind == "names" else fragment
        return part, _starting(part, _values(flag, namespace))
    if commands and words and words[0] in COMMANDS:
        return fragment, _starting(fragment, _of_command(words))
    if flag is None and words:
        return "", []  # inside the question
    choices = _flags() if fragment.startswith("-") else _commands() if commands and not words else ()
    return fragment, _starting(fragment, choices)


def _open_flag(words: list[str]) -> Flag | None:
    """The last flag, if nothing but flags and their values stands before the cursor.

    One that takes no value, or has it already, is given without its metavar: what follows is another flag.
    """
    known = {name: flag for flag in FLAGS for name in flag.names}
    last: Flag | None = None
    waiting = False
    for word in words:
        if waiting:
            waiting = False
        elif word in known:
            last, waiting = known[word], bool(known[word].metavar)
        else:
            return None
    if last is None or waiting:
        return last
    return Flag(last.names, last.field, "", last.help)


def _of_command(words: list[str]) -> Iterable[Choice]:
    """What may follow a subcommand: its usage names it."""
    usage = COMMANDS[words[0]].usage
    if len(words) > 1:
        return ()
    if words[0] in ("use", "pull"):
        return _models()
    return _commands() if "SUBCOMMAND" in usage else ()


def _values(flag: Flag, namespace: Mapping[str, Any]) -> Iterable[Choice]:
    if flag.field in VALUES:
        return VALUES[flag.field](namespace)
    choices = Settings.describe()[flag.setting].choices if flag.setting else ()
    return [(choice, "value") for choice in choices]


def _flags() -> Iterator[Choice]:
    for flag in FLAGS:
        yield flag.names[-1], f"flag {flag.metavar}".strip()


def _commands() -> Iterator[Choice]:
    for name in COMMANDS:
        yield name, "command"


def _models(namespace: Mapping[str, Any] | None = None) -> Iterator[Choice]:
    from qwen_magics.widgets.models import model_rows

    for row in model_rows():
        yield str(row["name"]), "installed" if row["installed"] else "model"


def _databases(namespace: Mapping[str, Any]) -> Iterator[Choice]:
    from qwen_magics.tools.databases import connections

    for name in connections():
        yield name, "database"


def _apis(namespace: Mapping[str, Any]) -> Iterator[Choice]:
    agent = sys.modules.get("qwen_magics.agent")  # whatever is registered there has imported it
    for source in agent.session.toolbox.sources if agent is not None else ():
        yield source.name, "API"


def _functions(namespace: Mapping[str, Any]) -> Iterator[Choice]:
    for name, value in namespace.items():
        if isinstance(value, FunctionType) and value.__doc__ and not name.startswith("_"):
            yield name, "tool" if hasattr(value, "__qwen_magics_tool__") else "function"


# By the field of a flag in `Arguments`: where its values come from.
VALUES: dict[str, Callable[[Mapping[str, Any]], Iterable[Choice]]] = {
    "model": _models,
    "sql": _databases,
    "apis": _apis,
    "tools": _functions,
    "approve": lambda _: [(choice, "value") for choice in ("ask", "allow", "deny")],
}


def _tables(namespace: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in namespace.items():
        package = type(value).__module__.partition(".")[0]
        if package in _TABLES and not name.startswith("_") and _columns(value):
            yield name, value


def _size(table: Any) -> str:
    return f"table {len(table):,}×{len(_columns(table)):,}"


def _columns(table: Any) -> list[Choice]:
    """Names and dtypes; nothing for what is no table, or one that is yet to be computed."""
    if not hasattr(type(table), "__len__"):
        return []
    if hasattr(table, "column_names") and hasattr(table, "schema"):  # pyarrow
        pairs = zip(table.column_names, table.schema.types, strict=True)
    elif hasattr(table, "columns") and hasattr(table, "dtypes"):
        pairs = zip(table.columns, table.dtypes, strict=True)
    else:
        return []
    return [(str(name), str(dtype)) for name, dtype in islice(pairs, _MOST_COLUMNS)]


def _starting(fragment: str, choices: Iterable[Choice]) -> list[Choice]:
    return [choice for choice in choices if choice[0].startswith(fragment)]


def install(shell: InteractiveShell) -> None:
    """Let a shell complete questions; doing it twice changes nothing."""
    uninstall(shell)

    def qwen_matcher(context: CompletionContext) -> SimpleMatcherResult:
        lines = context.full_text.split("\n")[: context.cursor_line]
        text = "\n".join([*lines, context.text_until_cursor])
        fragment, choices = complete(text, shell.user_ns)
        # JupyterLab breaks what stands beside a completion at its spaces, and shows the first line only.
        kept = [(choice, kind.replace(" ", "\N{NO-BREAK SPACE}")) for choice, kind in choices]
        return SimpleMatcherResult(
            completions=[SimpleCompletion(text=choice, type=kind) for choice, kind in kept],
            matched_fragment=fragment,
            suppress=bool(choices),
        )

    # What IPython's `context_matcher` decorator does, which has no types.
    qwen_matcher.matcher_api_version = 2  # type: ignore[attr-defined]
    qwen_matcher.matcher_identifier = IDENTIFIER  # type: ignore[attr-defined]
    shell.Completer.custom_matchers.append(qwen_matcher)


def uninstall(shell: InteractiveShell) -> None:
    """Take it away again."""
    matchers = shell.Completer.custom_matchers
    matchers[:] = [one for one in matchers if getattr(one, "matcher_identifier", None) != IDENTIFIER]
