"""What takes two tables."""

from __future__ import annotations

import pandas as pd

from evals.question import Frames, Question

__all__ = ["QUESTIONS"]


def _temperatures(f: Frames) -> pd.DataFrame:
    """Both cities, hour by hour: `temp_sf` and `temp_sea`."""
    return f["sf_temps"].merge(f["seattle_temps"], on="date", suffixes=("_sf", "_sea"))


def _january(f: Frames) -> float:
    both = _temperatures(f)
    both = both[both["date"].dt.month == 1]
    return float((both["temp_sf"] - both["temp_sea"]).mean())


def _miles_and_nuclear(f: Frames) -> pd.DataFrame:
    nuclear = f["electricity"].query("source == 'Nuclear Energy'")
    both = f["driving"].merge(nuclear.assign(year=nuclear["year"].dt.year), on="year")
    return both[["miles", "net_generation"]]


def _club(f: Frames) -> pd.DataFrame:
    return f["exercise"].merge(f["physique"], on="member")


QUESTIONS = (
    Question(
        "situps-pulse",
        "What is the mean pulse (@physique) of the members who manage more than 150 situps (@exercise)?",
        lambda f: _club(f).query("Situps > 150")["Pulse"].mean(),
        source="packages",
    ),
    Question(
        "january-difference",
        "By how many degrees was San Francisco (@sf_temps) warmer than Seattle (@seattle_temps) on average "
        "in January?",
        _january,
        source="packages",
    ),
    Question(
        "seattle-warmer",
        "Number of hours in which the temperature of @seattle_temps was above that of @sf_temps at the same "
        "time",
        lambda f: len(_temperatures(f).query("temp_sea > temp_sf")),
        source="packages",
    ),
    Question(
        "miles-nuclear",
        "For the years that both cover, put the miles from @driving beside the nuclear generation from "
        "@electricity.",
        _miles_and_nuclear,
        source="packages",
    ),
    Question(
        "warm-decembers",
        "How active was the sun on average, going by @sunspots, in those years whose December was warmer "
        "than 23 degrees in @elnino?",
        lambda f: f["sunspots"].merge(f["elnino"], on="YEAR").query("DEC > 23")["SUNACTIVITY"].mean(),
        source="packages",
    ),
    Question(
        "years-without-electricity",
        "How many years of @driving have no figures in @electricity?",
        lambda f: (~f["driving"]["year"].isin(f["electricity"]["year"].dt.year)).sum(),
        source="packages",
    ),
)
