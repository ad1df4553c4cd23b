"""Which programs may run: an allow-list over the syntax tree, and nothing by name of what is bad.

Every node, name, attribute and keyword of a program has to be one of `tools.programs.allowed`, of the
question's tables, or defined by the program itself. Text that pandas would take for the name of a method has
to be written out, so that it can be looked up here. Nothing is run by this module.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

from qwen_magics.errors import QueryError
from qwen_magics.tools.programs.allowed import (
    ATTRIBUTES,
    BUILTINS,
    DISPATCHING,
    KEYWORDS_REFUSED,
    MODULES,
    module_names,
)
from qwen_magics.tools.programs.dispatch import check_dispatch
from qwen_magics.tools.programs.refusal import refused_attribute, refused_statement, unknown_name
from qwen_magics.tools.programs.reserved import is_reserved
from qwen_magics.tools.schema import Table

__all__ = ["Program", "guard", "normalise"]

_LONGEST = 4_000
_DEEPEST = 60
_LONGEST_TEXT = 500

_STATEMENTS = (ast.Assign, ast.AugAssign, ast.Expr, ast.For, ast.If, ast.FunctionDef, ast.Return)
_STEPS = (ast.Pass, ast.Break, ast.Continue)
_EXPRESSIONS = (
    *(ast.Attribute, ast.BinOp, ast.BoolOp, ast.Call, ast.Compare, ast.Constant, ast.Dict, ast.DictComp),
    *(ast.FormattedValue, ast.GeneratorExp, ast.IfExp, ast.JoinedStr, ast.Lambda, ast.List, ast.ListComp),
    *(ast.Name, ast.Set, ast.SetComp, ast.Slice, ast.Subscript, ast.Tuple, ast.UnaryOp),
)
_PARTS = (
    *(ast.Module, ast.arguments, ast.arg, ast.comprehension, ast.keyword, ast.expr_context),
    *(ast.operator, ast.unaryop, ast.boolop, ast.cmpop),
)
_ALLOWED = (*_STATEMENTS, *_STEPS, *_EXPRESSIONS, *_PARTS)
# What may be set on an object; everything else of it is read only.
_SETTABLE = frozenset({"columns", "index", "name", "names"})


@dataclass(frozen=True, slots=True)
class Program:
    """A program that passed.

    Attributes:
        source: as the model wrote it, whitespace at both ends taken off.
        tables: the question's tables that it reads, in their order.
        libraries: `stats`, `sm`: what it needs besides pandas and numpy.
    """

    source: str
    tables: tuple[str, ...]
    libraries: frozenset[str] = frozenset()


def normalise(source: str) -> str:
    """The program without fences, blank ends and trailing spaces."""
    lines = [line.rstrip() for line in source.strip().splitlines()]
    if lines and lines[0].startswith("```"):
        lines = lines[1:]
    if lines and lines[-1].startswith("```"):
        lines = lines[:-1]
    return "\n".join(lines).strip()


def guard(source: str, tables: Sequence[Table]) -> Program:
    """The program, if it says nothing that is not allowed. Nothing is run.

    Raises:
        QueryError: `syntax`, `too_long`, `too_deep`, `not_allowed`, `attribute_not_allowed`, `unknown_name`.
    """
    text = normalise(source)
    tree = _parse(text)
    names = [table.name for table in tables]
    columns = {column.name for table in tables for column in table.columns}
    _Guard(tree, names, columns).check()
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return Program(text, tuple(name for name in names if name in used), frozenset(used & {"stats", "sm"}))


def _parse(text: str) -> ast.Module:
    """The syntax tree.

    Raises:
        QueryError: no Python, too long, or nested too deeply.
    """
    if not text:
        raise QueryError("empty", "There is no program.", "Write it and assign the answer to result.")
    if len(text) > _LONGEST:
        message = f"The program has {len(text):,} characters; {_LONGEST:,} are allowed."
        raise QueryError("too_long", message, "Use methods of whole columns.")
    try:
        with warnings.catch_warnings():
            # Doubtful escapes in patterns are the model's, and harmless.
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except SyntaxError as exc:
        shown = (exc.text or "").strip()[:80]
        where = f" in line {exc.lineno}: {shown}" if shown else ""
        raise QueryError("syntax", f"{exc.msg}{where}.", "Write plain Python.") from exc
    except (ValueError, RecursionError, MemoryError) as exc:
        raise QueryError("syntax", "The program cannot be read.", "Write plain Python.") from exc
    if _depth(tree) > _DEEPEST:
        raise QueryError("too_deep", "The program is nested too deeply.", "Use one line per step.")
    return tree


def _depth(tree: ast.AST) -> int:
    depth, level = 0, [tree]
    while level:
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        depth += 1
    return depth


class _Guard:
    def __init__(self, tree: ast.Module, tables: Sequence[str], columns: set[str]) -> None:
        self._tree = tree
        self._tables = tables
        self._columns = columns
        self._defined = _defined(tree)
        # Nodes of modules that stand before a dot, as part of a dotted path that was looked up.
        self._before_dot: set[int] = set()

    def check(self) -> None:
        for name in sorted(self._defined):
            self._check_definition(name)
        for node in ast.walk(self._tree):
            self._check_node(node)

    def _check_definition(self, name: str) -> None:
        if name.startswith("_") and name != "_":
            raise QueryError(
                "not_allowed", f"The name {name} begins with an underscore.", "Call it otherwise."
            )
        if name in module_names():
            raise QueryError("not_allowed", f"{name} is a library here.", "Call the variable otherwise.")

    def _check_node(self, node: ast.AST) -> None:
        if not isinstance(node, _ALLOWED):
            raise refused_statement(node, self._tables)
        if isinstance(node, ast.Attribute):
            self._check_attribute(node)
        elif isinstance(node, ast.Name):
            self._check_name(node)
        elif isinstance(node, ast.Constant):
            _check_constant(node)
        elif isinstance(node, ast.Call):
            self._check_call(node)
        elif isinstance(node, (ast.FunctionDef, ast.Lambda)):
            _check_function(node)
        elif isinstance(node, ast.comprehension) and node.is_async:
            raise QueryError("not_allowed", "async is not allowed.")

    def _check_attribute(self, node: ast.Attribute) -> None:
        path = _path(node)
        root = path[0] if path else ""
        if root in module_names():
            self._check_path(node, path)
        elif not self._is_attribute(node.attr):
            raise refused_attribute(node.attr, self._tables, self._columns)
        if isinstance(node.ctx, ast.Store) and node.attr not in _SETTABLE:
            message = f"{node.attr} cannot be set."
            raise QueryError("not_allowed", message, f'Make a column: table["{node.attr}"] = …')

    def _check_path(self, node: ast.Attribute, path: Sequence[str]) -> None:
        """`np.linalg.norm`: as far as it names modules, each step has to be in the list of the one before."""
        # ast.walk comes by an attribute before what it is an attribute of.
        self._before_dot.add(id(node.value))
        root = ".".join(path[:-1])
        if root in MODULES:
            if path[-1] not in MODULES[root]:
                raise refused_attribute(path[-1], self._tables, set(MODULES[root]), of=root)
        elif not self._is_attribute(node.attr):
            raise refused_attribute(node.attr, self._tables, self._columns)
        if ".".join(path) in MODULES and id(node) not in self._before_dot:
            raise QueryError("not_allowed", f"{'.'.join(path)} can only stand before a dot.")

    def _is_attribute(self, name: str) -> bool:
        return name in ATTRIBUTES or (name in self._columns and not is_reserved(name))

    def _check_name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Store):
            return  # a definition, checked as one
        if node.id in module_names():
            if id(node) not in self._before_dot:
                raise QueryError("not_allowed", f"{node.id} can only stand before a dot.")
            return
        if node.id not in BUILTINS and node.id not in self._defined and node.id not in self._tables:
            raise unknown_name(node.id, [*self._tables, *sorted(self._defined)], self._columns)

    def _check_call(self, node: ast.Call) -> None:
        for keyword in node.keywords:
            if keyword.arg is None:
                raise QueryError("not_allowed", "** in a call is not allowed.", "Write the arguments out.")
            if keyword.arg in KEYWORDS_REFUSED or keyword.arg.startswith("_"):
                raise QueryError(
                    "not_allowed", f"The argument {keyword.arg} is not allowed.", "Leave it out."
                )
        called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if called in DISPATCHING:
            check_dispatch(node, called, self._tree)


def _defined(tree: ast.Module) -> set[str]:
    """All names that the program itself defines."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
    return found


def _path(node: ast.expr) -> list[str]:
    """`["np", "linalg", "norm"]` for names and dots only, else empty."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return [node.id, *reversed(parts)] if isinstance(node, ast.Name) else []


def _check_constant(node: ast.Constant) -> None:
    if isinstance(node.value, bytes) or node.value is ...:
        raise QueryError("not_allowed", f"{node.value!r:.40} is not allowed.", "Use text and numbers.")
    if isinstance(node.value, str) and len(node.value) > _LONGEST_TEXT:
        raise QueryError("too_long", f"A text has {len(node.value):,} characters.", "Shorten it.")


def _check_function(node: ast.FunctionDef | ast.Lambda) -> None:
    arguments = node.args
    odd = [arguments.vararg, arguments.kwarg, *arguments.kwonlyargs, *arguments.posonlyargs]
    if any(item is not None for item in odd) or arguments.defaults:
        raise QueryError("not_allowed", "Functions take plain arguments here.", "No *, ** or defaults.")
    if isinstance(node, ast.FunctionDef) and node.decorator_list:
        raise QueryError("not_allowed", "Decorators are not allowed.", "Leave them out.")
