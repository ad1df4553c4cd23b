"""Every default in one place.

A value is looked for in this order, and the first place that has it wins:

1. the flag of a magic or the argument of a call;
2. `%config QwenMagics.<name> = …` or a Jupyter/IPython configuration file (`override` holds these);
3. `[tool.qwen_magics]` of the nearest `pyproject.toml`, at or above the working directory, that has one;
4. the default below.

This module knows nothing but the exception tree.
"""

from __future__ import annotations

import difflib
import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from qwen_magics.errors import ConfigError

if sys.version_info >= (3, 11):
    import tomllib
else:  # the same parser, before it went into the standard library
    import tomli as tomllib

__all__ = [
    "FORMATS",
    "PROVIDERS",
    "Setting",
    "Settings",
    "override",
    "overrides",
    "project_table",
    "reset",
    "settings",
]

FORMATS = ("auto", "text", "table", "number", "chart", "json", "sql", "python")
PROVIDERS = ("auto", "cpu", "cuda")


@dataclass(frozen=True, slots=True)
class Setting:
    """What is allowed for one setting, and what it is for.

    Attributes:
        help: one line for `%config QwenMagics`, `%qwen config` and the documentation.
        kind: `str`, `int` or `float`; an int is accepted where a float is expected.
        optional: None is allowed, and means what `help` says.
        choices: the only values allowed; empty allows all.
        minimum: smallest value allowed.
        above: the value must be larger than this.
    """

    help: str
    kind: type
    optional: bool = False
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    above: float | None = None

    def problem(self, value: object) -> str | None:
        """What is wrong with `value`, as the end of a sentence; None if nothing is."""
        if value is None and self.optional:
            return None
        allowed = (int, float) if self.kind is float else (self.kind,)
        if not isinstance(value, allowed) or isinstance(value, bool):
            return f"must be {_KIND_NAMES[self.kind]}, not {value!r}"
        if self.choices and value not in self.choices:
            return (
                f"must be one of {', '.join(self.choices)}, not {value!r}{_closest(str(value), self.choices)}"
            )
        return self._range_problem(value) if isinstance(value, (int, float)) else None

    def _range_problem(self, value: float) -> str | None:
        if math.isnan(value):
            return "must be a number, not nan"
        if math.isinf(value):
            return "must be finite"
        if self.minimum is not None and value < self.minimum:
            return f"must be at least {self.minimum:g}, not {value!r}"
        if self.above is not None and value <= self.above:
            return f"must be more than {self.above:g}, not {value!r}"
        return None


_KIND_NAMES = {str: "a string", int: "a whole number", float: "a number"}


def _setting(default: Any, help: str, kind: type, **limits: Any) -> Any:
    return field(default=default, metadata={"setting": Setting(help, kind, **limits)})


@dataclass(frozen=True)
class Settings:
    """One consistent set of values; the field defaults are the package's defaults."""

    model: str | None = _setting(
        None,
        "Short name of a model, or the path of a model directory; None chooses by memory and what is ready",
        str,
        optional=True,
    )
    provider: Literal["auto", "cpu", "cuda"] = _setting(
        "auto", "Where the model runs: auto, cpu or cuda", str, choices=PROVIDERS
    )
    threads: int | None = _setting(
        None,
        "CPU threads of the engine; None uses the cores this process was granted",
        int,
        optional=True,
        minimum=1,
    )
    context_length: int | None = _setting(
        None,
        "Most tokens of prompt and answer together; None uses what the model offers",
        int,
        optional=True,
        minimum=256,
    )
    format: Literal["auto", "text", "table", "number", "chart", "json", "sql", "python"] = _setting(
        "auto", "Kind of answer: auto, text, table, number, chart, json, sql or python", str, choices=FORMATS
    )
    max_steps: int = _setting(7, "Most model calls for one question", int, minimum=1)
    max_tokens: int = _setting(512, "Most tokens of one generation", int, minimum=1)
    temperature: float = _setting(
        0.0, "0 always takes the most probable token; more varies the answers", float, minimum=0
    )
    seed: int | None = _setting(
        None, "Makes sampling repeatable; None draws a new seed each time", int, optional=True, minimum=0
    )
    timeout_s: float = _setting(300.0, "Most seconds for one question, all steps together", float, above=0)
    query_timeout_s: float = _setting(60.0, "Most seconds for one query", float, above=0)
    max_rows: int | None = _setting(
        None, "Most rows of a result that are kept; None keeps all", int, optional=True, minimum=1
    )
    schema_tokens: int = _setting(
        3000,
        "Most tokens that describe the tables; columns far from the question are left out",
        int,
        minimum=200,
    )
    saved_prompts_mb: int = _setting(
        2000,
        "Disk space for prompts that were computed, so that a restarted notebook answers at once; 0: none",
        int,
        minimum=0,
    )

    @classmethod
    def describe(cls) -> Mapping[str, Setting]:
        """The settings by name, in order."""
        return {item.name: item.metadata["setting"] for item in fields(cls)}

    def updated(self, values: Mapping[str, object], *, where: str) -> Settings:
        """A copy with `values` put in.

        Raises:
            ConfigError: an unknown name or an impossible value; `where` begins the message.
        """
        known = self.describe()
        for name, value in values.items():
            if name not in known:
                close = _closest(name, tuple(known))
                msg = f"{where}: there is no setting {name!r}{close}. Settings: {', '.join(known)}."
                raise ConfigError(msg)
            problem = known[name].problem(value)
            if problem is not None:
                msg = f"{where}: {name} {problem}."
                raise ConfigError(msg)
        return replace(self, **values)  # type: ignore[arg-type]  # checked just above


def _closest(word: str, known: tuple[str, ...]) -> str:
    found = difflib.get_close_matches(word, known, n=1)
    return f" (did you mean {found[0]!r}?)" if found else ""


_overrides: dict[str, object] = {}


def override(**values: object) -> None:
    """Set values for this process, over those of `pyproject.toml`.

    Raises:
        ConfigError: an unknown name or an impossible value; nothing is changed then.
    """
    Settings().updated(values, where="settings")
    _overrides.update(values)


def overrides() -> Mapping[str, object]:
    """What `override` has set."""
    return MappingProxyType(_overrides)


def reset(*names: str) -> None:
    """Forget the overrides of these names, or all of them."""
    for name in names or tuple(_overrides):
        _overrides.pop(name, None)


def settings(start: Path | None = None) -> Settings:
    """The values that hold now, for a project at or above `start` (default: the working directory).

    Raises:
        ConfigError: the project's `pyproject.toml` cannot be read or has a wrong value.
    """
    found = project_table(start)
    values = Settings()
    if found is not None:
        path, table = found
        values = values.updated(table, where=f"{path}, [tool.qwen_magics]")
    return values.updated(_overrides, where="settings")


def project_table(start: Path | None = None) -> tuple[Path, Mapping[str, object]] | None:
    """The nearest `pyproject.toml` that has a `[tool.qwen_magics]` table, and that table."""
    try:
        folder = (start or Path.cwd()).absolute()
    except FileNotFoundError:  # the working directory was deleted
        return None
    for path in (parent / "pyproject.toml" for parent in (folder, *folder.parents)):
        try:
            modified = path.stat().st_mtime_ns
        except OSError:
            continue
        table = _read_table(path, modified)
        if table is not None:
            return path, table
    return None


@lru_cache(maxsize=32)
def _read_table(path: Path, modified: int) -> Mapping[str, object] | None:
    """The table of one file; `modified` makes an edited file be read again."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None  # not readable for this user: somebody else's project
    except tomllib.TOMLDecodeError as error:
        # Another tool's half-edited file must not stop a notebook that has no settings in it.
        if "tool.qwen_magics" not in path.read_text(encoding="utf-8"):
            return None
        msg = f"{path} is not valid TOML ({error}). Correct it, or take [tool.qwen_magics] out of it."
        raise ConfigError(msg) from error
    table = content.get("tool", {}).get("qwen_magics")
    return MappingProxyType(table) if isinstance(table, dict) else None
