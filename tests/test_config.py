from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qwen_magics import config
from qwen_magics.config import Settings
from qwen_magics.errors import ConfigError


@pytest.fixture(autouse=True)
def no_overrides() -> Iterator[None]:
    yield
    config.reset()


def project(folder: Path, text: str) -> Path:
    file = folder / "pyproject.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_defaults_are_valid() -> None:
    for name, setting in Settings.describe().items():
        assert setting.problem(getattr(Settings(), name)) is None
        assert setting.help


def test_nearest_project_with_a_table_wins(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    project(tmp_path, "[tool.qwen_magics]\nmax_steps = 2\nmodel = 'qwen3-4b'\n")
    project(tmp_path / "a", "[tool.other]\nx = 1\n")
    assert config.settings(inner).max_steps == 2
    project(inner, "[tool.qwen_magics]\nmax_steps = 3\n")
    found = config.settings(inner)
    assert (found.max_steps, found.model) == (3, None)


def test_an_edited_file_is_read_again(tmp_path: Path) -> None:
    import os

    file = project(tmp_path, "[tool.qwen_magics]\nmax_steps = 2\n")
    assert config.settings(tmp_path).max_steps == 2
    project(tmp_path, "[tool.qwen_magics]\nmax_steps = 4\n")
    os.utime(file, ns=(1, 1))
    assert config.settings(tmp_path).max_steps == 4


def test_overrides_win_and_are_forgotten(tmp_path: Path) -> None:
    project(tmp_path, "[tool.qwen_magics]\nmax_steps = 2\n")
    config.override(max_steps=5, seed=1)
    assert config.settings(tmp_path).max_steps == 5
    assert config.overrides() == {"max_steps": 5, "seed": 1}
    config.reset("max_steps")
    assert (config.settings(tmp_path).max_steps, config.settings(tmp_path).seed) == (2, 1)
    config.reset()
    assert config.settings(tmp_path).seed is None


def test_a_refused_override_changes_nothing() -> None:
    with pytest.raises(ConfigError):
        config.override(max_steps=5, max_tokens=0)
    assert config.overrides() == {}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("max_step = 3", "there is no setting 'max_step' (did you mean 'max_steps'?)"),
        ("max_steps = 0", "max_steps must be at least 1, not 0."),
        ("max_steps = 'two'", "max_steps must be a whole number, not 'two'."),
        ("max_steps = true", "max_steps must be a whole number, not True."),
        ("timeout_s = 0", "timeout_s must be more than 0, not 0."),
        ("temperature = nan", "temperature must be a number, not nan."),
        ("provider = 'gpu'", "provider must be one of auto, cpu, cuda, not 'gpu'"),
        ("model = 3", "model must be a string, not 3."),
    ],
)
def test_mistakes_name_file_and_fix(tmp_path: Path, line: str, message: str) -> None:
    file = project(tmp_path, f"[tool.qwen_magics]\n{line}\n")
    with pytest.raises(ConfigError) as error:
        config.settings(tmp_path)
    assert str(error.value).startswith(str(file))
    assert message in str(error.value)


def test_broken_toml(tmp_path: Path) -> None:
    project(tmp_path, "[tool.qwen_magics\n")
    with pytest.raises(ConfigError, match="not valid TOML"):
        config.settings(tmp_path)
    project(tmp_path, "[tool.black\n")
    assert config.settings(tmp_path) == config.settings(tmp_path.parent)


def test_whole_numbers_are_numbers(tmp_path: Path) -> None:
    project(tmp_path, "[tool.qwen_magics]\ntemperature = 1\ntimeout_s = 30\n")
    assert config.settings(tmp_path).temperature == 1
