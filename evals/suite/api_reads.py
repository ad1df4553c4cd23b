"""What a web API returns, and figures over it."""

from __future__ import annotations

from evals.question import Question

__all__ = ["QUESTIONS"]

QUESTIONS = (
    Question("room-count", "How many rooms are there?", lambda f: len(f["rooms"]), source="office"),
    Question(
        "north-seats",
        "How many seats do the rooms in building North have in total?",
        lambda f: int(f["rooms"].query("building == 'North'")["seats"].sum()),
        source="office",
    ),
    Question(
        "maple-seats",
        "How many seats has the room maple?",
        lambda f: int(f["rooms"].query("id == 'maple'")["seats"].iloc[0]),
        source="office",
    ),
    Question(
        "salary-per-team",
        "What is the average salary of the employees of each team?",
        lambda f: f["employees"].groupby("team")["salary"].mean().reset_index(),
        source="office",
    ),
    Question(
        "best-paid",
        "Which employee has the highest salary? Give the id.",
        lambda f: f["employees"].set_index("id")["salary"].idxmax(),
        source="office",
    ),
    Question(
        "cancelled-bookings",
        "How many bookings have the status cancelled?",
        lambda f: int((f["bookings"]["status"] == "cancelled").sum()),
        source="office",
    ),
    Question(
        "hours-per-room",
        "How many hours of bookings are there in total for each room?",
        lambda f: f["bookings"].groupby("room")["hours"].sum().reset_index(),
        source="office",
    ),
    Question(
        "bookings-carla",
        "How many bookings has the employee carla?",
        lambda f: int((f["bookings"]["employee"] == "carla").sum()),
        source="office",
    ),
    Question(
        "april-bookings",
        "How many bookings are in April 2026?",
        lambda f: int(f["bookings"]["day"].str.startswith("2026-04").sum()),
        source="office",
    ),
    Question(
        "with-projector",
        "List the ids of the rooms that have a projector.",
        lambda f: f["rooms"][f["rooms"]["projector"]][["id"]],
        source="office",
    ),
)
