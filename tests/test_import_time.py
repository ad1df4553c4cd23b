"""Loading the extension costs a notebook nothing that it does not use yet. Times: bench/import_time.py."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {
    "duckdb",
    "filelock",
    "gguf",
    "httpx",
    "huggingface_hub",
    "jinja2",
    "jsonschema",
    "llguidance",
    "mcp",
    "numpy",
    "onnx",
    "onnx_ir",
    "onnxruntime",
    "pandas",
    "platformdirs",
    "safetensors",
    "sqlalchemy",
    "sqlglot",
    "tokenizers",
    "yaml",
}


def new_modules(statements: str) -> set[str]:
    """Top-level packages that `statements` import, beyond those of a bare IPython shell."""
    code = f"""
import json, sys
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config
config = Config()
config.HistoryManager.enabled = False
shell = InteractiveShell.instance(config=config)
before = set(sys.modules)
{statements}
print(json.dumps(sorted({{name.partition(".")[0] for name in set(sys.modules) - before}})))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "statements",
    [
        "import qwen_magics",
        "shell.run_line_magic('load_ext', 'qwen_magics')",
        "shell.run_line_magic('load_ext', 'qwen_magics'); shell.run_cell('%qwen help')",
        "shell.run_line_magic('load_ext', 'qwen_magics'); shell.run_cell('%qwen config')",
        "shell.run_line_magic('load_ext', 'qwen_magics'); shell.run_cell('%qwen --max-step 2 x')",
        "import qwen_magics.cli; qwen_magics.cli.parser()",
    ],
)
def test_nothing_heavy(statements: str) -> None:
    assert not new_modules(statements) & HEAVY


def test_the_check_can_fail() -> None:
    assert "numpy" in new_modules("import numpy")


def test_import_alone_brings_only_the_package() -> None:
    assert new_modules("import qwen_magics") == {"qwen_magics"}
