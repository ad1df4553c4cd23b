"""Grammars for answers of a shape, in llguidance's Lark dialect.

Over a text, each value is bound to it: a number is one of the text's, a string is a run of its words. What is
left to the model is which of them, and the choice among the schema's own values. Over a result the model
chooses columns, never values.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from qwen_magics.errors import ConfigError
from qwen_magics.tools.shapes.shape import Node, Shape

__all__ = ["assignments", "binding_grammar", "text_grammar"]

_MOST_ITEMS = 50
_LONGEST_TEXT = 6_000
_MOST_ASSIGNMENTS = 120
# Not a part of a code such as A1; next to Chinese there is no space.
_NUMBER = re.compile(r"(?<![A-Za-z_.\d])-?\d+(?:,\d{3})*(?:\.\d+)?(?![A-Za-z_\d])")
_DATE = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")
# A word with what follows it, or one character of a script without spaces.
_PIECE = re.compile(r"[一-鿿぀-ヿ가-힯]|[^\s一-鿿぀-ヿ가-힯]+\s*|\s+")


def text_grammar(shape: Shape, text: str, ending: str) -> str:
    """JSON of the shape whose numbers and texts stand in `text`.

    Raises:
        ConfigError: the text is too long, or holds nothing that a required value could be.
    """
    if len(text) > _LONGEST_TEXT:
        msg = f"--schema without a table reads a text of at most {_LONGEST_TEXT:,} characters."
        raise ConfigError(msg)
    writer = _Writer(text)
    root = writer.rule(shape.root, "the answer")
    lines = [f"start: {root} END", *writer.lines, f"END: {json.dumps(ending)}"]
    return "\n".join(lines)


def assignments(open_leaves: Mapping[str, Sequence[int]]) -> list[dict[str, int]]:
    """Every way to give each leaf a column of its own; at most 120."""
    names = list(open_leaves)
    ways = itertools.product(*open_leaves.values())
    distinct = (way for way in ways if len(set(way)) == len(way))
    return [dict(zip(names, way, strict=True)) for way in itertools.islice(distinct, _MOST_ASSIGNMENTS)]


def binding_grammar(ways: Sequence[Mapping[str, int]], columns: Sequence[str], ending: str) -> str:
    """JSON objects from leaf to column, one of `ways`."""
    said = [json.dumps({name: columns[p] for name, p in way.items()}, ensure_ascii=False) for way in ways]
    choices = " | ".join(json.dumps(text, ensure_ascii=False) for text in dict.fromkeys(said))
    return f"start: ({choices}) END\nEND: {json.dumps(ending)}"


class _Writer:
    def __init__(self, text: str) -> None:
        self.lines: list[str] = []
        numbers = dict.fromkeys(found.replace(",", "") for found in _NUMBER.findall(text))
        self._numbers = [_canonical(number) for number in numbers]
        self._dates = list(dict.fromkeys(_DATE.findall(text)))
        pieces = [json.dumps(piece, ensure_ascii=False)[1:-1] for piece in _PIECE.findall(text)]
        self._has_words = any(piece.strip() for piece in pieces)
        if self._has_words:
            # No leading or trailing space: a run begins and ends with a word.
            chunks = json.dumps(pieces, ensure_ascii=False)
            self.lines.append(f'text: "\\"" RUN "\\""\nRUN: %regex {{"substring_chunks": {chunks}}}')

    def rule(self, node: Node, where: str) -> str:
        """The name of the rule for a node; its lines are added."""
        name = f"n{len(self.lines)}"
        self.lines.append("")
        place = len(self.lines) - 1
        body = self._body(node, where)
        self.lines[place] = f"{name}: {body}" + (' | "null"' if node.nullable else "")
        return name

    def _body(self, node: Node, where: str) -> str:
        if node.kind == "array":
            assert node.items is not None
            item = self.rule(node.items, f"{where}[]")
            return f'"[" ({item} (", " {item}){{0,{_MOST_ITEMS - 1}}})? "]"'
        if node.kind == "object":
            return self._object(node, where)
        return self._value(node, where)

    def _object(self, node: Node, where: str) -> str:
        # All properties in order, optional ones too: a null or an empty text would be no better than leaving
        # a property out, and one spelling is easier for a small model.
        members = []
        for name, part in node.properties.items():
            key = json.dumps(json.dumps(name, ensure_ascii=False) + ": ", ensure_ascii=False)
            optional = name not in node.required
            try:
                member = f"{key} {self.rule(part, name)}"
            except ConfigError:
                if optional:
                    continue
                raise
            members.append((member, optional))
        return '"{" ' + self._joined(members) + ' "}"'

    @staticmethod
    def _joined(members: Sequence[tuple[str, bool]]) -> str:
        """Members with commas between; an optional one only behind a required one."""
        fixed = [member for member, optional in members if not optional]
        loose = [member for member, optional in members if optional]
        if not fixed:
            return " | ".join([*(f"({member})" for member in loose), '""']).join("()")
        return ' ", " '.join(fixed) + "".join(f' (", " {member})?' for member in loose)

    def _value(self, node: Node, where: str) -> str:
        if node.choices is not None:
            return self._choice([json.dumps(choice, ensure_ascii=False) for choice in node.choices])
        found: list[str] = []
        numbers = [n for n in self._numbers if "number" in node.types or "." not in n]
        if {"number", "integer"} & set(node.types) and numbers:
            found.append(self._choice(numbers))
        if "boolean" in node.types:
            found.append('"true" | "false"')
        if "string" in node.types and node.format == "date":
            found += [self._choice([json.dumps(date) for date in self._dates])] if self._dates else []
        elif "string" in node.types and self._has_words:
            found.append("text")
        if not found and not node.nullable:
            msg = f"The question has nothing that {where} could be ({' or '.join(node.types)})."
            raise ConfigError(msg)
        return " | ".join(found or ['"null"'])

    @staticmethod
    def _choice(texts: Sequence[Any]) -> str:
        return " | ".join(json.dumps(text, ensure_ascii=False) for text in texts)


def _canonical(number: str) -> str:
    """As JSON writes it: no zero in front."""
    value = json.loads(re.sub(r"^(-?)0+(?=\d)", r"\1", number))
    return json.dumps(value)
