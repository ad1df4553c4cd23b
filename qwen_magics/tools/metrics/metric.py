"""A named metric as a value, and as a tool that a model may call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qwen_magics.tools.metrics.template import Template
from qwen_magics.tools.output import ToolOutput
from qwen_magics.tools.registry import Tool

if TYPE_CHECKING:
    from qwen_magics.tools.result import QueryResult

__all__ = ["Metric"]


@dataclass(frozen=True)
class Metric:
    """One entry of a `metrics.yml`.

    Attributes:
        phrases: what else the metric is called in questions.
        connection: the connected database that it is about; empty for frames.
        defaults: values of the parameters that a call may leave out.
        tables: those that the template reads, where they are frames.
        place: file and line, for messages.
    """

    name: str
    description: str
    template: Template
    phrases: tuple[str, ...] = ()
    connection: str = ""
    defaults: Mapping[str, Any] = None  # type: ignore[assignment]  # the loader always gives them
    tables: tuple[str, ...] = ()
    place: str = ""

    def tool(self, run: Callable[[Template, Mapping[str, Any]], QueryResult], table: str = "") -> Tool:
        """The metric as a tool.

        Args:
            run: runs its template with values.
            table: what queries over its rows call them; its own name if empty.
        """

        def call(**arguments: Any) -> ToolOutput:
            result = run(self.template, {**self.defaults, **arguments})
            query = {
                "sql": result.sql,
                "tables": list(result.tables),
                "dialect": result.dialect,
                "connection": self.connection,
                "table": table or self.name,
            }
            return ToolOutput(
                result.frame, result.frame, query={key: value for key, value in query.items() if value}
            )

        call.__annotations__.clear()  # the arguments were checked against the schema
        properties = {
            name: {**schema, **({"default": self.defaults[name]} if name in self.defaults else {})}
            for name, schema in self.template.parameters.items()
        }
        schema = {
            "type": "object",
            "properties": properties,
            "required": [name for name in properties if name not in self.defaults],
            "additionalProperties": False,
        }
        return Tool(self.name, self.description, "read", schema, call, origin="metrics")
