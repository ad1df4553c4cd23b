"""Web APIs as tools: a specification becomes operations, an operation a tool, its answer a table.

Nothing is imported here: `service` needs httpx, the rest does not.
"""
