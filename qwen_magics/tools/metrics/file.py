"""A `metrics.yml` as metrics. Each error names the file, the line and the metric."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from qwen_magics.errors import ConfigError, DatabaseError, QueryError
from qwen_magics.tools.metrics.metric import Metric
from qwen_magics.tools.metrics.template import Template

if TYPE_CHECKING:
    from yaml.nodes import Node

__all__ = ["load"]

_LARGEST = 1_000_000
_KEYS = ("name", "description", "phrases", "connection", "parameters", "sql")
_PARAMETER_KEYS = ("type", "enum", "description", "default", "minimum", "maximum")
_TYPES = ("string", "integer", "number", "boolean", "date")
_PYTHON = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "date": str}


def load(path: str | Path) -> tuple[Metric, ...]:
    """The metrics of a file, checked: each template is one SELECT that the read-only gate lets through.

    Raises:
        ConfigError: the file cannot be read, or a metric is wrong; nothing of it is used then.
    """
    file = Path(path)
    root = _composed(file)
    entries = _fields(root, file, "The file", ("metrics",)).get("metrics")
    if entries is None or type(entries).__name__ != "SequenceNode" or not entries.value:
        _fail(file, root, "there is no list `metrics:`. Begin the file with it, and one `- name:` for each")
    found: dict[str, Metric] = {}
    for node in entries.value:
        metric = _Reader(file).metric(node)
        if metric.name in found:
            _fail(file, node, f"there is a second metric {metric.name}. Give it a name of its own")
        found[metric.name] = metric
    return tuple(found.values())


class _Reader:
    def __init__(self, file: Path) -> None:
        self._file = file

    def metric(self, node: Node) -> Metric:
        fields = _fields(node, self._file, "A metric", _KEYS)
        for key in ("name", "description", "sql"):
            if key not in fields or not str(_plain(fields[key]) or "").strip():
                _fail(self._file, node, f"a metric has no `{key}:`. Write name, description and sql for each")
        name = str(_plain(fields["name"]))
        if not name.isidentifier() or not name.isascii():
            _fail(self._file, fields["name"], f"{name!r} is no name. Use letters, digits and _")
        parameters, defaults = self._parameters(fields.get("parameters"), name)
        template = Template(str(_plain(fields["sql"])).strip().rstrip(";").rstrip(), parameters)
        self._same_names(fields["sql"], name, template)
        phrases = _plain(fields["phrases"]) if "phrases" in fields else []
        if not isinstance(phrases, list) or not all(isinstance(p, str) and p.strip() for p in phrases):
            _fail(self._file, fields["phrases"], f"metric {name}: phrases is a list of texts: [net sales]")
        connection = str(_plain(fields["connection"]) or "") if "connection" in fields else ""
        tables = self._admitted(fields["sql"], name, template, connection)
        return Metric(
            name,
            " ".join(str(_plain(fields["description"])).split()),
            template,
            tuple(phrases),
            connection,
            defaults,
            tables,
            _place(self._file, node),
        )

    def _parameters(self, node: Node | None, name: str) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
        schemas: dict[str, dict[str, Any]] = {}
        defaults: dict[str, Any] = {}
        for key, part in _fields(node, self._file, f"parameters of {name}").items() if node else ():
            if not key.isidentifier():
                _fail(self._file, part, f"metric {name}: {key!r} is no name of a parameter")
            given = {k: _plain(v) for k, v in _fields(part, self._file, key, _PARAMETER_KEYS).items()}
            if "default" in given:
                defaults[key] = given.pop("default")
            problem = _problem(given, defaults.get(key))
            if problem:
                _fail(self._file, part, f"metric {name}, parameter {key}: {problem}")
            schemas[key] = given | (
                {"type": "string", "format": "date"} if given.get("type") == "date" else {}
            )
        return schemas, defaults

    def _same_names(self, node: Node, name: str, template: Template) -> None:
        used = set(template.names)
        if unknown := sorted(used - set(template.parameters)):
            _fail(
                self._file,
                node,
                f"metric {name}: :{unknown[0]} is not among its parameters. Describe it there",
            )
        if idle := sorted(set(template.parameters) - used):
            _fail(self._file, node, f"metric {name}: the sql has no :{idle[0]}. Use it, or take it out")

    def _admitted(self, node: Node, name: str, template: Template, connection: str) -> tuple[str, ...]:
        try:
            return _bind(template, connection) if connection else _parse(template)
        except (QueryError, DatabaseError) as error:
            _fail(self._file, node, f"metric {name}: {str(error).rstrip('.')}")


def _parse(template: Template) -> tuple[str, ...]:
    """The tables that a template over frames reads; it is bound when a question brings them."""
    import duckdb

    from qwen_magics.tools.sql import gate
    from qwen_magics.tools.sql.names import quote_text

    text = gate.normalise(template.sampled("duckdb"))
    with duckdb.connect(":memory:", config={"python_enable_replacements": "false"}) as connection:
        try:
            gate.one_select(connection.extract_statements(text))
            found = connection.execute(f"SELECT json_serialize_sql({quote_text(text)})").fetchall()[0][0]
        except duckdb.Error as error:
            raise QueryError("syntax", " ".join(str(error).split())[:300]) from error
    tree = gate.parse(found)
    gate.refuse_state(tree)
    return tuple(gate.tables_read(tree))


def _bind(template: Template, connection: str) -> tuple[str, ...]:
    from qwen_magics.tools.databases import find

    with find(connection).open() as database:
        database.check_template(template)
    return ()


def _problem(given: Mapping[str, Any], default: Any) -> str:
    kind, choices = given.get("type"), given.get("enum")
    if kind is None and choices is None:
        return f"say its type ({', '.join(_TYPES)}) or its values, enum: [a, b]"
    if kind is not None and kind not in _TYPES:
        return f"there is no type {kind!r}. Types: {', '.join(_TYPES)}"
    if choices is not None and (
        not isinstance(choices, list) or not choices or any(isinstance(c, (list, dict)) for c in choices)
    ):
        return "enum is a list of its values: [north, south]"
    if default is not None and choices is not None and default not in choices:
        return f"its default {default!r} is none of {', '.join(map(str, choices))}"
    if default is not None and kind is not None and not isinstance(default, _PYTHON[kind]):  # type: ignore[arg-type]
        return f"its default {default!r} is no {kind}"
    return ""


def _composed(file: Path) -> Node:
    try:
        import yaml
    except ImportError as exc:
        msg = "Metrics are YAML, which needs a package: pip install 'qwen-magics[api]'"
        raise ConfigError(msg) from exc
    try:
        if file.stat().st_size > _LARGEST:
            msg = f"{file} is larger than {_LARGEST // 1_000_000} MB. Split it."
            raise ConfigError(msg)
        text = file.read_text(encoding="utf-8")
        # An alias lets ten lines stand for gigabytes.
        aliases = any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=yaml.SafeLoader))
        node: Node | None = None if aliases else yaml.compose(text, Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError) as exc:
        msg = f"The metrics {file} cannot be read ({exc}). Give the path of a YAML file."
        raise ConfigError(msg) from exc
    except (yaml.YAMLError, RecursionError) as exc:
        msg = f"{file} is not YAML ({' '.join(str(exc).split())[:200]}). Correct it there."
        raise ConfigError(msg) from exc
    if aliases or node is None:
        msg = f"{file} {'uses YAML aliases (*name), which are refused' if aliases else 'is empty'}."
        raise ConfigError(msg)
    return node


def _fields(node: Node, file: Path, what: str, known: Sequence[str] = ()) -> dict[str, Node]:
    """The entries of a mapping; with `known` others are refused."""
    if type(node).__name__ != "MappingNode":
        _fail(file, node, f"{what} must be written as `key: value` lines")
    found: dict[str, Node] = {}
    for key, value in node.value:
        name = str(key.value)
        if known and name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f"Did you mean `{close[0]}:`?" if close else f"Known: {', '.join(known)}."
            _fail(file, key, f"`{name}:` is unknown. {hint}")
        if name in found:
            _fail(file, key, f"`{name}:` is there twice")
        found[name] = value
    return found


def _plain(node: Node) -> Any:
    """The value of a node: YAML's own kinds, such as dates, as their text."""
    import yaml

    if type(node).__name__ == "SequenceNode":
        return [_plain(part) for part in node.value]
    if type(node).__name__ == "MappingNode":
        return {str(key.value): _plain(value) for key, value in node.value}
    kinds = {"int": int, "float": float, "bool": lambda text: text.casefold() in ("true", "yes", "on")}
    kind = node.tag.rpartition(":")[2]
    if kind == "null":
        return None
    try:
        return kinds.get(kind, str)(node.value)  # type: ignore[operator]
    except ValueError:
        return yaml.safe_load(node.value)  # 0x10, 1_000


def _place(file: Path, node: Node) -> str:
    return f"{file}, line {node.start_mark.line + 1}"


def _fail(file: Path, node: Node, problem: str) -> NoReturn:
    text = problem if problem.endswith((".", "?")) else f"{problem}."
    raise ConfigError(f"{_place(file, node)}: {text}")
