"""Operations of a specification, both dialects in one form. Knows no network."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from qwen_magics.errors import ConfigError
from qwen_magics.tools.identifiers import identifier, unique
from qwen_magics.tools.json_schema import References, one_line

__all__ = ["Operation", "Parameter", "operations", "servers"]

Place = Literal["path", "query", "header", "body", "field", "form"]

_METHODS = ("get", "post", "put", "patch", "delete")
# Set by the client itself, or able to change what a request means.
_OWN_HEADERS = {"accept", "content-type", "authorization", "host", "content-length", "cookie", "connection"}
# Sent by the client when it pages, or without any meaning for a question.
_PAGING = re.compile(
    r"_?(limit|offset|page|page_?(size|number|token)|per_?page|size|skip|start|cursor|token|next(_?token)?|"
    r"starting_after|after|before|marker|continuation(_?token)?|count|max_?results)",
    re.IGNORECASE,
)
_CONDITIONS = {"if-match", "if-none-match", "if-modified-since", "if-unmodified-since"}
_MOST_OPERATIONS = 5000


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of an operation.

    Attributes:
        argument: the name that a call uses, an identifier.
        name: the name on the wire.
        place: `body` is the whole body, `field` one property of a JSON body, `form` of a form.
        schema: JSON schema.
    """

    argument: str
    name: str
    place: Place
    required: bool
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    Attributes:
        name: an identifier, unique within the specification.
        path: below the base URL, with `{placeholders}`.
        summary: one line.
        parameters: what a call may give.
        paging: names on the wire of the parameters that choose a page; the client sends them by itself.
        conditional: takes `If-Match`; the client sends it by itself when it has seen the object's ETag.
    """

    name: str
    method: str
    path: str
    summary: str
    parameters: tuple[Parameter, ...]
    paging: tuple[str, ...] = ()
    conditional: bool = False

    @property
    def reads(self) -> bool:
        """Whether it may run unasked."""
        return self.method == "GET"


def servers(document: Mapping[str, Any]) -> list[str]:
    """Base URLs that the document names, possibly relative to where it was found."""
    listed = document.get("servers")
    if isinstance(listed, list):
        return [_filled(item) for item in listed if isinstance(item, Mapping) and item.get("url")]
    base = str(document.get("basePath") or "")
    host = document.get("host")
    if not host:
        return [base] if base else []
    schemes = document.get("schemes")
    scheme = (
        "https" if not isinstance(schemes, list) or "https" in schemes or not schemes else str(schemes[0])
    )
    return [f"{scheme}://{host}{base}"]


def operations(document: Mapping[str, Any]) -> list[Operation]:
    """Every operation with a JSON-like body or none, in the document's order.

    Raises:
        ConfigError: none at all, or a reference that cannot be followed.
    """
    references = References(document)
    found: dict[str, Operation] = {}
    for path, item, method, node in _nodes(document, references):
        name = unique(identifier(str(node.get("operationId") or f"{method}_{path}")), found)
        shared = item.get("parameters")
        own = node.get("parameters")
        nodes = [*(shared if isinstance(shared, list) else ()), *(own if isinstance(own, list) else ())]
        found[name] = _operation(references, name, method, path, node, nodes)
    if not found:
        msg = "The specification has no operation that can be called. Give one with `paths`."
        raise ConfigError(msg)
    return list(found.values())


def _nodes(
    document: Mapping[str, Any], references: References
) -> Iterator[tuple[str, Mapping[str, Any], str, Mapping[str, Any]]]:
    count = 0
    for path, raw in document["paths"].items():
        item = references.resolve(raw)
        if not isinstance(item, Mapping):
            continue
        for method in _METHODS:
            node = item.get(method)
            if isinstance(node, Mapping) and count < _MOST_OPERATIONS:
                count += 1
                yield str(path), item, method, node


def _operation(
    references: References,
    name: str,
    method: str,
    path: str,
    node: Mapping[str, Any],
    nodes: Sequence[Any],
) -> Operation:
    plain: dict[tuple[str, str], Mapping[str, Any]] = {}
    body: Any = node.get("requestBody")
    form: list[Mapping[str, Any]] = []
    for raw in nodes:
        parameter = references.resolve(raw)
        if not isinstance(parameter, Mapping) or "name" not in parameter:
            continue
        place = parameter.get("in")
        if place == "body":
            body = parameter
        elif place == "formData":
            form.append(parameter)
        elif place in ("path", "query", "header"):
            # A parameter of the operation replaces one of the path with the same name and place.
            plain[str(place), str(parameter["name"])] = parameter
    conditional = any(place == "header" and key.casefold() == "if-match" for place, key in plain)
    wired = [*_plain(references, plain.values()), *_form(references, form), *_body(references, body)]
    paging = tuple(p.name for p in wired if method == "get" and _is_paging(p))
    kept = _named([p for p in wired if p.name not in paging])
    summary = one_line(str(node.get("summary") or node.get("description") or ""))
    return Operation(name, method.upper(), path, summary, tuple(kept), paging, conditional)


def _plain(references: References, nodes: Iterable[Mapping[str, Any]]) -> Iterator[Parameter]:
    for node in nodes:
        name, place = str(node["name"]), node["in"]
        if place == "header" and name.casefold() in _OWN_HEADERS | _CONDITIONS:
            continue
        schema = references.schema(node.get("schema", node))
        schema.setdefault("type", "string")
        if isinstance(node.get("description"), str):
            schema["description"] = one_line(node["description"])
        required = place == "path" or node.get("required") is True
        yield Parameter("", name, place, required, schema)


def _form(references: References, nodes: Sequence[Mapping[str, Any]]) -> Iterator[Parameter]:
    for node in nodes:
        if node.get("type") != "file":
            yield Parameter(
                "", str(node["name"]), "form", node.get("required") is True, references.schema(node)
            )


def _body(references: References, node: Any) -> Iterator[Parameter]:
    node = references.resolve(node)
    if not isinstance(node, Mapping):
        return
    content = node.get("content")
    place: Place = "field"
    if isinstance(content, Mapping):
        kinds = [kind for kind in content if "json" in str(kind)] or [
            k for k in content if "form-urlenc" in str(k)
        ]
        if not kinds:
            return
        place = "field" if "json" in str(kinds[0]) else "form"
        node = {**node, "schema": (references.resolve(content[kinds[0]]) or {}).get("schema", {})}
    required = node.get("required") is True
    schema = references.schema(node.get("schema", {}))
    properties = schema.get("properties")
    if not properties:
        schema.setdefault("type", "object")
        yield Parameter("", "body", "body", required, schema)
        return
    for name, part in properties.items():
        yield Parameter("", name, place, required and name in schema.get("required", ()), part)


def _is_paging(parameter: Parameter) -> bool:
    return (
        parameter.place == "query"
        and not parameter.required
        and _PAGING.fullmatch(parameter.name) is not None
    )


def _named(parameters: Sequence[Parameter]) -> list[Parameter]:
    """With arguments that are distinct identifiers, the required ones first."""
    taken: dict[str, object] = {}
    named = []
    for parameter in sorted(parameters, key=lambda p: not p.required):
        argument = unique(identifier(parameter.name), taken)
        taken[argument] = parameter
        named.append(
            Parameter(argument, parameter.name, parameter.place, parameter.required, parameter.schema)
        )
    return named


def _filled(server: Mapping[str, Any]) -> str:
    """A server's URL with the defaults of its variables."""
    url, variables = str(server["url"]), server.get("variables")
    for name, variable in (variables if isinstance(variables, Mapping) else {}).items():
        if isinstance(variable, Mapping):
            url = url.replace(f"{{{name}}}", str(variable.get("default", "")))
    return url
