from __future__ import annotations

import importlib
import pkgutil

import pytest

import qwen_magics

PROMISED = {"ask", "tool", "Answer", "Trace", "read_traces"}
MODULES = [module.name for module in pkgutil.walk_packages(qwen_magics.__path__, "qwen_magics.")]


def test_promised_names_are_there() -> None:
    assert set(qwen_magics.__all__) >= PROMISED
    for name in PROMISED:
        assert getattr(qwen_magics, name).__name__ == name


def test_all_is_what_dir_shows() -> None:
    assert dir(qwen_magics) == sorted(qwen_magics.__all__)
    assert list(qwen_magics.__all__) == sorted(qwen_magics.__all__)


def test_star_import_gives_exactly_all() -> None:
    namespace: dict[str, object] = {}
    exec("from qwen_magics import *", namespace)
    assert set(namespace) - {"__builtins__"} == set(qwen_magics.__all__)


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = qwen_magics.nothing


@pytest.mark.parametrize("name", MODULES)
def test_all_of_every_module_exists(name: str) -> None:
    module = importlib.import_module(name)
    for exported in getattr(module, "__all__", ()):
        assert hasattr(module, exported), f"{name}.{exported}"


@pytest.mark.parametrize("name", MODULES)
def test_own_public_definitions_are_in_all(name: str) -> None:
    module = importlib.import_module(name)
    own = {
        key
        for key, value in vars(module).items()
        if not key.startswith("_")
        and callable(value)
        and getattr(value, "__module__", None) == name
        and getattr(value, "__qualname__", "") == key
    }
    assert own <= set(getattr(module, "__all__", ())), f"add to __all__ of {name}, or begin with _"
