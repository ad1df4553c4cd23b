"""The documentation names everything that there is, and nothing that there is not."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from qwen_magics import cli, errors
from qwen_magics.config import Settings
from qwen_magics.widgets.arguments import FLAGS
from qwen_magics.widgets.commands import COMMANDS

ROOT = Path(__file__).parent.parent
MAGICS = (ROOT / "docs" / "magics.md").read_text(encoding="utf-8")
CLI = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("flag", [name for flag in FLAGS for name in flag.names])
def test_flags(flag: str) -> None:
    assert re.search(rf"^\| `[^|]*(?<![\w-]){flag}(?![\w-])[^|]*` \|", MAGICS, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=lambda command: str(command.name))
def test_subcommands(command: object) -> None:
    assert f"| `%qwen {command.usage}` |" in MAGICS  # type: ignore[attr-defined]


@pytest.mark.parametrize(("name", "setting"), Settings.describe().items())
def test_settings(name: str, setting: object) -> None:
    row = next((line for line in MAGICS.splitlines() if line.startswith(f"| `{name}` |")), None)
    assert row is not None, f"docs/magics.md has no row for the setting {name}"
    assert f"| `{getattr(Settings(), name)}` |" in row


@pytest.mark.parametrize("name", errors.__all__)
def test_errors(name: str) -> None:
    assert f"`{name}`" in MAGICS


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_commands(name: str) -> None:
    assert f"## `qwen-magics {name}" in CLI


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_options(name: str) -> None:
    parser = argparse.ArgumentParser(add_help=False)
    cli.COMMANDS[name].add_arguments(parser)
    section = CLI.split(f"## `qwen-magics {name}")[1].split("\n## ")[0]
    for action in parser._actions:
        for option in action.option_strings or [action.dest.upper()]:
            assert option in section, f"docs/cli.md, {name}: {option}"


def test_nothing_is_documented_that_does_not_exist() -> None:
    offered = {name for flag in FLAGS for name in flag.names}
    rows = [line.split("|")[1] for line in MAGICS.splitlines() if re.match(r"\| `-", line)]
    assert {name for row in rows for name in re.findall(r"(?<![\w-])--?[a-z][a-z-]*", row)} == offered
    commands = set(re.findall(r"^\| `%qwen ([a-z]+)", MAGICS, re.MULTILINE))
    assert commands == set(COMMANDS)


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: str(page.name))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target
