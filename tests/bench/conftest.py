"""What these tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tiny import build_tiny


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model directory of random weights."""
    return build_tiny(tmp_path_factory.mktemp("bench") / "tiny", quantisation="int8")
