"""A small MCP server over stdio or HTTP; its descriptions come from a file, so that a test can change them.

Usage: python tests/mcp_server.py [DESCRIPTIONS [PORT]]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp_types import ToolAnnotations

READ_ONLY = ToolAnnotations(read_only_hint=True)


def server(descriptions: dict[str, str]) -> MCPServer:
    made = MCPServer("shop")

    @made.tool(description=descriptions.get("stock", "Units of an article in stock."), annotations=READ_ONLY)
    def stock(sku: str) -> int:
        return {"A-1": 5, "B-2": 7}[sku]

    @made.tool(description="Orders of the shop.", annotations=READ_ONLY)
    def list_orders(country: str | None = None) -> list[dict[str, Any]]:
        rows = [{"id": 1, "country": "DE", "total": 10}, {"id": 2, "country": "FR", "total": 20}]
        return [row for row in rows if country in (None, row["country"])]

    @made.tool(name="add-note", description="Add a note to an order.")
    def add_note(order_id: int, text: str) -> str:
        return f"noted {order_id}: {text}"

    return made


if __name__ == "__main__":
    found = json.loads(Path(sys.argv[1]).read_text()) if len(sys.argv) > 1 else {}
    print("starting", file=sys.stderr)
    if len(sys.argv) > 2:
        server(found).run("streamable-http", port=int(sys.argv[2]))
    else:
        server(found).run()
