from __future__ import annotations

from typing import Any

import pytest

from bench.ratios import Ratio, median, ratio
from bench.table import agent_table, markdown, size_table, speed_tables, start_table


def peer(title: str, notes: list[str] | None = None, **samples: list[float | None]) -> dict[str, Any]:
    named = {name.replace("_at_", "@"): values for name, values in samples.items()}
    return {
        "title": title,
        "guided": "llguidance",
        "file_bytes": 570_000_000,
        "versions": {"engine": "1.0"},
        "notes": notes or [],
        "samples": named,
        "agent": [],
    }


def result(*peers: dict[str, Any], lengths: tuple[int, ...] = ()) -> dict[str, Any]:
    return {
        "model": "tiny",
        "lengths": list(lengths),
        "repeat": 2,
        "threads": 2,
        "started_at": "2026-01-02T03:04:05+00:00",
        "machine": {"cpu": "CPU", "features": ["avx2"], "load_average": [0.1, 2.0], "commit": "abc"},
        "peers": {p["title"]: p for p in peers},
    }


def cells(table: str, row: str) -> list[str]:
    line = next(line for line in table.splitlines() if line.startswith(f"| {row} |"))
    return [cell.strip() for cell in line.strip("|").split("|")][1:]


def test_a_ratio_pairs_samples_of_one_round() -> None:
    # Both sides were twice as slow in the second round: the ratio does not notice.
    assert ratio([100, 50], [40, 20], more_is_better=True) == Ratio(2.5, 2.5, 2.5, 2)
    assert ratio([1.0, 2.0], [3.0, 2.0], more_is_better=False) == Ratio(2.0, 1.0, 3.0, 2)


def test_a_round_without_one_of_the_samples_does_not_count() -> None:
    assert ratio([100, 50, 10], [None, 25], more_is_better=True) == Ratio(2.0, 2.0, 2.0, 1)
    assert ratio([100, None], [None, 25], more_is_better=True) is None
    assert ratio(None, [1.0], more_is_better=True) is None


def test_median_of_what_there_is() -> None:
    assert median([None, 3.0, 1.0, 2.0]) == 2.0
    assert median([None]) is None
    assert median(None) is None


@pytest.mark.parametrize(
    ("found", "text"), [(Ratio(1.5, 1.4, 1.61, 3), "1.50× (1.40–1.61)"), (Ratio(0.9, 0.9, 0.9, 1), "0.90×")]
)
def test_a_ratio_says_its_spread_where_it_has_one(found: Ratio, text: str) -> None:
    assert str(found) == text


def test_above_one_means_that_the_first_row_is_better() -> None:
    table = speed_tables(
        result(
            peer("ours", prefill_tok_s_at_128=[200, 220], cpu_s_at_128=[1.0, 1.0]),
            peer("theirs", prefill_tok_s_at_128=[100, 100], cpu_s_at_128=[3.0, 4.0]),
            lengths=(128,),
        )
    )
    assert cells(table, "ours") == ["210", "1.0"]
    assert cells(table, "theirs") == ["100, 2.10× (2.00–2.20)", "3.5, 3.50× (3.00–4.00)"]


def test_what_was_not_measured_has_a_dash_and_a_reason() -> None:
    report = markdown(
        result(
            peer("ours", prefill_tok_s_at_4096=[200]),
            peer("slow", notes=["cut at 1,024 tokens: 4,096 would take about 500 s a prompt"]),
            lengths=(4096,),
        )
    )
    assert cells(report.split("### Memory")[0], "slow") == ["–"]
    assert "* slow: engine 1.0; cut at 1,024 tokens" in report


def test_a_metric_that_nobody_has_has_no_column() -> None:
    assert start_table(result(peer("ours", load_s=[1.0]))).splitlines()[0] == (
        "| engine | process start to loaded, s |"
    )
    assert agent_table(result(peer("ours"))) == ""
    assert "### Agent" not in markdown(result(peer("ours")))


def test_memory_is_compared_with_what_the_model_needs() -> None:
    ours = {**peer("ours", agent_peak_bytes=[700_000_000]), "kv_bytes_per_token": 12_288}
    table = size_table({**result(ours, peer("theirs")), "agent_context": 4096})
    assert cells(table, "ours")[:4] == ["570", "12.3", "700", "1.13"]
    assert cells(table, "theirs")[1:4] == ["–", "–", "–"]


def test_right_answers_are_counted_not_compared() -> None:
    table = agent_table(result(peer("ours", agent_right=[11, 12]), peer("theirs", agent_right=[6, 6])))
    assert cells(table, "theirs") == ["6"]
