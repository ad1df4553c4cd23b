"""Databases that the user has connected: SQLite and DuckDB files, and every system that SQLAlchemy reaches.

A `Connection` remembers where a database is and what is in it; it is open only while a question is answered.
An open `Database` is to the agent what `tools.frames.FrameDatabase` is: it checks, runs and reviews a query.
Below it is a `Session` for each kind of system, read-only in that system's own way.
"""

from __future__ import annotations

from qwen_magics.tools.databases.connections import Connection, connect, connections, find

__all__ = ["Connection", "connect", "connections", "find"]
