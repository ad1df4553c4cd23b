"""`%qwen` and `%%qwen`, and the `QwenMagics` settings. What a question does is in `agent/`.

A user's mistake is an IPython `UsageError`: one line, no traceback, and "Run All" stops there. So is an error
of this package, whose message says the fix; any other exception is a bug and keeps its traceback.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import (
    Magics,
    line_cell_magic,
    magics_class,
    needs_local_scope,
    no_var_expand,
)
from IPython.display import display
from traitlets import Enum, Float, Int, TraitError, TraitType, Unicode, observe, validate

from qwen_magics import config
from qwen_magics.config import Settings
from qwen_magics.errors import ConfigError
from qwen_magics.widgets import completion, inline
from qwen_magics.widgets import input as cell_input
from qwen_magics.widgets.arguments import Arguments, parse
from qwen_magics.widgets.asking import reported, request
from qwen_magics.widgets.below import CellsBelow
from qwen_magics.widgets.commands import Command, Context, find_cell_command, find_command
from qwen_magics.widgets.failures import LastFailure
from qwen_magics.widgets.live import LiveOutput, cell_id, live_output

if TYPE_CHECKING:
    from qwen_magics.agent import Answer

__all__ = ["QwenMagics", "load", "unload"]

_EMPTY = "There is no question. Try: %qwen how many rows are in @orders?"
_SETTINGS = tuple(Settings.describe())


def _trait(name: str) -> TraitType[Any, Any]:
    setting, default = Settings.describe()[name], getattr(Settings(), name)
    options: dict[str, Any] = {"help": setting.help, "allow_none": setting.optional}
    trait: TraitType[Any, Any]
    if setting.choices:
        trait = Enum(setting.choices, default, **options)
    else:
        trait = {str: Unicode, int: Int, float: Float}[setting.kind](default, **options)
    trait.tag(config=True)
    return trait


@magics_class
class QwenMagics(Magics):
    """Ask a Qwen model on this machine about the variables of the notebook."""

    model = _trait("model")
    provider = _trait("provider")
    threads = _trait("threads")
    context_length = _trait("context_length")
    format = _trait("format")
    max_steps = _trait("max_steps")
    max_tokens = _trait("max_tokens")
    temperature = _trait("temperature")
    seed = _trait("seed")
    timeout_s = _trait("timeout_s")
    query_timeout_s = _trait("query_timeout_s")
    max_rows = _trait("max_rows")
    schema_tokens = _trait("schema_tokens")
    saved_prompts_mb = _trait("saved_prompts_mb")

    def __init__(self, shell: InteractiveShell) -> None:
        self._mirroring = False
        super().__init__(shell=shell)
        self._failures = LastFailure(shell)
        self._below = CellsBelow(shell)
        self._mirror_project()

    @no_var_expand
    @needs_local_scope
    @line_cell_magic
    def qwen(self, line: str, cell: str | None = None, local_ns: Mapping[str, Any] | None = None) -> None:
        """Ask a question about the data of this notebook; `%qwen help` lists flags and subcommands.

        %qwen how many rows of @orders have no customer?
        %qwen -o top --format table the five customers with the most @orders
        """
        found = find_command(line) if cell is None else find_cell_command(line)
        if found is not None:
            self._command(*found, body=cell or "")
            return
        arguments = parse(line)
        text = arguments.text if cell is None else f"{arguments.text}\n{cell}" if arguments.text else cell
        if not text.strip():
            raise UsageError(_EMPTY)
        self._ask(text, arguments, {**self._shell.user_ns, **(local_ns or {})})

    def _ask(self, text: str, arguments: Arguments, namespace: Mapping[str, Any]) -> None:
        from qwen_magics import agent

        output = live_output(self._shell, keep_trace=not arguments.no_trace)
        with reported(output, keep_trace=not arguments.no_trace):
            expanded = agent.expand(text, namespace)
            asked = request(expanded.text, expanded.frames, arguments, namespace, link=cell_id(self._shell))
            answer = agent.answer(asked, output.on_event)
            output.finish(answer._repr_mimebundle_())
        self._keep(answer)
        if arguments.out is not None:
            self._shell.user_ns[arguments.out] = answer.value

    def _keep(self, answer: Answer) -> Answer:
        """Put down what an answer leaves beside its output: a chart, a cell below, the variable `_qwen`."""
        if answer.chart is not None:
            display(answer.chart)
        self._below.put(answer.cell)
        # Hidden, so that `%who` lists only what the user made.
        self._shell.push({"_qwen": answer}, interactive=False)
        return answer

    def _command(self, command: Command, words: list[str], body: str = "") -> None:
        output = live_output(self._shell)
        with reported(output):
            namespace, insert = self._shell.user_ns, self._below.put
            asking = cell_id(self._shell)
            context = Context(
                self._choose_model, output, self._fix, self._keep, namespace, insert, body, asking
            )
            report = command.run(context, words)
            output.finish(report._repr_mimebundle_())

    def _fix(self, output: LiveOutput) -> Answer:
        from qwen_magics import agent

        failed = self._failures.get()
        asked = request("", {}, Arguments(), link=cell_id(self._shell))
        return self._keep(agent.fix(failed, self._shell.user_ns, asked, output.on_event, agent.session))

    def _choose_model(self, name: str) -> None:
        self.model = name

    def unregister(self) -> None:
        """Stop listening to the shell."""
        self._failures.unregister()
        self._below.unregister()

    @property
    def _shell(self) -> InteractiveShell:
        assert self.shell is not None  # the constructor was given one
        return self.shell

    def _mirror_project(self) -> None:
        """Show the values of `pyproject.toml` in `%config QwenMagics`, without making them overrides."""
        try:
            now = config.settings()
        except ConfigError:
            return  # the first question says it; loading the extension must not fail
        self._mirroring = True
        try:
            for name in _SETTINGS:
                setattr(self, name, getattr(now, name))
        finally:
            self._mirroring = False

    @validate(*_SETTINGS)
    def _check(self, proposal: Any) -> Any:
        problem = Settings.describe()[proposal["trait"].name].problem(proposal["value"])
        if problem is not None:
            msg = f"QwenMagics.{proposal['trait'].name} {problem}."
            raise TraitError(msg)
        return proposal["value"]

    @observe(*_SETTINGS)
    def _override(self, change: Any) -> None:
        if not self._mirroring:
            config.override(**{change["name"]: change["new"]})


def load(shell: InteractiveShell) -> None:
    """Register everything; what was registered before (by a second `%load_ext`) is replaced."""
    unload(shell)
    shell.register_magics(QwenMagics(shell))
    cell_input.install(shell)
    completion.install(shell)
    inline.install(shell)


def unload(shell: InteractiveShell) -> None:
    """Take back everything that `load` registered. The loaded model is let go of as well."""
    loaded = [item for item in shell.configurables if isinstance(item, QwenMagics)]
    if not loaded:
        return
    for item in loaded:
        item.unregister()
    shell.configurables[:] = [item for item in shell.configurables if item not in loaded]
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop("qwen", None)
    shell.magics_manager.registry.pop(QwenMagics.__name__, None)
    cell_input.uninstall(shell)
    completion.uninstall(shell)
    inline.uninstall(shell)
    shell.drop_by_id({"_qwen": shell.user_ns.get("_qwen")})
    config.reset()
    _forget_databases()
    _unload_model()


def _forget_databases() -> None:
    databases = sys.modules.get("qwen_magics.tools.databases.connections")
    if databases is not None:
        databases.forget()


def _unload_model() -> None:
    # Only if the agent was ever used: unloading must not import it.
    agent = sys.modules.get("qwen_magics.agent")
    if agent is not None:
        agent.session.unload()
        agent.session.toolbox.close()
