"""A JSON schema as a tree of objects, lists and single values: what an answer can be filled into.

What says how the value is built is a closed list; a schema with anything else is refused, because an answer
that only seems to keep to a schema is worse than none. What only restricts a value (`minimum`, `pattern`, …)
is left to the validator, which looks at the finished answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from qwen_magics.errors import ConfigError
from qwen_magics.tools.json_schema import References, one_line
from qwen_magics.tools.shapes.typed import json_schema

__all__ = ["Leaf", "Node", "Shape", "shape_of"]

_SCALARS = ("string", "integer", "number", "boolean")
_NOTES = {"$schema", "$id", "$defs", "$comment", "definitions", "title", "description", "default", "examples"}
_NOTES |= {"deprecated", "readOnly", "writeOnly"}
_RESTRICTIONS = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength"}
_RESTRICTIONS |= {"maxLength", "pattern", "format", "minItems", "maxItems", "uniqueItems", "enum", "const"}
_BUILDING = {"type", "properties", "required", "items", "anyOf", "oneOf", "allOf", "$ref"}
_BUILDING |= {"additionalProperties"}
_DEEPEST = 8
_WORDS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}


@dataclass(frozen=True, slots=True)
class Node:
    """One place of a schema.

    Attributes:
        kind: how it is built.
        types: of a single value, the JSON types it may have, without null; all of them if none are named.
        nullable: null is allowed too.
        choices: the only values; None allows all.
        properties: of an object, in order.
        required: of an object, the properties that must be there.
        items: of a list.
        format: `date`, `date-time` or another format of JSON schema, of a text.
        description: for the model and the user.
    """

    kind: Literal["object", "array", "value"]
    types: tuple[str, ...] = _SCALARS
    nullable: bool = False
    choices: tuple[Any, ...] | None = None
    properties: Mapping[str, Node] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    items: Node | None = None
    format: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A single value of a shape.

    Attributes:
        name: what a column for it is called; unlike that of any other leaf.
        path: the properties that lead there, `[]` for the items of a list.
        optional: a property that may be left out.
    """

    name: str
    path: tuple[str, ...]
    node: Node
    optional: bool = False

    @property
    def label(self) -> str:
        """Name, kind and description, for a model: `delay (number, in minutes)`."""
        kind = " or ".join(_WORDS[t] for t in self.node.types) if len(self.node.types) < 3 else "any value"
        kind = {"date": "date", "date-time": "time"}.get(self.node.format, kind)
        choices = "|".join(str(choice) for choice in (self.node.choices or ())[:8])
        about = ", ".join(part for part in (choices or kind, self.node.description) if part)
        return f"{self.name} ({about})"


@dataclass(frozen=True, slots=True)
class Shape:
    """A schema that an answer can be filled into.

    Attributes:
        schema: as it was given; the finished answer is validated against it.
        root: its tree.
    """

    schema: Mapping[str, Any]
    root: Node

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """The single values, in order."""
        found = list(_leaves(self.root, (), False))
        last = [next((part for part in reversed(leaf.path) if part != "[]"), "value") for leaf in found]
        full = ["_".join(part for part in leaf.path if part != "[]") or "value" for leaf in found]
        return tuple(
            Leaf(name if last.count(name) == 1 else whole, leaf.path, leaf.node, leaf.optional)
            for leaf, name, whole in zip(found, last, full, strict=True)
        )

    @property
    def is_nested(self) -> bool:
        """Whether a list is inside another list, which the rows of one result cannot fill."""
        return any(leaf.path.count("[]") > 1 for leaf in self.leaves)


def shape_of(source: Any) -> Shape:
    """The shape of a schema: a dict, JSON text, a pydantic model, a TypedDict or a dataclass.

    Raises:
        ConfigError: it is no JSON schema, or builds a value in a way that an answer cannot be filled into.
    """
    schema = json_schema(source)
    _check(schema)
    return Shape(schema, _Reader(schema).node(schema, "the schema", 0))


def _check(schema: Mapping[str, Any]) -> None:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    try:
        Draft202012Validator.check_schema(dict(schema))
    except SchemaError as error:
        where = ".".join(str(part) for part in error.absolute_path) or "its top"
        msg = f"The schema is no valid JSON schema: at {where}, {one_line(error.message)}."
        raise ConfigError(msg) from error


class _Reader:
    def __init__(self, document: Mapping[str, Any]) -> None:
        self._references = References(document)

    def node(self, schema: Any, where: str, depth: int) -> Node:
        if depth > _DEEPEST:
            msg = f"The schema is nested over {_DEEPEST} deep, or refers to itself, at {where}."
            raise ConfigError(msg)
        schema = self._merged(schema, where)
        kinds = self._types(schema, where)
        nullable = "null" in kinds
        kinds = [kind for kind in kinds if kind != "null"]
        about = one_line(str(schema.get("description", "")))
        if kinds == ["object"]:
            return self._object(schema, where, depth, nullable, about)
        if kinds == ["array"]:
            if "items" not in schema:
                raise _unsupported("a list without `items`", where)
            items = self.node(schema["items"], f"{where}[]", depth + 1)
            return Node("array", (), nullable, items=items, description=about)
        if "object" in kinds or "array" in kinds:
            raise _unsupported(f"a choice of {' or '.join(kinds)}", where)
        return self._value(schema, where, kinds, nullable, about)

    def _object(self, schema: Mapping[str, Any], where: str, depth: int, nullable: bool, about: str) -> Node:
        if isinstance(schema.get("additionalProperties"), dict) or not schema.get("properties"):
            raise _unsupported("an object without named `properties`", where)
        properties = {
            name: self.node(part, f"{where}.{name}".removeprefix("the schema."), depth + 1)
            for name, part in schema["properties"].items()
        }
        missing = [name for name in schema.get("required", ()) if name not in properties]
        if missing:
            raise _unsupported(f"a required property {missing[0]!r} that `properties` has not", where)
        required = frozenset(schema.get("required", ()))
        return Node("object", (), nullable, properties=properties, required=required, description=about)

    def _value(
        self, schema: Mapping[str, Any], where: str, kinds: list[str], nullable: bool, about: str
    ) -> Node:
        choices = schema.get("enum", [schema["const"]] if "const" in schema else None)
        if choices is not None and any(isinstance(choice, (dict, list)) for choice in choices):
            raise _unsupported("an `enum` of objects or lists", where)
        if choices is not None:
            nullable = None in choices and (nullable or "type" not in schema)
            choices = tuple(choice for choice in choices if choice is not None)
        return Node(
            "value",
            tuple(kinds) or _SCALARS,
            nullable,
            choices,
            format=str(schema.get("format", "")),
            description=about,
        )

    def _types(self, schema: Mapping[str, Any], where: str) -> list[str]:
        found = schema.get("type", [])
        kinds = [found] if isinstance(found, str) else list(found)
        if not kinds and "properties" in schema:
            return ["object"]
        if not kinds and "items" in schema:
            return ["array"]
        if not kinds and not {"enum", "const"} & schema.keys():
            raise _unsupported("a value without a `type`", where)
        return kinds

    def _merged(self, schema: Any, where: str) -> Mapping[str, Any]:
        """References followed; `anyOf` of single types and null as a list of types."""
        if not isinstance(schema, Mapping):
            raise _unsupported("a schema that is only true or false", where)
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        found = {**self._referred(schema), **beside} if "$ref" in schema else dict(schema)
        for key in found:
            if key not in _NOTES | _RESTRICTIONS | _BUILDING:
                raise _unsupported(f"`{key}`", where)
        parts = found.pop("allOf", None)
        if parts is not None:
            if len(parts) != 1:
                raise _unsupported("`allOf` of several schemas", where)
            found = {**self._merged(parts[0], where), **found}
        either = found.pop("anyOf", None) or found.pop("oneOf", None)
        return self._either(found, either, where) if either else found

    def _referred(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            found: Mapping[str, Any] = self._references.resolve(schema)
        except ConfigError as error:
            msg = str(error).replace("The specification", "The schema")
            raise ConfigError(msg) from error
        return found

    def _either(self, found: dict[str, Any], parts: list[Any], where: str) -> Mapping[str, Any]:
        merged = [self._merged(part, where) for part in parts]
        real = [part for part in merged if part.get("type") != "null"]
        kinds = [kind for part in real for kind in self._types(part, where)]
        if len(real) > 1 and any(part.keys() - _NOTES - {"type"} for part in real):
            raise _unsupported("`anyOf` of several schemas", where)
        null = ["null"] if len(real) < len(merged) else []
        one = dict(real[0]) if real else {}
        if null and "enum" in one:
            one["enum"] = [*one["enum"], None]
            kinds = kinds or [_json_type(choice) for choice in one["enum"]]
        return {**one, **found, "type": list(dict.fromkeys([*kinds, *null]))}


def _json_type(value: Any) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string"}
    return names.get(type(value), "null")


def _leaves(node: Node, path: tuple[str, ...], optional: bool) -> Iterator[Leaf]:
    if node.kind == "object":
        for name, part in node.properties.items():
            yield from _leaves(part, (*path, name), optional or name not in node.required)
    elif node.items is not None:
        yield from _leaves(node.items, (*path, "[]"), optional)
    else:
        yield Leaf("", path, node, optional)


def _unsupported(what: str, where: str) -> ConfigError:
    msg = (
        f"--schema cannot take {what} (at {where}). Use objects with `properties`, lists with `items`, and "
        "single values by `type`, `enum` or `const`."
    )
    return ConfigError(msg)
