"""Secrets do not enter a trace: what looks like one is replaced, and counted.

Covered: credentials in URLs, `Authorization` values, `password=…`-like pairs, private keys, JSON web tokens,
and keys with a well-known prefix. Not covered: a secret that looks like any other word; nothing marks it.
"""

from __future__ import annotations

import re

__all__ = ["MARK", "is_secret_name", "redact"]

MARK = "[redacted]"

_NAMES = "|".join(
    (
        "password|passwd|pwd|passphrase|secret",
        "(?:api|access|private)[_-]?key",
        "(?:auth|access|refresh|bearer)[_-]?token",
    )
)

# A part called `keep…` stays, the rest of the match goes. Every repetition is bounded or excludes what
# follows: a hostile text must not make the search slow.
_PATTERNS = (
    # scheme://user:secret@host
    r"""(?P<keep_url>\b[a-z][a-z0-9+.-]{0,30}://[^\s/:@'"<>]{0,200}:)(?!\[redacted\]@)[^\s/@'"<>]{1,500}(?=@)""",
    r"""(?P<keep_header>\bauthorization["']?\s{0,3}[:=]\s{0,3}["']?(?:(?:bearer|basic|token)\s{1,3})?)"""
    r"""(?!(?:bearer|basic|token)\b)[\w.~+/=-]{6,}""",
    # A digit must follow somewhere: "bearer certificates" is no secret.
    r"""(?P<keep_scheme>\b(?:bearer|basic)\s{1,3})(?=[a-z._~+/-]{0,200}[0-9])[\w.~+/=-]{12,}""",
    rf"""(?P<keep_name>(?:{_NAMES})["']?\s{{0,3}}(?:=>|[:=])\s{{0,3}}["']?)(?!\[redacted\])[^\s'"&,;)}}\]]{{4,}}""",
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]{0,20000}(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?",
    r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{6,}",  # JSON web token
    r"\b[spr]k[-_](?:(?:live|test|proj|ant|or)[-_])?(?:[a-z0-9]{2,8}[-_])?[a-z0-9]{20,}",
    r"\bgh[opusr]_[a-z0-9]{20,}",
    r"\bgithub_pat_\w{20,}",
    r"\bglpat-[\w-]{16,}",
    r"\bxox[abeoprs]-[a-z0-9-]{10,}",
    r"\bhf_[a-z0-9]{20,}",
    r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
    r"\bLTAI[a-z0-9]{12,30}\b",
    r"\bAIza[\w-]{30,}",
    r"\bpypi-[\w-]{40,}",
)
_SECRET = re.compile("|".join(_PATTERNS), re.IGNORECASE | re.ASCII)
_SECRET_NAME = re.compile(
    rf"(?:^|.*[_-])(?:{_NAMES}|token|authorization|cookie|credentials?)$", re.IGNORECASE | re.ASCII
)


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
    kept = (part for name, part in match.groupdict().items() if name.startswith("keep") and part)
    return next(kept, "") + MARK
