"""A call that lists nothing: which of its arguments no record has, and what the records have instead.

The same finding as `tools.sql.review` makes about an empty result, from the first pages of the same call
without those arguments. Another spelling of a value that is there goes back to the model. Where no spelling
of it is there, such as a month where the records have days, a query over all records takes the call's place.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from qwen_magics.errors import ToolError
from qwen_magics.tools.registry import Tool
from qwen_magics.tools.schema import closest

if TYPE_CHECKING:
    from qwen_magics.tools.output import ToolOutput

__all__ = ["Unmatched", "conditions", "respelled", "unmatched"]

_SAME_WORD = 0.8


@dataclass(frozen=True, slots=True)
class Unmatched:
    """An argument whose value no record has.

    Attributes:
        listed: what the call lists, for a sentence.
        near: values of the records that are spelled nearly so, the likeliest first; none if none is.
    """

    listed: str
    argument: str
    value: str
    near: tuple[str, ...]

    @property
    def message(self) -> str:
        """What was found."""
        return f"Nothing in {self.listed} has {self.argument}={_quoted([self.value])}."

    @property
    def error(self) -> ToolError:
        """For the model, where there is another spelling."""
        hint = f"{'It is' if len(self.near) == 1 else 'There are'} {_quoted(self.near)}."
        return ToolError("no_such_value", self.message, hint)


def conditions(tool: Tool, arguments: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a call that choose among the records of a list; a path's are not among them."""
    properties, required = tool.schema.get("properties", {}), tool.schema.get("required", ())
    return {
        name: value
        for name, value in arguments.items()
        if isinstance(value, str) and name not in required and "enum" not in properties.get(name, {})
    }


def unmatched(listed: str, chosen: Mapping[str, str], found: ToolOutput) -> list[Unmatched]:
    """Those of `chosen` that no record of `found` has, as far as that is certain.

    Args:
        found: the call without them; with notes if there are more records than these.
    """
    columns = {str(name).casefold(): str(name) for name in found.frame.columns}
    findings = []
    for argument, value in chosen.items():
        column = columns.get(argument.casefold())
        values = _texts(found, column) if column is not None else []
        if not values or value in values:
            continue
        near = [v for v in values if v.casefold().strip() == value.casefold().strip()]
        near = near or closest(value, values, count=3, cutoff=_SAME_WORD)
        if near or not found.notes:
            findings.append(Unmatched(listed, argument, value, tuple(near)))
    return findings


def respelled(tool: Tool, findings: Sequence[Unmatched]) -> Tool:
    """The tool with the spellings that there are as the only choices of those arguments."""
    properties = dict(tool.schema.get("properties", {}))
    for finding in findings:
        if finding.near:
            properties[finding.argument] = {**properties[finding.argument], "enum": list(finding.near)}
    return replace(tool, schema={**tool.schema, "properties": properties})


def _texts(found: ToolOutput, column: str) -> list[str]:
    cells = found.frame[column].dropna().tolist()
    return sorted({cell for cell in cells if isinstance(cell, str)})


def _quoted(values: Sequence[str]) -> str:
    return ", ".join(json.dumps(value[:60], ensure_ascii=False) for value in values)
