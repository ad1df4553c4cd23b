from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.documentation import PAGE, filled
from bench.peers import PEERS
from tests.bench.test_table import peer, result


def test_the_page_says_what_the_results_say() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == filled(page), "run `python -m bench.documentation`"


def test_every_peer_is_described() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for one in PEERS:
        assert f"`{one.key}`" in page
        for requirement in one.environment.requirements:
            assert requirement.partition("==")[2], f"{requirement} is not pinned"


def test_a_block_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "some.json").write_text(json.dumps(result(peer("ours", load_s=[1.0]))), encoding="utf-8")
    page = "before\n<!-- result some start -->\nstale\n<!-- end -->\nafter\n"
    once = filled(page, tmp_path)
    assert "stale" not in once
    assert "| ours | 1.00 |" in once
    assert once.startswith("before\n")
    assert once.endswith("<!-- end -->\nafter\n")
    assert filled(once, tmp_path) == once


def test_a_block_of_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="missing"):
        filled("<!-- result missing start -->\n<!-- end -->", tmp_path)
