from __future__ import annotations

import pandas as pd
import pytest

from evals.scoring import matches

GOLD = pd.DataFrame({"species": ["Adelie", "Gentoo"], "n": [152, 124]})


@pytest.mark.parametrize(
    ("value", "gold"),
    [
        (12, 12),
        (12.64, 12.639070257304708),
        ("UA", "UA"),
        (pd.DataFrame({"name": ["Frontier"], "delay": [21.9]}), "Frontier"),
        (pd.DataFrame({"month": [7], "delay": [21.7]}), 7),
        (
            pd.DataFrame({"year": ["2021", "2022"], "n": [5, 7]}),
            pd.DataFrame({"y": [2021, 2022], "n": [5, 7]}),
        ),
        (pd.DataFrame({"count": [124, 152], "kind": ["Gentoo", "Adelie"]}), GOLD),
    ],
)
def test_right(value: object, gold: object) -> None:
    assert matches(value, gold)


@pytest.mark.parametrize(
    ("value", "gold"),
    [
        (13, 12),
        (12.7, 12.639),
        ("UA", "DL"),
        ("12", 12),
        ("2021", 2022),
        (2021, 2022),
        (4521, 4520.0),
        (None, 12),
        (float("nan"), 12),
        (pd.DataFrame({"name": ["Frontier", "AirTran"]}), "Frontier"),
        (pd.DataFrame({"n": [124, 152], "kind": ["Adelie", "Gentoo"]}), GOLD),
        (GOLD.head(1), GOLD),
        (GOLD["n"], GOLD),
        (pd.concat([GOLD, GOLD]), GOLD),
    ],
)
def test_wrong(value: object, gold: object) -> None:
    assert not matches(value, gold)


def test_numpy_numbers_give_a_plain_answer() -> None:
    assert matches(pd.Series([7])[0], 7) is True
    assert matches(pd.Series([7])[0], 8) is False


def test_order_counts_where_it_is_asked_for() -> None:
    turned = GOLD.iloc[::-1]
    assert matches(turned, GOLD)
    assert not matches(turned, GOLD, ordered=True)


def test_a_gap_is_a_gap_in_whichever_type_a_column_has_it() -> None:
    gold = pd.DataFrame({"month": [1, 2], "change": [float("nan"), -5.0]})
    assert matches(gold.astype({"change": "Int64"}), gold)
    assert matches(gold, gold.astype({"change": "Int64"}))
    assert not matches(gold.fillna(0).astype({"change": "Int64"}), gold)


def test_a_list_of_one_is_told_as_that_one() -> None:
    gold = pd.DataFrame({"site": ["Morris"]})
    assert matches("Morris", gold) and not matches("Crookston", gold)
    assert matches(gold, gold) and not matches("Morris", pd.DataFrame({"site": ["Morris"] * 2}))
