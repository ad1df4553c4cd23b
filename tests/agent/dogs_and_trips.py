"""Two tables of the tests of questions that are told whole."""

from __future__ import annotations

import datetime

import pandas as pd

__all__ = ["DOGS", "TRIPS"]

DOGS = pd.DataFrame(
    {
        "breed": ["Collie", "Collie", "Pug", "Pug", "Pug", "Collie"] * 5,
        "gender": ["male", "female", "male", "male", "female", "male"] * 5,
        "legs": [3, 4, 4, 3, 4, 4] * 5,
        "weight": [10.0, 12, 7, 8, 6, 11] * 5,
        "food": [1.0, 2, 1, 2, 1, 2] * 5,
        "born": [datetime.datetime(2019 + n % 3, 1 + n % 12, 1 + n % 28) for n in range(30)],
    }
)
TRIPS = pd.DataFrame(
    {
        "year": [2020, 2021] * 6,
        "month": list(range(1, 13)),
        "day": [1] * 12,
        "line": ["red", "blue"] * 6,
        "riders": range(12),
    }
)
