"""Secrets of an API: where they come from, where they go, and how they are kept out of everything else."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from dataclasses import dataclass, field

from qwen_magics.errors import ConfigError
from qwen_magics.trace.redact import MARK

__all__ = ["NO_AUTH", "Auth", "AuthSource", "auth_from"]

_SHORTEST_HIDDEN = 4


@dataclass(frozen=True, slots=True)
class AuthSource:
    """Where a secret is to be taken from.

    Attributes:
        kind: `bearer`, `basic` or `key`.
        header: the header of a `key`.
        variable: name of the environment variable; empty asks the user.
    """

    kind: str
    variable: str
    header: str = ""


@dataclass(frozen=True, slots=True)
class Auth:
    """A header with a secret value, which no `repr` shows.

    Attributes:
        header: its name; empty for no authentication.
        label: what may be shown of it, such as `bearer from CRM_TOKEN`.
    """

    header: str
    label: str
    _value: str = field(repr=False)
    _secrets: tuple[str, ...] = field(repr=False)

    def headers(self) -> dict[str, str]:
        """For a request to the registered server, and to no other."""
        return {self.header: self._value} if self.header else {}

    def login(self) -> tuple[str, str]:
        """User and password of a basic login, for a server that takes them in another way.

        Raises:
            ConfigError: it is of another kind.
        """
        scheme, _, value = self._value.partition(" ")
        if scheme != "Basic":
            msg = "This server takes user and password: --basic VARIABLE, with user:password in the variable."
            raise ConfigError(msg)
        user, _, password = base64.b64decode(value).decode().partition(":")
        return user, password

    def sent_as(self, value: str, *secrets: str) -> Auth:
        """The same login with another `Authorization` header, such as a session's; none if `value` is empty.

        Args:
            secrets: of the new header, hidden beside those that there are.
        """
        header = "Authorization" if value else ""
        return Auth(header, self.label, value, _forms(value, *secrets, *self._secrets))

    def hide(self, text: str) -> str:
        """`text` without the secret in any of its forms: servers echo what they were sent."""
        for secret in self._secrets:
            text = text.replace(secret, MARK)
        return text


NO_AUTH = Auth("", "none", "", ())


def auth_from(source: AuthSource, ask: Callable[[str], str]) -> Auth:
    """Take the secret from its environment variable, or else from the user.

    Args:
        ask: gets a prompt and returns what the user types, unseen.

    Raises:
        ConfigError: nothing there and nobody to ask, or a value that cannot be a header.
    """
    secret = os.environ.get(source.variable, "") if source.variable else ""
    origin = f"from {source.variable}" if secret else "typed"
    if not secret:
        name = f" ({source.variable} is not set)" if source.variable else ""
        wanted = "user:password" if source.kind == "basic" else "token"
        secret = ask(f"{wanted} for the API{name}: ").strip()
    if not secret or not secret.isascii() or not secret.isprintable():
        where = source.variable or "the answer"
        msg = f"There is no usable secret in {where}. Set the environment variable before the kernel starts."
        raise ConfigError(msg)
    return _auth(source, secret, origin)


def _auth(source: AuthSource, secret: str, origin: str) -> Auth:
    if source.kind == "bearer":
        return Auth("Authorization", f"bearer {origin}", f"Bearer {secret}", _forms(secret))
    if source.kind == "basic":
        encoded = base64.b64encode(secret.encode()).decode()
        password = secret.partition(":")[2]
        return Auth("Authorization", f"basic {origin}", f"Basic {encoded}", _forms(encoded, secret, password))
    return Auth(source.header, f"{source.header} {origin}", secret, _forms(secret))


def _forms(*secrets: str) -> tuple[str, ...]:
    # A two-letter password would black out half of every answer; it is no secret either.
    return tuple(sorted({s for s in secrets if len(s) >= _SHORTEST_HIDDEN}, key=len, reverse=True))
