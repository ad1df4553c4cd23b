"""Several tables put together by their keys."""

from __future__ import annotations

import pandas as pd

from evals.question import Frames, Question

__all__ = ["QUESTIONS"]


def _with_planes(f: Frames) -> pd.DataFrame:
    return f["flights"].merge(f["planes"], on="tailnum", suffixes=("", "_built"))


def _to_airports(f: Frames) -> pd.DataFrame:
    return f["flights"].merge(f["airports"], left_on="dest", right_on="faa")


def _loans(f: Frames) -> pd.DataFrame:
    return f["loans"].merge(f["copies"], on="copy_id").merge(f["books"], on="book_id")


def _written(f: Frames) -> pd.DataFrame:
    return f["books"].merge(f["book_authors"], on="book_id").merge(f["authors"], on="author_id")


def _never_borrowed(f: Frames) -> int:
    return int((~f["members"]["member_id"].isin(f["loans"]["member_id"])).sum())


def _branch_loans(f: Frames) -> pd.DataFrame:
    lent = _loans(f).merge(f["branches"], on="branch_id")
    return lent.groupby("name").size().reset_index(name="n")


def _paid(f: Frames) -> float:
    owed = f["fines"].merge(f["loans"], on="loan_id").merge(f["members"], on="member_id")
    owed = owed.merge(f["branches"], left_on="home_branch_id", right_on="branch_id", suffixes=("", "_branch"))
    return owed[(owed["city"] == "Lund") & (owed["paid"] == 0)]["amount"].sum()


QUESTIONS = (
    Question(
        "airbus-flights",
        "How many @flights were made with @planes of the manufacturer AIRBUS?",
        lambda f: int((_with_planes(f)["manufacturer"] == "AIRBUS").sum()),
    ),
    Question(
        "seats-delta",
        "What is the average number of seats of the @planes on @flights of carrier DL?",
        lambda f: _with_planes(f).query("carrier == 'DL'")["seats"].mean(),
    ),
    Question(
        "unknown-planes",
        "How many @flights have a tail number that is not in @planes?",
        lambda f: int(
            (f["flights"]["tailnum"].notna() & ~f["flights"]["tailnum"].isin(f["planes"]["tailnum"])).sum()
        ),
    ),
    Question(
        "busiest-airport-name",
        "What is the name (from @airports) of the most frequent destination of @flights?",
        lambda f: _to_airports(f)["name"].value_counts().idxmax(),
    ),
    Question(
        "tzone-flights",
        "How many @flights went to each time zone (tzone of the destination in @airports)?",
        lambda f: _to_airports(f).dropna(subset="tzone").groupby("tzone").size().reset_index(name="n"),
    ),
    Question(
        "engine-delay",
        "What is the average arrival delay of @flights for each engine type in @planes?",
        lambda f: _with_planes(f).groupby("engine")["arr_delay"].mean().reset_index(),
    ),
    Question(
        "loans-per-genre",
        "How many loans were there of each genre?",
        lambda f: _loans(f).groupby("genre").size().reset_index(name="n"),
        source="library",
    ),
    Question(
        "never-borrowed", "How many members have never borrowed anything?", _never_borrowed, source="library"
    ),
    Question(
        "branch-loans",
        "How many loans were made from the copies of each branch? Give the branch's name.",
        _branch_loans,
        source="library",
    ),
    Question(
        "swedish-books",
        "How many different books have an author from Sweden?",
        lambda f: _written(f).query("country == 'Sweden'")["book_id"].nunique(),
        source="library",
    ),
    Question(
        "books-per-publisher",
        "How many books has each publisher, by its name?",
        lambda f: f["books"].merge(f["publishers"], on="publisher_id").groupby("name").size().reset_index(),
        source="library",
    ),
    Question(
        "unpaid-lund",
        "What is the total of unpaid fines of members whose home branch is in Lund?",
        _paid,
        source="library",
    ),
)
