"""Secrets do not enter a trace: what looks like one is replaced, and counted.

Covered: credentials in URLs, `Authorization` values, `password=…`-like pairs, private keys, JSON web tokens, and keys with a
well-known prefix. Not covered: a secret that looks like any other word. Such a value has no mark by which to know it.
"""

from __future__ import annotations

import re

__all__ = ["MARK", "is_secret_name", "redact"]

MARK = "[redacted]"

_NAME = r"password|passwd|pwd|passphrase|secret|client_secret|api[_-]?key|access[_-]?key|auth[_-]?token|access[_-]?token|refresh[_-]?token|private[_-]?key"

# Each alternative keeps what stands in `keep*` and drops the rest.
_SECRET = re.compile(
    r"""
      (?P<keep1>\b[a-z][a-z0-9+.-]{0,30}://[^\s/:@'"<>]{0,200}:)[^\s/@'"<>]{1,500}(?=@)   # scheme://user:secret@host
    | (?P<keep2>\bauthorization["']?\s{0,3}[:=]\s{0,3}["']?(?:bearer|basic|token)?\s{0,3})[A-Za-z0-9._~+/=-]{6,}
    | (?P<keep3>\b(?:bearer|basic)\s{1,3})(?=[A-Za-z._~+/-]{0,200}[0-9])[A-Za-z0-9._~+/=-]{12,}
    | (?P<keep4>(?<![A-Za-z0-9])[A-Za-z0-9]{0,20}_?(?:%s)["']?\s{0,3}(?:=>|[:=])\s{0,3}["']?)(?!\[redacted\])[^\s'"&,;)}\]]{4,}
    | -----BEGIN\ [A-Z ]{0,30}PRIVATE\ KEY-----[\s\S]{0,20000}?(?:-----END\ [A-Z ]{0,30}PRIVATE\ KEY-----|\Z)
    | \beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{6,}                          # JSON web token
    | \b(?:sk|pk|rk)[-_](?:live|test|proj|ant|or)?[-_A-Za-z0-9]{0,8}[A-Za-z0-9]{20,}
    | \b(?:ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9]{20,} | \bgithub_pat_[A-Za-z0-9_]{20,} | \bglpat-[A-Za-z0-9_-]{16,}
    | \bxox[abeoprs]-[A-Za-z0-9-]{10,} | \bhf_[A-Za-z0-9]{20,} | \b(?:AKIA|ASIA)[A-Z0-9]{16}\b | \bAIza[A-Za-z0-9_-]{30,}
    | \bdop_v1_[a-f0-9]{32,} | \bpypi-[A-Za-z0-9_-]{40,} | \bLTAI[A-Za-z0-9]{12,}
    """
    % _NAME,
    re.VERBOSE | re.IGNORECASE,
)
_SECRET_NAME = re.compile(rf"(?:^|.*[_-])(?:{_NAME}|token|authorization|cookie|credentials?)$", re.IGNORECASE)


def redact(text: str) -> tuple[str, int]:
    """The text without its secrets, and how many there were.

    >>> redact("postgresql://me:hunter2@db/shop")
    ('postgresql://me:[redacted]@db/shop', 1)
    """
    return _SECRET.subn(_replacement, text)


def is_secret_name(name: str) -> bool:
    """Whether the value of a field of that name is a secret whatever it looks like.

    >>> is_secret_name("api_key"), is_secret_name("max_tokens")
    (True, False)
    """
    return len(name) <= 100 and _SECRET_NAME.match(name) is not None


def _replacement(match: re.Match[str]) -> str:
    kept = match["keep1"] or match["keep2"] or match["keep3"] or match["keep4"] or ""
    return kept + MARK
