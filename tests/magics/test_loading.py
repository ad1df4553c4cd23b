from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from qwen_magics import config
from qwen_magics.config import Settings
from qwen_magics.magics import QwenMagics


def state(shell: InteractiveShell) -> list[Any]:
    manager = shell.magics_manager
    return [
        list(shell.configurables),
        {kind: sorted(names) for kind, names in manager.magics.items()},
        sorted(manager.registry),
        list(shell.input_transformer_manager.cleanup_transforms),
        list(shell.input_transformer_manager.token_transformers),
        sorted(shell.user_ns),
        sorted(shell.user_ns_hidden),
    ]


def test_unload_restores_everything(bare_shell: InteractiveShell, scripted: Any) -> None:
    # IPython registers its own magics at their first use.
    bare_shell.run_line_magic("config", "HistoryManager.enabled")
    bare_shell.run_line_magic("unload_ext", "nothing")
    before = state(bare_shell)
    bare_shell.run_line_magic("load_ext", "qwen_magics")
    bare_shell.run_line_magic("config", "QwenMagics.max_steps = 2")
    bare_shell.run_line_magic("qwen", "how many?")
    assert state(bare_shell) != before
    bare_shell.run_line_magic("unload_ext", "qwen_magics")
    assert state(bare_shell) == before
    assert config.overrides() == {}


def test_loading_again_leaves_one(shell: InteractiveShell, scripted: Any) -> None:
    once = state(shell)
    shell.run_line_magic("reload_ext", "qwen_magics")
    assert [len(part) for part in state(shell)] == [len(part) for part in once]
    shell.run_line_magic("qwen", "how many?")
    assert len(scripted.requests) == 1


def test_every_setting_is_configurable() -> None:
    assert set(QwenMagics.class_own_traits(config=True)) == set(Settings.describe())


def test_config_shows_the_project(bare_shell: InteractiveShell, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.qwen_magics]\nmax_steps = 3\nmodel = 'qwen3-4b'\n")
    bare_shell.run_line_magic("load_ext", "qwen_magics")
    assert bare_shell.run_line_magic("config", "QwenMagics.max_steps") == 3
    assert config.overrides() == {}


def test_a_configuration_file_wins_over_the_project(bare_shell: InteractiveShell, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.qwen_magics]\nmax_steps = 3\nmax_tokens = 99\n")
    bare_shell.config.QwenMagics.max_steps = 5
    bare_shell.run_line_magic("load_ext", "qwen_magics")
    assert (config.settings().max_steps, config.settings().max_tokens) == (5, 99)
    assert bare_shell.run_line_magic("config", "QwenMagics.max_steps") == 5


def test_a_broken_project_does_not_stop_loading(bare_shell: InteractiveShell, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.qwen_magics]\nmax_steps = 0\n")
    bare_shell.run_line_magic("load_ext", "qwen_magics")
    assert bare_shell.find_line_magic("qwen") is not None


@pytest.mark.parametrize("line", ["max_steps = 0", "provider = 'gpu'", "temperature = -1", "threads = 1.5"])
def test_an_impossible_value_is_refused(
    shell: InteractiveShell, line: str, caplog: pytest.LogCaptureFixture
) -> None:
    shell.run_line_magic("config", f"QwenMagics.{line}")
    assert config.settings() == Settings()
    assert f"QwenMagics.{line.split()[0]}" in caplog.text or line.split()[0] in caplog.text


def test_none_takes_a_setting_back(shell: InteractiveShell) -> None:
    shell.run_line_magic("config", "QwenMagics.seed = 3")
    shell.run_line_magic("config", "QwenMagics.seed = None")
    assert config.settings().seed is None


def test_after_unloading_there_is_no_magic(shell: InteractiveShell) -> None:
    shell.run_line_magic("unload_ext", "qwen_magics")
    assert isinstance(shell.run_cell("%qwen how many").error_in_exec, UsageError)
