"""Methods that call another method by its name, such as `agg("mean")`: the name has to be written out.

`df.agg("to_csv", …)` would write a file. So what stands for a function is looked up here; text that is put
together while the program runs is refused.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from qwen_magics.errors import QueryError
from qwen_magics.tools.programs.allowed import AGGREGATES, BUILTINS, module_names
from qwen_magics.tools.schema import closest

__all__ = ["check_dispatch"]

# Arguments of these methods that are no functions.
_OPTIONS = frozenset(
    (
        *("args", "axis", "by_row", "colnames", "column", "columns", "convert_dtype", "dropna", "fill_value"),
        *("include_groups", "index", "margins", "margins_name", "min_count", "normalize", "numeric_only"),
        *("observed", "raw", "result_type", "rownames", "sort", "values"),
    )
)
# Up to which position the arguments are no functions; None where the first one is a function.
_FIRST_FUNCTION = {"pivot_table": 3, "crosstab": 2, "NamedAgg": 1}


def check_dispatch(call: ast.Call, called: str, tree: ast.Module) -> None:
    """Raise QueryError unless every function that `call` takes by name is a known aggregate."""
    functions = _functions(tree)
    for value in _function_arguments(call, called):
        _check(value, functions)


def _function_arguments(call: ast.Call, called: str) -> Iterator[ast.expr]:
    first = _FIRST_FUNCTION.get(called, 0)
    if called == "pivot_table" and _is_module_call(call):
        first += 1  # pd.pivot_table has the table before them
    # Behind the function stand arguments for it, except where only the position tells.
    yield from call.args[first : None if called in _FIRST_FUNCTION else first + 1]
    named = called in {"agg", "aggregate"}
    for keyword in call.keywords:
        if keyword.arg in {"func", "aggfunc"}:
            yield keyword.value
        elif named and keyword.arg not in _OPTIONS:
            yield _of_named(keyword.value)


def _is_module_call(call: ast.Call) -> bool:
    base = call.func.value if isinstance(call.func, ast.Attribute) else None
    return isinstance(base, ast.Name) and base.id in module_names()


def _of_named(value: ast.expr) -> ast.expr:
    """The function of `total=("price", "sum")`."""
    if isinstance(value, ast.Tuple) and len(value.elts) == 2:
        return value.elts[1]
    return value


def _functions(tree: ast.Module) -> set[str]:
    """Names that can only be functions: built-in ones that are not redefined, and those of `def`."""
    stored = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    stored |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return (set(BUILTINS) | defined) - stored


def _check(value: ast.expr, functions: set[str]) -> None:
    if isinstance(value, ast.Constant):
        _check_text(value.value)
    elif isinstance(value, (ast.List, ast.Tuple, ast.Set)):
        for item in value.elts:
            # A pair of a name and a function, as in agg([("low", "min"), ("high", "max")]).
            _check(_of_named(item), functions)
    elif isinstance(value, ast.Dict):
        for item in value.values:
            _check(item, functions)
    elif not _is_function(value, functions):
        raise QueryError(
            "not_allowed",
            f"{ast.unparse(value)[:60]} does not name a function in full.",
            'Write the name out, such as "mean", or a lambda.',
        )


def _check_text(value: object) -> None:
    if isinstance(value, str) and value not in AGGREGATES:
        near = closest(value, AGGREGATES)
        hint = f'Did you mean "{near[0]}"?' if near else "Use a lambda."
        raise QueryError("unknown_function", f'There is no aggregate "{value[:40]}".', hint)


def _is_function(value: ast.expr, functions: set[str]) -> bool:
    if isinstance(value, ast.Lambda):
        return True
    if isinstance(value, ast.Name):
        return value.id in functions
    if isinstance(value, ast.Call):  # pd.NamedAgg(…), which is checked on its own
        return isinstance(value.func, ast.Attribute) and value.func.attr == "NamedAgg"
    while isinstance(value, ast.Attribute):
        value = value.value
    # np.mean, pd.Series.nunique: the guard looks the path up.
    return isinstance(value, ast.Name) and value.id in module_names()
