"""A grammar of short pandas programs, in llguidance's Lark dialect: some assignments, the last to `result`.

It is narrower than what the guard lets through: no functions, loops or comments. What it leaves out is what
small models get lost in, and what it refuses as a token (an import, an attribute that is not listed) costs
no step. Which columns there are it does not know: a program makes its own, and a model that may not write the
name it means writes another. Names are bound afterwards (`tools.programs.binding`).
"""

from __future__ import annotations

import keyword
from collections.abc import Collection, Iterable, Sequence
from importlib.util import find_spec

from qwen_magics.tools.programs.allowed import ATTRIBUTES, KEYWORDS_REFUSED, MODULES, module_names
from qwen_magics.tools.schema import Table

__all__ = ["program_grammar"]

_MOST_LINES = 12
_NEEDS = {"stats": "scipy", "sm": "statsmodels"}
# No names of variables: what would be looked up as something else, or not at all.
_NO_NAMES = (frozenset(keyword.kwlist) - {"False", "None", "True"}) | {
    "compile",
    "eval",
    "exec",
    "getattr",
    "globals",
    "open",
    "print",
    "type",
    "vars",
}
# Where `import pandas as pd` is refused, a model writes `importandas = …`, and nonsense after it. Without a
# name that begins so it goes on with the program itself.
_RUN_TOGETHER = "import"

_RULES = rf"""
start: (line NEWLINE){{0,{_MOST_LINES}}} RESULT ASSIGN expr END_OF_PROGRAM?
line: (target (COMMA target)* | NAME OPEN_SQUARE items CLOSE_SQUARE | NAME COLUMNS) assign items
target: NAME
assign: ASSIGN | AUGMENTED
expr: operand (OPERATOR operand)* (IF expr ELSE expr)?
operand: UNARY* primary trailer*
primary: NAME | RESULT | FUNCTION | NUMBER | STRING | lambda
  | OPEN (items generator?)? COMMA? CLOSE
  | OPEN_SQUARE (items generator?)? COMMA? CLOSE_SQUARE
  | OPEN_CURLY (pair (COMMA pair)* generator? COMMA? | items generator?)? CLOSE_CURLY
trailer: ATTRIBUTE | CALL (arguments COMMA?)? CLOSE | SUBSCRIPT slice (COMMA slice)* CLOSE_SQUARE
arguments: argument (COMMA argument)*
argument: KEYWORD expr | expr generator?
generator: FOR NAME (COMMA NAME)* IN expr (IF expr)?
items: expr (COMMA expr)*
pair: expr COLON expr
slice: expr (COLON expr?)? | COLON expr?
lambda: LAMBDA COLON expr
"""

_INNER = r"([ ]{0,2}|\n[ ]{0,16})"
_TERMINALS = rf"""
NEWLINE: /\n/
RESULT: "result"
ASSIGN: " = "
AUGMENTED: / [-+*\x2f]= /
COLUMNS: /\.columns/
NUMBER: /[0-9]{{1,15}}(\.[0-9]{{0,12}})?([eE][+-]?[0-9]{{1,3}})?/
TEXT: /"[^"\\\n\x00-\x1f]{{0,80}}"|'[^'\\\n\x00-\x1f]{{0,80}}'/
UNARY: /-|~|not /
OPERATOR: /[ ]?(==|!=|<=|>=|<|>|\+|-|\*|\x2f|\x2f\x2f|%|\*\*|&|\|)[ ]?| (and|or|in|not in|is|is not) /
IF: " if "
ELSE: " else "
FOR: " for "
IN: " in "
OPEN: /\({_INNER}/
CALL: /\({_INNER}/
CLOSE: /{_INNER}\)/
OPEN_SQUARE: /\[{_INNER}/
SUBSCRIPT: /\[{_INNER}/
CLOSE_SQUARE: /{_INNER}\]/
OPEN_CURLY: /\{{{_INNER}/
CLOSE_CURLY: /{_INNER}\}}/
COMMA: /,{_INNER}/
COLON: /:[ ]?/
WORD: /[A-Za-z_][A-Za-z0-9_]{{0,31}}/
"""


def program_grammar(
    tables: Sequence[Table], *, ending: str = "", absent: Collection[str] = frozenset()
) -> str:
    """Lark text that accepts one program, for `LLMatcher.grammar_from_lark`.

    Args:
        tables: their names and columns may follow a dot, besides the listed attributes.
        absent: names of tables and columns that the prompt mentions in examples; those that the schema does
            not have cannot be written, so that they cannot be copied either.
        ending: text that may close the program, such as a fence.
    """
    columns = {column.name for table in tables for column in table.columns}
    readable = {name for name in columns if name.isidentifier() and not name.startswith("_")}
    attributes = "|".join(sorted(ATTRIBUTES | readable))
    own = {table.name for table in tables}
    strange = set(absent) - columns - own
    # The bare name of a column is no variable: it is read from its table.
    bare = readable | {name for name in strange if name.isidentifier()}
    names = "|".join(sorted(_NO_NAMES | module_names() | {"result"} | (bare - own)))
    if not any(name.startswith(_RUN_TOGETHER) for name in own | columns):
        names += f"|{_RUN_TOGETHER}.*"
    refused = "|".join(sorted(KEYWORDS_REFUSED))
    parameter = "[a-z][a-z0-9_]{0,11}"
    return "\n".join(
        (
            "%llguidance {}",
            _RULES,
            _TERMINALS,
            f"STRING: {_text(strange)}",
            f"NAME: WORD & ~/({names}|_.*)/",
            f"KEYWORD: (WORD /=/) & ~/({refused}|_.*)=/",
            f"ATTRIBUTE: /\\.({attributes})/",
            f"FUNCTION: /{'|'.join(_functions())}/",
            f"LAMBDA: /lambda {parameter}(, {parameter})?/",
            f"END_OF_PROGRAM: {_exactly(ending)}" if ending else 'END_OF_PROGRAM: "\\n"',
        )
    )


def _text(strange: Collection[str]) -> str:
    """No strange name, and none that runs on over its end: nobody means a text like `"city'] == "`, nor
    `"city, values=["`.
    """
    refused = f" & ~/[\"']({'|'.join(sorted(strange))})[\"']/" if strange else ""
    # Each in one expression: the lexer holds only so many states.
    run_on = "& ~/\"[^\"]*('\\]|=\\[)[^\"]*\"/ & ~/'[^']*(\"\\]|=\\[)[^']*'/"
    return f"TEXT {run_on}{refused}"


def _functions() -> Iterable[str]:
    """`pd\\.concat`, …: all that may follow a module that is installed."""
    for path, names in MODULES.items():
        root = path.partition(".")[0]
        if root in _NEEDS and find_spec(_NEEDS[root]) is None:
            continue
        functions = sorted(name for name in names if f"{path}.{name}" not in MODULES)
        yield f"{path.replace('.', chr(92) + '.')}\\.({'|'.join(functions)})"


def _exactly(text: str) -> str:
    return "/" + "".join(f"\\x{{{ord(c):x}}}" for c in text) + "/"
