"""Words in texts: beginnings, parts, letter case, lengths."""

from __future__ import annotations

from evals.question import Frames, Question

__all__ = ["QUESTIONS"]


def _brand(f: Frames) -> object:
    return f["cars"]["Name"].str.split().str[0].value_counts().idxmax()


def _hosts(f: Frames) -> object:
    known = f["members"]["email"].dropna()
    return known.groupby(known.str.split("@").str[1]).size().reset_index(name="n")


QUESTIONS = (
    Question(
        "fords",
        "How many of the @cars have a name that begins with ford?",
        lambda f: int(f["cars"]["Name"].str.lower().str.startswith("ford").sum()),
    ),
    Question("brand", "What is the most frequent first word of the names in @cars?", _brand),
    Question(
        "wagons",
        "What is the average weight of the @cars that have (sw) in their name?",
        lambda f: f["cars"][f["cars"]["Name"].str.contains("(sw)", regex=False)]["Weight_in_lbs"].mean(),
    ),
    Question(
        "international",
        "How many @airports have the word International in their name?",
        lambda f: int(f["airports"]["name"].str.contains("International").sum()),
    ),
    Question(
        "longest-name",
        "What is the longest country name in @gapminder?",
        lambda f: max(f["gapminder"]["country"].unique(), key=len),
    ),
    Question(
        "united-countries",
        "Which countries in @gapminder have a name with the word United?",
        lambda f: f["gapminder"][f["gapminder"]["country"].str.contains("United")][
            ["country"]
        ].drop_duplicates(),
    ),
    Question(
        "boeing-737",
        "How many @planes of the manufacturer BOEING have a model that begins with 737?",
        lambda f: int(
            ((f["planes"]["manufacturer"] == "BOEING") & f["planes"]["model"].str.startswith("737")).sum()
        ),
    ),
    Question(
        "avenue",
        "How many addresses in @riots contain the abbreviation Ave.?",
        lambda f: int(f["riots"]["address"].str.contains("Ave.", regex=False).sum()),
    ),
    Question(
        "full-names",
        "List first and last name joined by a space, of the people younger than 18 in @riots.",
        lambda f: (
            (young := f["riots"][f["riots"]["age"] < 18])["first_name"] + " " + young["last_name"]
        ).to_frame(),
    ),
    Question(
        "winter-titles",
        "How many books have Winter in their title?",
        lambda f: int(f["books"]["title"].str.contains("Winter").sum()),
        source="library",
    ),
    Question("mail-hosts", "How many members have an address at each mail domain?", _hosts, source="library"),
    Question(
        "adas",
        "List the names of the members whose first name is Ada.",
        lambda f: f["members"][f["members"]["name"].str.startswith("Ada ")][["name"]],
        source="library",
    ),
)
