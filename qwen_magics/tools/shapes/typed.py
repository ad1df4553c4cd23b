"""A JSON schema from what a notebook has: a dict, JSON text, a pydantic model, a TypedDict, a dataclass."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import json
import types
import typing
from collections.abc import Mapping
from typing import Any, Literal, Union

from qwen_magics.errors import ConfigError

__all__ = ["json_schema"]

_SCALARS: Mapping[object, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    decimal.Decimal: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
    datetime.date: {"type": "string", "format": "date"},
    datetime.datetime: {"type": "string", "format": "date-time"},
}


def json_schema(source: Any) -> dict[str, Any]:
    """The schema that `source` is or describes.

    Raises:
        ConfigError: it is none, or has a type that has no JSON form.

    >>> json_schema(list[int])
    {'type': 'array', 'items': {'type': 'integer'}}
    """
    if isinstance(source, Mapping):
        return dict(source)
    if isinstance(source, str):
        return _parsed(source)
    if hasattr(source, "model_json_schema"):  # a pydantic model, without importing pydantic
        found: dict[str, Any] = source.model_json_schema()
        return found
    return _of_hint(source, "the schema", ())


def _parsed(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        msg = f"The schema is not JSON ({error}). Give a JSON schema, or the name of a variable that is one."
        raise ConfigError(msg) from error
    if not isinstance(found, dict):
        msg = 'The schema must be a JSON object, such as {"type": "array", "items": {"type": "string"}}.'
        raise ConfigError(msg)
    return found


def _of_hint(hint: Any, where: str, inside: tuple[Any, ...]) -> dict[str, Any]:
    if hint in inside:
        msg = f"{where} contains itself, and a schema of an answer has an end. Leave that field out."
        raise ConfigError(msg)
    if isinstance(hint, type) and hint in _SCALARS:
        return dict(_SCALARS[hint])
    if hasattr(hint, "model_json_schema"):
        msg = f"{where} is a pydantic model inside another type. Make the outer one a pydantic model too."
        raise ConfigError(msg)
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return {"enum": [member.value for member in hint]}
    if typing.is_typeddict(hint):
        return _object(hint, hint.__required_keys__, inside)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        missing = dataclasses.MISSING
        fields = dataclasses.fields(hint)
        needed = {f.name for f in fields if f.default is missing and f.default_factory is missing}
        return _object(hint, needed, inside)
    return _of_generic(hint, where, inside)


def _of_generic(hint: Any, where: str, inside: tuple[Any, ...]) -> dict[str, Any]:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        notes = [note for note in inner[1:] if isinstance(note, str)]
        return _of_hint(inner[0], where, inside) | ({"description": notes[0]} if notes else {})
    if origin is Literal:
        return {"enum": list(inner)}
    if getattr(origin, "_name", "") in ("Required", "NotRequired"):
        return _of_hint(inner[0], where, inside)
    if origin in (list, set, frozenset) or (origin is tuple and inner[1:] == (...,)):
        return {"type": "array", "items": _of_hint(inner[0], f"an item of {where}", inside)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [_of_hint(part, where, inside) for part in inner]}
    shown = getattr(hint, "__name__", None) or type(hint).__name__
    msg = (
        f"{where} is of the type {shown}, which has no JSON schema here. Use a dict, a pydantic model, "
        "a TypedDict or a dataclass of str, int, float, bool, date, Literal, None, and lists of these."
    )
    raise ConfigError(msg)


def _object(kind: Any, required: typing.Collection[str], inside: tuple[Any, ...]) -> dict[str, Any]:
    try:
        hints = typing.get_type_hints(kind, include_extras=True)
    except NameError as exc:
        msg = f"A type of {kind.__name__} cannot be found ({exc}). Import it where the class is defined."
        raise ConfigError(msg) from exc
    properties = {n: _of_hint(h, f"{kind.__name__}.{n}", (*inside, kind)) for n, h in hints.items()}
    needed = [name for name in properties if name in required]
    return {"type": "object", "properties": properties, "required": needed}
