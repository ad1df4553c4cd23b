"""MCP servers as sources of tools: by URL, by command, or in this process.

Nothing is imported here: `connection` needs the package `mcp`.
"""
