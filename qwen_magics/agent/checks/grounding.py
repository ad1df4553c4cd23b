"""Arguments that come from nowhere: neither from the question nor from what was seen so far.

Small models fill in whatever a signature offers. Such an argument is sent back once, with a hint; a model
that then insists has a reason, such as a code for a country that the question names in words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from qwen_magics.agent.words.numbers import NUMBERS
from qwen_magics.errors import ToolError
from qwen_magics.tools.registry import Tool

__all__ = [
    "as_spelled",
    "complaint",
    "for_sibling",
    "grounded_tool",
    "made_up",
    "siblings",
    "ungrounded",
]

_QUOTED = re.compile(r"\"([^\"]{1,200})\"|'([^']{1,200})'|“([^”]{1,200})”|「([^」]{1,200})」")
# "2024年": a number whose neighbours are no part of it.
_BESIDE_CHINESE = re.compile(
    r"(?<![a-z\d.\-])\d+(?:\.\d+)?(?=[一-鿿])|(?<=[一-鿿])\d+(?:\.\d+)?(?![a-z\d\-])"
)
_LONGEST_PHRASE = 4
_MOST_PHRASES = 150
_LONGEST_JUDGED = 30
_LONGEST_CODE = 3
_SHORTEST = 3
_CHOICES = frozenset(["allOf", "anyOf", "const", "enum", "oneOf"])


def ungrounded(tool: Tool, arguments: Mapping[str, Any], seen: str) -> list[str]:
    """The arguments whose values are nowhere in `seen` (question and results so far).

    Choices, booleans, dates, long texts and structured values are not judged, nor is a word in Latin letters
    for a question in another script.
    """
    properties = tool.schema.get("properties", {})
    text, words = _known(seen)
    translated = any(character.isalpha() and ord(character) > 0x24F for character in seen)
    return [
        name
        for name, value in arguments.items()
        if _is_judged(properties.get(name, {}), value)
        and not _stands_in(value, text, words)
        and not (translated and isinstance(value, str) and value.replace(" ", "").isalpha())
    ]


def made_up(arguments: Mapping[str, Any], seen: str) -> bool:
    """Whether nothing that a change would write is in `seen`: then another function was meant.

    One value alone may well be a word of the model's own, such as closed for "close it".
    """
    leaves = [leaf for leaf in _leaves(arguments) if not isinstance(leaf, (bool, type(None)))]
    text, words = _known(seen)
    # "a desk" is no building A.
    short = [leaf for leaf in leaves if isinstance(leaf, str) and len(leaf) < _SHORTEST]
    if any(_whole(leaf).search(seen) for leaf in short):
        return False
    return len(leaves) > 1 and not any(_stands_in(leaf, text, words) for leaf in leaves if leaf not in short)


def complaint(tool: Tool, arguments: Mapping[str, Any], names: Sequence[str]) -> ToolError:
    """What goes back to the model about them."""
    shown = ", ".join(f"{name}={json.dumps(arguments[name], ensure_ascii=False)}" for name in names)
    required = [name for name in names if name in tool.schema.get("required", ())]
    hint = "Take it from the question's own words." if required else "Leave it out."
    return ToolError("not_in_question", f"{shown} is not in the question.", hint)


def grounded_tool(tool: Tool, arguments: Mapping[str, Any], names: Sequence[str], question: str) -> Tool:
    """The tool with the question's own phrases as the only choices of its required texts in `names`.

    A short code stays possible: `DE` may well stand for the question's Germany.
    """
    properties = dict(tool.schema.get("properties", {}))
    for name in names:
        value = str(arguments[name])
        code = [value] if value.isalpha() and len(value) <= _LONGEST_CODE else []
        phrases = [*_phrases(question), *code]
        schema = properties.get(name, {})
        if phrases and schema.get("type") == "string" and name in tool.schema.get("required", ()):
            properties[name] = {**schema, "enum": phrases}
    return replace(tool, schema={**tool.schema, "properties": properties})


def as_spelled(value: Any, schema: Mapping[str, Any], question: str, seen: str) -> Any:
    """The value with its texts as the question spells them, where it has them without the capitals.

    A choice of the schema, and a text that stands somewhere in `seen` just so, are left alone.

    >>> as_spelled({"id": "Boris"}, {}, "update the employee boris", "")
    {'id': 'boris'}
    """
    if isinstance(value, Mapping):
        properties = schema.get("properties", {})
        return {
            name: as_spelled(item, properties.get(name, {}), question, seen) for name, item in value.items()
        }
    if isinstance(value, list):
        return [as_spelled(item, schema.get("items", {}), question, seen) for item in value]
    if not isinstance(value, str) or len(value) < _SHORTEST or not _CHOICES.isdisjoint(schema):
        return value
    found = _whole(value, re.IGNORECASE).search(question)
    plain = found is not None and found[0] == found[0].lower() and not _whole(value).search(seen)
    return found[0] if found is not None and plain else value


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def _known(seen: str) -> tuple[str, set[str]]:
    """What was seen, as it is compared: one text, and its words and numbers."""
    text = _plain(seen)
    words = set(text.split()) | set(_BESIDE_CHINESE.findall(text))
    words |= {NUMBERS[w] for w in re.findall(r"\w", seen) + text.split() if w in NUMBERS}
    return text, words


def _whole(text: str, flags: int = 0) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(text)}(?!\w)", flags)


def siblings(tool: Tool, arguments: Mapping[str, Any], question: str, used: str) -> tuple[str, list[str]]:
    """Words of the question written like an argument's value, such as B-2 beside A-1, that are not in `used`.

    Small models stop after the first of several; these are computed, not asked for.

    >>> siblings(stock_level, {"sku": "A-1"}, "how many A-1 and B-2?", "A-1")
    ('sku', ['B-2'])
    """
    words = [word.strip("\"'“”‘’.,;:!?()[]{}") for word in question.split()]
    for name in tool.schema.get("required", ()):
        value = arguments.get(name)
        if not isinstance(value, str) or value not in words or not _is_code(value):
            continue
        found = [w for w in words if _shape(w) == _shape(value) and w != value and w not in used]
        if found:
            return name, list(dict.fromkeys(found))
    return "", []


def for_sibling(tool: Tool, name: str, values: Sequence[str]) -> Tool:
    """The tool with these values as the only choices of one argument."""
    properties = dict(tool.schema["properties"])
    properties[name] = {**properties[name], "enum": list(values)}
    return replace(tool, schema={**tool.schema, "properties": properties})


def _is_code(word: str) -> bool:
    return any(c.isdigit() for c in word) and any(c.isalpha() for c in word)


def _shape(word: str) -> str:
    return re.sub(r"\d+", "9", re.sub(r"[^\W\d_]+", "a", word))


def _is_judged(schema: Mapping[str, Any], value: Any) -> bool:
    if isinstance(value, (bool, dict, list, type(None))) or "enum" in schema or "const" in schema:
        return False
    if "format" in schema or value == schema.get("default"):
        return False
    if not isinstance(value, str):
        return True
    # A date, or something composed such as a query: no word of the question.
    return not re.match(r"\d{4}-\d\d", value) and len(value) <= _LONGEST_JUDGED


def _stands_in(value: Any, text: str, words: set[str]) -> bool:
    plain = _plain(str(value))
    if isinstance(value, str):
        # "de" stands in "orders", but not as a word.
        return plain in words if plain.isascii() and len(plain) <= _LONGEST_CODE else plain in text
    number = f"{value:g}" if isinstance(value, float) else str(value)
    return number in words or plain in words


def _plain(text: str) -> str:
    # "1,000" is 1000; punctuation that ends a word is not a part of it.
    joined = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text.casefold())
    return " ".join(word.strip("\"'“”‘’.,;:!?()[]{}「」《》$€£%") for word in joined.split())


def _phrases(question: str) -> list[str]:
    """Quoted texts, then runs of one to four words, as the question spells them."""
    quoted = [next(filter(None, found.groups())) for found in _QUOTED.finditer(question)]
    words = [word.strip("\"'“”‘’.,;:!?()[]{}") for word in question.split()]
    runs = [
        " ".join(words[start : start + length])
        for length in range(1, _LONGEST_PHRASE + 1)
        for start in range(len(words) - length + 1)
    ]
    return list(dict.fromkeys(filter(None, [*quoted, *runs])))[:_MOST_PHRASES]
