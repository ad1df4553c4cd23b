"""`qwen-magics`: the parts of the package that make sense outside a notebook.

Exit status: 0 done, 1 an error of this package (one line on stderr), 2 a wrong command line, 130 stopped.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qwen_magics import __version__
from qwen_magics.config import Settings
from qwen_magics.errors import ConfigError, DataError, QwenMagicsError
from qwen_magics.model.catalogue import QUANTISATION_BYTES

if TYPE_CHECKING:
    from qwen_magics.model.progress import Progress

__all__ = ["COMMANDS", "Command", "main", "parser"]


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its one-line help, its arguments, what it does."""

    help: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], None]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line; returns the exit status."""
    arguments = parser().parse_args(argv)
    try:
        COMMANDS[arguments.command].run(arguments)
    except QwenMagicsError as error:
        print(f"qwen-magics: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    return 0


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(
        prog="qwen-magics", description="A Qwen model on this machine, for notebooks."
    )
    top.add_argument("--version", action="version", version=f"qwen-magics {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        command.add_arguments(commands.add_parser(name, help=command.help, description=command.help))
    return top


def _pull_arguments(to: argparse.ArgumentParser) -> None:
    to.add_argument("model", nargs="?", help="short name; the default follows the memory of this machine")
    _add_quantisation(to)


def _pull(arguments: argparse.Namespace) -> None:
    from qwen_magics.agent import session

    name = arguments.model or session.wanted_model()
    path = session.store().pull(name, progress=_progress(), quantisation=arguments.quantisation)
    print(f"{name} is on this machine: {path}")


def _build_arguments(to: argparse.ArgumentParser) -> None:
    to.add_argument("source", type=Path, help="a GGUF file, or a folder with config.json and safetensors")
    to.add_argument("--name", help="what to call it; the default follows the file's name")
    _add_quantisation(to)


def _build(arguments: argparse.Namespace) -> None:
    from qwen_magics.agent import session

    path = session.store().build(
        arguments.source, name=arguments.name, quantisation=arguments.quantisation, progress=_progress()
    )
    print(f"Built {path}\nIn a notebook: %qwen use {path.parent.name}")


def _export_arguments(to: argparse.ArgumentParser) -> None:
    to.add_argument("model_dir", type=Path, help="a folder with config.json, safetensors and tokenizer.json")
    to.add_argument(
        "target", type=Path, nargs="?", help="the directory to make; the default is MODEL_DIR-onnx beside it"
    )


def _export(arguments: argparse.Namespace) -> None:
    from qwen_magics.engine.engine import Engine
    from qwen_magics.engine.generation import SamplingParams
    from qwen_magics.model.export import export

    path = export(arguments.model_dir, arguments.target, progress=_progress())
    # What optimum writes depends on the architecture: whether it runs here is known once it has.
    Engine(path, provider="cpu").generate([0], SamplingParams(max_tokens=1))
    print(f"Exported {path}\nIn a notebook: %qwen use {path}")


def _models_arguments(to: argparse.ArgumentParser) -> None:
    to.add_argument("--json", action="store_true", help="as JSON, sizes in bytes")


def _models(arguments: argparse.Namespace) -> None:
    from qwen_magics.agent import session
    from qwen_magics.widgets.models import model_rows, models_report

    print(_json(model_rows()) if arguments.json else models_report(session.model_name()).text())


def _doctor_arguments(to: argparse.ArgumentParser) -> None:
    to.add_argument("--json", action="store_true", help="as JSON")


def _doctor(arguments: argparse.Namespace) -> None:
    from qwen_magics.agent import session
    from qwen_magics.widgets.reports import of_mapping

    found = session.doctor()
    print(_json(found) if arguments.json else of_mapping("", found).text())


def _ask_arguments(to: argparse.ArgumentParser) -> None:
    to.add_argument("question", help="plain words; @name refers to a table given by --data")
    to.add_argument(
        "--data",
        action="append",
        default=[],
        metavar="NAME=FILE",
        help="a CSV, Parquet or JSON file as a table",
    )
    to.add_argument(
        "--sql", metavar="URL", help="a database instead of files: its URL, or a SQLite or DuckDB file"
    )
    to.add_argument("--json", action="store_true", help="answer as JSON: text, kind, code, value")
    to.add_argument("-m", "--model", help=_help("model"))
    to.add_argument("--format", choices=Settings.describe()["format"].choices, help=_help("format"))
    to.add_argument(
        "--schema", metavar="JSON|FILE", help="make the answer JSON of this schema: the JSON, or its file"
    )
    to.add_argument("--max-steps", type=int, metavar="N", help=_help("max_steps"))
    to.add_argument("--max-tokens", type=int, metavar="N", help=_help("max_tokens"))
    to.add_argument("--temperature", type=float, metavar="X", help=_help("temperature"))
    to.add_argument("--seed", type=int, metavar="N", help=_help("seed"))
    to.add_argument(
        "--dry-run", action="store_true", help="show what would be sent to the model, and send nothing"
    )


def _ask(arguments: argparse.Namespace) -> None:
    from qwen_magics.agent import ask
    from qwen_magics.widgets.terminal import TerminalOutput

    # The news go to stderr, so that `qwen-magics ask … > file` holds the answer only.
    answer = ask(
        arguments.question,
        data=dict(_table(item) for item in arguments.data),
        sql=arguments.sql,
        schema=_schema(arguments.schema),
        dry_run=arguments.dry_run,
        on_event=TerminalOutput(sys.stderr).on_event,
        **_checked(arguments),
    )
    print(file=sys.stderr)
    if arguments.json:
        print(
            _json(
                {"text": answer.text, "kind": answer.kind, "code": answer.code, "value": _plain(answer.value)}
            )
        )
    else:
        print(answer._repr_mimebundle_()["text/plain"])


def _logs_arguments(to: argparse.ArgumentParser) -> None:
    from qwen_magics.widgets import logs

    logs.add_arguments(to)


def _logs(arguments: argparse.Namespace) -> None:
    from qwen_magics.widgets import logs

    logs.run(arguments)


def _checked(arguments: argparse.Namespace) -> dict[str, Any]:
    names = ("model", "format", "max_steps", "max_tokens", "temperature", "seed")
    given = {name: value for name in names if (value := getattr(arguments, name)) is not None}
    Settings().updated(given, where="command line")
    return given


def _schema(given: str | None) -> str | None:
    if given is None or given.lstrip().startswith("{"):
        return given
    try:
        return Path(given).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        msg = f"--schema {given}: the file cannot be read ({error})."
        raise DataError(msg) from error


def _table(item: str) -> tuple[str, Any]:
    name, equals, file = item.partition("=")
    if not equals or not name.isidentifier():
        msg = f"--data {item}: write it as NAME=FILE, such as --data orders=orders.csv"
        raise ConfigError(msg)
    import pandas as pd

    readers = {".csv": pd.read_csv, ".parquet": pd.read_parquet, ".json": pd.read_json}
    path = Path(file)
    if path.suffix.lower() not in readers:
        msg = f"--data {item}: {path.name} is of no kind that can be read. Use .csv, .parquet or .json."
        raise ConfigError(msg)
    try:
        return name, readers[path.suffix.lower()](path)
    except (OSError, ValueError, ImportError) as error:
        msg = f"--data {item}: {file} cannot be read ({error})."
        raise DataError(msg) from error


def _plain(value: Any) -> Any:
    """A value as JSON can hold it; a table becomes its records."""
    return (
        json.loads(value.to_json(orient="records", date_format="iso")) if hasattr(value, "to_json") else value
    )


def _help(setting: str) -> str:
    # argparse formats help with %, which a setting's text may hold.
    return Settings.describe()[setting].help.replace("%", "%%")


def _add_quantisation(to: argparse.ArgumentParser) -> None:
    to.add_argument(
        "--quantisation", metavar="Q", help=f"{', '.join(QUANTISATION_BYTES)}; the default follows the device"
    )


def _progress() -> Progress:
    from qwen_magics.agent import Event
    from qwen_magics.widgets.terminal import TerminalOutput

    output = TerminalOutput(sys.stderr)
    return lambda event: output.on_event(Event("progress", event.detail, progress=event))


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


COMMANDS = {
    "pull": Command("Fetch a model and build it for this machine.", _pull_arguments, _pull),
    "build": Command("Build a model directory from weights that are already here.", _build_arguments, _build),
    "export": Command(
        "Export a checkpoint of an architecture that `build` does not know, with optimum.",
        _export_arguments,
        _export,
    ),
    "models": Command(
        "List the models of the catalogue and those on this machine.", _models_arguments, _models
    ),
    "doctor": Command("Check this machine: provider, model, speeds.", _doctor_arguments, _doctor),
    "ask": Command("Ask one question about files.", _ask_arguments, _ask),
    "logs": Command("List, search and export the runs in saved notebooks.", _logs_arguments, _logs),
}

if __name__ == "__main__":
    sys.exit(main())
