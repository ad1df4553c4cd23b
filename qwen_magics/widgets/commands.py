"""The subcommands of `%qwen`: which lines are one, and what each does.

A line is a subcommand only as a whole: `%qwen status` is one, `%qwen status of orders` is a question.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from IPython.core.error import UsageError

from qwen_magics.config import Settings, overrides, project_table, settings
from qwen_magics.widgets import run_commands as runs
from qwen_magics.widgets.apis import (
    api_report,
    is_api_command,
    is_mcp_command,
    mcp_report,
    tools_report,
)
from qwen_magics.widgets.arguments import FLAGS
from qwen_magics.widgets.live import LiveOutput
from qwen_magics.widgets.metrics import are_metrics, metrics_report
from qwen_magics.widgets.reports import Report, of_mapping

if TYPE_CHECKING:
    from qwen_magics.agent import Answer
    from qwen_magics.model.progress import ProgressEvent

__all__ = ["COMMANDS", "Command", "Context", "Shown", "find_cell_command", "find_command"]

_WITH_PATHS = ("connect", "history", "replay", "diff", "scrub", "code")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|\S+")


@dataclass(frozen=True, slots=True)
class Context:
    """What a subcommand may touch.

    Attributes:
        choose_model: makes a model the session's, as `%config QwenMagics.model = …` does.
        output: where a subcommand that takes long shows how far it is.
        fix: repairs the last failed cell, into a new cell.
        keep: puts down what an answer leaves beside its output.
        namespace: the variables of the notebook.
        insert_cell: puts a new cell with this source below.
        body: the cell below the line, for the one subcommand that takes such.
        cell: what the front end calls the cell; empty where it does not say.
    """

    choose_model: Callable[[str], None]
    output: LiveOutput
    fix: Callable[[LiveOutput], Shown]
    keep: Callable[[Answer], Shown]
    namespace: MutableMapping[str, Any] = field(default_factory=dict)
    insert_cell: Callable[[str], None] = lambda _: None
    body: str = ""
    cell: str = ""


class Shown(Protocol):
    """What a subcommand gives back: a report, a trace, a comparison."""

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Command:
    """One subcommand.

    Attributes:
        usage: the name and its arguments, as typed after `%qwen`.
        help: one line.
        run: does it; returns what to show.
        least, most: how many words may follow the name.
        accepts: whether these words can be arguments; with others the line is a question.
    """

    usage: str
    help: str
    run: Callable[[Context, Sequence[str]], Shown]
    least: int = 0
    most: int = 0
    accepts: Callable[[Sequence[str]], bool] = lambda _: True

    @property
    def name(self) -> str:
        return self.usage.split()[0]


def find_command(line: str) -> tuple[Command, list[str]] | None:
    """The subcommand that the whole line is, with its arguments; None if the line is a question.

    Raises:
        UsageError: a subcommand of a later version, or one word that is nearly a subcommand.
    """
    name, *rest = line.split() or [""]
    if name in _WITH_PATHS:  # a path may have spaces in it
        rest = [word.strip("\"'") for word in _QUOTED.findall(line)[1:]]
    command = COMMANDS.get(name)
    if command is not None and command.least <= len(rest) <= command.most and command.accepts(rest):
        return command, rest
    if rest or not name:
        return None
    if command is not None:
        msg = f"%qwen {name} needs an argument: %qwen {command.usage}"
        raise UsageError(msg)
    close = difflib.get_close_matches(name, COMMANDS, n=1, cutoff=0.8)
    if close:
        hint = f"Did you mean %qwen {close[0]}? (To ask it as a question, use %%qwen.)"
        msg = f"There is no subcommand {name!r}. {hint}"
        raise UsageError(msg)
    return None


def _status(context: Context, words: Sequence[str]) -> Report:
    from qwen_magics.agent import session

    return of_mapping("", session.status())


def _doctor(context: Context, words: Sequence[str]) -> Report:
    from qwen_magics.agent import session

    return of_mapping("", session.doctor())


def _models(context: Context, words: Sequence[str]) -> Report:
    from qwen_magics.agent import session
    from qwen_magics.widgets.models import models_report

    return models_report(session.model_name())


def _use(context: Context, words: Sequence[str]) -> Report:
    from qwen_magics.agent import session

    # The setting alone holds the choice, so that `%config QwenMagics.model` can change it again.
    session.store().check_name(words[0])
    context.choose_model(words[0])
    here = session.load_in_background()
    note = (
        "Loading it in the background."
        if here
        else "It is fetched at the first question, or now by %qwen pull."
    )
    return Report("", (), [("model", words[0])], note)


def _load(context: Context, words: Sequence[str]) -> Report:
    from qwen_magics.agent import session

    session.model(listener=context.output.on_event)
    return of_mapping("", session.status())


def _unload(context: Context, words: Sequence[str]) -> Report:
    from qwen_magics.agent import session

    freed = session.unload()
    return Report("The model's memory is free again." if freed else "No model was loaded.", (), [])


def _pull(context: Context, words: Sequence[str]) -> Report:
    from qwen_magics.agent import Event, session

    name = words[0] if words else session.wanted_model()

    def show(event: ProgressEvent) -> None:
        context.output.on_event(Event("progress", event.detail, progress=event))

    path = session.store().pull(name, progress=show)
    return Report(f"{name} is on this machine: {path}", (), [])


def _connect(context: Context, words: Sequence[str]) -> Report:
    from qwen_magics.widgets.databases import connect_report

    return connect_report(words, context.output.on_event)


def _config(context: Context, words: Sequence[str]) -> Report:
    now, found = settings(), project_table()
    table = found[1] if found else {}
    rows = []
    for name, setting in Settings.describe().items():
        place = "%config" if name in overrides() else "pyproject.toml" if name in table else "default"
        rows.append((name, str(getattr(now, name)), place, setting.help))
    note = "Change one with %config QwenMagics.max_steps = 3"
    return Report("", ("setting", "value", "from", "meaning"), rows, note)


def _api(context: Context, words: Sequence[str]) -> Report:
    return api_report(words)


def _fix(context: Context, words: Sequence[str]) -> Shown:
    return context.fix(context.output)


def _mcp(context: Context, words: Sequence[str]) -> Report:
    return mcp_report(words)


def _metrics(context: Context, words: Sequence[str]) -> Report:
    return metrics_report(words)


def _tools(context: Context, words: Sequence[str]) -> Report:
    from qwen_magics.tools.registry import marked

    return tools_report(marked(context.namespace.values()))


def _help(context: Context, words: Sequence[str]) -> Report:
    if words:
        command = COMMANDS.get(words[0])
        if command is None:
            msg = f"There is no subcommand {words[0]!r}. `%qwen help` lists them."
            raise UsageError(msg)
        return Report("", (), [(f"%qwen {command.usage}", command.help)])
    rows = [
        (
            "%qwen [flags] QUESTION",
            "Ask about variables of this notebook: how many rows of @orders have no customer?",
        ),
        ("%%qwen [flags]", "The same, with the question in the cell"),
        *((flag.usage, flag.help) for flag in FLAGS),
        *((f"%qwen {command.usage}", command.help) for command in COMMANDS.values()),
    ]
    return Report("", (), rows, "@name hands over a variable by its schema; {{expr}} pastes a value.")


def find_cell_command(line: str) -> tuple[Command, list[str]] | None:
    """The subcommand of a `%%qwen` line: `replay … --from STEP` over a program; otherwise the cell asks."""
    found = find_command(line) if line.startswith("replay ") and "--from" in line else None
    return found if found is not None and found[0].name == "replay" else None


COMMANDS = {
    command.name: command
    for command in (
        Command("status", "What is loaded, and where it runs", _status),
        Command("doctor", "Check this machine, with measured speeds", _doctor),
        Command("models", "The models of the catalogue, and which are on this machine", _models),
        Command("use NAME", "Choose the model for the following questions", _use, 1, 1),
        Command("pull [NAME]", "Fetch and build a model now", _pull, 0, 1),
        Command("load", "Load the model now", _load),
        Command("unload", "Free the model's memory", _unload),
        Command(
            "connect [NAME [URL]]",
            "Connect a database under a name, or list the connected ones",
            _connect,
            0,
            2,
        ),
        Command("fix", "Explain and repair the last cell that failed, as a new cell", _fix),
        Command("config", "Settings, their values and where each comes from", _config),
        Command(
            "history [RUN]",
            "The runs of this session, or one of them again",
            runs.history,
            0,
            1,
            runs.are_runs,
        ),
        Command(
            "replay [RUN] [--from STEP [--continue]] [--model]",
            "Run the tool steps of a run again, on the data of now; --continue: the model goes on",
            runs.replay,
            0,
            4,
            runs.is_replay,
        ),
        Command("diff [A] [B]", "Compare two runs step by step", runs.diff, 0, 2, runs.are_runs),
        Command(
            "scrub [RUN]", "Show a run without values, or copy a notebook so", runs.scrub, 0, 2, runs.are_runs
        ),
        Command("code [RUN]", "Put all programs of a run into a new cell", runs.code, 0, 1, runs.are_runs),
        Command("reset", "Forget the runs of this session", runs.reset),
        Command(
            "api NAME SPEC [OPTIONS]",
            "Register a web API by its OpenAPI document, or Tryton's ERP; --url, --bearer, --basic, --key",
            _api,
            2,
            10,
            is_api_command,
        ),
        Command(
            "mcp NAME SERVER [OPTIONS]",
            "Register an MCP server: a URL, or -- and a command",
            _mcp,
            2,
            40,
            is_mcp_command,
        ),
        Command(
            "metrics [FILE]",
            "Load named metrics, vetted SQL templates, from a YAML file; or list the loaded ones",
            _metrics,
            0,
            1,
            are_metrics,
        ),
        Command("tools", "What a question may call: registered APIs and functions marked with @tool", _tools),
        Command("help [SUBCOMMAND]", "This list, or one line of it", _help, 0, 1),
    )
}
