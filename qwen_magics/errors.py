"""Every error this package raises, one tree.

Each message says what failed, why, and the exact fix. A caller may catch the branch it cares about:

QwenMagicsError
 ├── ConfigError                 a setting or flag that cannot be used
 ├── ModelError                  a model that cannot be had on this machine
 │    ├── UnknownModelError      no catalogue entry and no folder of that name
 │    ├── DownloadError          every source was tried; the message lists each with its reason
 │    ├── DigestError            bytes that are not the published ones
 │    ├── DiskSpaceError         not enough room; nothing was written
 │    ├── DamagedModelError      a file of a model directory is missing or broken
 │    └── UnsupportedModelError  an architecture, tensor type or graph that cannot be built or run
 ├── EngineError                 the engine could not run
 │    ├── ProviderError          the execution provider asked for is not usable here
 │    ├── GrammarError           a grammar that does not compile or cannot go on
 │    └── ContextOverflowError   prompt plus answer do not fit; carries the token counts
 ├── DataError                   what the question points at cannot be used
 │    ├── UnknownReferenceError  `@name` or `{{expr}}` that the notebook does not have
 │    ├── UnsupportedDataError   a variable that is no table
 │    └── DatabaseError          a database that cannot be found, reached or read
 ├── QueryError                  a query that was refused or failed; carries type, message and hint
 ├── ToolError                   a tool or API call that was refused or failed; carries kind, message and hint
 ├── AgentError                  no answer within the budget of steps, tokens or seconds
 │    └── DeniedError            a call that nobody approved; nothing was changed
 └── TraceError                  a trace that cannot be read

Cancelled (a KeyboardInterrupt, so that `except Exception` does not swallow a stop)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qwen_magics.chat.messages import Completion
    from qwen_magics.tools.output import Exchange
    from qwen_magics.trace import Trace

__all__ = [
    "AgentError",
    "Cancelled",
    "ConfigError",
    "ContextOverflowError",
    "DamagedModelError",
    "DataError",
    "DatabaseError",
    "DeniedError",
    "DigestError",
    "DiskSpaceError",
    "DownloadError",
    "EngineError",
    "GrammarError",
    "ModelError",
    "ProviderError",
    "QueryError",
    "QwenMagicsError",
    "ToolError",
    "TraceError",
    "UnknownModelError",
    "UnknownReferenceError",
    "UnsupportedDataError",
    "UnsupportedModelError",
]


class QwenMagicsError(Exception):
    """Base of every error of this package; `trace` is set when a run was under way."""

    trace: Trace | None = None


class ConfigError(QwenMagicsError):
    """A setting or flag that cannot be used."""


class ModelError(QwenMagicsError):
    """A model that cannot be had on this machine."""


class UnknownModelError(ModelError):
    """Neither a catalogue entry nor a folder of that name."""


class DownloadError(ModelError):
    """Every source was tried and none gave the file."""


class DigestError(ModelError):
    """The bytes are not the published ones."""


class DiskSpaceError(ModelError):
    """Not enough room on the disk; nothing was left behind."""


class DamagedModelError(ModelError):
    """A file of a model directory is missing or broken."""


class UnsupportedModelError(ModelError):
    """An architecture, tensor type or graph that cannot be built or run."""


class EngineError(QwenMagicsError):
    """The engine could not run."""


class ProviderError(EngineError):
    """The execution provider that was asked for is not usable here."""


class GrammarError(EngineError):
    """A grammar that does not compile, or that no token can satisfy."""


class ContextOverflowError(EngineError):
    """Prompt and answer together do not fit into the model's context."""

    def __init__(self, message: str, *, needed: int, available: int) -> None:
        super().__init__(message)
        self.needed = needed
        self.available = available


class DataError(QwenMagicsError):
    """What the question points at cannot be used."""


class UnknownReferenceError(DataError):
    """A name in the question that the notebook does not have."""


class UnsupportedDataError(DataError):
    """A variable that is no table."""


class DatabaseError(DataError):
    """A database that cannot be found, reached or read; the message holds no password."""


class QueryError(QwenMagicsError):
    """A query that was refused or failed.

    Attributes:
        kind: short machine-readable type, such as `unknown_column`, `syntax`, `not_select`, `timeout`.
        message: one line, what is wrong.
        hint: one line, what would be right; empty if nothing could be computed.
        query: the query that is asked for, where the question says all of it; else empty.
    """

    def __init__(self, kind: str, message: str, hint: str = "", *, query: str = "") -> None:
        super().__init__(f"{message} {hint}".strip())
        self.kind = kind
        self.message = message
        self.hint = hint
        self.query = query


class ToolError(QwenMagicsError):
    """A tool or API call that was refused or failed.

    Attributes:
        kind: short machine-readable type, such as `unknown_argument`, `http_404`, `address`, `too_large`.
        message: one line, what is wrong.
        hint: one line, what would be right; empty if nothing could be computed.
        exchanges: the HTTP requests that were made until then.
    """

    def __init__(self, kind: str, message: str, hint: str = "") -> None:
        super().__init__(f"{message} {hint}".strip())
        self.kind = kind
        self.message = message
        self.hint = hint
        self.exchanges: Sequence[Exchange] = ()


class AgentError(QwenMagicsError):
    """No answer within the budget of steps, tokens or seconds."""


class DeniedError(AgentError):
    """A call that nobody approved; nothing was changed."""


class TraceError(QwenMagicsError):
    """A trace that cannot be read."""


class Cancelled(KeyboardInterrupt):
    """The user stopped the run.

    Attributes:
        trace: what had happened by then.
        completion: what the model had written, if it was writing.
    """

    trace: Trace | None = None
    completion: Completion | None = None
