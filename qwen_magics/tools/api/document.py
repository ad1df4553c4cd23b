"""A specification's text as a document: JSON or YAML, OpenAPI 3.x or Swagger 2.0."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qwen_magics.errors import ConfigError

__all__ = ["parse", "read_file"]

_LARGEST = 20_000_000


def read_file(path: Path) -> str:
    """The text of a specification on this machine.

    Raises:
        ConfigError: there is none, or it is larger than 20 MB.
    """
    try:
        if path.stat().st_size > _LARGEST:
            msg = f"{path} is larger than {_LARGEST // 1_000_000} MB. Cut it to the operations that you need."
            raise ConfigError(msg)
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        msg = f"The specification {path} cannot be read ({exc}). Give the path or the URL of an OpenAPI file."
        raise ConfigError(msg) from exc


def parse(text: str, where: str) -> Mapping[str, Any]:
    """The document in `text`.

    Raises:
        ConfigError: neither JSON nor YAML, or of a version that is not understood.
    """
    loaded = _loaded(text, where)
    document: dict[str, Any] = loaded if isinstance(loaded, dict) else {}
    version = str(document.get("openapi") or document.get("swagger") or "")
    if not version.startswith(("3.", "2.")) or not isinstance(document.get("paths"), Mapping):
        found = f"version {version[:20]!r}" if version else "no version"
        msg = (
            f"{where} is no OpenAPI 3.x or Swagger 2.0 document ({found}). "
            "Give the specification itself, not its page."
        )
        raise ConfigError(msg)
    return document


def _loaded(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as not_json:
        if text.lstrip()[:1] in "{[<":
            msg = f"{where} is not valid JSON ({not_json}). Give the URL of an OpenAPI document."
            raise ConfigError(msg) from not_json
    return _yaml(text, where)


def _yaml(text: str, where: str) -> Any:
    try:
        import yaml
    except ImportError as exc:
        msg = f"{where} is YAML, which needs a package: pip install 'qwen-magics[api]'"
        raise ConfigError(msg) from exc
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        # An alias lets ten lines stand for gigabytes; specifications have `$ref` for that.
        aliases = any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=loader))
        loaded = None if aliases else yaml.load(text, Loader=loader)
    except (yaml.YAMLError, RecursionError) as exc:
        said = " ".join(str(exc).split())[:200]
        msg = f"{where} is neither JSON nor YAML ({said}). Give an OpenAPI document."
        raise ConfigError(msg) from exc
    if aliases:
        msg = f"{where} uses YAML aliases (*name), which are refused. Convert it to JSON."
        raise ConfigError(msg)
    return _as_json(loaded)


def _as_json(value: Any) -> Any:
    """Without YAML's own kinds of keys and values, such as dates and numbers as status codes."""
    if isinstance(value, dict):
        return {str(key): _as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_json(item) for item in value]
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)
