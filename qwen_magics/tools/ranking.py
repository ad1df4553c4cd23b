"""Which tools a question is about: words shared, the rare ones counting more. Knows no model."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from qwen_magics.tools.registry import Tool

__all__ = ["asks_for_change", "relevant"]

# Words that say that something is to be changed, in the languages that are promised. Base forms only:
# "created in May" changes nothing. Words that are nouns as well count where a command begins.
_CHANGE = re.compile(
    r"\b(add|append|approve|archive|assign|cancel|change|create|deactivate|decrease|delete|edit|erase|increase|"
    r"insert|modify|publish|reduce|register|remove|rename|replace|reschedule|restock|submit|update|upload)\b"
    r"|(?:^|[.,;:!?]\s*|\b(?:and|then|please|to|you)\s+)(book|close|confirm|correct|clear|enter|log|make|mark|move|"
    r"open|order|pay|place|post|propose|put|raise|record|reserve|save|schedule|send|set|ship|store|tag|write)\b"
    r"|创建|新建|添加|增加|新增|更新|修改|更改|设置|设为|改为|删除|移除|取消|记录|登记|提交|发送|保存|下单|关闭",
    re.IGNORECASE,
)


def asks_for_change(question: str) -> bool:
    """Whether a question has a word of changing something; without one no writing operation is offered.

    >>> asks_for_change("Add a note to order 7"), asks_for_change("which orders are late?")
    (True, False)
    """
    return _CHANGE.search(question) is not None


def relevant(tools: Sequence[Tool], question: str, most: int) -> list[Tool]:
    """At most `most` of the tools, the nearest to the question first."""
    texts = [_words(f"{tool.name} {tool.description}") for tool in tools]
    details = [_words(" ".join(map(str, _details(tool)))) for tool in tools]
    frequency = Counter(word for words in texts for word in set(words))
    asked = set(_words(question))

    def score(position: int) -> float:
        named = sum(_weight(frequency[word], len(tools)) for word in asked & set(texts[position]))
        # A detail decides only between tools that are equal otherwise.
        detailed = 0.2 * len(asked & set(details[position]))
        required = tools[position].schema.get("required", ())
        return named + detailed - 0.1 * len(required)

    order = sorted(range(len(tools)), key=lambda p: (-score(p), p))
    return [tools[position] for position in order[:most]]


def _weight(count: int, total: int) -> float:
    return math.log1p(total / max(1, count))


def _details(tool: Tool) -> list[object]:
    details: list[object] = []
    for name, schema in tool.schema.get("properties", {}).items():
        details += [name, schema.get("description", ""), *schema.get("enum", ())]
    return details


def _words(text: str) -> list[str]:
    split = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", text).replace("_", " ").casefold()
    # Chinese has no spaces: its characters count one by one.
    return [word.rstrip("s") or word for word in re.findall(r"[^\W\d_一-鿿]{2,}|\d+|[一-鿿]", split)]
