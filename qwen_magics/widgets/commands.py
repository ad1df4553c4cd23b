"""The subcommands of `%qwen`: which lines are one, and what each does.

A line is a subcommand only as a whole: `%qwen status` is one, `%qwen status of orders` is a question.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from IPython.core.error import UsageError

from qwen_magics.config import Settings, overrides, project_table, settings
from qwen_magics.widgets.arguments import FLAGS
from qwen_magics.widgets.live import LiveOutput
from qwen_magics.widgets.reports import Report, of_mapping

if TYPE_CHECKING:
    from qwen_magics.model.progress import ProgressEvent

_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|\S+")

__all__ = ["COMMANDS", "LATER_COMMANDS", "Command", "Context", "find_command"]


@dataclass(frozen=True, slots=True)
class Context:
    """What a subcommand may touch.

    Attributes:
        choose_model: makes a model the session's, as `%config QwenMagics.model = …` does.
        output: where a subcommand that takes long shows how far it is.
    """

    choose_model: Callable[[str], None]
    output: LiveOutput


@dataclass(frozen=True, slots=True)
class Command:
    """One subcommand.

    Attributes:
        usage: the name and its arguments, as typed after `%qwen`.
        help: one line.
        run: does it; returns what to show.
        least, most: how many words may follow the name.
    """

    usage: str
    help: str
    run: Callable[[Context, Sequence[str]], Report]
    least: int = 0
    most: int = 0

    @property
    def name(self) -> str:
        return self.usage.split()[0]


# Names of the design that later versions bring, with the number of words that make a line one of them.
LATER_COMMANDS = {
    "tools": 0,
    "api": 2,
    "fix": 0,
    "reset": 0,
    "replay": 0,
    "diff": 0,
    "scrub": 0,
}


def find_command(line: str) -> tuple[Command, list[str]] | None:
    """The subcommand that the whole line is, with its arguments; None if the line is a question.

    Raises:
        UsageError: a subcommand of a later version, or one word that is nearly a subcommand.
    """
    name, *rest = line.split() or [""]
    if name == "connect":  # a path may have spaces in it
        rest = [word.strip("\"'") for word in _QUOTED.findall(line)[1:]]
    command = COMMANDS.get(name)
    if command is not None and command.least <= len(rest) <= command.most:
        return command, rest
    if LATER_COMMANDS.get(name) == len(rest):
        msg = f"%qwen {name} is not yet in this version. `%qwen help` lists the subcommands that are."
        raise UsageError(msg)
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

    name = words[0] if words else session.model_name()

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


def _history(context: Context, words: Sequence[str]) -> Report:
    from qwen_magics.agent import session

    rows = [
        (str(number), answer.trace.question if answer.trace else "", answer.text)
        for number, answer in enumerate(session.history, start=1)
    ]
    if not rows:
        return Report("Nothing was asked yet.", (), [])
    return Report("", ("", "question", "answer"), rows)


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
        Command("config", "Settings, their values and where each comes from", _config),
        Command("history", "The questions of this session with their answers", _history),
        Command("help [SUBCOMMAND]", "This list, or one line of it", _help, 0, 1),
    )
}
