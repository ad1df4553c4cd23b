from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import qwen_magics.trace

# `samples` is a module beside the tests, not a package: documentation scripts import it too.
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def validator() -> jsonschema.Draft202012Validator:
    path = Path(qwen_magics.trace.__file__).parent / "schema-v1.json"
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)
