"""A real Tryton with the small company of `scripts/tryton`, filled once per session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qwen_magics.tools.api.auth import Auth, AuthSource, auth_from
from qwen_magics.tools.erp.service import Erp, connect_tryton
from tests.tools.api.conftest import obedient, second
from tests.tryton_server import LOGIN, Tryton, filled, running

__all__ = ["company", "erp", "login", "obedient", "second", "tryton"]


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the filled database."""
    return filled(tmp_path_factory.mktemp("company"))


@pytest.fixture(scope="session")
def tryton(company: Path) -> Iterator[Tryton]:
    """The company's server."""
    with running(company) as server:
        yield server


@pytest.fixture
def login(monkeypatch: pytest.MonkeyPatch) -> Auth:
    monkeypatch.setenv("TRYTON_LOGIN", LOGIN)
    return auth_from(AuthSource("basic", "TRYTON_LOGIN"), input)


@pytest.fixture
def erp(tryton: Tryton, login: Auth) -> Iterator[Erp]:
    """The registered ERP."""
    connected = connect_tryton("erp", tryton.spec, auth=login)
    yield connected
    connected.close()
