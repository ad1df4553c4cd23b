from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.documentation import PAGE, RESULTS, filled
from bench.peers import PEERS
from tests.bench.test_table import peer, result

PLACE = "before\n<!-- results -->\nstale\n<!-- end of results -->\nafter\n"


def keep(folder: Path, name: str, seconds: float) -> None:
    text = json.dumps(result(peer("ours", load_s=[seconds])))
    (folder / f"{name}.json").write_text(text, encoding="utf-8")


def test_the_page_says_what_the_results_say() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == filled(page), "run `python -m bench.documentation`"


def test_a_kept_result_has_its_plot() -> None:
    for path in RESULTS.glob("*.json"):
        assert path.with_suffix(".svg").exists()


def test_every_peer_is_described() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for one in PEERS:
        assert f"`{one.key}`" in page
        for requirement in one.environment.requirements:
            assert requirement.partition("==")[2], f"{requirement} is not pinned"


def test_results_stand_in_order_with_their_plots(tmp_path: Path) -> None:
    keep(tmp_path, "two", 2.0)
    keep(tmp_path, "one", 1.0)
    page = filled(PLACE, tmp_path)
    assert "stale" not in page
    assert page.index("| ours | 1.00 |") < page.index("one.svg") < page.index("| ours | 2.00 |")
    assert page.startswith("before\n<!-- results -->\n\n### one\n")
    assert "\n#### Start\n" in page
    assert page.endswith("\n\n<!-- end of results -->\nafter\n")
    assert filled(page, tmp_path) == page


def test_without_results_it_says_so(tmp_path: Path) -> None:
    assert "None is kept yet." in filled(PLACE, tmp_path)


def test_a_page_without_the_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no `<!-- results -->`"):
        filled("nothing", tmp_path)
