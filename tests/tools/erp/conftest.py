"""A real Tryton with the small company of `scripts/tryton`, filled once per session."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from qwen_magics.tools.api.auth import Auth, AuthSource, auth_from
from qwen_magics.tools.erp.service import Erp, connect_tryton
from tests.tools.api.conftest import obedient, second
from tests.tryton_server import LOGIN, Tryton, running

__all__ = ["erp", "login", "obedient", "second", "tryton"]


@pytest.fixture(scope="session")
def tryton(tryton_company: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tryton]:
    """The company's server; these tests add purchases to it."""
    folder = tmp_path_factory.mktemp("tryton")
    with running(Path(shutil.copytree(tryton_company, folder / "company"))) as server:
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
